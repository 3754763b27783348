import { shortId, type ObjectId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { PickPrerequisite } from '../../../ports/git.ts';
import {
  explainCommand,
  helpOf,
  helpOfAll,
  grammarOf,
  type CommandName,
  type CommandProblem,
} from '../command/index.ts';
import { explain, type PickProblem } from '../problem.ts';
import { sayMoment, saySpan } from '../window.ts';
import { code, fenced, inline, mention } from './escape.ts';

/** The marker of the one answer to one command: a delivery that comes again finds it, and nothing is said twice. */
export function answerMarker(comment: string, index: number): string {
  return `signalbox:answer ${comment.replace(/[^\w.-]/g, '').slice(0, 80)}.${index}`;
}

/** Puts the answers to the commands of one comment, each under its marker, into the text of one comment or of several. */
export function marked(marker: string, text: string): string {
  return `<!-- ${marker} -->\n${text}`;
}

/** The answer to what is not understood: argparse's words in a fence. */
export function commandProblemReply(problem: CommandProblem, train: Train): string {
  return fenced(explainCommand(problem, train));
}

export function helpReply(of: CommandName | null, train: Train): string {
  const spec = grammarOf(train).find(({ name }) => name === of);
  return spec === undefined ? helpOfAll(train) : fenced(helpOf(train, spec));
}

export interface ReplyTo {
  readonly train: Train;
  /** Who is called: who asked, or the author. */
  readonly to: string;
  readonly now: Instant;
}

/** One line for each thing that is wrong, with the next act; commands as code, so that they can be copied. */
export function problemReply(problems: readonly PickProblem[], { train, to }: ReplyTo): string {
  const lines = problems.map((problem) => sentence(explain(problem), train));
  const [only] = lines;
  return lines.length === 1 && only !== undefined
    ? `${mention(to)} ${only}`
    : [mention(to), '', ...lines.map((line) => `- ${line}`)].join('\n');
}

function sentence(text: string, train: Train): string {
  const found = /(?:@bot |signalbox (?=[a-z]+ )).*$/.exec(text.replaceAll('\n', ' '));
  if (found === null) return inline(text, 900);
  return `${inline(text.slice(0, found.index), 900)} ${code(found[0].replace('@bot', `@${train.picks.bot}`))}`;
}

const MOST_FILES = 5;
const MOST_PREREQUISITES = 3;

/** What conflicts, where, what is missing on the branch, and the commands to resolve it. At most 20 lines. */
export function conflictReply(
  problem: Extract<PickProblem, { code: 'conflict' }>,
  { train, to, closesAt }: ReplyTo & { readonly closesAt: Instant | null },
): string {
  const { pr, branch, conflicts, prerequisites, pickBranch, commit, does, generated } = problem;
  const files = conflicts.slice(0, MOST_FILES).map(({ path, kind, ranges }) => {
    const lines = ranges
      .slice(0, 3)
      .map(({ first, last }) => (last <= first ? `line ${first}` : `lines ${first}-${last}`));
    const made = generated.find((one) => one.path === path);
    const what =
      made === undefined ? lines.join(', ') || inline(kind) : `generated: run ${code(made.command.join(' '))}`;
    return `- ${code(path)} ${what}`;
  });
  const more = conflicts.length - files.length;
  const end = closesAt === null ? '' : ` Window closes ${sayMoment(closesAt, train.picks.zone)}.`;
  const git = does === 'pick' ? 'git cherry-pick -x' : 'git revert';
  return [
    `${mention(to)} the ${does === 'pick' ? 'cherry-pick' : 'revert'} of #${pr} onto ${code(branch)} needs your hands: **conflict in ${conflicts.length} ${conflicts.length === 1 ? 'file' : 'files'}**. Nothing was pushed.`,
    '',
    ...files,
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
    ...prerequisiteText(prerequisites, branch),
    `    git fetch upstream && git switch -c ${pickBranch} upstream/${branch}`,
    `    ${git} ${commit}`,
    '',
    `Open the PR against ${code(branch)} with \`${does === 'pick' ? 'Cherry-pick' : 'Revert'} of #${pr}\` in its text and I take over.${end}`,
    '',
  ].join('\n');
}

/** Prerequisites by the numbers in their titles, which are enough to look at them; the commit stands beside. */
function prerequisiteText(prerequisites: readonly PickPrerequisite[], branch: string): readonly string[] {
  const sure = prerequisites.filter(({ touched }) => touched === 'lines');
  const named = (sure.length > 0 ? sure : prerequisites).slice(0, MOST_PREREQUISITES).map(({ commit, subject }) => {
    const number = /\(#(\d{1,10})\)\s*$/.exec(subject)?.[1];
    return number === undefined ? `${shortId(commit)} ${inline(subject, 80)}` : `#${number}`;
  });
  if (named.length === 0) return ['Resolve it:', ''];
  const [are, they] = named.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const what = sure.length > 0 ? 'changed the same lines' : 'changed the same files';
  return [
    `${named.join(', ')} ${what} on main and ${are} **not** on ${code(branch)}. Ask for ${they} first, or resolve:`,
    '',
  ];
}

export interface LateText extends ReplyTo {
  readonly branch: string;
  readonly release: ReleaseVersion;
  readonly closedAt: Instant;
  readonly final: boolean;
  /** Where it will ship on its own, and when, as the cadence says. */
  readonly ships: { readonly release: ReleaseVersion; readonly when: string | null } | null;
  /** The patch release it may be proposed for. */
  readonly patch: ReleaseVersion | null;
}

/** Asked for after the end: when that was, and the ways that are left. */
export function lateReply({ train, to, now, branch, release, closedAt, final, ships, patch }: LateText): string {
  return [
    `${mention(to)} the window for ${code(branch)} closed **${sayMoment(closedAt, train.picks.zone)}**, ${saySpan(closedAt, now)} ago. I did not create a pick.`,
    '',
    ...(ships === null
      ? []
      : [`- It will ship in ${ships.release}${ships.when === null ? '' : ` (${inline(ships.when)})`}.`]),
    ...(patch === null
      ? []
      : [
          `- If it fixes a regression in ${release}, add the label ${code(train.patches.triageLabel)}: it becomes a candidate for ${patch}.`,
        ]),
    final
      ? `- The deadline of ${release} is final: nobody can reopen it.`
      : `- A release manager can reopen the window for this PR: ${code(`@${train.picks.bot} cherry-pick retry --late-ok -m REASON`)}`,
    '',
  ].join('\n');
}

/** A change that main took back: the pick became its revert on the branch (REV-10). */
export function revertReply({
  pr,
  by,
  branch,
  pull,
}: {
  readonly pr: number;
  readonly by: ObjectId;
  readonly branch: string;
  readonly pull: number;
}): string {
  return `#${pr} was reverted on main by ${shortId(by)}, and ${code(branch)} has it, so I prepared a **revert** instead: #${pull}.`;
}

/** One place where a change is, or is not. */
export interface WhereRow {
  readonly place: string;
  readonly has: 'yes' | 'no' | 'unknown' | 'reverted';
  readonly proof: string;
}

/** The answer to `where`: every line, candidate and release with its proof. */
export function whereReply(pr: number, rows: readonly WhereRow[]): string {
  const signs = { yes: '✅', no: '–', unknown: '❔', reverted: '↩' } as const;
  const shown = rows
    .slice(0, 12)
    .map(({ place, has, proof }) => `| ${code(place, 'table')} | ${signs[has]} ${has} | ${inline(proof, 120)} |`);
  const more = rows.length - shown.length;
  return [
    `Where #${pr} is:`,
    '',
    '| | | proof |',
    '|---|---|---|',
    ...shown,
    ...(more > 0 ? ['', `and ${more} more`] : []),
    '',
  ].join('\n');
}
