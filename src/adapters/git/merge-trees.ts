import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectId } from '../../domain/git-names.ts';
import type { PickConflict } from '../../ports/git.ts';
import { writeRawCommit } from './commit-object.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import { NOBODY } from './pick-message.ts';

export interface Trees {
  readonly base: ObjectId;
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
}

/** What a merge of three trees gives: where there are conflicts, the tree holds git's markers. */
export interface Merged {
  readonly tree: ObjectId;
  readonly conflicts: readonly PickConflict[];
}

/** Conflicts above this are told without their lines. */
const MOST_WITH_LINES = 50;
/** No line of a real file consists of exactly so many equal signs, so that a separator is known from text. */
const MARKER_SIZE = 97;

/**
 * Merges three trees as git merges commits, renames included. Git before 2.40 takes no base for `merge-tree`, so three commits that are never
 * pushed carry the trees: one of them is the parent of the two others.
 */
export async function mergeTrees(mirror: Mirror, trees: Trees): Promise<Merged> {
  const common = { committer: NOBODY, committedAt: 0, message: Buffer.from('for a merge\n') };
  const base = await writeRawCommit(mirror, { ...common, tree: trees.base, parents: [] });
  const ours = await writeRawCommit(mirror, { ...common, tree: trees.ours, parents: [base] });
  const theirs = await writeRawCommit(mirror, { ...common, tree: trees.theirs, parents: [base] });
  // Both sides may hold the same tree, and then they are one commit: nothing to merge.
  if (ours === theirs) return { tree: trees.ours, conflicts: [] };
  const merge = ['merge-tree', '--write-tree', '-z', '--allow-unrelated-histories', ours, theirs];
  const { stdout, code } = await inMirror(mirror, merge, { answers: [1] });
  const { tree, messages } = parseMerge(stdout);
  if (code === 0) return { tree, conflicts: [] };
  const ranges = await conflictRanges(mirror, { merge, ours, theirs, paths: conflictPaths(messages) });
  const conflicts = conflictPaths(messages).map((path) => ({
    path,
    kind: messages.find((message) => message.kind !== null && message.paths.includes(path))?.kind ?? 'contents',
    ranges: ranges.get(path) ?? [],
  }));
  return { tree, conflicts };
}

interface MergeMessage {
  readonly paths: readonly string[];
  /** `contents`, `modify/delete`, `binary`; null for what is no conflict. */
  readonly kind: string | null;
}

/** Git's own record: the tree, the stages of what conflicts, an empty field, then messages as count, paths, kind and text. */
function parseMerge(bytes: Buffer): { readonly tree: ObjectId; readonly messages: readonly MergeMessage[] } {
  const fields = bytes.toString('utf8').split('\0');
  const tree = ObjectId.parse(fields[0]);
  let at = fields.indexOf('', 1) + 1;
  const messages: MergeMessage[] = [];
  while (at > 0 && at < fields.length) {
    const count = Number(fields[at] === '' ? Number.NaN : fields[at]);
    if (!Number.isInteger(count)) break;
    const paths = fields.slice(at + 1, at + 1 + count);
    const kind = /^CONFLICT \((.+)\)$/.exec(fields[at + 1 + count] ?? '')?.[1] ?? null;
    messages.push({ paths, kind });
    at += count + 3;
  }
  return { tree, messages };
}

function conflictPaths(messages: readonly MergeMessage[]): readonly string[] {
  const first = messages.flatMap(({ paths, kind }) => (kind === null ? [] : paths.slice(0, 1)));
  return [...new Set(first)];
}

interface Conflicting {
  readonly merge: readonly string[];
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
  readonly paths: readonly string[];
}

/** Where the conflicts lie in the files of our side: merged once more with markers that no text can be mistaken for. */
async function conflictRanges(
  mirror: Mirror,
  { merge, ours, theirs, paths }: Conflicting,
): Promise<ReadonlyMap<string, PickConflict['ranges']>> {
  const attributes = join(mirror.dir, 'marker-attributes');
  await writeFile(attributes, `* conflict-marker-size=${MARKER_SIZE}\n`);
  const settings = ['-c', `core.attributesFile=${attributes}`, '-c', 'merge.conflictStyle=merge'];
  const { stdout } = await inMirror(mirror, [...settings, ...merge], { answers: [1] });
  const { tree } = parseMerge(stdout);
  const ranges = new Map<string, PickConflict['ranges']>();
  for (const path of paths.slice(0, MOST_WITH_LINES)) {
    const shown = await inMirror(
      mirror,
      ['diff', '-U0', '--no-color', '--no-ext-diff', '--no-textconv', '--text', `${ours}:${path}`, `${tree}:${path}`],
      {
        // 1: there are differences. 128: one side has no such file, and so there are no lines to name.
        answers: [1, 128],
      },
    );
    if (shown.code !== 128) ranges.set(path, rangesOf(shown.stdout.toString('latin1'), ours, theirs));
  }
  return ranges;
}

/**
 * Reads the difference between our file and the marked one: its hunks add the opening marker, then the separator with their lines and the
 * closing marker. What is of our file between the two is the range.
 */
function rangesOf(diff: string, ours: string, theirs: string): PickConflict['ranges'] {
  const opening = `${'<'.repeat(MARKER_SIZE)} ${ours}`;
  const separator = '='.repeat(MARKER_SIZE);
  const closing = `${'>'.repeat(MARKER_SIZE)} ${theirs}`;
  const ranges: { first: number; last: number }[] = [];
  let place = 0;
  let first: number | null = null;
  for (const line of diff.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+/.exec(line);
    // A hunk that takes no line away stands behind the line it names.
    if (hunk !== null) place = Number(hunk[1]) + (hunk[2] === '0' ? 1 : 0);
    else if (line.startsWith('-') && !line.startsWith('--- ')) place += 1;
    else if (line === `+${opening}`) first = place;
    else if (line === `+${separator}` && first !== null) ranges.push({ first, last: place - 1 });
    else if (line === `+${closing}`) first = null;
  }
  return ranges;
}
