import type { CommitPatch } from '../../domain/history.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { withoutGenerated } from '../../history/compare-patches.ts';
import {
  lineHistory,
  openOf,
  patchesFor,
  pathsOf,
  settleAll,
  suggestByFiles,
  suggestByPushed,
  suggestions,
  unknownOf,
  type Suggestions,
} from '../../history/line-history.ts';
import type { Settled } from '../../history/settle.ts';
import { readCommit, sideOf, type ReadCommit, type Side } from '../../history/side.ts';
import { withCandidates } from '../../history/suggest.ts';
import type { LineHistory } from '../../history/types.ts';
import type { RemoteRepo } from '../../ports/git.ts';
import type { History } from '../../ports/history.ts';
import { restoreHistory, storeHistory } from './stored.ts';

/** A line of a repository to compare with main; all commits were fetched. */
export interface LineInput {
  readonly history: History;
  readonly at: RemoteRepo;
  /** `owner/name`; null when it has none: then numbers of other repositories are taken for its own. */
  readonly slug: string | null;
  readonly main: ObjectId;
  readonly line: ObjectId;
  /** The branch this one was made from, for a variant: what it has is inherited. */
  readonly parent?: ObjectId | null;
  /** Heads of other lines: where a change that is not on main may be from. */
  readonly siblings?: readonly ObjectId[];
  /** Whether a file is generated: such files are left out when changes are compared. */
  readonly isGenerated?: (path: string) => boolean;
  /** Says what `isGenerated` rests on, for the cache. */
  readonly generatedKey?: string;
}

/** Raised when the rules of src/history give other answers: what was kept before is not used. */
const RULES = 'rules-6';
const MOST_CANDIDATES = 80;

interface Reading extends LineInput, Sides {
  /** The commits of main that touch a file, newest first. */
  readonly touching: Promise<Map<string, ObjectId[]>>;
  readonly patches: Map<ObjectId, CommitPatch>;
}

/** Finds out what every commit of a line is, against main and the other lines. The answer for the same heads is kept. */
export async function readLine(input: LineInput): Promise<LineHistory> {
  const key = [
    RULES,
    input.main,
    input.line,
    input.parent ?? '',
    input.slug ?? '',
    input.generatedKey ?? '',
    ...(input.siblings ?? []).toSorted(),
  ].join(' ');
  const kept = restoreHistory(await input.history.memory.recall(input.at, key));
  if (kept !== null) return kept;
  const found = await compareLine(input);
  await input.history.memory.remember(input.at, key, storeHistory(found));
  return found;
}

async function compareLine(input: LineInput): Promise<LineHistory> {
  // A second walk beside the first: which files main's commits touch is needed only for what text leaves open.
  const touching = readTouching(input);
  touching.catch(() => undefined);
  const reading: Reading = { ...input, ...(await readSides(input)), patches: new Map(), touching };
  const { mainSide, lineSide, patches } = reading;
  // Asked for now and needed at the end: git looks while the rest goes on.
  const named = readShared(reading);
  named.catch(() => undefined);
  const suggested = suggestions(mainSide, lineSide);
  await readPatches(reading, patchesFor(lineSide, suggested));
  const settled = new Map(settleAll(lineSide.commits, suggested, patches));
  const byFiles = await settleByFiles(reading, suggested, settled);
  await settleByPushed(reading, byFiles, settled);
  const elsewhere = await findElsewhere(reading, settled);
  const inherited = await readInherited(reading);
  const shared = await named;
  const findings = { main: mainSide, line: lineSide, patches, settled, elsewhere, inherited, shared };
  return lineHistory({ main: input.main, head: input.line }, findings);
}

interface Sides {
  readonly mainSide: Side;
  readonly lineSide: Side;
}

async function readSides({ history, at, slug, main, line }: LineInput): Promise<Sides> {
  const sides: { readonly main: ReadCommit[]; readonly line: ReadCommit[] } = { main: [], line: [] };
  for await (const batch of history.sides(at, { main, line })) {
    for (const { side, commit } of batch) {
      const commits = sides[side];
      commits.push(readCommit(commit, commits.length, slug, side === 'line'));
    }
  }
  return { mainSide: sideOf(sides.main), lineSide: sideOf(sides.line) };
}

async function readTouching({ history, at, main, line }: LineInput): Promise<Map<string, ObjectId[]>> {
  const touching = new Map<string, ObjectId[]>();
  for await (const batch of history.touched(at, { main, line })) {
    for (const { id, paths } of batch) paths.forEach((path) => addTo(touching, path, id));
  }
  return touching;
}

function addTo(map: Map<string, ObjectId[]>, path: string, id: ObjectId): void {
  const found = map.get(path);
  if (found === undefined) map.set(path, [id]);
  else found.push(id);
}

async function readPatches({ history, at, patches, isGenerated }: Reading, ids: readonly ObjectId[]): Promise<void> {
  const missing = ids.filter((id) => !patches.has(id));
  if (missing.length === 0) return;
  for (const [id, patch] of await history.patches(at, missing)) {
    patches.set(id, isGenerated === undefined ? patch : withoutGenerated(patch, isGenerated));
  }
}

