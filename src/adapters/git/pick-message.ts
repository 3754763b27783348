import type { Signature } from '../../domain/plan/step.ts';
import type { RawCommit } from './commit-object.ts';

const PICKED = '(cherry picked from commit ';
const TRAILER = /^(?:[A-Za-z0-9-]+:\s|\(cherry picked from commit )/;

/** The message of a pick as `git cherry-pick -x` writes it: the source named at the end, beside trailers where there are some. */
export function pickMessage(commit: RawCommit): Buffer {
  // Bytes as latin1, one for one: the message may be in any encoding.
  const message = commit.message.toString('latin1').replace(/\s+$/, '');
  const paragraphs = message.split(/\n[ \t]*\n/);
  const last = paragraphs.at(-1) ?? '';
  const isTrailers = paragraphs.length > 1 && last.split('\n').every((line) => TRAILER.test(line));
  return Buffer.from(`${message}${isTrailers ? '\n' : '\n\n'}${PICKED}${commit.id})\n`, 'latin1');
}

/** The message of a revert as `git revert` writes it. */
export function revertMessage(commit: RawCommit): Buffer {
  const subject = commit.message.toString('latin1').split('\n')[0] ?? '';
  return Buffer.from(`Revert "${subject}"\n\nThis reverts commit ${commit.id}.\n`, 'latin1');
}

/** Who the synthetic commits are by that carry three trees into a merge; they are never pushed. */
export const NOBODY: Signature = { name: 'nobody', email: 'nobody@localhost' };
