import { Instant } from '../../domain/instant.ts';
import { expect, it } from 'vitest';
import type { GateView } from '../../api/views/gate.ts';
import { ReleaseView } from '../../api/views/release.ts';
import { Verdict } from '../../domain/gate.ts';
import { CandidateVersion } from '../../domain/version.ts';
import { ALICE, actionsIn, blocksOf, roomOf, tableIn, wordsOf } from '../../testing/doc-says.ts';
import { madeRelease, madeGate } from '../../testing/made-views.ts';
import { releaseDoc } from './release.ts';
import { pictureData } from '../picture-data.ts';

const keysOf = (view: ReleaseView, query: Record<string, string> = {}): readonly string[] =>
  tableIn(releaseDoc(view, roomOf({ query })), 'gates').groups.flatMap(({ rows }) => rows.map(({ key }) => key));

it('shows every state of a gate with its word, its evidence, its owner and what moves it', () => {
  const gates = Verdict.options.map((verdict): GateView => madeGate(`gate-${verdict}`, { verdict }));
  const words = wordsOf(releaseDoc(madeRelease({ gates }), roomOf()));
  for (const verdict of Verdict.options) expect(words).toContain(`[${verdict}]`);
  expect(words).toContain('37 of 40 jobs (forge small/vision, 2025-06-24T13:58:00Z)');
  expect(words).toContain('signalbox gate run 2.8.0 gate-failing');
  expect(words).toContain('1 pass, 1 failing, 1 running, 1 queued, 1 needs you, 1 waived, 1 skipped, 1 no data');
});

it('groups the gates by the stage of the process, and counts the open ones', () => {
  const view = madeRelease({
    gates: [
      madeGate('released', { verdict: 'queued' }),
      madeGate('people', { verdict: 'pass' }),
      madeGate('picks-settled', { verdict: 'failing' }),
      madeGate('nightlies-green:vision', { verdict: 'no-data' }),
      madeGate('something-new', { verdict: 'pass' }),
    ],
  });
  const { groups } = tableIn(releaseDoc(view, roomOf()), 'gates');
  expect(groups.map(({ name }) => name)).toEqual([
    'Prepare: 1 of 2 open',
    'Cherry-picks: 0 of 1 open',
    'Promotion: 0 of 1 open',
    'Other: 1 of 1 open',
  ]);
});

it('shows only the gates that the address asks for, and the way back when there is none', () => {
  const view = madeRelease({
    gates: [madeGate('people', { verdict: 'failing' }), madeGate('picks-settled', { verdict: 'pass' })],
    blocking: ['people'],
  });
  expect(keysOf(view, { state: 'failing' })).toEqual(['people']);
  expect(keysOf(view, { state: 'blocking' })).toEqual(['people']);
  expect(keysOf(view, { stage: 'Cherry-picks' })).toEqual(['picks-settled']);
  const none = releaseDoc(view, roomOf({ query: { state: 'waived' } }));
  expect(wordsOf({ ...none, blocks: [tableIn(none, 'gates')] })).toContain('No gate is like that. Show all 2 gates');
});

it('never calls a release ready while a gate of its next step has no data', () => {
  const view = madeRelease({ gates: [madeGate('people', { verdict: 'no-data' })], blocking: ['people'] });
  const doc = releaseDoc(view, roomOf());
  expect(doc.title).toBe('(1) 2.8.0 not ready, Small 2.8.0');
  expect(wordsOf(doc)).toContain('[failing not ready] 1 thing blocks the branch cut of core, vision.');
});

it('says what could not be read, and that it does not pass', () => {
  const view = madeRelease({
    repos: [
      {
        repo: 'vision',
        branch: 'release/2.8',
        commit: null,
        candidate: null,
        ci: { state: 'no-data', text: 'no data now' },
        owners: [],
        unreadable: 'the remote did not answer',
        picks: null,
      },
    ],
    picksUnread: 'the forge did not answer',
    candidatesUnread: [{ repo: 'vision', reason: 'the remote did not answer' }],
  });
  const words = wordsOf(releaseDoc(view, roomOf()));
  expect(words).toContain('[no-data] vision: the remote did not answer');
  expect(words).toContain('[no-data] Picks could not be read: the forge did not answer');
  expect(words).toContain('Whether there are candidates is not known');
  expect(words).not.toContain('No candidate yet');
});

it('leads to what is published once a candidate is final: before, that page has nothing to read and says so with an error', () => {
  const marked = { candidate: CandidateVersion.parse('2.8.0-rc2'), by: 'ada', reason: '', isCurrent: true };
  const final = { ...marked, at: Instant.parse('2025-07-20T10:00:00Z') };
  expect(wordsOf(releaseDoc(madeRelease({ final: null }), roomOf()))).not.toContain('What is published');
  expect(wordsOf(releaseDoc(madeRelease({ final }), roomOf()))).toContain('What is published');
});

it('says of everything that is empty why, and the next act', () => {
  const words = wordsOf(releaseDoc(madeRelease({ repos: [], gates: [], blocking: [], opened: false }), roomOf()));
  expect(words).toContain('No gates: nothing of this release is judged yet. signalbox gate list 2.8.0');
  expect(words).toContain('No candidate yet. Make one: signalbox rc cut 2.8.0');
  expect(words).toContain('The files of no candidate are recorded, so none can be final.');
  expect(words).toContain('No repository of the train takes part in this release.');
  expect(words).toContain('The calendar names no deadlines of this release.');
  expect(words).toContain('2.8.0 was not opened');
});

