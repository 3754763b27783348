import type { TwoHeads } from '../../ports/history.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';

/** New names on main of files that are not there any more under the old ones: new to old. Looked for only when a file is missing. */
export async function readRenamed(
  mirror: Mirror,
  { main, line }: TwoHeads,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const tree = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', '--end-of-options', main];
  const there = await inMirror(mirror, [...tree, ...paths]);
  const present = new Set(there.stdout.toString('utf8').split('\0'));
  const missing = new Set(paths.filter((path) => !present.has(path)));
  if (missing.size === 0) return new Map();
  const args = ['diff-tree', '-r', '-z', '-M', '--diff-filter=R', '--name-status', '--end-of-options', line, main];
  const fields = (await inMirror(mirror, args)).stdout.toString('utf8').split('\0');
  const renamed = new Map<string, string>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [, before = '', after = ''] = fields.slice(at, at + 3);
    if (missing.has(before)) renamed.set(after, before);
  }
  return renamed;
}
