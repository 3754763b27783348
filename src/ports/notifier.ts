import type { NoticeAddress } from '../domain/notice.ts';

/** One thing of a message. Plain text: whoever sends it escapes it for where it goes. */
export interface MessageItem {
  readonly headline: string;
  readonly lines: readonly string[];
  /** Address of the page that shows it; null where the server's own address is not known. */
  readonly link: string | null;
  /** Who is called, in a place that others read too: logins, or member ids of Slack. */
  readonly calls: readonly string[];
}

/** What is sent in one piece to one place. */
export interface NoticeMessage {
  /** Stays the same when it is sent again: a mail server and a forge know it by this. */
  readonly id: string;
  /** It was begun before, and it is not known whether it arrived. */
  readonly again: boolean;
  readonly to: NoticeAddress;
  readonly subject: string;
  readonly items: readonly MessageItem[];
  /** Why it comes and how it is changed. */
  readonly foot: string;
}

/** Tells people. */
export interface Notifier {
  /** Returns once the other side has taken the message. Throws `NotifierError`. */
  send(message: NoticeMessage): Promise<void>;
}

/**
 * A message was not taken. `not-set-up`: the channel has no address or is switched off. `unreachable`: nobody answered. `refused`: the other side said no to the
 * message or to who sends it. `busy`: it asks to come back later. The message says what to do, and holds no secret.
 */
export class NotifierError extends Error {
  readonly code: 'not-set-up' | 'unreachable' | 'refused' | 'busy';
  constructor(code: NotifierError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotifierError';
    this.code = code;
  }
}