it('shows what may not be done, with the reason, to whom may only look, and nothing as possible in the past', () => {
  const view = madeRelease({ gates: [madeGate('people', { verdict: 'failing' })], blocking: ['people'] });
  const alice = actionsIn(releaseDoc(view, roomOf({ viewer: ALICE })));
  expect(alice.map(({ id }) => id)).toEqual(actionsIn(releaseDoc(view, roomOf())).map(({ id }) => id));
  for (const { barred } of alice) expect(barred).toBe('Needs role release-manager; ask @ana, @ben, @cleo');
  const past = actionsIn(releaseDoc(view, roomOf({ past: roomOf().now })));
  for (const { barred } of past) expect(barred).toBe('You look at the past; nothing can be done there');
  expect(actionsIn(releaseDoc(view, roomOf())).every(({ barred }) => barred === null)).toBe(true);
});

it('asks for a typed phrase before a release is abandoned, and tells that it is for ever', () => {
  const abandon = actionsIn(releaseDoc(madeRelease(), roomOf())).find(({ id }) => id === 'abandon-release');
  expect(abandon).toMatchObject({ phrase: 'abandon 2.8.0', undo: 'none' });
});

it('shows a moved date with the old one, and draws only exact days', () => {
  const moved = [{ on: '2025-06-20', from: '2025-07-14', to: '2025-07-30', by: 'ana', why: 'a blocker' }];
  const view = ReleaseView.parse({
    ...madeRelease(),
    cut: { on: '2025-06', state: 'tentative', moved: [] },
    day: { on: '2025-07-30', state: 'fixed', moved },
  });
  const doc = releaseDoc(view, roomOf());
  expect(wordsOf(doc)).toContain('Wed 30 Jul, in 36 d (moved once: 14 Jul 2025 to 30 Jul 2025)');
  expect(wordsOf(doc)).toContain('30 Jul 2025 (was 14 Jul 2025)');
  const picture = blocksOf(doc.blocks).find((block) => block.kind === 'picture');
  expect(picture).toMatchObject({
    picture: { spans: [{ name: 'Release day', was: '2025-07-14T12:00:00Z', state: 'queued' }] },
  });
});

const at = (day: string): Instant => Instant.parse(`2025-06-${day}T12:00:00Z`);

it('draws how blockers and picks became less, with the dates that are known to the day', () => {
  const none = wordsOf(releaseDoc(madeRelease(), roomOf()));
  expect(none).toContain('Nothing was recorded yet.');
  const view = ReleaseView.parse({
    ...madeRelease(),
    cut: { on: '2025-06-20', state: 'fixed', moved: [] },
    day: { on: '2025-07', state: 'tentative', moved: [] },
    due: [
      { id: 'M4', title: 'Last picks', owner: null, tentative: false, passed: false, due: at('30'), latest: null },
      { id: 'M9', title: 'Later', owner: null, tentative: true, passed: false, due: null, latest: '2025-08-31' },
    ],
    burnDown: [
      { at: at('10'), blockers: 5, picks: null },
      { at: at('12'), blockers: 3, picks: { open: 4, waiting: 2 } },
      { at: at('14'), blockers: 1, picks: { open: 2, waiting: 0 } },
    ],
  });
  const found = blocksOf(releaseDoc(view, roomOf()).blocks).find(
    (each) => each.kind === 'picture' && each.id === 'burn-down',
  );
  if (found?.kind !== 'picture' || found.picture.kind !== 'steps') throw new Error('the picture is there');
  expect(found.picture.series.map(({ name, points }) => [name, points.map(({ value }) => value)])).toEqual([
    ['Blocking gates', [5, 3, 1]],
    ['Open picks', [4, 2]],
    ['Waiting picks', [2, 0]],
  ]);
  expect(found.picture.marks).toEqual([
    { name: 'Branch cut', at: at('20') },
    { name: 'M4', at: at('30') },
  ]);
  const data = pictureData(found.picture, roomOf());
  expect(data.says).toBe('Blocking gates from 5 to 1; Open picks from 4 to 2; Waiting picks from 2 to 0');
  expect(data.columns).toEqual(['When', 'Blocking gates', 'Open picks', 'Waiting picks', 'Date']);
  expect(data.rows.map((row) => row.slice(1))).toEqual([
    ['5', '', '', ''],
    ['3', '4', '2', ''],
    ['1', '2', '0', ''],
    ['', '', '', 'Branch cut'],
    ['', '', '', 'M4'],
  ]);
});

it('keeps hostile texts as text', () => {
  const evil = '<script>alert(1)</script>" onclick="x';
  const view = madeRelease({
    gates: [madeGate('people', { verdict: 'failing', summary: evil, owners: [evil], fix: evil })],
    freeze: { by: evil, at: roomOf().now, reason: evil },
  });
  const row = tableIn(releaseDoc(view, roomOf()), 'gates').groups[0]?.rows[0];
  expect(row?.cells[2]).toBe(evil);
  expect(row?.href).toBe('/r/2.8.0/gates/people');
});

it('shows 300 gates, all of them', () => {
  const gates = Array.from({ length: 300 }, (_, index) =>
    madeGate(`nightlies-green:repo${index}`, { verdict: 'failing' }),
  );
  const view = madeRelease({ gates, blocking: gates.map(({ id }) => id) });
  expect(keysOf(view)).toHaveLength(300);
  const ids = actionsIn(releaseDoc(view, roomOf())).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
