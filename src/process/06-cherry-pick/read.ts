import { branchRef, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { known, observe, unknown, type Observed } from '../../domain/observation.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { fillText } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { Forge, PullRequest } from '../../ports/forge.ts';
import type { Git, PickAnswer, PickDraft, RemoteRepo } from '../../ports/git.ts';
import type { ChangeFacts, ChangeHistory, FixesFacts, LineFacts, Permission, PickFacts } from './facts.ts';
import { fixesLink, type RunLink } from './link.ts';
import { namesPick, pickBranch, pickBranches } from './making.ts';
import { undoneHunks, type ProtectedHunk } from './protect.ts';
import type { PickTarget } from './target.ts';
import type { PhaseEnds } from './window.ts';

export interface PickPorts {
  readonly train: Train;
  readonly target: PickTarget;
  readonly pr: number;
  readonly by: string;
  readonly fixes: string | null;
  /** Whether a conflict is to become a draft for people. */
  readonly draft: boolean;
  /** Which files may be made again by running their command. None until it is known that nothing else stands against the pick. */
  readonly generated: Train['picks']['generated'];
  readonly git: Git;
  readonly forge: Forge | null;
  readonly ends: PhaseEnds;
  readonly now: Instant;
  /** From src/history: only asked for a change that is merged. */
  readonly history: () => Promise<ChangeHistory>;
  /** What is known of a run of CI. */
  readonly run: (link: RunLink) => Promise<Extract<FixesFacts, { readonly is: 'run' | 'missing' }>>;
  /** What stage 04 holds on the branch of this repository. */
  readonly hunks: readonly ProtectedHunk[];
}

/** Reads what a pick rests on. Nothing is changed; the pick itself is made on paper, in the mirror. */
export async function readPick(ports: PickPorts): Promise<PickFacts> {
  const { target, ends, now } = ports;
  const [change, permission, fixes] = await Promise.all([
    onForge(ports, (forge, slug) => readChange(forge, slug, ports.pr)),
    onForge(ports, async (forge, slug): Promise<Permission> => forge.people.permission(slug, ports.by)),
    readFixes(ports),
  ]);
  const isMerged = change.known && change.value.is === 'pull' && change.value.state === 'merged';
  const history = isMerged ? await observe(`history of ${target.repo.key}`, now, ports.history) : null;
  const line = await onGit(ports, (at) => readLine(ports, at, history?.known === true ? history.value : null));
  const milestone = isMerged ? await onForge(ports, (forge, slug) => readMilestone(ports, forge, slug)) : null;
  const base = { target, change, permission, line, fixes, history, ends, milestone };
  if (!line.known || history?.known !== true) return { ...base, picked: null, undone: [] };
  const draft = draftOf(ports, line.value, history.value);
  if (draft === null) return { ...base, picked: null, undone: [] };
  const made = await onGit(ports, (at) => pickOnPaper(ports, at, { line: line.value, draft }));
  if (!made.known) return { ...base, picked: made, undone: [] };
  const { answer, undone, madeOn } = made.value;
  const seen: Observed<LineFacts> = known({ ...line.value, madeOn }, line.at, line.source);
  return { ...base, line: seen, picked: known(answer, made.at, made.source), undone };
}

function onForge<Value>(
  { forge, target, now }: PickPorts,
  read: (forge: Forge, slug: RepoSlug) => Promise<Value>,
): Promise<Observed<Value>> {
  const { key, entry } = target.repo;
  const { slug } = entry;
  if (forge === null || slug === undefined)
    return Promise.resolve(unknown(`the train file gives ${key} no place on a forge`, now, 'train file'));
  return observe(`forge ${slug}`, now, () => read(forge, slug));
}

function onGit<Value>({ target, now }: PickPorts, read: (at: RemoteRepo) => Promise<Value>): Promise<Observed<Value>> {
  const { key, remote } = target.repo;
  if (remote === null) return Promise.resolve(unknown(`the train file gives ${key} no remote`, now, 'train file'));
  return observe(`git remote of ${key}`, now, () => read({ repo: key, remote }));
}

async function readChange(forge: Forge, slug: RepoSlug, pr: number): Promise<ChangeFacts> {
  const pull = await forge.pulls.get(slug, pr);
  if (pull !== null) {
    const { title, author, state, base, mergedAt, link } = pull;
    return { is: 'pull', title, author, state, base, mergedAt, link };
  }
  const issue = await forge.issues.get(slug, pr);
  return issue === null ? { is: 'missing' } : { is: 'issue', title: issue.title };
}

async function readMilestone({ train, target }: PickPorts, forge: Forge, slug: RepoSlug): Promise<string | null> {
  const title = fillText(train.milestone, { release: target.repo.release });
  return (await forge.milestones.find(slug, title))?.title ?? null;
}

async function readLine(ports: PickPorts, at: RemoteRepo, history: ChangeHistory | null): Promise<LineFacts> {
  const { git, forge, target, pr } = ports;
  const { slug } = target.repo.entry;
  const does = history !== null && history.revertedOnMain !== null ? 'revert' : 'pick';
  const branches = pickBranches(pr, target, does);
  const refs = await git.remoteRefs(at, [branchRef(target.branch), ...branches.map((branch) => branchRef(branch))]);
  const headOf = (branch: BranchName): ObjectId | null => refs.find(({ ref }) => ref === branchRef(branch))?.id ?? null;
  const { branch, pull } =
    forge === null || slug === undefined
      ? { branch: pickBranch(pr, target), pull: null }
      : await branchOf(ports, { forge, slug, history, does, branches, headOf });
  return {
    head: headOf(target.branch),
    branch,
    pickHead: headOf(branch),
    madeOn: null,
    pull: pull === null ? null : { number: pull.number, state: pull.state, head: pull.head.commit, link: pull.link },
  };
}

interface OnForge {
  readonly forge: Forge;
  readonly slug: RepoSlug;
  readonly history: ChangeHistory | null;
  readonly does: 'pick' | 'revert';
  readonly branches: readonly BranchName[];
  readonly headOf: (branch: BranchName) => ObjectId | null;
}

/** The first branch of the pick, or of its revert, that no pull request has used up, with its pull request. */
async function branchOf(
  ports: PickPorts,
  { forge, slug, history, does, branches, headOf }: OnForge,
): Promise<{ readonly branch: BranchName; readonly pull: PullRequest | null }> {
  const { target, pr } = ports;
  // A pick that was merged and is not on the line is there, unless the line took it back: then it is picked again.
  const isAnew = does === 'revert' || (history !== null && history.revertedOnLine !== null);
  let branch = pickBranch(pr, target);
  let pull: PullRequest | null = null;
  for (branch of branches) {
    pull = (await forge.pulls.find(slug, { head: branch, base: target.branch }))[0] ?? null;
    // Closed, and its branch deleted: people, or an undo, took that attempt away.
    const isUsedUp = (pull?.state === 'merged' && isAnew) || (pull?.state === 'closed' && headOf(branch) === null);
    if (!isUsedUp) break;
  }
  return {
    branch,
    pull:
      does === 'pick' && (pull === null || pull.state === 'closed') ? await byHand(ports, { forge, slug, pull }) : pull,
  };
}

/** A pull request that somebody opened by hand and named in its text as this pick, where there is none of ours. */
async function byHand(
  { target, pr }: PickPorts,
  { forge, slug, pull }: { readonly forge: Forge; readonly slug: RepoSlug; readonly pull: PullRequest | null },
): Promise<PullRequest | null> {
  const open = await forge.pulls.onto(slug, target.branch, 'open');
  return open.find(({ body }) => namesPick(body, slug, pr)) ?? pull;
}

async function readFixes(ports: PickPorts): Promise<Observed<FixesFacts> | null> {
  const { train, target, fixes, forge, now } = ports;
  const link = fixes === null ? null : fixesLink(fixes, train, target.repo.entry.slug ?? null);
  if (link === null) return null;
  if (link.is === 'other') return known({ is: 'other' }, now, link.url);
  // Only repositories of the train are looked at: our rights to others are not lent to whoever writes a comment.
  const { slug } = link;
  const isOurs = Object.values(train.repos).some((entry) => entry.slug?.toLowerCase() === slug.toLowerCase());
  if (!isOurs) return known({ is: 'other' }, now, fixes ?? '');
  const source = `forge ${link.slug}`;
  if (forge === null) return unknown('the train has no forge', now, 'train file');
  if (link.is === 'run') return observe(source, now, () => ports.run(link));
  return observe(source, now, async () => {
    const issue = await forge.issues.get(link.slug, link.number);
    return issue === null ? { is: 'missing' } : { is: 'issue', labels: issue.labels, link: issue.link };
  });
}

/** What is to be made on paper: the change, or what takes it back; null where there is nothing to make. */
function draftOf(ports: PickPorts, line: LineFacts, history: ChangeHistory): PickDraft | null {
  const { onLine, revertedOnMain, landed } = history;
  if (line.head === null) return null;
  const common = {
    onto: line.head,
    committer: ports.train.committer,
    conflicts: ports.draft ? ('mark' as const) : ('stop' as const),
    generated: ports.generated,
  };
  if (revertedOnMain !== null) {
    return onLine === null ? null : { ...common, does: 'revert', commits: onLine.commits.toReversed() };
  }
  return onLine !== null || landed.length === 0 ? null : { ...common, does: 'pick', commits: landed };
}

interface OnPaper {
  readonly answer: PickAnswer;
  readonly undone: readonly ProtectedHunk[];
  readonly madeOn: ObjectId | null;
}

/** Files of a pick above which lines are not looked for in files they may have been moved to. */
const MOST_FILES = 500;

async function pickOnPaper(
  ports: PickPorts,
  at: RemoteRepo,
  { line, draft }: { readonly line: LineFacts; readonly draft: PickDraft },
): Promise<OnPaper> {
  const { git, target } = ports;
  const refs = [branchRef(target.branch), branchRef(target.repo.entry.main)];
  await git.fetch(at, line.pickHead === null ? refs : [...refs, branchRef(line.branch)]);
  const madeOn = line.pickHead === null ? null : await madeBefore(git, at, { pickHead: line.pickHead, draft });
  const onto = madeOn ?? draft.onto;
  const answer = await git.pickCommits(at, { ...draft, onto });
  if (!answer.picked || ports.hunks.length === 0) return { answer, undone: [], madeOn };
  const held = new Set(ports.hunks.map(({ path }) => path));
  // Most picks touch no such file, and then nothing has to be read.
  if (!answer.files.some((path) => held.has(path))) return { answer, undone: [], madeOn };
  const paths = answer.files.filter(
    (path) => !/[*?[\]]/.test(path) && (held.has(path) || answer.files.length <= MOST_FILES),
  );
  const [before, after] = await Promise.all([git.files(at, onto, paths), git.files(at, answer.commit, paths)]);
  return { answer, undone: undoneHunks(ports.hunks, before, after), madeOn };
}

/** The commit of the line that an earlier, interrupted run made this very pick on; null where the branch holds something else (ENG-09). */
async function madeBefore(
  git: Git,
  at: RemoteRepo,
  { pickHead, draft }: { readonly pickHead: ObjectId; readonly draft: PickDraft },
): Promise<ObjectId | null> {
  const { commits } = await git.log(at, { from: draft.onto, to: pickHead, limit: draft.commits.length + 1 });
  const onto = commits.length > draft.commits.length ? undefined : commits.at(-1)?.parents[0];
  if (onto === undefined || !(await git.isAncestor(at, onto, draft.onto))) return null;
  const again = await git.pickCommits(at, { ...draft, onto });
  return again.picked && again.commit === pickHead ? onto : null;
}
