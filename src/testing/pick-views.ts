import type { PickView } from '../api/views/pick.ts';
import { PicksView } from '../api/views/picks.ts';
import { ObjectId } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import { PickRef } from '../domain/pick.ts';
import type { PageRoom } from '../web/doc.ts';

export const VIEWED_AT = Instant.parse('2026-06-08T12:00:00Z');

/** A room in which a release manager looks, rita, unless another is named; null: nobody signed in. */
export function roomOf(
  query: Readonly<Record<string, string>> = {},
  login: string | null = 'rita',
  past: Instant | null = null,
): PageRoom {
  const holders = { 'release-manager': ['rita', 'ann'], approver: ['ann', 'bob'] };
  const roles = Object.entries(holders).flatMap(([role, logins]) => (logins.includes(login ?? '') ? [role] : []));
  return { now: VIEWED_AT, viewer: login === null ? null : { login, roles }, holders, query, past };
}

/** A pick as a page shows it: asked for by alice, its pull request open, unless said otherwise. */
export function pickViewOf(changes: Partial<PickView> = {}, pr = 7): PickView {
  const at = Instant.parse('2026-06-08T07:00:00Z');
  return {
    pick: PickRef.parse({ repo: 'core', pr, onto: 'release/2.8' }),
    state: 'needs-review',
    class: 'regression',
    fixes: 'https://forge.example/acme/core/issues/5',
    author: 'alice',
    title: `Fix it (#${pr})`,
    askedBy: 'alice',
    askedAt: at,
    since: at,
    decided: { is: 'open' },
    dispensation: null,
    owners: ['rita'],
    pull: {
      does: 'pick',
      number: 100 + pr,
      state: 'open',
      head: ObjectId.parse('a'.repeat(40)),
      link: `https://forge.example/acme/core/pull/${100 + pr}`,
      jobs: null,
    },
    landedBy: null,
    takenBack: null,
    candidate: null,
    released: null,
    conflict: null,
    ...changes,
  };
}

/** The picks of 2.8.0, its second phase open. */
export function picksViewOf(picks: readonly PickView[], changes: Partial<PicksView> = {}): PicksView {
  return PicksView.parse({
    release: '2.8.0',
    bot: 'acmebot',
    window: {
      phase: 'Phase 2',
      takes: ['regression', 'critical'],
      closesAt: '2026-07-07T17:00:00Z',
      endUnknown: false,
      closed: null,
      later: [],
    },
    classes: [
      { name: 'regression', title: 'Regression', criterion: 'Fixes a regression.' },
      { name: 'critical', title: 'Critical fix', criterion: 'Low-risk fix of something critical.' },
      { name: 'docs', title: 'Documentation', criterion: 'Improves documentation.' },
    ],
    branches: [
      { repo: 'core', branch: 'release/2.8' },
      { repo: 'vision', branch: 'release/0.23' },
    ],
    picks,
    unread: [],
    reverts: null,
    ...changes,
  });
}
