import type { AppProblem } from '../problem.ts';

export const NO_REASON: AppProblem = {
  kind: 'usage',
  code: 'reason-missing',
  text: 'A decision needs a reason that others will read: --reason "…"',
};

/** The first name that is no login, or that there are too many; null when all are. */
export function strangeLogin(people: readonly string[]): AppProblem | null {
  const strange = people.find((login) => !/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/u.test(login));
  if (strange === undefined && people.length <= 50) return null;
  const text =
    strange === undefined
      ? `${people.length} people are more than the 50 that a decision names.`
      : `"${strange.slice(0, 60)}" is no login. Name people by their logins: --with ana --with ben`;
  return { kind: 'usage', code: 'not-a-login', text };
}
