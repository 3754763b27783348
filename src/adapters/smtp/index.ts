export { smtpNotifier, type SmtpOptions } from './notifier.ts';
