import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTrain } from '../../config/load.ts';
import { shippedPresets } from '../../config/sources.ts';
import { Instant } from '../../domain/instant.ts';
import { Calendar } from '../../domain/train/calendar.ts';
import { Support } from '../../domain/train/support.ts';
import { Train } from '../../domain/train/train.ts';
import { Line } from '../../domain/version.ts';
import { cadenceMarkdown } from './cadence.ts';
import { calendarEvents } from './calendar-events.ts';
import { deadlinesOf, slipsOf } from './deadlines.ts';
import { contactsOf, decidePeople } from './people.ts';
import { operatingSystemsMarkdown, supportMarkdown, supportMatrix } from './support-matrix.ts';

const NOW = Instant.parse('2025-07-14T12:00:00Z');
const root = join(import.meta.dirname, '..', '..', '..');
const seed = join(root, '..', 'shared', 'seed');

type Table = readonly (readonly string[])[];

/** The table with the given head, cell by cell, whether its rows stand on lines of their own or all on one. */
function tableIn(text: string, head: string): Table {
  const start = text.indexOf(head);
  if (start === -1) throw new Error(`no table begins with ${head}`);
  const columns =
    /^(?:\|[^|]*)+?\|\s*\|\s*-{3}/
      .exec(text.slice(start).replaceAll('\n', ' '))?.[0]
      .replace(/\|\s*-{3}$/, '')
      .split('|').length ?? 0;
  const width = columns - 2;
  const cells: string[][] = [];
  let rest = text.slice(start).replaceAll('\n', ' ');
  const row = new RegExp(String.raw`^\s*\|((?:[^|]*\|){${width}})`);
  for (let found = row.exec(rest); found !== null; found = row.exec(rest)) {
    cells.push(
      (found[1] ?? '')
        .split('|')
        .slice(0, width)
        .map((cell) => cell.trim()),
    );
    rest = rest.slice(found[0].length);
  }
  return cells.filter((each) => !each.every((cell) => /^-+$/.test(cell)));
}

/** The seed when it is there, else the facts of its tables as they were noted down. */
function seedText(): string {
  if (!existsSync(seed)) return readFileSync(join(import.meta.dirname, 'fixtures', 'tables.md'), 'utf8');
  return readdirSync(seed)
    .map((file) => readFileSync(join(seed, file), 'utf8'))
    .join('\n');
}

