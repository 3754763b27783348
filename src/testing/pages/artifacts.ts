/** A made-up matrix of artifacts. */
import { STATES, type Block, type Doc, type GridCell } from '../../web/doc.ts';

const PLATFORMS = [
  { name: 'linux x86_64', columns: ['cpu', '126', '128', '129', 'r63', 'r64', 'xpu', 'full'] },
  { name: 'linux aarch64', columns: ['cpu', '126', '128', '129', 'full'] },
  { name: 'windows', columns: ['cpu', '126', '128', '129', 'xpu'] },
  { name: 'macos', columns: ['cpu'] },
];

const PYTHONS = ['3.9', '3.10', '3.11', '3.12', '3.13', '3.13t', '3.14', '3.14t'];

/** One package's 152 cells; `turn` moves the states on. */
export function cells(id: string, turn = 0): Extract<Block, { readonly kind: 'grid' }> {
  const cell = (python: string, platform: string, accelerator: string, index: number): GridCell => {
    const rare = (index * 37 + turn) % 61;
    const state = rare < STATES.length ? (STATES[rare] ?? 'pass') : 'pass';
    return {
      state,
      name: `${id}, Python ${python}, ${platform}, ${accelerator}: ${state}`,
      href: `/r/2.8.0/artifacts?cell=${id}-${index}`,
    };
  };
  return {
    kind: 'grid',
    id,
    caption: `${id} 2.8.0-rc2 at test`,
    heads: PLATFORMS,
    empty: 'No cells are expected.',
    rows: PYTHONS.map((python, line) => ({
      name: python,
      cells: PLATFORMS.flatMap((platform) => platform.columns.map((column) => [platform.name, column] as const)).map(
        ([platform, column], place) => cell(python, platform, column, line * 19 + place),
      ),
    })),
  };
}

export function artifacts(): Doc {
  return {
    title: 'Artifacts of 2.8.0-rc2, train',
    heading: 'Artifacts of 2.8.0-rc2',
    lead: 'test 148 of 152, staging 0 of 24',
    tab: 'artifacts',
    release: '2.8.0',
    command: 'signalbox artifact matrix 2.8.0-rc2 --package torch',
    blocks: [
      cells('torch'),
      {
        kind: 'picture',
        id: 'sizes',
        caption: 'Sizes of the largest wheels',
        picture: {
          kind: 'bars',
          unit: 'MB',
          bars: [
            { name: 'torch cp312 linux cu128', value: 834, limit: 1000 },
            { name: 'torch cp312 linux rocm6.4', value: 1043, limit: 1000 },
            { name: 'vision cp312 linux cu128', value: 8.6, limit: 100 },
          ],
        },
      },
    ],
  };
}
