export { slackNotifier } from './notifier.ts';
