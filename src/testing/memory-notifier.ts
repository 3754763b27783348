import type { NoticeMessage, Notifier, NotifierError } from '../ports/notifier.ts';

/** A notifier that keeps what it is given, and fails when it is told to. */
export interface MemoryNotifier extends Notifier {
  readonly sent: NoticeMessage[];
  /** What the next sendings throw, one each. */
  readonly failures: NotifierError[];
}

export function memoryNotifier(): MemoryNotifier {
  const sent: NoticeMessage[] = [];
  const failures: NotifierError[] = [];
  return {
    sent,
    failures,
    send: async (message) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      sent.push(message);
    },
  };
}
