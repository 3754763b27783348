import { branchRef, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import { instantOf } from '../../domain/instant.ts';
import type { RepoInRelease } from '../../domain/train/naming.ts';
import { standingsOf } from '../../history/standing.ts';
import type { Chain, LineHistory } from '../../history/types.ts';
import type { ChangeHistory, PickTarget } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { fetchRepoLines, lineNamed, readLineOf, type RepoLines } from '../history/repo-lines.ts';

/** One release branch of a repository with all that is known of its commits; null before the cut, or without a remote. */
export interface ReadLine {
  readonly repo: RepoLines;
  readonly history: LineHistory;
}

export async function readPickLine(app: App, repo: RepoInRelease, branch: BranchName): Promise<ReadLine | null> {
  const { key, entry, remote } = repo;
  if (remote === null) return null;
  // Asked first: before the cut there is nothing to read, and reading would fetch every other line.
  const [head] = await app.git.remoteRefs({ repo: key, remote }, [branchRef(branch)]);
  if (head === undefined) return null;
  const lines = await fetchRepoLines(app, { key, entry, remote });
  const line = lines === null ? null : lineNamed(lines, branch);
  return lines === null || line === null ? null : { repo: lines, history: await readLineOf(app, lines, line) };
}

const NOTHING: ChangeHistory = { landed: [], onLine: null, revertedOnMain: null, revertedOnLine: null };

/** What became of a merged change: where it landed, whether the line has it, who took it back. Net effects, each with its proof. */
export async function changeHistory(app: App, target: PickTarget, pr: number): Promise<ChangeHistory> {
  const line = await readPickLine(app, target.repo, target.branch);
  if (line === null) return NOTHING;
  const landed = await landedCommits(app, line.repo, pr);
  return historyOf(line.history, landed);
}

/** The commits of main that are the change: by what they say of themselves, and by the forge's word on the merge. */
async function landedCommits(app: App, { at, main, slug }: RepoLines, pr: number): Promise<readonly ObjectId[]> {
  const found = await app.history.find(at, { head: main, slug }, { ids: [], pulls: [pr], issues: [] });
  const merged = app.forge === null || slug === null ? null : await app.forge.pulls.get(slug, pr);
  const own = found.toSorted((left, right) => left.committedAt - right.committedAt).map(({ id }) => id);
  const commit = merged?.mergeCommit ?? null;
  if (commit === null || own.includes(commit)) return own;
  const reachable = await app.history.reachable(at, [commit], main);
  return own.length === 0 && reachable.has(commit) ? [commit] : own;
}

/** Judged on the newest landing: a change that was landed again is the one that counts. */
export function historyOf(history: LineHistory, landed: readonly ObjectId[]): ChangeHistory {
  const last = landed.at(-1);
  if (last === undefined) return NOTHING;
  const chain = history.chains.find(({ root, onMain }) =>
    landed.some((id) => id === root || onMain.some(({ commit }) => commit === id)),
  );
  const standing = standingsOf(history).of(last);
  const common = { landed, revertedOnMain: revertedOnMain(history, chain), revertedOnLine: revertedOnLine(chain) };
  switch (standing.kind) {
    case 'on-line':
      return {
        ...common,
        onLine: standing.partial
          ? null
          : { commits: [standing.by.id], proof: standing.counterpart.proofs.map(({ text }) => text).join('; ') },
      };
    case 'inherited':
      return { ...common, onLine: { commits: landed, proof: 'it was on main when the line was cut' } };
    case 'taken-back':
    case 'reverted-on-main':
    case 'unsure':
    case 'missing':
      return { ...common, onLine: null };
  }
}

function revertedOnMain(history: LineHistory, chain: Chain | undefined): ChangeHistory['revertedOnMain'] {
  const last = chain?.onMain.at(-1);
  if (last?.effect !== 'absent') return null;
  const commit = history.mainCommits.find(({ id }) => id === last.commit);
  return { by: last.commit, at: instantOf((commit?.committedAt ?? 0) * 1000) };
}

function revertedOnLine(chain: Chain | undefined): ObjectId | null {
  const last = chain?.onLine.at(-1);
  return last?.effect === 'absent' ? last.commit : null;
}
