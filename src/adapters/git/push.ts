import { RefName, shortId } from '../../domain/git-names.ts';
import type { RefUpdate } from '../../domain/plan/step.ts';
import type { PushAnswer } from '../../ports/git.ts';
import { GitError } from '../../ports/git.ts';
import { safeText } from './address.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import type { GitOutcome } from './process.ts';
import { CommandFailure } from './process.ts';
import { readIsAncestor } from './read.ts';

type Rejected = Extract<PushAnswer, { pushed: false }>['rejected'];

/** One atomic push of all updates, each on the condition that the remote's ref is where it was planned to be. */
export async function pushUpdates(mirror: Mirror, updates: readonly RefUpdate[]): Promise<PushAnswer> {
  checkUpdates(mirror, updates);
  if (updates.length === 0) return { pushed: true };
  const backwards = await refuseBackwards(mirror, updates);
  if (backwards.length > 0) return { pushed: false, rejected: backwards };
  const leases = updates.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ''}`);
  const specs = updates.map(({ ref, to }) => `${to ?? ''}:${ref}`);
  const options = [
    '--porcelain',
    '--quiet',
    '--atomic',
    '--no-verify',
    '--no-signed',
    '--no-follow-tags',
    '--no-progress',
  ];
  const args = ['push', ...options, ...leases, '--end-of-options', mirror.address.text, ...specs];
  const outcome = await inMirror(mirror, args, { kind: 'transfer', answers: [1] });
  if (outcome.code === 0) return { pushed: true };
  const rejected = readRejections(outcome, mirror.secrets);
  if (rejected.some(({ reason }) => reason.startsWith('unpacker error'))) await checkObjects(mirror, updates);
  // Exit code 1 without a verdict on a ref is a failure of git, not an answer of the remote.
  if (rejected.length === 0) throw new CommandFailure(outcome, 'git push failed');
  return { pushed: false, rejected };
}

function checkUpdates(mirror: Mirror, updates: readonly RefUpdate[]): void {
  const twice = updates.find(({ ref }, index) => updates.findIndex((other) => other.ref === ref) !== index);
  const empty = updates.find(({ from, to }) => from === null && to === null);
  const wrong = twice ?? empty;
  if (wrong === undefined) return;
  const why = wrong === twice ? 'is in the push twice' : 'is neither to be made nor to be deleted';
  throw new GitError('failed', `${mirror.at.repo}: ${wrong.ref} ${why}. Nothing was pushed; make the plan anew.`);
}

/** A pack that could not be made looks to the remote like one that broke off: tells which object the mirror lacks. */
async function checkObjects(mirror: Mirror, updates: readonly RefUpdate[]): Promise<void> {
  const ids = updates.flatMap(({ to }) => to ?? []);
  const { stdout } = await inMirror(mirror, ['cat-file', '--batch-check'], {
    input: ids.map((id) => `${id}\n`).join(''),
  });
  const lost = /^(\S+) missing$/m.exec(stdout.toString('latin1'))?.[1];
  if (lost === undefined) return;
  const text = `${mirror.at.repo}: ${lost} was to be pushed and is not in the mirror. Nothing was pushed; fetch or write it again.`;
  throw new GitError('object-missing', text);
}

/** A lease alone would let a branch go backwards, or a tag move: neither ever happens here. */
async function refuseBackwards(mirror: Mirror, updates: readonly RefUpdate[]): Promise<Rejected> {
  const refusals = updates.map(async ({ ref, from, to }) => {
    if (from === null || to === null || from === to) return [];
    if (ref.startsWith('refs/tags/'))
      return [{ ref, reason: 'a tag is never moved: delete it first, or choose another name' }];
    if (await readIsAncestor(mirror, from, to)) return [];
    return [{ ref, reason: `not a fast-forward: ${shortId(to)} does not follow ${shortId(from)}` }];
  });
  return (await Promise.all(refusals)).flat();
}

/** The lines `!<tab>from:to<tab>[kind] (reason)` of git push --porcelain. */
function readRejections(outcome: GitOutcome, secrets: readonly string[]): Rejected {
  const all = outcome.stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [flag, names = '', summary = ''] = line.split('\t');
      const ref = RefName.safeParse(names.slice(names.indexOf(':') + 1));
      return flag === '!' && ref.success ? [{ ref: ref.data, reason: reasonOf(summary) }] : [];
    });
  // The others fell only because the push is atomic.
  const causes = all.filter(({ reason }) => !/^atomic (?:push|transaction) fail/.test(reason));
  const words = remoteWords(outcome.stderr);
  const told = words === '' ? '' : `; the remote says: ${words}`;
  return (causes.length > 0 ? causes : all).map(({ ref, reason }) => ({
    ref,
    reason: safeText(`${plain(reason)}${told}`, secrets),
  }));
}

function reasonOf(summary: string): string {
  return /\((.*)\)\s*$/.exec(summary)?.[1] ?? summary;
}

/** Git's words for what happened, where people may not know them. */
function plain(reason: string): string {
  if (reason === 'stale info' || reason === 'fetch first')
    return 'the ref is not where it was planned to be (stale info)';
  if (reason === 'non-fast-forward') return 'not a fast-forward';
  if (reason === 'hook declined') return 'refused by a hook of the remote (hook declined)';
  return reason;
}

function remoteWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('remote: '));
  return lines
    .map((line) => line.slice('remote: '.length).trim())
    .filter((line) => line !== '')
    .slice(0, 10)
    .join(' / ');
}