/** Looks for those that text did not settle among the commits that touch the same files. */
async function settleByFiles(
  reading: Reading,
  suggested: Suggestions,
  settled: Map<ObjectId, Settled>,
): Promise<Suggestions> {
  const { history, at, main, line, patches, mainSide, lineSide } = reading;
  const open = openOf(lineSide, settled);
  if (open.length === 0) return suggested;
  const touching = await reading.touching;
  for (const [now, before] of await history.renamed(at, { main, line }, pathsOf(open, patches))) {
    touching.set(before, [...(touching.get(now) ?? []), ...(touching.get(before) ?? [])]);
  }
  const more = suggestByFiles(open, { suggested, patches, main: mainSide, touching, most: MOST_CANDIDATES });
  await readPatches(
    reading,
    [...more.values()].flatMap((each) => each.map(({ commit }) => commit.id)),
  );
  for (const [id, found] of settleAll(open, more, patches)) settled.set(id, found);
  return new Map([...suggested, ...more]);
}

/** Looks for those still open by the commits of their pull requests, as they were before the squash. */
async function settleByPushed(
  reading: Reading,
  suggested: Suggestions,
  settled: Map<ObjectId, Settled>,
): Promise<void> {
  const { history, at, slug, main, line, patches, mainSide, lineSide } = reading;
  const open = openOf(lineSide, settled).filter(({ facts }) => facts.pull !== null && facts.reverts === null);
  if (open.length === 0) return;
  const pulls = open.flatMap(({ facts }) => facts.pull ?? []);
  const pushed = await history.pullCommits(at, pulls, [main, line]);
  for (const commit of open) {
    const texts = pushed.get(commit.facts.pull ?? 0) ?? [];
    if (texts.length === 0) continue;
    const side = sideOf(texts.map((text, order) => readCommit(text, order, slug)));
    const bySide = suggestions(mainSide, side);
    await readPatches(reading, patchesFor(side, bySide));
    const ids = (suggested.get(commit.id) ?? []).map(({ commit: { id } }) => id);
    const also = new Map([...bySide].map(([id, found]) => [id, withCandidates(found, ids, mainSide)]));
    const parts = settleAll(side.commits, also, patches);
    const more = suggestByPushed(commit, parts, suggested.get(commit.id) ?? []);
    for (const [id, found] of settleAll([commit], new Map([[commit.id, more]]), patches)) settled.set(id, found);
  }
}

/** The commits that both sides have, of those that texts name by id, or reverts by the number of their pull request. */
async function readShared({
  history,
  at,
  slug,
  main,
  line,
  mainSide,
  lineSide,
}: Reading): Promise<Map<string, ObjectId>> {
  const { ids, pulls } = unknownOf(mainSide, lineSide);
  const shared = new Map<string, ObjectId>(await history.reachable(at, ids, line));
  // The whole history is looked through, and an index of it made, only where somebody reverts by number what is not from after the cut.
  const found = pulls.length === 0 ? [] : await history.find(at, { head: main, slug }, { ids: [], pulls, issues: [] });
  for (const { id, pull } of found) if (!mainSide.byId.has(id) && !shared.has(`#${pull}`)) shared.set(`#${pull}`, id);
  return shared;
}

/** Looks on the other lines for what main has not. */
async function findElsewhere(
  reading: Reading,
  settled: ReadonlyMap<ObjectId, Settled>,
): Promise<ReadonlyMap<ObjectId, Settled>> {
  const { history, at, slug, main, line, siblings = [], patches, lineSide } = reading;
  const alone = openOf(lineSide, settled).filter(({ id }) => settled.get(id)?.matches.length === 0);
  if (alone.length === 0 || siblings.length === 0) return new Map();
  const texts: ReadCommit[] = [];
  for await (const text of history.range(at, { tips: siblings, not: [main, line] }))
    texts.push(readCommit(text, texts.length, slug));
  const others = sideOf(texts);
  await readPatches(
    reading,
    others.commits.filter(({ parents }) => parents.length < 2).map(({ id }) => id),
  );
  const byText = suggestions(others, sideOf(alone));
  const touching = new Map<string, ObjectId[]>();
  for (const { id } of others.commits) {
    for (const { path } of patches.get(id)?.files ?? []) touching.set(path, [...(touching.get(path) ?? []), id]);
  }
  const suggested = suggestByFiles(alone, {
    suggested: byText,
    patches,
    main: others,
    touching,
    most: MOST_CANDIDATES,
  });
  return settleAll(alone, suggested, patches);
}

async function readInherited({ history, at, parent, main, line }: Reading): Promise<ReadonlySet<ObjectId>> {
  if (parent === undefined || parent === null || parent === line) return new Set();
  const shared = new Set<ObjectId>();
  for await (const { id } of history.range(at, { tips: [line], not: [main] })) shared.add(id);
  for await (const { id } of history.range(at, { tips: [line], not: [main, parent] })) shared.delete(id);
  return shared;
}
