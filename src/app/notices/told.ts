import type { Result } from '../../domain/result.ts';
import { succeed } from '../../domain/result.ts';
import type { KeptNotice } from '../../ports/notice-box.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { requireRole } from '../releases.ts';

export type { KeptNotice } from '../../ports/notice-box.ts';

const LAST = 100;

/** What was told to whom, or is to be, newest first; for release managers. */
export async function toldToAll(app: App): Promise<Result<readonly KeptNotice[], AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const box = await app.notices();
  return succeed(await box.list({ last: LAST }));
}

/** What could not be told, and why: there is no way to the person, or the way failed so far. Newest first. */
export async function notTold(app: App): Promise<readonly KeptNotice[]> {
  const box = await app.notices();
  const nowhere = await box.list({ state: 'nowhere', last: LAST });
  const failing = (await box.list({ state: 'waiting', last: LAST })).filter(({ why }) => why !== null);
  return [...failing, ...nowhere].toSorted((one, other) => (one.decidedAt < other.decidedAt ? 1 : -1)).slice(0, LAST);
}

/** Who or what a notice is for. */
export function forWhom({ who, address }: Pick<KeptNotice, 'who' | 'address'>): string {
  if (who !== null) return who;
  return address?.channel === 'slack' ? `#${address.room}` : 'a room';
}
