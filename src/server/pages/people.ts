import { PeopleView } from '../../api/views/people.ts';
import { peopleOf } from '../../app/people.ts';
import { succeed } from '../../domain/result.ts';
import { peopleDoc } from '../../web/pages/people.ts';
import { pageOf } from '../page.ts';

/** Roles, workstreams and who is away, as the train file says. */
export const peoplePage = pageOf<PeopleView>({
  name: 'people',
  path: '/people',
  summary: 'Who has which role, who answers for each workstream today, and who is away',
  schema: PeopleView,
  reads: [],
  budget: 60_000,
  read: ({ app }) => {
    const { train } = app.loaded;
    const now = app.clock.now();
    const { roles, workstreams, away } = peopleOf(train, now);
    const view: PeopleView = {
      title: train.title,
      roles: Object.entries(roles).map(([role, logins]) => ({ role, logins: [...logins] })),
      workstreams: workstreams.map(({ poc, deputies, first: _first, why: _why, ...rest }) => ({
        ...rest,
        poc: [...poc],
        deputies: [...deputies],
      })),
      away: [...away],
    };
    return Promise.resolve(succeed({ view, asOf: now, stale: false }));
  },
  doc: peopleDoc,
});
