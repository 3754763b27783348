import type { PickView } from '../../api/views/pick.ts';
import type { standingPicks } from '../../app/picks.ts';

export type StandingPick = Awaited<ReturnType<typeof standingPicks>>[number];
type Jobs = NonNullable<NonNullable<StandingPick['seen']['pull']>['jobs']>;

/** A pick as the pages show it. */
export function pickView({ record, seen, state, owners }: StandingPick): PickView {
  const { decided, dispensation } = record;
  return {
    pick: record.pick,
    state,
    class: record.class,
    fixes: record.fixes,
    author: seen.author,
    title: seen.title,
    askedBy: record.askedBy,
    askedAt: record.askedAt,
    since: decided.is === 'open' ? record.askedAt : decided.at,
    decided,
    dispensation,
    owners: [...owners],
    pull: seen.pull === null ? null : { ...seen.pull, jobs: jobsView(seen.pull.jobs) },
    landedBy: seen.landedBy,
    takenBack: seen.takenBack,
    candidate: seen.candidate,
    released: seen.released,
    conflict:
      seen.conflict === null
        ? null
        : {
            files: seen.conflict.conflicts.map(({ path, kind, ranges }) => ({ path, kind, ranges: [...ranges] })),
            needs: [...seen.conflict.prerequisites],
          },
  };
}

function jobsView(jobs: Jobs | null): NonNullable<PickView['pull']>['jobs'] {
  const named = (list: Jobs['bad']): { name: string; link: string | null }[] =>
    list.map(({ name, link }) => ({ name, link }));
  return jobs === null
    ? null
    : {
        verdict: jobs.verdict,
        counted: jobs.counted.length,
        green: jobs.green.length,
        bad: named(jobs.bad),
        waiting: named(jobs.waiting),
      };
}
