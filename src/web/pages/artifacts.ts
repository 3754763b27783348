import type { ArtifactCell, ArtifactsView } from '../../api/views/artifacts.ts';
import { gateHref, releaseHref } from '../../domain/page-path.ts';
import { sizeText } from '../../domain/size.ts';
import type { Block, Doc, Field, PageRoom, Rich } from '../doc.ts';
import { openedCell, stagesBlock } from './artifact-cell.ts';
import { gridOf } from './artifact-grid.ts';
import { addressWith, buildsOf, cellState, isProblem, presentText, type Build } from './artifact-parts.ts';
import { heatOf, trendsOf } from './artifact-sizes.ts';
import { choicesOf, cut } from './pick-parts.ts';

const VIEWS = ['cells', 'sizes', 'list'] as const;
const MOST_EVIDENCE = 8;

/** The files of a release as matrix, sizes or list; the stages, and the cell that is opened. */
export function artifactsDoc(view: ArtifactsView, room: PageRoom): Doc {
  const { release, candidate, cells } = view;
  const builds = buildsOf(view, room);
  const wrong = cells.filter(isProblem).length;
  return {
    title: `${wrong === 0 || candidate === null ? '' : `(${wrong}) `}${candidate ?? release} artifacts`,
    heading: `Artifacts of ${candidate ?? release}`,
    lead: leadOf(view),
    tab: 'artifacts',
    release,
    command: commandOf(view, room),
    blocks: [
      stagesBlock(view, room),
      filterOf(view, room),
      { kind: 'paragraph', text: linksOf(view, room) },
      ...shownAs(view, builds, room),
      ...openedCell(view, room),
      ...gatesOf(view),
    ],
  };
}

function leadOf({ cells, channel, from, recorded, candidate }: ArtifactsView): Rich {
  if (candidate === null) return `${cells.length} files expected, no candidate yet`;
  const where = from === 'channel' ? `at ${channel}` : 'as recorded';
  const record: Rich =
    recorded === null
      ? ['; not recorded yet']
      : [
          '; recorded ',
          { kind: 'time', at: recorded.at, form: 'ago' },
          ' by ',
          { kind: 'person', login: recorded.by },
          ' as ',
          { kind: 'code', text: recorded.digest.slice(0, 19) },
          `, digests ${recorded.proof === 'read' ? 'read' : 'as told by the store'}`,
        ];
  return [`${presentText(cells)} present ${where}`, ...record];
}

function commandOf({ candidate, release }: ArtifactsView, { query }: PageRoom): string {
  if (candidate === null) return `signalbox artifact expected ${release}`;
  const pkg = query['pkg'] ?? '';
  const flag = /^[A-Za-z0-9][A-Za-z0-9._-]*$/u.test(pkg) && pkg !== 'all' ? ` --package ${pkg}` : '';
  return `signalbox artifact ${viewOf(query['view']) === 'list' ? 'list' : 'matrix'} ${candidate}${flag}`;
}

function viewOf(asked: string | undefined): (typeof VIEWS)[number] {
  return VIEWS.find((each) => each === asked) ?? 'cells';
}

function filterOf({ cells, candidates, candidate }: ArtifactsView, { query }: PageRoom): Block {
  const fields: readonly Field[] = [
    {
      name: 'pkg',
      label: 'Package',
      kind: 'choice',
      value: query['pkg'] ?? 'all',
      choices: [{ value: 'all', label: 'all' }, ...choicesOf(cells.map((cell) => cell.package))],
    },
    { name: 'view', label: 'View', kind: 'choice', value: viewOf(query['view']), choices: choicesOf(VIEWS) },
    {
      name: 'only',
      label: 'Only',
      kind: 'choice',
      value: query['only'] ?? 'all',
      choices: [
        { value: 'all', label: 'all' },
        { value: 'problems', label: 'problems' },
      ],
    },
    ...(candidates.length < 2
      ? []
      : [
          {
            name: 'candidate',
            label: 'Candidate',
            kind: 'choice' as const,
            value: candidate ?? '',
            choices: choicesOf(candidates),
          },
        ]),
  ];
  return { kind: 'filter', label: 'Show', fields };
}

