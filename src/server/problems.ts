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

/** A page that says no: what is wrong, and where to go; `back` is the page that was come from. */
export function problemDoc(heading: string, problems: readonly AppProblem[], back: string | null = null): Doc {
  return {
    title: heading,
    heading,
    tab: 'train',
    release: null,
    command: null,
    blocks: [
      ...problems.map(({ text }) => ({ kind: 'notice', tone: 'error', text }) as const),
      {
        kind: 'paragraph',
        text: [
          ...(back === null ? [] : [{ kind: 'link', href: back, text: 'See how it stands now' } as const, ', or the ']),
          { kind: 'link', href: '/', text: back === null ? 'Train overview' : 'train overview' },
        ],
      },
    ],
  };
}
