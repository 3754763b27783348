import { TodoView, type DutyView } from '../../api/views/todo.ts';
import { dutyWords } from '../../app/duty-words.ts';
import { listReleases, parseRelease } from '../../app/releases.ts';
import { todo, type Duty } from '../../app/todo.ts';
import { succeed } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { todoDoc } from '../../web/pages/todo.ts';
import { pageOf } from '../page.ts';

/** What waits for whom, in every live release or in one. */
export const todoPage = pageOf<TodoView>({
  name: 'todo',
  path: '/todo',
  summary: 'What waits for a person today, by person: gates, plans, picks and reverts',
  schema: TodoView,
  reads: ['release'],
  budget: 30_000,
  read: async ({ app, query }) => {
    const typed = query['release'] ?? '';
    const asked = typed === '' ? null : parseRelease(typed);
    if (asked?.ok === false) return asked;
    const live = (await listReleases(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
    const releases = asked === null ? live : [asked.value];
    const read = await Promise.all(releases.map(async (release) => ({ release, ...(await todo(app, { release })) })));
    const people = new Map<string, DutyView[]>();
    for (const { release, people: all } of read) {
      for (const { who, duties } of all) {
        people.set(who, [...(people.get(who) ?? []), ...duties.map((duty) => dutyView(release, duty))]);
      }
    }
    const unread = read.flatMap(({ release, picksUnread }) =>
      picksUnread === null ? [] : [{ release, reason: picksUnread }],
    );
    const view: TodoView = {
      title: app.loaded.train.title,
      releases,
      people: [...people]
        .map(([who, duties]) => ({ who, duties }))
        .toSorted((left, right) => (left.who < right.who ? -1 : 1)),
      unread,
    };
    return succeed({ view, asOf: app.clock.now(), stale: unread.length > 0 });
  },
  doc: todoDoc,
});

/** What waits, for pages. */
export function dutyView(release: ReleaseVersion, duty: Duty): DutyView {
  return { kind: duty.kind, release, standIn: duty.standIn, ...dutyWords(duty) };
}
