import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CalendarView } from '../../api/views/calendar.ts';
import { SupportView } from '../../api/views/support.ts';
import { SystemView } from '../../api/views/system.ts';
import { calendarOf } from '../../app/calendar.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { builtTrain } from '../../testing/artifact-app.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { roomOf } from '../../testing/pick-views.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { Train } from '../../domain/train/train.ts';
import type { Page } from '../page.ts';
import { PAGES } from './index.ts';

type App = ReturnType<typeof memoryApp>;

async function read(name: string, app: App, params: Record<string, string> = {}, shown: Record<string, string> = {}) {
  const page = pageNamed(name);
  const answer = await page.read({ app, params, query: {} });
  if (!answer.ok) throw new Error(answer.problems[0].code);
  page.schema.parse(answer.value.view);
  return { ...answer.value, text: textOfDoc(page.doc(answer.value.view, roomOf(shown))) };
}

function pageNamed(name: string): Page {
  const page = PAGES.find((each) => each.name === name);
  if (page === undefined) throw new Error(`there is no page ${name}`);
  return page;
}

const withTrain = (changes: Record<string, unknown>): App =>
  memoryApp({ loaded: { train: Train.parse({ ...smallTrain, ...changes }), digest: TRAIN_DIGEST } });

describe('the pages of the train', () => {
  it('has the calendar that the command line has', async () => {
    const cadence = {
      '2.8': {
        cut: { on: '2025-06-24' },
        release: {
          on: '2025-07-30',
          moved: [{ from: '2025-07-23', to: '2025-07-30', on: '2025-07-01', by: 'ana', why: 'a blocker' }],
        },
        patches: [{ on: '2025-09', state: 'tentative' }],
      },
    };
    const app = withTrain({ calendar: { cadence } });
    const { view, text } = await read('calendar', app, {}, { line: '2.8' });
    const shown = calendarOf(app.loaded.train, null, app.clock.now());
    const { dates, slips } = CalendarView.parse(view);
    expect(dates.map(({ line, what, release, on, state }) => ({ line, what, release, on, state }))).toEqual(
      shown.dates.map(({ line, what, release, date }) => ({ line, what, release, on: date.on, state: date.state })),
    );
    expect(slips).toHaveLength(1);
    expect(text).toContain('a blocker');
    expect((await read('day', app, { release: '2.8.0' })).text).toContain('2.8.0 | release day');
    expect((await read('day', app, { release: '9.9.0' })).text).toContain(
      'The calendar does not say when 9.9.0 comes out.',
    );
  });

  it('has the support matrix cell by cell, and says that there is none', async () => {
    const app = memoryApp({ loaded: { train: builtTrain, digest: TRAIN_DIGEST } });
    const { rows, columns } = SupportView.parse((await read('support', app)).view);
    expect(rows.map(({ line }) => line)).toEqual(['2.8']);
    expect(rows[0]?.cells).toHaveLength(columns.length);
    expect(rows[0]?.excluded).toEqual([{ what: 'CUDA MacOS', reason: 'There is no CUDA for MacOS.' }]);
    expect((await read('support', memoryApp())).text).toContain('The train file has no support matrix.');
  });

  it('says who answers for a workstream today, and who is away', async () => {
    const app = withTrain({
      workstreams: { docs: { title: 'Docs', poc: ['ana'], deputies: ['ben'] }, notes: { title: 'Notes' } },
      people: { ana: { name: 'Ana', away: [{ from: '2020-01-01', to: '2099-01-01' }] } },
    });
    const { text } = await read('people', app);
    expect(text).toContain('Docs | [pass] deputy | @ben until 1 Jan 2099 | @ana | @ben');
    expect(text).toContain('Notes | [needs-you] nobody named | nobody');
    expect(text).toContain('@ana Ana | 1 Jan 2020 to 1 Jan 2099 | away now | no deputy stands in');
    expect((await read('people', memoryApp())).text).toContain('names no workstreams');
  });

  it('has the readings of the doctor, jobs and locks', async () => {
    const app = memoryApp();
    const leases = await app.leases();
    await leases.take(app.loaded.train.train, 'release:2.8.0', { holder: 'ana on ci', since: app.clock.now() });
    const view = SystemView.parse((await read('system', app)).view);
    const Told = z.object({ data: z.array(z.object({ name: z.string(), state: z.string() })) });
    const told = Told.parse(JSON.parse((await cliRun(['doctor', '--json'], { app, now: '2025-06-24T14:00:04Z' })).out));
    const own = view.checks.map(({ name, state }) => ({ name, state }));
    for (const check of own) expect(told.data).toContainEqual(check);
    expect(view.locks).toMatchObject({ known: true, held: [{ key: 'release:2.8.0', holder: 'ana on ci' }] });
    expect(view.jobs).toEqual({ known: true, waiting: 0, running: 0, dead: [] });
    expect(view.checks.find(({ name }) => name === 'who')?.text).toBe('the server acts as ana');
  });

  it('has every page once, by name and by path, and one to look at for each', () => {
    expect(new Set(PAGES.map(({ name }) => name)).size).toBe(PAGES.length);
    expect(new Set(PAGES.map(({ path }) => path)).size).toBe(PAGES.length);
  });
});
