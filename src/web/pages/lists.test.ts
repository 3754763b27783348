import { expect, it } from 'vitest';
import type { LogView } from '../../api/views/log.ts';
import type { PublishedView } from '../../api/views/published.ts';
import type { DutyView, TodoView } from '../../api/views/todo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { ALICE, roomOf, tableIn, wordsOf } from '../../testing/doc-says.ts';
import { madePlan } from '../../testing/made-views.ts';
import { logDoc } from './log.ts';
import { plansDoc } from './plans.ts';
import { publishedDoc } from './published.ts';
import { todoDoc } from './todo.ts';

const { now } = roomOf();
const release = ReleaseVersion.parse('2.8.0');
const evil = '<img src=x onerror=alert(1)>';

const duty: DutyView = {
  kind: 'gate',
  release,
  name: 'people',
  state: 'needs-you',
  word: 'needs you',
  text: evil,
  since: now,
  until: null,
  command: 'signalbox gate show 2.8.0 people',
  standIn: null,
};
const made: TodoView = {
  title: 'Small',
  releases: [release],
  people: [
    { who: 'alice', duties: [{ ...duty, kind: 'approval', name: 'approve plan p7k2m9' }] },
    { who: 'ana', duties: [duty] },
  ],
  unread: [],
};

it('shows first what waits for who looks, and counts it in the title', () => {
  const ana = todoDoc(made, roomOf());
  expect(ana.title).toBe('(1) To do, Small');
  expect(ana.blocks.flatMap((block) => (block.kind === 'section' ? [block.heading] : []))).toEqual(['You', '@alice']);
  expect(tableIn(ana, 'todo-ana').groups[0]?.rows[0]).toMatchObject({
    href: '/r/2.8.0/gates/people',
    cells: { 2: evil },
  });
  expect(tableIn(ana, 'todo-alice').groups[0]?.rows[0]?.href).toBe('/plans/p7k2m9');
  expect(todoDoc(made, roomOf({ viewer: null })).title).toBe('To do, Small');
});

it('shows what waits for one person or workstream, and says when nothing does', () => {
  const docs = todoDoc(made, roomOf({ query: { for: '@docs' } }));
  expect(docs.command).toBe('signalbox todo 2.8.0 --for docs');
  expect(wordsOf(docs)).toContain('Nothing of 2.8.0 waits for @docs.');
  const mine = todoDoc(made, roomOf({ viewer: ALICE, query: { for: 'alice' } }));
  expect(mine.heading).toBe('To do for you');
});

it('says that a list may be too short, and on an empty train why it is empty', () => {
  const unread = todoDoc({ ...made, people: [], unread: [{ release, reason: 'no answer' }] }, roomOf());
  expect(wordsOf(unread)).toContain('[no-data] Which picks of 2.8.0 wait could not be read: no answer');
  expect(wordsOf(unread)).toContain('waits for anybody as far as could be read.');
  expect(wordsOf(todoDoc({ ...made, people: [], releases: [] }, roomOf()))).toContain(
    'Open one: signalbox release create X.Y.Z',
  );
});

const log: LogView = {
  title: 'Small',
  entries: [
    {
      seq: 7,
      at: now,
      actor: 'ana',
      release,
      type: 'gate-waived',
      text: evil,
      plan: null,
      hash: 'sha256:aa',
      prev: null,
    },
  ],
  more: false,
  leftOut: false,
  last: 7,
  types: ['gate-waived'],
  check: null,
};

it('shows an entry with its link, its hash and its text as text', () => {
  const doc = logDoc(log, roomOf());
  expect(tableIn(doc, 'entries').groups[0]?.rows[0]).toMatchObject({ href: '/log?seq=7', cells: { 4: evil } });
  expect(wordsOf(doc)).toContain('sha256:aa');
  expect(logDoc(log, roomOf({ query: { seq: '7' } })).heading).toBe('Log, entry 7');
});

