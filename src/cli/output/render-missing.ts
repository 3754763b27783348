import type { RepoReport } from '../../app/history.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Room } from './answer.ts';
import type { DecidedRevert, OwedRevert, Standing, Wanted } from './history-views.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { unreadLines, unreadOf } from './reports.ts';
import { many, titleOf } from '../../domain/words.ts';
import { shape, type State } from './shapes.ts';
import { clockTime } from '../../domain/time-text.ts';

interface ReportShow<Found> {
  readonly release: string;
  readonly asOf: Instant;
  readonly reports: readonly RepoReport<Found>[];
  /** Release branch of a repository, for the command that moves it. */
  readonly branchOf: (repo: string) => string;
}

type Verdict = Wanted['verdict'];

const WANTED = {
  missing: { state: 'failing', word: 'missing' },
  partial: { state: 'needs-you', word: 'only a part is there' },
  unsure: { state: 'no-data', word: 'ambiguous, somebody has to look' },
  'no-commit': { state: 'no-data', word: 'no commit of main says it closes it' },
  'on-line': { state: 'pass', word: 'there' },
  'not-wanted': { state: 'skipped', word: 'main took it back itself' },
  'nothing-due': { state: 'skipped', word: 'closed without a change' },
} as const satisfies Record<Verdict, { readonly state: State; readonly word: string }>;

/** Whether people have to do something about a wanted item. */
export function isOpenItem({ verdict }: Wanted): boolean {
  return verdict !== 'on-line' && verdict !== 'not-wanted' && verdict !== 'nothing-due';
}

/** The closed items of the milestones that the release branches lack, each with what is known of its commits. */
export function renderMissing(
  { release, asOf, reports, branchOf }: ReportShow<readonly Wanted[]>,
  room: Room,
): readonly Line[] {
  const read = reports.flatMap(({ repo, found }) => (found.known ? [{ repo, items: found.value }] : []));
  const open = read.flatMap(({ repo, items }) => (items ?? []).filter(isOpenItem).map((item) => ({ repo, item })));
  const items = read.flatMap((each) => each.items ?? []);
  const there = items.filter(({ verdict }) => verdict === 'on-line').length;
  const isUnread = unreadOf(reports).length > 0;
  return [
    ...spread(line(span(`Milestone of ${release}`, 'strong')), freshness(asOf, room.now), room.width),
    ...open.flatMap(({ repo, item }) => [BLANK, ...itemLines(repo, item, branchOf(repo), room)]),
    BLANK,
    ...tailLines(
      read.filter((each) => each.items === null),
      reports,
      room,
    ),
    ...paragraph(missingVerdict({ open: open.length, items: items.length, there, isUnread }), room.width, 0, 2),
  ];
}

/** Where a part could not be judged, nothing is said to be well. */
function missingVerdict({
  open,
  items,
  there,
  isUnread,
}: {
  readonly open: number;
  readonly items: number;
  readonly there: number;
  readonly isUnread: boolean;
}): Line {
  if (open > 0) return line(shape('failing'), ` ${open} of ${many(items, 'closed item')} not there.`);
  if (items === 0 && isUnread) return line(shape('no-data'), ' Unknown: nothing could be judged.');
  if (items === 0) return line(shape('skipped'), ' No milestone of the release has a closed item.');
  const found = `${there} of ${many(items, 'closed item')} there`;
  return isUnread
    ? line(shape('no-data'), ` Nothing is missing in what could be judged: ${found}.`)
    : line(shape('pass'), ` Nothing is missing: ${found}.`);
}

function itemLines(repo: string, { item, verdict, commits }: Wanted, branch: string, room: Room): readonly Line[] {
  const { state, word } = WANTED[verdict];
  const kind = item.isPullRequest ? '' : 'issue ';
  const pulls = [...new Set(commits.filter(({ standing }) => standing.kind === 'missing').map(({ pull }) => pull))];
  return [
    ...paragraph(
      line(
        shape(state),
        ' ',
        span(`${repo} ${kind}#${item.number}`, 'strong'),
        `  ${item.title} `,
        span(`(${word})`, 'mute'),
      ),
      room.width,
      0,
      4,
    ),
    ...commits.flatMap(({ commit, title, standing }) =>
      paragraph(line(`${shortId(commit)} ${title}: ${standingWord(standing)}`), room.width, 4, 2),
    ),
    ...pulls.flatMap((pull) =>
      pull === null ? [] : [line(`    fix: signalbox pick request ${pull} --repo ${repo} --onto ${branch} -c CLASS`)],
    ),
  ];
}

function standingWord(standing: Standing): string {
  switch (standing.kind) {
    case 'inherited':
      return 'came with the cut';
    case 'on-line':
      return `${standing.partial ? 'a part is' : 'is'} ${shortId(standing.by.id)}, ${standing.counterpart.confidence}`;
    case 'taken-back':
      return `was there, taken back by ${shortId(standing.by)}`;
    case 'reverted-on-main':
      return `main took it back by ${shortId(standing.by)}`;
    case 'unsure':
      return `may be ${standing.by.slice(0, 4).map(shortId).join(' or ')}`;
    case 'missing':
      return 'not there';
  }
}

