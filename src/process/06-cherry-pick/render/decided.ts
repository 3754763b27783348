import type { ObjectId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import { sayMoment } from '../window.ts';
import { code, inline, mention, quote } from './escape.ts';

interface RefusalText {
  readonly to: string;
  readonly pr: number;
  readonly release: ReleaseVersion;
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
  /** The phase whose rule it was, by its id; null when the reason stands for itself. */
  readonly rule: string | null;
  /** The release that will have it; null when none is planned. */
  readonly next: { readonly release: ReleaseVersion; readonly cut: string | null } | null;
}

/** A decision against a pick, in the words of who made it. */
export function refusalReply(train: Train, text: RefusalText): string {
  const { next } = text;
  const cut = next?.cut === null || next === null ? '' : ` (branch cut ${inline(next.cut)})`;
  const will = next === null ? '' : ` It will be in **${next.release}**${cut}.`;
  return [
    `${mention(text.to)} #${text.pr} will not go into ${text.release}. Decision of ${code(text.by)}, ${sayMoment(text.at, train.picks.zone)}.`,
    '',
    quote(text.reason),
    '',
    `${text.rule === null ? '' : `Rule: picks-${inline(text.rule)}.`}${will} If you think the rule is read wrongly, reply here with the regression it fixes; the pick goes back to review.`.trim(),
    '',
  ].join('\n');
}

/** A pick that is out. */
export function releasedReply({
  to,
  pr,
  branch,
  released,
}: {
  readonly to: string;
  readonly pr: number;
  readonly branch: string;
  readonly released: ReleaseVersion;
}): string {
  return `${mention(to)} #${pr} is released: **${released}** has it, by its pick onto ${code(branch)}.`;
}

/** A pick that the line took back: why stands in the commit, and what can be done is to ask again. */
export function takenBackReply({
  to,
  pr,
  branch,
  by,
  bot,
}: {
  readonly to: string;
  readonly pr: number;
  readonly branch: string;
  readonly by: ObjectId;
  readonly bot: string;
}): string {
  return `${mention(to)} #${pr} was taken back on ${code(branch)} by ${by}, so the release will not have it. Once it is mended, ask again: ${code(`@${bot} cherry-pick retry --onto ${branch}`)}`;
}

/** A release manager's question to the author. */
export function questionReply({
  to,
  pr,
  by,
  question,
}: {
  readonly to: string;
  readonly pr: number;
  readonly by: string;
  readonly question: string;
}): string {
  return [
    `${mention(to)} ${code(by)} asks before #${pr} can be decided:`,
    '',
    quote(question),
    '',
    'Answer here; the pick then goes back to review.',
    '',
  ].join('\n');
}
