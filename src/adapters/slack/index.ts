export { slackNotifier, type SlackRooms } from './notifier.ts';
