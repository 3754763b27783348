import { describe, expect, it } from 'vitest';
import { ArtifactsView, type ArtifactCell } from '../../api/views/artifacts.ts';
import { CELL_STATES, CellStateName } from '../../domain/cell-state.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { roomOf } from '../../testing/pick-views.ts';
import type { Block } from '../doc.ts';
import { artifactsDoc } from './artifacts.ts';

const cell = (changes: Partial<Record<keyof ArtifactCell, unknown>> = {}) => {
  const made = {
    package: 'torch',
    kind: 'wheel',
    platform: 'linux-x86_64',
    accelerator: 'cu128',
    python: '3.12',
    variant: null,
    experimental: false,
    file: 'cu128/torch-2.8.0.whl',
    state: 'present',
    size: 800 * 1024 ** 2,
    digest: `sha256:${'a'.repeat(64)}`,
    run: null,
    publish: [],
    ...changes,
  };
  const { package: name, kind, platform, accelerator, python } = made;
  return { ...made, key: [name, kind, platform, accelerator, python].join('/') };
};

const viewOf = (cells: readonly ReturnType<typeof cell>[], changes: Record<string, unknown> = {}): ArtifactsView =>
  ArtifactsView.parse({
    release: '2.8.0',
    product: 'torch',
    candidate: '2.8.0-rc2',
    candidates: ['2.8.0-rc2', '2.8.0-rc1'],
    from: 'channel',
    channel: 'test',
    recorded: null,
    platforms: [
      { name: 'linux-x86_64', title: 'linux' },
      { name: 'macos-arm64', title: 'mac' },
    ],
    cells,
    skipped: [],
    gates: [],
    sizes: [],
    stages: null,
    ...changes,
  });

const grids = (blocks: readonly Block[]) => blocks.flatMap((block) => (block.kind === 'grid' ? [block] : []));