let train: Train;
beforeAll(async () => {
  const loaded = await loadTrain(join(shippedPresets(), 'pytorch', 'train.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  train = loaded.value.train;
});

describe("PyTorch's tables, cell for cell", () => {
  const tables = [
    [
      'support matrix',
      '| PyTorch version | Python |',
      [11, 6],
      (): string => supportMarkdown(supportMatrix(train.support)),
    ],
    ['cadence', '| Minor Version |', [12, 5], (): string => cadenceMarkdown(train.calendar)],
    ['operating systems', '| Operating System family |', [4, 3], (): string => operatingSystemsMarkdown(train.support)],
  ] as const;

  it.each(tables)("are the seed's: %s", (_name, head, size, render) => {
    const expected = tableIn(seedText(), head);
    expect([expected.length, expected[0]?.length]).toEqual(size);
    expect(tableIn(render(), head)).toEqual(expected);
  });

  it.each(tables)('are those that were noted down: %s', (_name, head, _size, render) => {
    const noted = readFileSync(join(import.meta.dirname, 'fixtures', 'tables.md'), 'utf8');
    expect(tableIn(render(), head)).toEqual(tableIn(noted, head));
  });
});

describe('the support matrix', () => {
  const support = Support.parse({
    columns: [
      { id: 'python', kind: 'python', title: 'Python' },
      { id: 'xpu', kind: 'builds', title: 'XPU', accelerator: 'XPU', since: '2.8' },
      { id: 'old', kind: 'text', title: 'Old', until: '2.7' },
      { id: 'gone', kind: 'text', title: 'Gone', until: '1.0' },
    ],
    lines: {
      '2.10': {
        python: { from: '3.10', to: '3.14', exclude: ['3.14.1'], experimental: ['3.14t', '3.15'] },
        builds: { xpu: [{ versions: ['2025.2'] }] },
      },
      '2.7': { python: { from: '3.9', to: '3.13' }, texts: { old: 'a|b\nc' } },
      '2.9': { python: { from: '3.10', to: '3.14' }, builds: { xpu: [] } },
    },
    excluded: [{ system: 'MacOS', accelerator: 'CUDA', since: '2.9', reason: 'There is none.' }],
  });

  it('adds and ends columns with a line, newest line first, exclusions told', () => {
    expect(supportMarkdown(supportMatrix(support))).toBe(
      [
        '| Version | Python | XPU | Old |',
        '| --- | --- | --- | --- |',
        '| 2.10 | >=3.10, <=3.14, !=3.14.1, (3.14t, 3.15 experimental) | XPU 2025.2 |  |',
        '| 2.9 | >=3.10, <=3.14 | None |  |',
        String.raw`| 2.7 | >=3.9, <=3.13 |  | a\|b c |`,
        '',
      ].join('\n'),
    );
  });

  it('of one line has only the columns and the exclusions of that line', () => {
    const matrix = supportMatrix(support, [Line.parse('2.7')]);
    expect(matrix.columns.map(({ id }) => id)).toEqual(['python', 'old']);
    expect(matrix.rows.map(({ line, excluded }) => [line, excluded.length])).toEqual([['2.7', 0]]);
    expect(supportMatrix(support, [Line.parse('2.9')]).rows[0]?.excluded).toHaveLength(1);
  });
});

const calendar = Calendar.parse({
  cadence: {
    '2.8': {
      cut: { on: '2025-06-24' },
      release: {
        on: '2025-07-30',
        moved: [
          { on: '2025-06-01', from: '2025-07', to: '2025-07-23', by: 'ada', why: 'a day was chosen' },
          { on: '2025-07-10', from: '2025-07-23', to: '2025-07-30', by: 'ada', why: 'ROCm 6.4 blocker' },
        ],
      },
      patches: [{ on: '2025-09', state: 'tentative' }, { state: 'not-planned' }],
    },
    '2.9': { cut: { on: '2025-08' }, release: { on: '2025-10', state: 'tentative' } },
  },
  milestones: [
    { id: 'M6', title: 'Release day', anchor: 'release', owner: 'marketing' },
    { id: 'M4.1', title: 'Tutorials', anchor: 'release', days: -14 },
    { id: 'M3', title: 'Cut', anchor: 'cut', at: '09:30' },
  ],
});

describe('deadlines', () => {
  it('are counted from the days, in the order in which they are due', () => {
    expect(deadlinesOf(calendar, Line.parse('2.8'), NOW)).toEqual([
      {
        id: 'M3',
        title: 'Cut',
        owner: null,
        patch: null,
        tentative: false,
        known: true,
        due: '2025-06-24T09:30:00Z',
        passed: true,
      },
      {
        id: 'M4.1',
        title: 'Tutorials',
        owner: null,
        patch: null,
        tentative: false,
        known: true,
        due: '2025-07-16T17:00:00Z',
        passed: false,
      },
      {
        id: 'M6',
        title: 'Release day',
        owner: 'marketing',
        patch: null,
        tentative: false,
        known: true,
        due: '2025-07-30T17:00:00Z',
        passed: false,
      },
    ]);
  });

  it('of a month are between two days; none is made up', () => {
    expect(
      deadlinesOf(calendar, Line.parse('2.9'), NOW).map((deadline) =>
        deadline.known ? deadline.due : [deadline.id, deadline.earliest, deadline.latest, deadline.tentative],
      ),
    ).toEqual([
      ['M3', '2025-08-01', '2025-08-31', false],
      ['M4.1', '2025-09-17', '2025-10-17', true],
      ['M6', '2025-10-01', '2025-10-31', true],
    ]);
  });

  it('of patch releases are counted for each of them, from its own day', () => {
    const patches = [{ on: '2025-08-27' }, { on: '2025-10', state: 'tentative' }, { state: 'not-planned' }];
    const cadence = { '2.8': { cut: { on: '2025-06-24' }, release: { on: '2025-07-30' }, patches } };
    const milestones = [{ id: 'P1', title: 'Picks end', anchor: 'patch', days: -14 }];
    const deadlines = deadlinesOf(Calendar.parse({ cadence, milestones }), Line.parse('2.8'), NOW);
    expect(deadlines.map((one) => [one.id, one.patch, one.known ? one.due : [one.earliest, one.latest]])).toEqual([
      ['P1', '2.8.1', '2025-08-13T17:00:00Z'],
      ['P1', '2.8.2', ['2025-09-17', '2025-10-17']],
    ]);
  });

  it('of a line that the calendar does not know are none', () => {
    expect(deadlinesOf(calendar, Line.parse('9.9'), NOW)).toEqual([]);
  });
});

describe('moved dates', () => {
  it('keep old, new, who and why', () => {
    expect(
      slipsOf(calendar, Line.parse('2.8')).map(({ release, what, from, to, by, why, days }) => [
        release,
        what,
        from,
        to,
        by,
        why,
        days,
      ]),
    ).toEqual([
      ['2.8.0', 'release', '2025-07', '2025-07-23', 'ada', 'a day was chosen', null],
      ['2.8.0', 'release', '2025-07-23', '2025-07-30', 'ada', 'ROCm 6.4 blocker', 7],
    ]);
    expect(slipsOf(calendar, Line.parse('2.9'))).toEqual([]);
  });

  it('must lead to the date that stands there', () => {
    const moved = [{ on: '2025-07-10', from: '2025-07-23', to: '2025-07-29', by: 'ada', why: 'x' }];
    const parsed = Calendar.safeParse({
      cadence: { '2.8': { cut: { on: '2025-06' }, release: { on: '2025-07-30', moved } } },
    });
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual(['the last move does not lead to this date']);
  });
});

it('calendar entries keep their id when a date moves, and leave out what is not planned', () => {
  const events = calendarEvents(
    Train.parse({ train: 'acme', title: 'Acme', product: 'acme', roles: {}, repos: {}, calendar }),
  );
  expect(events.map(({ id, from, until, revision, tentative }) => [id, from, until, revision, tentative])).toEqual([
    ['acme-2.8.0-cut', '2025-06-24', '2025-06-25', 0, false],
    ['acme-2.8.0-release', '2025-07-30', '2025-07-31', 2, false],
    ['acme-2.8.1-release', '2025-09-01', '2025-10-01', 0, true],
    ['acme-2.9.0-cut', '2025-08-01', '2025-09-01', 0, false],
    ['acme-2.9.0-release', '2025-10-01', '2025-11-01', 0, true],
  ]);
});

const trainWith = (workstreams: object, people: object = {}): Train =>
  Train.parse({
    train: 'acme',
    title: 'Acme',
    product: 'acme',
    roles: { 'release-manager': ['rita'] },
    repos: {},
    workstreams,
    people,
  });
const away = (from: string, to: string): object => ({ away: [{ from, to }] });

describe('the gate people', () => {
  const both = {
    docs: { title: 'Docs', poc: ['dora'], deputies: ['dan'] },
    partner: { title: 'Partner', poc: ['paul'] },
  };

  it('passes when every workstream has somebody who is there', () => {
    const gate = decidePeople(trainWith(both, { dora: away('2025-07-15', '2025-07-20') }), NOW);
    expect([gate.id, gate.verdict, gate.summary, gate.fix]).toEqual([
      'people',
      'pass',
      'all 2 workstreams have a point of contact',
      null,
    ]);
  });

  it('knows who is away however their login is written', () => {
    const inTrain = trainWith(both, { DORA: away('2025-07-01', '2025-07-31') });
    expect(contactsOf(inTrain, NOW)).toEqual(
      contactsOf(trainWith(both, { dora: away('2025-07-01', '2025-07-31') }), NOW),
    );
  });

  it('lets a deputy stand in on the days on which somebody is away, both included', () => {
    const contacts = contactsOf(trainWith(both, { dora: away('2025-07-10', '2025-07-14') }), NOW);
    expect(contacts.map(({ who, stands }) => [who, stands])).toEqual([
      ['dan', 'deputy'],
      ['paul', 'poc'],
    ]);
  });

  it.each([
    [
      'nobody is named',
      { docs: { title: 'Docs' }, partner: { title: 'Partner', poc: ['paul'] } },
      {},
      '1 of 2 workstreams without a point of contact: Docs',
      'name somebody in the train file: workstreams.docs.poc: [LOGIN]',
    ],
    [
      'everybody is away',
      both,
      { paul: away('2025-07-01', '2025-07-31') },
      '1 of 2 workstreams without a point of contact: Partner',
      'name somebody in the train file: workstreams.partner.deputies: [LOGIN]',
    ],
  ])('needs somebody when %s', (_what, workstreams, people, ...[summary, fix]) => {
    expect(decidePeople(trainWith(workstreams, people), NOW)).toMatchObject({
      verdict: 'needs-you',
      summary,
      fix,
      owners: ['rita'],
    });
  });

  it('says for whom somebody stands in, and until when', () => {
    const gate = decidePeople(trainWith(both, { dora: away('2025-07-10', '2025-07-14') }), NOW);
    expect(gate.evidence.map(({ text }) => text)).toEqual([
      'Docs: dan stands in for dora until 14 Jul',
      'Partner: paul',
    ]);
  });

  const gone = { away: [{ from: '2025-07-01', to: '2025-07-31' }] };

  it('asks the deputies of a deputy who is away too, and takes a circle for nobody', () => {
    const chain = { paul: { ...gone, deputies: ['pia'] }, pia: { ...gone, deputies: ['pim'] } };
    expect(decidePeople(trainWith(both, chain), NOW).verdict).toBe('pass');
    expect(contactsOf(trainWith(both, chain), NOW)[1]).toMatchObject({ who: 'pim', stands: 'deputy' });
    const circle = { ...chain, pia: { ...gone, deputies: ['PAUL'] } };
    const gate = decidePeople(trainWith(both, circle), NOW);
    expect(gate.verdict).toBe('needs-you');
    expect(gate.evidence[1]?.text).toBe(
      'Partner: everybody named is away, the deputies are away too and stand in for each other',
    );
  });

  it.each([
    [
      'every release manager is away',
      { rita: gone },
      'every release manager is away until 31 Jul: no deputy stands in',
      'name somebody in the train file: people.rita.deputies: [LOGIN]',
    ],
    [
      'the deputy of one may not do what they may',
      { rita: { ...gone, deputies: ['dan'] } },
      'dan stands in for rita and is no release manager',
      'give the role in the train file, or name another: people.rita.deputies: [LOGIN]',
    ],
  ])('needs somebody when %s', (_what, people, summary, fix) => {
    expect(decidePeople(trainWith(both, people), NOW)).toMatchObject({ verdict: 'needs-you', summary, fix });
  });

  it('does not know whether a release manager is there where the team was not read', () => {
    const unread = [{ team: 'acme/releng', reason: 'the forge is down' }];
    const nobody = { ...trainWith(both), roles: { ...trainWith(both).roles, 'release-manager': [] } };
    expect(decidePeople(nobody, NOW, unread)).toMatchObject({
      verdict: 'no-data',
      summary: 'who of @acme/releng, that release managers are in, is there is not known: the forge is down',
    });
    expect(decidePeople(trainWith(both), NOW, unread).verdict).toBe('pass');
  });

  it('is skipped where the train names no workstreams', () => {
    expect(decidePeople(trainWith({}), NOW).verdict).toBe('skipped');
  });

  it('is closed for the preset as it ships: it names no people', () => {
    expect(decidePeople(train, NOW).summary).toBe(
      '5 of 5 workstreams without a point of contact: Core/Marketing, Release Eng, Doc Eng, Release notes, Partner',
    );
  });
});
