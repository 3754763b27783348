import type { RepoReport } from '../../app/history.ts';
import { shortId, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { titleOf } from '../../domain/words.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import { line, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape } from './shapes.ts';

/** Repositories that could not be read, with the reason: what they would have said is not known. */
export function unreadOf(reports: readonly RepoReport<unknown>[]): readonly UnreadRepo[] {
  return reports.flatMap(({ repo, found }) => (found.known ? [] : [{ repo, reason: found.reason }]));
}

export interface UnreadRepo {
  readonly repo: string;
  readonly reason: string;
}

export function unreadLines(unread: readonly UnreadRepo[], width: number): readonly Line[] {
  return unread.flatMap(({ repo, reason }) =>
    paragraph(line(shape('no-data'), ` ${repo}: not known: ${reason}`), width, 0, 2),
  );
}

/** When the oldest of the reports was read. */
export function oldestReport(reports: readonly RepoReport<unknown>[], now: Instant): Instant {
  return reports.reduce((oldest, { found }) => (found.at < oldest ? found.at : oldest), now);
}

/** A finding is a negative answer; without one, what could not be read leaves the question open. */
export function exitOfReport(hasFinding: boolean, unread: readonly UnreadRepo[]): ExitCode {
  if (hasFinding) return exitCode('blocked');
  return exitCode(unread.length > 0 ? 'stale' : 'done');
}

/** `#158112 Fix it`, or the commit where no pull request is known. */
export function changeText(change: {
  readonly id: ObjectId;
  readonly pull: number | null;
  readonly title: string;
}): string {
  return `${change.pull === null ? shortId(change.id) : `#${change.pull}`} ${titleOf(change)}`;
}