function linksOf({ candidates, release, candidate }: ArtifactsView, room: PageRoom): Rich {
  const older = candidates[candidates.findIndex((each) => each === candidate) + 1];
  const isProblems = room.query['only'] === 'problems';
  return [
    {
      kind: 'link',
      href: addressWith(room, { only: isProblems ? null : 'problems' }),
      text: isProblems ? 'All files' : 'Only problems',
    },
    ...(older === undefined || candidate === null
      ? []
      : [
          ' · ',
          {
            kind: 'link' as const,
            href: `${releaseHref(release)}/diff/${older}..${candidate}`,
            text: `What changed since ${older}`,
          },
        ]),
  ];
}

function shownAs(view: ArtifactsView, builds: readonly Build[], room: PageRoom): readonly Block[] {
  if (builds.length === 0) {
    const text: Rich = [
      `${cut(room.query['pkg'] ?? 'Nothing', 80)} is no package of ${view.release}. `,
      { kind: 'link', href: addressWith(room, { pkg: null }), text: 'Show all packages' },
    ];
    return [{ kind: 'notice', tone: 'warn', text }];
  }
  const packages = new Set(builds.flatMap(({ cells }) => cells.map((cell) => cell.package)));
  switch (viewOf(room.query['view'])) {
    case 'cells':
      return builds.map((build) => gridOf(build, view, room));
    case 'sizes':
      return [...trendsOf(view, packages), ...builds.map((build) => heatOf(build, view))];
    case 'list':
      return builds.map((build) => listOf(build, room));
  }
}

function listOf({ name, cells }: Build, room: PageRoom): Block {
  const rows = room.query['only'] === 'problems' ? cells.filter(isProblem) : cells;
  return {
    kind: 'table',
    id: `list-${name.replaceAll(' ', '-')}`,
    caption: `${name}: ${presentText(cells)} present`,
    columns: [
      { key: 'state', name: 'State' },
      { key: 'file', name: 'File', mono: true },
      { key: 'size', name: 'Size', align: 'right' },
      { key: 'limit', name: 'Limit', align: 'right' },
      { key: 'digest', name: 'SHA-256', mono: true },
    ],
    groups: [
      {
        name: null,
        rows: rows.map((cell) => ({
          key: cell.key,
          href: addressWith(room, { cell: cell.key }, '#cell'),
          cells: [
            cellState(cell),
            cell.file,
            cell.size === null ? '' : sizeText(cell.size),
            limitText(cell),
            cell.digest === null ? '' : cell.digest.slice('sha256:'.length, 'sha256:'.length + 12),
          ],
        })),
      },
    ],
    empty: [
      `All ${cells.length} files of ${name} are present. `,
      { kind: 'link', href: addressWith(room, { only: null }), text: 'Show them' },
    ],
  };
}

function limitText({ publish }: ArtifactCell): string {
  const limits = publish.flatMap(({ limit }) => (limit === null ? [] : [limit]));
  return limits.length === 0 ? '' : sizeText(Math.min(...limits));
}

/** What is wrong and how to mend it, by gate; what is open is not repeated. */
function gatesOf({ gates, release, candidate, recorded, from }: ArtifactsView): readonly Block[] {
  const closed = gates.filter(({ verdict }) => !['pass', 'waived', 'skipped'].includes(verdict));
  if (closed.length === 0) {
    if (candidate === null || from === 'record' || recorded !== null) return [];
    const text: Rich = [
      'Every file is there. Record them: ',
      { kind: 'code', text: `signalbox artifact record ${candidate}` },
    ];
    return [{ kind: 'notice', tone: 'info', text }];
  }
  return closed.map((gate) => ({
    kind: 'section',
    id: `gate-${gate.id.replaceAll(':', '-')}`,
    heading: gate.id,
    aside: { kind: 'state', state: gate.verdict },
    blocks: [
      { kind: 'paragraph', text: gate.summary },
      ...(gate.evidence.length === 0
        ? []
        : [{ kind: 'list' as const, items: gate.evidence.slice(0, MOST_EVIDENCE).map((text) => cut(text, 400)) }]),
      ...(gate.evidence.length > MOST_EVIDENCE
        ? [
            {
              kind: 'paragraph' as const,
              text: {
                kind: 'link' as const,
                href: gateHref(release, gate.id),
                text: `${gate.evidence.length - MOST_EVIDENCE} more`,
              },
            },
          ]
        : []),
      ...(gate.fix === null ? [] : [{ kind: 'code' as const, label: 'What moves it', text: gate.fix }]),
    ],
  }));
}
