import { assert, constantFrom, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellKey } from './artifact.ts';
import { Digest } from './canonical-json.ts';
import { copyStep, edgeState, explainEdge, reconcile, type Edge, type Lying } from './edge.ts';
import { RepoKey } from './repo.ts';
import { StoreKey } from './store-key.ts';

const digest = (letter: string): Digest => Digest.parse(`sha256:${letter.repeat(64)}`);
const [RIGHT, WRONG] = [digest('a'), digest('b')];
const KEY = StoreKey.parse('cpu/torch-2.8.0-cp313-cp313-manylinux_2_28_x86_64.whl');

const edge = (write: Edge['write'] = 'append'): Edge => ({
  cell: CellKey.parse('torch/wheel/linux-x86_64/cpu/3.13'),
  repo: RepoKey.parse('core'),
  size: 10,
  digest: RIGHT,
  from: { channel: 'test', place: 0, key: KEY },
  to: { channel: 'stable', place: 1, key: KEY },
  write,
});
const right: Lying = { size: 10, digest: RIGHT };

it.each([
  ['is planned with the ETag under which its source was found right', 'abc', 'abc'],
  ['is planned without one that says nothing', '', undefined],
  ['is planned without one that no step can hold', 'x'.repeat(201), undefined],
])('%s', (_name, etag, planned) => {
  const { copies } = reconcile([{ edge: edge(), source: { ...right, etag }, target: null }]);
  const steps = copies.map((copy) => copyStep(copy, { wave: 0, undo: 'take it away', seen: false }));
  expect(steps.map((step) => step.etag)).toEqual([planned]);
});

describe('an edge', () => {
  it('is copied when nothing lies at its end', () => {
    expect(edgeState({ edge: edge(), source: right, target: null })).toEqual({ is: 'copy', before: null });
  });

  it('is skipped when the very same lies there, also when the source is gone', () => {
    expect(edgeState({ edge: edge(), source: right, target: right })).toEqual({ is: 'skip' });
    expect(edgeState({ edge: edge(), source: null, target: right })).toEqual({ is: 'skip' });
  });

  it('is refused when other bytes lie there, of whatever size', () => {
    for (const target of [
      { size: 10, digest: WRONG },
      { size: 9, digest: null },
    ]) {
      expect(edgeState({ edge: edge(), source: right, target })).toEqual({ is: 'refuse', found: target });
      expect(edgeState({ edge: edge('once'), source: right, target })).toEqual({ is: 'refuse', found: target });
    }
  });

  it('is written over only where the channel lets it, and only over what is known', () => {
    const other = { size: 10, digest: WRONG };
    expect(edgeState({ edge: edge('replace'), source: right, target: other })).toEqual({ is: 'copy', before: WRONG });
    const unknown = { size: 9, digest: null };
    expect(edgeState({ edge: edge('replace'), source: right, target: unknown })).toMatchObject({ is: 'refuse' });
  });

  it('is lost when its source is gone or another file', () => {
    expect(edgeState({ edge: edge(), source: null, target: null })).toEqual({ is: 'lost', found: null });
    for (const source of [
      { size: 10, digest: WRONG },
      { size: 9, digest: RIGHT },
      { size: 9, digest: null },
    ]) {
      expect(edgeState({ edge: edge(), source, target: null })).toEqual({ is: 'lost', found: source });
    }
  });

  it('is unproved at whichever end has no recorded digest (PRO-07)', () => {
    const silent = { size: 10, digest: null };
    expect(edgeState({ edge: edge(), source: silent, target: null })).toEqual({ is: 'unproved', at: edge().from });
    expect(edgeState({ edge: edge(), source: right, target: silent })).toEqual({ is: 'unproved', at: edge().to });
  });

  it('copies only a source that has the planned bytes, and never over other bytes in a channel that is written once', () => {
    const lying = option(record({ size: constantFrom(9, 10), digest: constantFrom(RIGHT, WRONG, null) }), {
      nil: null,
    });
    const write = constantFrom('append' as const, 'once' as const, 'replace' as const);
    assert(
      property(lying, lying, write, (source, target, how) => {
        const state = edgeState({ edge: edge(how), source, target });
        const isRightSource = source?.size === 10 && source.digest === RIGHT;
        const mayCopy = isRightSource && (target === null || (how === 'replace' && state.is === 'copy'));
        expect(state.is !== 'copy' || mayCopy).toBe(true);
        expect(state.is !== 'copy' || state.before === (target?.digest ?? null)).toBe(true);
        expect(state.is !== 'skip' || target?.digest === RIGHT).toBe(true);
      }),
    );
  });
});

describe('reconciling', () => {
  it('tells every edge once: to copy, there, or in the way', () => {
    const seen = [
      { edge: edge(), source: right, target: null },
      { edge: edge(), source: right, target: right },
      { edge: edge(), source: null, target: null },
      { edge: edge(), source: right, target: { size: 10, digest: WRONG } },
      { edge: edge(), source: { size: 10, digest: null }, target: null },
    ];
    const { copies, there, problems } = reconcile(seen);
    expect([copies.length, there.length, problems.map(({ code }) => code)]).toEqual([
      1,
      1,
      ['edge-lost', 'edge-refused', 'edge-unproved'],
    ]);
    expect(problems.map((problem) => explainEdge(problem, '2.8.0-rc3'))).toMatchInlineSnapshot(`
      [
        "test/cpu/torch-2.8.0-cp313-cp313-manylinux_2_28_x86_64.whl is gone from its channel. Bring it back from the backup: signalbox artifact restore 2.8.0-rc3",
        "stable#1/cpu/torch-2.8.0-cp313-cp313-manylinux_2_28_x86_64.whl lies there with 10 bytes, sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, and sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa is to be published. What is published is never written over: find out where it came from before anything else.",
        "test/cpu/torch-2.8.0-cp313-cp313-manylinux_2_28_x86_64.whl was stored without its sha256, so nobody can tell what it is. Have it read and recorded: signalbox artifact repair 2.8.0-rc3 --channel test",
      ]
    `);
  });

  it('makes a step whose key is its target, so that one file is written once', () => {
    const step = copyStep({ edge: edge(), before: null }, { wave: 3, undo: 'take it away', seen: false });
    expect(step).toMatchObject({ key: `copy-file:stable#1/${KEY}`, wave: 3, reversible: 'yes', undo: 'take it away' });
    expect(copyStep({ edge: edge(), before: null }, { wave: 0, undo: '', seen: true }).reversible).toBe('partly');
    expect(copyStep({ edge: edge(), before: WRONG }, { wave: 0, undo: '', seen: false }).reversible).toBe('partly');
  });
});
