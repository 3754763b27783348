import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import type { Audit, LineCommit } from './history-views.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { changeText } from './reports.ts';
import { many, titleOf } from '../../domain/words.ts';
import { shape } from './shapes.ts';
import { table } from './table.ts';

export interface AuditShow {
  readonly repo: string;
  readonly branch: string;
  readonly asOf: Instant;
  readonly audit: Audit;
  /** Every commit with its class and proof, not only those people must look at. */
  readonly all: boolean;
}

type Class = LineCommit['class'];

const CLASSES = {
  exact: 'the change of main, as it is there',
  modified: 'a change of main, edited on its way',
  multi: 'several changes of main in one',
  partial: 'a part of a change of main',
  'forward-ported': 'first here, then on main',
  cut: 'begins the branch',
  'release-only': 'only for the branch, or on no other',
  'revert-of-own': 'takes back a commit of the branch',
  'revert-of-mains': 'takes back what came with the cut',
  inherited: 'from the branch it was cut from',
  merge: 'a merge of others',
  empty: 'changes nothing',
  'cross-release': 'from another line',
  ambiguous: 'could be several; none is claimed',
} as const satisfies Record<Class, string>;

/** How many commits of the branch people must look at. */
export function unsettledOf({ unexplained, forwardPortsOwed, crossRelease }: Audit): number {
  return unexplained.length + forwardPortsOwed.length + crossRelease.length;
}

/** Every commit of the branch, by what it is for. */
export function commitsOf(audit: Audit): readonly LineCommit[] {
  const { picks, releaseOnly, accounted, forwardPortsOwed, crossRelease, unexplained } = audit;
  return [...picks, ...releaseOnly, ...accounted, ...forwardPortsOwed, ...crossRelease, ...unexplained];
}

/** Main against one release branch: counts by class, what neither side explains at length, the verdict last. */
export function renderAudit({ repo, branch, asOf, audit, all }: AuditShow, room: Room): readonly Line[] {
  const total = commitsOf(audit).length;
  const open = unsettledOf(audit);
  const head = spread(line(span(`${repo} ${branch} against main`, 'strong')), freshness(asOf, room.now), room.width);
  if (total === 0) return [...head, line(shape('pass'), ' The branch has no commit of its own.')];
  return [
    ...head,
    BLANK,
    ...countTable(audit, room),
    ...(all ? section('Picks', audit.picks, room) : []),
    ...(all ? section('Only for the branch', audit.releaseOnly, room) : []),
    ...(all ? section('Accounted for', audit.accounted, room) : []),
    ...section('Owed to main: neither there, nor marked as only for the branch', audit.forwardPortsOwed, room),
    ...section('From another line, and not on main', audit.crossRelease, room),
    ...section('Unexplained', audit.unexplained, room),
    BLANK,
    ...(all ? [] : [line('Every commit with its proof: add --all')]),
    ...paragraph(
      open === 0
        ? line(shape('pass'), ` ${many(total, 'commit')}, all explained.`)
        : line(
            shape('failing'),
            ` ${total - open} of ${many(total, 'commit')} settled: ${audit.forwardPortsOwed.length} owed to main, ${audit.crossRelease.length} from another line, ${audit.unexplained.length} unexplained.`,
          ),
      room.width,
      0,
      2,
    ),
  ];
}

function countTable({ counts }: Audit, room: Room): readonly Line[] {
  const classes = Object.entries(CLASSES).flatMap(([name, means]) => {
    const count = Object.entries(counts).find(([each]) => each === name)?.[1] ?? 0;
    return count === 0 ? [] : [[line(span(name, 'strong')), line(String(count)), line(span(means, 'mute'))]];
  });
  return table({
    columns: [{ title: 'CLASS', whole: true }, { title: 'COMMITS', whole: true, align: 'right' }, { title: '' }],
    rows: classes,
    width: room.width,
    indent: 2,
  });
}

function section(title: string, commits: readonly LineCommit[], room: Room): readonly Line[] {
  if (commits.length === 0) return [];
  return [
    BLANK,
    ...paragraph(line(span(`${title} (${commits.length})`, 'strong')), room.width, 0, 2),
    ...commits.flatMap((commit) => commitLines(commit, room)),
  ];
}

function commitLines(commit: LineCommit, room: Room): readonly Line[] {
  const counterparts = commit.counterparts.map(changeOf).join(', ');
  const candidates = commit.candidates.slice(0, 6).map(shortId).join(' or ');
  const proof = commit.why.map(({ text }) => text).join('; ');
  return [
    ...paragraph(
      line(
        `${shortId(commit.id)} `,
        span(commit.class === commit.confidence ? commit.class : `${commit.class}, ${commit.confidence}`, 'mute'),
        `: ${commit.pull === null ? '' : `#${commit.pull} `}${titleOf(commit)}`,
      ),
      room.width,
      2,
      2,
    ),
    ...(counterparts === '' ? [] : paragraph(line(`on main: ${counterparts}`), room.width, 6, 2)),
    ...(candidates === '' ? [] : paragraph(line(`could be: ${candidates}`), room.width, 6, 2)),
    ...(proof === '' ? [] : paragraph(line(span(proof, 'mute')), room.width, 6, 2)),
    ...commit.notes.flatMap((note) => paragraph(line(shape('needs-you'), ` ${note}`), room.width, 6, 2)),
  ];
}

function changeOf({ commit, pull, title }: LineCommit['counterparts'][number]): string {
  return changeText({ id: commit, pull, title });
}
