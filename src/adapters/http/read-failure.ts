import { HttpRefusal } from './document.ts';
import { HttpFailure } from './exchange.ts';

/** Why something could not be read, in the words that ports of this kind share. */
export type ReadFailure = 'not-allowed' | 'busy' | 'unreachable' | 'unexpected-answer';

/** What a failed read comes to; null for what is no failure of reading. */
function readFailure(error: unknown): ReadFailure | null {
  if (error instanceof HttpRefusal) {
    const { status } = error;
    if (status === 401 || status === 403 || status === 407) return 'not-allowed';
    if (status === 429 || status === 503) return 'busy';
    return status >= 500 ? 'unreachable' : 'unexpected-answer';
  }
  if (!(error instanceof HttpFailure)) return null;
  return error.code === 'too-large' || error.code === 'redirect' ? 'unexpected-answer' : 'unreachable';
}

/** Reads something; a failure of the reading is thrown as the error of the port that it is read for, which `wrap` makes. */
export async function reading<Answer>(
  work: () => Promise<Answer>,
  wrap: (code: ReadFailure, why: string, options: ErrorOptions) => Error,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const code = readFailure(error);
    if (code === null || !(error instanceof Error)) throw error;
    throw wrap(code, error.message, { cause: error });
  }
}
