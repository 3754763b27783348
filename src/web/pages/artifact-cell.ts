import type { ArtifactCell, ArtifactsView, StagePlace } from '../../api/views/artifacts.ts';
import type { Block, Inline, PageRoom, Rich } from '../doc.ts';
import { addressWith, cellState } from './artifact-parts.ts';
import { sizeAgainst } from './artifact-sizes.ts';
import { cut } from './pick-parts.ts';

/** The cell that is opened in the address, at length; nothing where none is. */
export function openedCell(view: ArtifactsView, room: PageRoom): readonly Block[] {
  const key = room.query['cell'];
  if (key === undefined || key === '') return [];
  const cell = view.cells.find((each) => each.key === key);
  if (cell === undefined) {
    const text: Rich = [
      `No such file is expected of ${view.release}: ${cut(key, 120)}. `,
      { kind: 'link', href: addressWith(room, { cell: null }), text: 'Close it' },
    ];
    return [{ kind: 'section', id: 'cell', heading: 'File', blocks: [{ kind: 'paragraph', text }] }];
  }
  return [
    {
      kind: 'section',
      id: 'cell',
      heading: cell.key,
      aside: cellState(cell),
      blocks: [
        { kind: 'facts', rows: factsOf(cell) },
        ...stageBlocks(cell, view, room),
        { kind: 'paragraph', text: { kind: 'link', href: addressWith(room, { cell: null }), text: 'Close it' } },
      ],
    },
  ];
}

function factsOf(cell: ArtifactCell): readonly { readonly name: string; readonly value: Rich }[] {
  const { file, digest, size, publish, run } = cell;
  return [
    { name: 'File', value: { kind: 'code', text: file } },
    { name: 'SHA-256', value: digest === null ? 'not known' : { kind: 'code', text: digest.replace('sha256:', '') } },
    { name: 'Size', value: sizeAgainst(size, null) },
    ...publish.map(({ channel, file: name, limit }) => ({
      name: `For ${channel}`,
      value: [{ kind: 'code', text: name }, ' ', ...sizeAgainst(size, limit)] satisfies Rich,
    })),
    {
      name: 'Built by',
      value:
        run === null
          ? 'not known'
          : run.link === null
            ? cut(run.job, 200)
            : { kind: 'link', href: run.link, text: cut(run.job, 200) },
    },
    ...(cell.experimental ? [{ name: 'Stage of support', value: 'experimental' }] : []),
  ];
}

function stageBlocks(cell: ArtifactCell, { stages }: ArtifactsView, room: PageRoom): readonly Block[] {
  if (stages === null)
    return [
      {
        kind: 'paragraph',
        text: {
          kind: 'link',
          href: addressWith(room, { stages: 'all' }, '#cell'),
          text: 'Where is it? Look at every stage',
        },
      },
    ];
  if (stages.reason !== null) return [{ kind: 'notice', tone: 'info', text: stages.reason }];
  return [
    { kind: 'facts', rows: stages.places.map((place) => ({ name: nameOf(place), value: stageOfCell(cell, place) })) },
  ];
}

function stageOfCell({ key }: ArtifactCell, place: StagePlace): Rich {
  if (!place.known) return [{ kind: 'state', state: 'no-data' }, ` ${cut(place.reason, 300)}`];
  const differs = place.differs.find(({ cell }) => cell === key);
  if (differs !== undefined) return [{ kind: 'state', state: 'failing', word: 'another file' }, ` ${differs.why}`];
  if (place.equal.includes(key)) return { kind: 'state', state: 'pass', word: 'as recorded' };
  return place.absent.includes(key)
    ? { kind: 'state', state: 'queued', word: 'not there yet' }
    : { kind: 'state', state: 'skipped', word: 'does not go there' };
}

function nameOf(place: StagePlace): string {
  return place.known ? `${place.channel} (${place.place})` : place.place;
}

/** How far each stage is, of all files of the candidate. */
export function stagesBlock(view: ArtifactsView, room: PageRoom): Block {
  const { stages, candidate, release } = view;
  if (candidate === null) {
    const text: Rich = [
      `${release} has no candidate yet. Tag one: `,
      { kind: 'code', text: `signalbox rc cut ${release}` },
      '. What is expected of it is shown below.',
    ];
    return { kind: 'notice', tone: 'info', text };
  }
  if (stages === null) {
    const href = addressWith(room, { stages: 'all' });
    return {
      kind: 'paragraph',
      text: [
        { kind: 'link', href, text: 'How far is each stage?' },
        ' Asks every store about every file of the record.',
      ],
    };
  }
  return {
    kind: 'table',
    id: 'stages',
    caption: `Stages of ${candidate}, against what was recorded`,
    columns: [
      { key: 'channel', name: 'Channel' },
      { key: 'place', name: 'Place' },
      { key: 'state', name: 'State' },
      { key: 'equal', name: 'As recorded', align: 'right' },
      { key: 'absent', name: 'Not there', align: 'right' },
      { key: 'differs', name: 'Another file', align: 'right' },
    ],
    groups: [{ name: null, rows: stages.places.map((place, index) => stageRow(place, index)) }],
    empty: stages.reason ?? 'The train has no channel that holds files of releases.',
  };
}

function stageRow(place: StagePlace, index: number) {
  const key = `stage-${index}`;
  if (!place.known) {
    const state: readonly Inline[] = [{ kind: 'state', state: 'no-data' }, ` ${cut(place.reason, 300)}`];
    return { key, cells: ['', place.place, state, '', '', ''] };
  }
  const { channel, place: name, equal, absent, differs } = place;
  const state: Inline =
    differs.length > 0
      ? { kind: 'state', state: 'failing' }
      : absent.length > 0 || equal.length === 0
        ? { kind: 'state', state: 'queued', word: equal.length === 0 ? 'nothing there yet' : 'not whole yet' }
        : { kind: 'state', state: 'pass' };
  return {
    key,
    cells: [channel, name, state, String(equal.length), String(absent.length), String(differs.length)],
  };
}
