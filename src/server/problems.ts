import type { AppProblem, ProblemKind } from '../app/problem.ts';
import type { Doc } from '../web/doc.ts';

const STATUS = {
  usage: 400,
  'gates-closed': 409,
  'not-allowed': 403,
  refused: 422,
  conflict: 409,
  'no-data': 503,
} as const satisfies Readonly<Record<ProblemKind, number>>;

/** Codes of what names something that is not there. */
const MISSING = /^(no-such-|unknown-|not-found)|-(unknown|missing)$/u;

/** The HTTP status of a "no". */
export function statusOf({ kind, code }: AppProblem): 400 | 403 | 404 | 409 | 422 | 503 {
  return kind === 'usage' && MISSING.test(code) ? 404 : STATUS[kind];
}

/** A page that says no: what is wrong, and where to go. */
export function problemDoc(heading: string, problems: readonly AppProblem[]): Doc {
  return {
    title: heading,
    heading,
    tab: 'train',
    release: null,
    command: null,
    blocks: [
      ...problems.map(({ text }) => ({ kind: 'notice', tone: 'error', text }) as const),
      { kind: 'paragraph', text: [{ kind: 'link', href: '/', text: 'Train overview' }] },
    ],
  };
}
