import { HttpRefusal } from './document.ts';
import { HttpFailure } from './exchange.ts';

/** Why something could not be read, in the words that ports of this kind share. */
export type ReadFailure = 'not-allowed' | 'busy' | 'unreachable' | 'unexpected-answer';

/** What a failed read comes to; null for what is no failure of reading. */
export function readFailure(error: unknown): ReadFailure | null {
  if (error instanceof HttpRefusal) {
    const { status } = error;
    if (status === 401 || status === 403 || status === 407) return 'not-allowed';
    if (status === 429 || status === 503) return 'busy';
    return status >= 500 ? 'unreachable' : 'unexpected-answer';
  }
  if (!(error instanceof HttpFailure)) return null;
  return error.code === 'too-large' || error.code === 'redirect' ? 'unexpected-answer' : 'unreachable';
}
