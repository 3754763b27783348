import type { UploadState } from '../../ports/package-files.ts';

/**
 * What happens to an upload. `sent`: its bytes are on the way, and from here on the index may have them. `accepted`, `refused`: the index said so, or was seen
 * to have the file, or another one under its name. `canceled`: taken back before it was published.
 */
export type UploadEvent = 'sent' | 'accepted' | 'refused' | 'canceled';

/**
 * The life of an upload in the states of PEP 694. In the legacy API a session has one file and no name: `open` until its request is sent, `processing` until
 * its answer, or a look at the index, tells what came of it. It cannot be canceled. A driver of staged uploads takes the same way with many files, waits in
 * `processing` for the index to publish, and may cancel as long as it has not.
 */
const NEXT: Readonly<Record<UploadState, Partial<Readonly<Record<UploadEvent, UploadState>>>>> = {
  open: { sent: 'processing', refused: 'error', canceled: 'canceled' },
  processing: { accepted: 'published', refused: 'error', canceled: 'canceled' },
  published: {},
  error: { canceled: 'canceled' },
  canceled: {},
};

/** An upload was told what cannot happen to it any more: a bug. */
class UploadStateError extends Error {
  constructor(state: UploadState, event: UploadEvent) {
    super(`an upload that is ${state} cannot be ${event}`);
    this.name = 'UploadStateError';
  }
}

/** One upload. */
export interface UploadSession {
  readonly state: UploadState;
  /** Throws for what cannot happen in this state. */
  tell(event: UploadEvent): void;
}

export function uploadSession(): UploadSession {
  let state: UploadState = 'open';
  return {
    get state() {
      return state;
    },
    tell(event) {
      const next = NEXT[state][event];
      if (next === undefined) throw new UploadStateError(state, event);
      state = next;
    },
  };
}