it('never calls a chain whole that was not read, and says what was found when it was', () => {
  expect(wordsOf(logDoc(log, roomOf()))).toContain('[no-data Not checked on this page]');
  const whole = { ...log, check: { entries: 7, head: 'sha256:aa', faults: [] } };
  expect(wordsOf(logDoc(whole, roomOf()))).toContain('[pass whole] 7 entries, every hash and link holds.');
  const bad = { ...log, check: { entries: 7, head: null, faults: [{ seq: 3, text: 'its hash is another one' }] } };
  expect(wordsOf(logDoc(bad, roomOf()))).toContain('Entry 3: its hash is another one');
  expect(wordsOf(logDoc(bad, roomOf()))).not.toContain('[pass whole]');
});

it('links to what is older with the filters kept, and says why a log is empty', () => {
  const doc = logDoc({ ...log, more: true }, roomOf({ query: { who: 'ana', open: '7' } }));
  expect(JSON.stringify(doc)).toContain('/log?who=ana&before=7');
  expect(wordsOf(logDoc(log, roomOf()))).not.toContain('Older entries');
  const without = logDoc({ ...log, leftOut: true }, roomOf({ query: { who: 'ana' } }));
  expect(JSON.stringify(without)).toContain('/log?who=ana&verdicts=1');
  const none = { ...log, entries: [] };
  expect(wordsOf(logDoc(none, roomOf({ query: { who: 'eve' } })))).toContain('No entry is like that.');
  expect(wordsOf(logDoc({ ...none, last: null }, roomOf()))).toContain('Nothing has happened yet.');
});

it('shows open plans before those that are over, and says how to make one', () => {
  const { shown: _shown, ...row } = madePlan();
  const plans = [
    { ...row, id: 'p00001', state: 'finished' as const, permanent: true },
    { ...row, id: 'p00002' },
  ];
  const view = { train: 'small', title: 'Small', freeze: null, plans };
  const groups = tableIn(plansDoc(view, roomOf()), 'plans').groups;
  expect(groups.map(({ rows }) => rows.map(({ key }) => key))).toEqual([['p00002'], ['p00001']]);
  expect(wordsOf(plansDoc(view, roomOf()))).toContain('[permanent finished]');
  const partial = plansDoc(view, roomOf({ query: { state: 'partial' } }));
  expect(wordsOf(partial)).toContain('No plan is like that.');
  expect(wordsOf(plansDoc({ ...view, plans: [] }, roomOf()))).toContain('No plans yet.');
});

const published: PublishedView = {
  release,
  title: 'Small',
  candidate: '2.8.0-rc3',
  rows: [
    {
      what: 'torch',
      count: '24 files',
      where: 'pypi',
      since: now,
      plan: 'p7k2m9',
      undo: 'yank the version only',
      isPermanent: true,
    },
  ],
  places: [{ state: 'no-data', text: 'pypi could not be read: no answer', findings: [], at: now }],
  holds: false,
  verdict: { state: 'failing', text: '2.8.0 was published and is not as it should be.' },
  publishedAt: now,
  rechecks: [{ name: 'at-once', at: now, holds: true }],
  next: { name: '1-hour', at: now },
};

it('shows what is public with its undo, and never calls good what could not be read', () => {
  const words = wordsOf(publishedDoc(published, roomOf()));
  expect(words).toContain('[permanent] yank the version only');
  expect(words).toContain('pypi could not be read: no answer');
  expect(words).toContain('[failing] 2.8.0 was published and is not as it should be.');
  expect(words).toContain('[pass] looked again at once');
  const empty = wordsOf(
    publishedDoc({ ...published, rows: [], places: [], rechecks: [], next: null, publishedAt: null }, roomOf()),
  );
  expect(empty).toContain('Nothing of it has a place to go');
  expect(empty).toContain('No place was read');
  expect(empty).toContain('once it is published');
});
