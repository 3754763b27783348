import { describe, expect, it } from 'vitest';
import { ObjectId } from '../../domain/git-names.ts';
import { PICK_STATES, PickState } from '../../domain/pick-state.ts';
import { actionsOf, textOfDoc } from '../../testing/doc-text.ts';
import { picksViewOf, pickViewOf, roomOf, VIEWED_AT } from '../../testing/pick-views.ts';
import type { Block } from '../doc.ts';
import { picksDoc } from './picks.ts';

const kindsOf = (blocks: readonly Block[]): readonly string[] => blocks.map(({ kind }) => kind);
const boardOf = (blocks: readonly Block[]) => blocks.flatMap((block) => (block.kind === 'board' ? block.columns : []));
const tableOf = (blocks: readonly Block[]) =>
  blocks.flatMap((block) => (block.kind === 'table' && block.id === 'picks' ? block.groups : []));

const closed = (late: 'dispensation' | 'final') =>
  picksViewOf([], {
    window: {
      phase: 'Closed',
      takes: [],
      closesAt: null,
      endUnknown: false,
      closed: { phase: 'Phase 2', at: VIEWED_AT, late },
      later: [],
    },
  });

describe('the page of cherry-picks', () => {
  it('has every state of a pick in one column of the board, and in one group of the table', () => {
    const picks = PickState.options.map((state, index) => pickViewOf({ state }, index + 1));
    const view = picksViewOf(picks);
    const onBoard = boardOf(picksDoc(view, roomOf()).blocks).flatMap(({ cards }) => cards);
    expect(onBoard).toHaveLength(picks.length);
    const rows = tableOf(picksDoc(view, roomOf({ view: 'table' })).blocks).flatMap((group) => group.rows);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(picks.length);
    for (const state of PickState.options)
      expect(textOfDoc(picksDoc(view, roomOf()))).toContain(PICK_STATES[state].word);
  });

  it('says until when the window is open, and how to ask, where nobody asked', () => {
    const text = textOfDoc(picksDoc(picksViewOf([]), roomOf()));
    expect(text).toContain(
      'No picks requested for release/2.8 (2.8.0). Phase 2, open until <minute 2026-07-07T17:00:00Z> (<until 2026-07-07T17:00:00Z>). Ask with @acmebot cherry-pick --onto release/2.8 -c CLASS',
    );
  });

  it('says since when a closed window is closed, and whether somebody may still be let in', () => {
    const open = textOfDoc(picksDoc(closed('dispensation'), roomOf()));
    expect(open).toContain('closed since <minute 2026-06-08T12:00:00Z> (end of Phase 2)');
    expect(open).toContain('A release manager may let one in, for a reason.');
    expect(textOfDoc(picksDoc(closed('final'), roomOf()))).toContain('Nobody may let one in after it.');
  });

  it('filters by the address, and says how many there are where none is so', () => {
    const view = picksViewOf([
      pickViewOf({}, 1),
      pickViewOf({ author: 'bob', askedBy: 'bob', class: 'docs', state: 'landed' }, 2),
    ]);
    const keys = (query: Record<string, string>) =>
      boardOf(picksDoc(view, roomOf(query)).blocks).flatMap(({ cards }) => cards.map(({ key }) => key));
    expect(keys({ author: '@Bob' })).toEqual(['core-2-release/2.8']);
    expect(keys({ class: 'docs' })).toEqual(['core-2-release/2.8']);
    expect(keys({ state: 'open' })).toEqual(['core-1-release/2.8']);
    expect(keys({ kind: 'pick' })).toHaveLength(2);
    expect(textOfDoc(picksDoc(view, roomOf({ repo: 'vision' })))).toContain(
      'None of the 2 picks is so. Show all of them',
    );
    expect(picksDoc(view, roomOf({ repo: 'core', state: 'needs-review' })).command).toBe(
      'signalbox pick list 2.8.0 --repo core --state needs-review',
    );
  });

  it('does not put into its command what no shell should see', () => {
    expect(picksDoc(picksViewOf([]), roomOf({ repo: 'core; rm -rf /' })).command).toBe('signalbox pick list 2.8.0');
  });

  it('shows a table above sixty picks, unless the board is asked for', () => {
    const view = picksViewOf(Array.from({ length: 500 }, (_, index) => pickViewOf({}, index + 1)));
    expect(kindsOf(picksDoc(view, roomOf()).blocks)).toContain('table');
    expect(kindsOf(picksDoc(view, roomOf({ view: 'board' })).blocks)).toContain('board');
    expect(tableOf(picksDoc(view, roomOf()).blocks).flatMap(({ rows }) => rows)).toHaveLength(500);
  });

  it('has every action once, each with its command', () => {
    const picks = PickState.options.map((state, index) => pickViewOf({ state }, index + 1));
    for (const query of [{}, { view: 'table' }]) {
      const actions = actionsOf(picksDoc(picksViewOf(picks), roomOf(query)));
      expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
      for (const { command } of actions) expect(command).toMatch(/^signalbox (pick|tracker) /u);
    }
  });

  it('bars who may not, with the reason, and never hides the move', () => {
    const view = picksViewOf([pickViewOf()]);
    const barred = (login: string | null) =>
      actionsOf(picksDoc(view, roomOf({}, login))).find(({ id }) => id === 'approve-core-7-release/2.8')?.barred;
    expect(barred('rita')).toBeNull();
    expect(barred('alice')).toBe('Needs role release-manager; ask @rita, @ann');
    expect(barred(null)).toBe('Sign in to do this');
    const past = actionsOf(picksDoc(view, roomOf({}, 'rita', VIEWED_AT)));
    expect(past.every((action) => action.barred === 'You look at the past; nothing can be done there')).toBe(true);
  });

  it('lets no release manager approve their own change, whatever the case of the login', () => {
    const [approve] = actionsOf(picksDoc(picksViewOf([pickViewOf({ author: 'Rita' })]), roomOf()));
    expect(approve?.barred).toBe('Nobody decides for their own change; ask @ann');
  });

  it('binds an approval to the head that is shown', () => {
    const [approve] = actionsOf(picksDoc(picksViewOf([pickViewOf()]), roomOf()));
    expect(approve?.fields).toContainEqual({ name: 'head', label: 'Commit', kind: 'hidden', value: 'a'.repeat(40) });
  });

  it('keeps hostile texts as texts, cut where they are no title any more', () => {
    const title = `<script>alert(1)</script> ${'x'.repeat(5000)}`;
    const doc = picksDoc(picksViewOf([pickViewOf({ title, class: '<b>', author: 'javascript:alert(1)' })]), roomOf());
    const [card] = boardOf(doc.blocks).flatMap(({ cards }) => cards);
    expect(card?.title.length).toBeLessThan(230);
    expect(card?.title).toContain('<script>');
    expect(card?.href).toBe('/pr/core/7');
  });

  it('says what a conflict, a refusal and red jobs are about', () => {
    const needs = [{ commit: ObjectId.parse('b'.repeat(40)), subject: 'Refactor (#6)', touched: 'lines' as const }];
    const files = [{ path: 'a.cpp', kind: 'CONFLICT (contents)', ranges: [] }];
    const pull = pickViewOf().pull;
    const bad = Array.from({ length: 7 }, (_, index) => ({ name: `job ${index}`, link: null }));
    const jobs = { verdict: 'failing' as const, counted: 9, green: 2, bad, waiting: [] };
    const view = picksViewOf([
      pickViewOf({ state: 'conflict', pull: null, conflict: { files, needs } }, 1),
      pickViewOf({ state: 'refused', decided: { is: 'refused', by: 'ann', at: VIEWED_AT, text: 'a feature' } }, 2),
      pickViewOf({ state: 'in-ci', pull: pull === null ? null : { ...pull, jobs } }, 3),
    ]);
    const text = textOfDoc(picksDoc(view, roomOf()));
    expect(text).toContain('conflict in 1 file, 1 earlier not on the branch');
    expect(text).toContain('refused by @ann, <ago 2026-06-08T12:00:00Z>: a feature');
    expect(text).toContain('CI 2 of 9 green; not: job 0, job 1, job 2, job 3, job 4, and 2 more');
  });

  it('says what of the reverts is not known, and bars asking while none is ready', () => {
    const view = picksViewOf([], {
      reverts: { owed: [], unread: [{ repo: 'vision', reason: 'git said no' }], decisionsUnread: null },
    });
    const doc = picksDoc(view, roomOf({ kind: 'revert' }));
    expect(textOfDoc(doc)).toContain('[no-data] vision: not known: git said no');
    expect(textOfDoc(doc)).toContain('the rest is not known');
    expect(actionsOf(doc).find(({ id }) => id === 'request-reverts')?.barred).toMatch(/^No revert is proven/u);
    expect(doc.command).toBe('signalbox pick reverts 2.8.0');
  });
});
