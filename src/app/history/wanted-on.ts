import { branchRef, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { fillText, type RepoInRelease } from '../../domain/train/naming.ts';
import { judgeWanted, type WantedVerdict } from '../../history/missing.ts';
import type { ForgeItem } from '../../ports/forge.ts';
import type { App } from '../app.ts';
import { fetchRepoLines, lineNamed, readLineOf, type FetchedLine, type RepoLines } from './repo-lines.ts';
import { readWanted } from './wanted.ts';

/** The closed items of a milestone, judged on a branch. */
export interface WantedOn {
  readonly branch: BranchName;
  readonly head: ObjectId;
  /** Whether it is the release branch; else the branch that will be cut from. */
  readonly isCut: boolean;
  readonly items: readonly WantedVerdict<ForgeItem>[];
}

/** Judges them on the release branch, or before the cut on the branch that is cut from. Null where the remote has neither. */
export async function wantedOn(app: App, repo: RepoInRelease): Promise<Observed<WantedOn | null>> {
  const { key, entry, remote } = repo;
  const now = app.clock.now();
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  const found = await observe(`git remote of ${key}`, now, async () => {
    const lines = await fetchRepoLines(app, { key, entry, remote });
    const line = lines === null ? null : (lineNamed(lines, repo.branch) ?? (await sourceOf(app, repo, lines)));
    if (lines === null || line === null) return null;
    const wanted = await readWanted(app, lines, fillText(app.loaded.train.milestone, { release: repo.release }));
    if (!wanted.known) return wanted;
    const items = judgeWanted(await readLineOf(app, lines, line), wanted.value);
    const branch = line.branch === repo.branch ? repo.branch : entry.source;
    return { ...wanted, value: { branch, head: line.head, isCut: branch === repo.branch, items } };
  });
  if (!found.known) return found;
  return found.value ?? { ...found, value: null };
}

/** The branch that is cut from, as if it were the line already. */
async function sourceOf(app: App, { entry, line }: RepoInRelease, { at }: RepoLines): Promise<FetchedLine | null> {
  const ref = branchRef(entry.source);
  const head = (await app.git.remoteRefs(at, [ref])).find((one) => one.ref === ref)?.id;
  if (head === undefined) return null;
  await app.git.fetch(at, [ref]);
  return { branch: entry.source, line, variant: null, head };
}
