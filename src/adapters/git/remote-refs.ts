import { mkdir } from 'node:fs/promises';
import { ObjectId, RefName } from '../../domain/git-names.ts';
import type { RemoteRef } from '../../ports/git.ts';
import { GitError } from '../../ports/git.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import { toGitError } from './recovery.ts';
import { listOverHttp } from './smart-http.ts';

const PEELED = '^{}';

/** The refs of the remote that match, by name. Needs no mirror and makes none. */
export async function readRemoteRefs(mirror: Mirror, patterns: readonly string[]): Promise<readonly RemoteRef[]> {
  const wrong = patterns.find((pattern) => !isPattern(pattern));
  if (wrong !== undefined) {
    const text = `${mirror.at.repo}: ${JSON.stringify(wrong)} is no ref to look for: give a full name, refs/heads/… or refs/tags/…, with * only at its end.`;
    throw new GitError('failed', text);
  }
  if (patterns.length === 0) return [];
  try {
    await mkdir(mirror.house.mirrors, { recursive: true });
    const listed = (await listOverHttp(mirror, patterns.map(prefixOf))) ?? (await listByGit(mirror, patterns));
    return parseRefs(listed).filter(({ ref }) => patterns.some((pattern) => isNamedBy(ref, pattern)));
  } catch (error) {
    throw toGitError(error, mirror, { doing: 'listing the refs of its remote', remote: true });
  }
}

async function listByGit(mirror: Mirror, patterns: readonly string[]): Promise<string> {
  // Git asks the remote for these two kinds only; a forge has many more refs than those, one or two for each pull request.
  const kinds = ['heads', 'tags'].filter((kind) => patterns.some((pattern) => pattern.startsWith(`refs/${kind}/`)));
  const args = ['ls-remote', '--quiet', ...kinds.map((kind) => `--${kind}`), '--end-of-options', mirror.address.text];
  const wanted = patterns.flatMap((pattern) => (pattern.endsWith('*') ? [pattern] : [pattern, `${pattern}${PEELED}`]));
  const outcome = await inMirror(mirror, [...args, ...wanted], { kind: 'list' });
  return outcome.stdout.toString('utf8');
}

function prefixOf(pattern: string): string {
  return pattern.endsWith('*') ? pattern.slice(0, -1) : pattern;
}

function isPattern(pattern: string): boolean {
  const name = pattern.endsWith('*') ? `${pattern.slice(0, -1)}x` : pattern;
  return RefName.safeParse(name).success;
}

// Git also takes a name that only ends in the pattern, refs/heads/a/refs/heads/main: such a one was not asked for.
function isNamedBy(ref: string, pattern: string): boolean {
  return pattern.endsWith('*') ? ref.startsWith(prefixOf(pattern)) : ref === pattern;
}

function parseRefs(text: string): readonly RemoteRef[] {
  const refs = new Map<string, { readonly ref: RefName; readonly id: ObjectId; readonly peeled: ObjectId | null }>();
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    const id = ObjectId.safeParse(line.slice(0, tab));
    const name = line.slice(tab + 1);
    if (tab === -1 || !id.success) continue;
    const tag = name.endsWith(PEELED) ? refs.get(name.slice(0, -PEELED.length)) : undefined;
    if (tag !== undefined) refs.set(tag.ref, { ...tag, peeled: id.data });
    // A remote may hold names that we would never let git see, a leading dash for one: to us they do not exist.
    const ref = RefName.safeParse(name);
    if (ref.success) refs.set(ref.data, { ref: ref.data, id: id.data, peeled: null });
  }
  return [...refs.values()];
}
