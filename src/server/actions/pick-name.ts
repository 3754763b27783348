import type { PickName } from '../../app/picks.ts';
import type { AppProblem } from '../../app/problem.ts';
import { changeHref } from '../../domain/page-path.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Done } from '../page.ts';

/** The change that a path names. */
export function changeOf(
  params: Readonly<Record<string, string>>,
): Result<{ readonly repo: string; readonly pr: number }, AppProblem> {
  return changeNamed(params['repo'] ?? '', params['number'] ?? '');
}

/** A pull request by the name of its repository in the train and its number, as they were typed. */
export function changeNamed(
  repo: string,
  number: string,
): Result<{ readonly repo: string; readonly pr: number }, AppProblem> {
  const digits = /^#?([1-9]\d{0,8})$/u.exec(number.trim())?.[1];
  if (digits !== undefined) return succeed({ repo, pr: Number(digits) });
  const text = `"${number.slice(0, 60)}" is no pull request. Give its number, for example 158112.`;
  return refuse({ kind: 'usage', code: 'not-a-pull-request', text });
}

/** What was done to a pick, told on the page of its change. */
export function doneTo({ repo, pr }: Pick<PickName, 'pr' | 'repo'>, said: string, data: unknown): Done {
  return { to: changeHref({ repo: repo ?? '', pr }), said, data };
}