describe('the page of artifacts', () => {
  it('shows a cell for each file, named whole, in columns by platform', () => {
    const view = viewOf(
      [cell(), cell({ accelerator: 'cpu' }), cell({ platform: 'macos-arm64', accelerator: 'cpu', state: 'missing' })],
      { skipped: [{ ...cell({ accelerator: 'cpu', python: '3.9' }), reason: 'end of life' }] },
    );
    const [grid] = grids(artifactsDoc(view, roomOf()).blocks);
    expect(grid?.heads).toEqual([
      { name: 'linux', columns: ['128', 'cpu'] },
      { name: 'mac', columns: ['cpu'] },
    ]);
    const [first, last] = grid?.rows ?? [];
    expect(first?.cells[2]).toEqual({
      state: 'queued',
      name: 'torch, Python 3.12, mac, cpu: missing',
      href: '?cell=torch%2Fwheel%2Fmacos-arm64%2Fcpu%2F3.12#cell',
    });
    expect(last?.cells[1]).toEqual({
      state: 'skipped',
      name: 'torch, Python 3.9, linux, cpu: not built, by policy: end of life',
    });
    expect(last?.cells[0]?.name).toBe('torch wheel, Python 3.9, linux, cu128: not built');
  });

  it('has a word and a shape for every state of a cell', () => {
    for (const state of CellStateName.options) {
      const [grid] = grids(artifactsDoc(viewOf([cell({ state })]), roomOf()).blocks);
      expect(grid?.rows[0]?.cells[0]).toMatchObject({
        state: CELL_STATES[state].state,
        name: `torch, Python 3.12, linux, cu128: ${CELL_STATES[state].word}`,
      });
    }
  });

  it('keeps only rows with problems where these are asked for, and says so where there is none', () => {
    const view = viewOf([cell(), cell({ python: '3.13', state: 'stale' })]);
    const [grid] = grids(artifactsDoc(view, roomOf({ only: 'problems' })).blocks);
    expect(grid?.rows.map(({ name }) => name)).toEqual(['3.13']);
    expect(artifactsDoc(view, roomOf()).title).toBe('(1) 2.8.0-rc2 artifacts');
    const well = textOfDoc(artifactsDoc(viewOf([cell()]), roomOf({ only: 'problems' })));
    expect(well).toContain('All 1 files of torch wheel are present. Show them');
  });

  it('opens a cell by the address: digest, size against limits, run', () => {
    const mine = cell({
      publish: [{ channel: 'pypi', file: 'torch-2.8.0-pypi.whl', limit: 700 * 1024 ** 2 }],
      run: { job: 'build', link: 'javascript:alert(1)' },
    });
    const text = textOfDoc(artifactsDoc(viewOf([mine]), roomOf({ cell: mine.key })));
    expect(text).toContain(`SHA-256: ${'a'.repeat(64)}`);
    expect(text).toContain('For pypi: torch-2.8.0-pypi.whl 800 MiB of 700 MiB [failing] over');
    expect(text).toContain('Where is it? Look at every stage');
    const none = textOfDoc(artifactsDoc(viewOf([mine]), roomOf({ cell: 'x/y' })));
    expect(none).toContain('No such file is expected of 2.8.0: x/y.');
  });

  it('says of each stage how far it is, and what of it is not known', () => {
    const mine = cell();
    const at = '2026-06-08T12:00:00Z';
    const place = { known: true, at, equal: [], absent: [], differs: [] };
    const view = viewOf([mine], {
      stages: {
        reason: null,
        places: [
          { ...place, channel: 'test', place: 's3', equal: [mine.key] },
          { ...place, channel: 'staging', place: 's3', absent: [mine.key] },
          { ...place, channel: 'stable', place: 's3', differs: [{ cell: mine.key, why: '3 bytes, not 4' }] },
          { known: false, place: 'channel pypi', at, reason: 'timed out' },
        ],
      },
    });
    const text = textOfDoc(artifactsDoc(view, roomOf({ cell: mine.key, stages: 'all' })));
    expect(text).toContain('test (s3): [pass] as recorded');
    expect(text).toContain('staging (s3): [queued] not there yet');
    expect(text).toContain('stable (s3): [failing] another file 3 bytes, not 4');
    expect(text).toContain('channel pypi: [no-data] timed out');
    expect(text).toContain('staging | s3 | [queued] nothing there yet | 0 | 1 | 0');
  });

  it('draws sizes by cell and the trend against the limit', () => {
    const points = [
      { candidate: '2.8.0-rc1', bytes: 821 * 1024 ** 2 },
      { candidate: '2.8.0-rc2', bytes: 834 * 1024 ** 2 },
    ];
    const sizes = [{ package: 'torch', limit: { channel: 'pypi', bytes: 1024 ** 3 }, points }];
    const { blocks } = artifactsDoc(
      viewOf([cell(), cell({ python: '3.13', size: null })], { sizes }),
      roomOf({ view: 'sizes' }),
    );
    const pictures = blocks.flatMap((block) => (block.kind === 'picture' ? [block] : []));
    expect(pictures.map(({ caption }) => caption)).toEqual([
      'torch: largest file for pypi by candidate, now 834 MiB, 81 % of 1 GiB',
      'torch wheel: size of each file',
    ]);
    expect(pictures[0]?.picture).toMatchObject({ kind: 'lines', limit: { name: 'limit of pypi', value: 1024 } });
    expect(pictures[1]?.picture).toMatchObject({ rows: [{ values: [800] }, { values: [null] }] });
    const none = textOfDoc(
      artifactsDoc(
        viewOf([cell()], { sizes: [{ package: 'torch', limit: null, points: [] }] }),
        roomOf({ view: 'sizes' }),
      ),
    );
    expect(none).toContain('No candidate of torch was recorded yet, so there is no trend.');
  });

  it('says what is expected while there is no candidate, and what to do', () => {
    const text = textOfDoc(
      artifactsDoc(
        viewOf([cell({ state: 'no-candidate', size: null, digest: null })], { candidate: null, candidates: [] }),
        roomOf(),
      ),
    );
    expect(text).toContain('2.8.0 has no candidate yet. Tag one: signalbox rc cut 2.8.0');
    expect(text).toContain('1 files expected, no candidate yet');
  });

  it('says which package there is none of', () => {
    const text = textOfDoc(artifactsDoc(viewOf([cell()]), roomOf({ pkg: '<img>' })));
    expect(text).toContain('<img> is no package of 2.8.0. Show all packages');
  });

  it('says what to do with a gate that is closed, and to record what is whole', () => {
    const gate = { id: 'artifacts-complete:core', verdict: 'failing', summary: '1 missing', fix: 'signalbox rc show' };
    const evidence = Array.from({ length: 10 }, (_, index) => `missing: file ${index}`);
    const text = textOfDoc(artifactsDoc(viewOf([cell()], { gates: [{ ...gate, evidence }] }), roomOf()));
    expect(text).toContain('missing: file 7');
    expect(text).not.toContain('missing: file 8');
    expect(text).toContain('2 more');
    expect(textOfDoc(artifactsDoc(viewOf([cell()]), roomOf()))).toContain('signalbox artifact record 2.8.0-rc2');
  });

  it('takes four packages of 152 cells', () => {
    const cells = ['a', 'b', 'c', 'd'].flatMap((name) =>
      Array.from({ length: 152 }, (_, index) =>
        cell({ package: name, accelerator: `cu${100 + Math.floor(index / 8)}`, python: `3.${index % 8}` }),
      ),
    );
    const made = grids(artifactsDoc(viewOf(cells), roomOf()).blocks);
    expect(made).toHaveLength(4);
    expect(made.flatMap(({ rows }) => rows.flatMap((row) => row.cells))).toHaveLength(608);
  });
});