interface RevertsShow extends ReportShow<readonly DecidedRevert[]> {
  /** Why it is not known what people decided; null where it is. */
  readonly decisionsUnread: string | null;
}

/** The reverts on main that release branches have not followed, each with the proof that the change is there; those that are kept by decision last. */
export function renderReverts(
  { release, asOf, reports, branchOf, decisionsUnread }: RevertsShow,
  room: Room,
): readonly Line[] {
  const read = reports.flatMap(({ repo, found }) => (found.known ? [{ repo, items: found.value }] : []));
  const all = read.flatMap(({ repo, items }) => (items ?? []).map((item) => ({ repo, item })));
  const owed = all.filter(({ item }) => item.declined === null);
  const kept = all.length - owed.length;
  const also = kept === 0 ? '' : ` ${many(kept, 'change')} kept by decision.`;
  return [
    ...spread(line(span(`Reverts on main that ${release} lacks`, 'strong')), freshness(asOf, room.now), room.width),
    ...owed.flatMap(({ repo, item }) => [BLANK, ...revertLines(repo, item, { release, branch: branchOf(repo) }, room)]),
    ...all.flatMap(({ repo, item }) =>
      item.declined === null ? [] : [BLANK, ...keptLines(repo, item, item.declined, room)],
    ),
    BLANK,
    ...tailLines(
      read.filter((each) => each.items === null),
      reports,
      room,
    ),
    ...(decisionsUnread === null
      ? []
      : paragraph(line(shape('no-data'), ` What was decided could not be read: ${decisionsUnread}`), room.width, 0, 2)),
    ...paragraph(
      owed.length === 0
        ? line(shape('pass'), ` No revert on main is missing.${also}`)
        : line(shape('failing'), ` ${many(owed.length, 'revert')} missing.${also}`),
      room.width,
      0,
      2,
    ),
  ];
}

function revertLines(
  repo: string,
  item: DecidedRevert,
  { release, branch }: { readonly release: string; readonly branch: string },
  room: Room,
): readonly Line[] {
  const { pull, revert, carriedBy, proof, confidence, relandUntil } = item;
  const isWaiting = relandUntil !== null;
  const sure = isWaiting ? 'a reland is waited for' : confidence === 'probable' ? 'probable, look first' : confidence;
  const by = carriedBy.length === 0 ? '' : `${carriedBy.map(shortId).join(', ')}: `;
  const isSure = confidence !== 'probable' && pull !== null && !isWaiting;
  const state = isWaiting ? 'queued' : isSure ? 'failing' : 'needs-you';
  const until = isWaiting ? `; a reland is waited for until ${clockTime(relandUntil, room.now)}` : '';
  return [
    ...headLines(repo, item, { state, word: sure }, room),
    ...paragraph(line(`main took it back by ${shortId(revert)}${until}`), room.width, 4, 2),
    ...paragraph(line(`${branch} has it: ${by}${proof.map(({ text }) => text).join('; ')}`), room.width, 4, 2),
    ...(isSure
      ? [line(`    fix: signalbox pick reverts ${release} --request --repo ${repo}`)]
      : pull === null
        ? []
        : [
            line(
              `    ${isWaiting ? 'or now' : 'fix'}: signalbox pick request ${pull} --repo ${repo} --onto ${branch} -c CLASS`,
            ),
          ]),
    line(`    or keep it: signalbox pick reverts ${release} --decline ${shortId(revert)} -m WHY`),
  ];
}

function keptLines(
  repo: string,
  item: OwedRevert,
  { by, reason }: { readonly by: string; readonly reason: string },
  room: Room,
): readonly Line[] {
  return [
    ...headLines(repo, item, { state: 'waived', word: 'kept' }, room),
    ...paragraph(line(`main took it back by ${shortId(item.revert)}; kept by @${by}: ${reason}`), room.width, 4, 2),
  ];
}

function headLines(
  repo: string,
  { pull, title }: OwedRevert,
  { state, word }: { readonly state: State; readonly word: string },
  room: Room,
): readonly Line[] {
  const name = span(`${repo} ${pull === null ? '' : `#${pull}`}`.trimEnd(), 'strong');
  const text = line(shape(state), ' ', name, `  ${titleOf({ pull, title })} `, span(`(${word})`, 'mute'));
  return paragraph(text, room.width, 0, 4);
}

function tailLines(
  uncut: readonly { readonly repo: string }[],
  reports: readonly RepoReport<unknown>[],
  room: Room,
): readonly Line[] {
  const names = uncut.map(({ repo }) => repo).join(', ');
  return [
    ...(names === '' ? [] : paragraph(line(`Not cut yet: ${names}`), room.width, 0, 2)),
    ...unreadLines(unreadOf(reports), room.width),
  ];
}
