import { PeopleView } from '../../api/views/people.ts';
import { peopleOf } from '../../app/people.ts';
import { listReleases } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { peopleDoc } from '../../web/pages/people.ts';
import { pageOf } from '../page.ts';
import { peopleView } from './people-view.ts';

/** Roles, workstreams and who is away, as the train file says. */
export const peoplePage = pageOf<PeopleView>({
  name: 'people',
  path: '/people',
  summary: 'Who has which role, who answers for each workstream today, and who is away',
  schema: PeopleView,
  reads: [],
  budget: 60_000,
  read: async ({ app }) => {
    const { train } = app.loaded;
    const now = app.clock.now();
    const live = (await listReleases(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
    return succeed({
      view: peopleView(peopleOf(train, now), { title: train.title, releases: live }),
      asOf: now,
      stale: false,
    });
  },
  doc: peopleDoc,
});
