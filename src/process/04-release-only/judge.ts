import type { ObjectId } from '../../domain/git-names.ts';
import { RepoKey } from '../../domain/repo.ts';
import type { RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { matchesPath } from './edits/paths.ts';
import { applyEdits, patternsOf, type EditContext, type EditsDone } from './edits/apply.ts';
import { editWorkflowRefs, type ManagedRepos } from './edits/workflow-refs.ts';
import type { ReleaseOnlyFacts, RepoReleaseOnly, TargetFacts, TargetState } from './read.ts';

/** What the edits of one branch come to on the files as they are. */
export interface Judged extends EditsDone {
  /** References that would be edited if a file outside of the edits' patterns were among them. */
  readonly strays: readonly { readonly path: string; readonly line: number; readonly text: string }[];
}

/** One branch of one repository whose state could be read. */
interface Judging {
  readonly repo: RepoReleaseOnly;
  readonly target: TargetFacts;
  readonly state: TargetState;
}

/** Makes the edits of one branch of one repository, on paper. */
export function judgeTarget(facts: ReleaseOnlyFacts, train: Train, { repo, target, state }: Judging): Judged {
  const context = contextOf(facts, train, repo, target);
  const done = applyEdits(target.edits, state.files, context);
  return { ...done, strays: strayReferences(target, state, context.managed) };
}

function contextOf(facts: ReleaseOnlyFacts, train: Train, repo: RepoReleaseOnly, target: TargetFacts): EditContext {
  const heads = new Map<string, ObjectId>();
  for (const other of facts.repos) {
    if (other.head.known && other.head.value !== null) heads.set(other.repo.key, other.head.value);
  }
  return {
    names: { own: repo.repo, repos: new Map(facts.repos.map((one) => [one.repo.key, one.repo])), heads },
    managed: managedRepos(
      facts.repos.map((one) => one.repo),
      train,
    ),
    goodPins: repo.goodPins,
    neverOlder: target.target === 'main' ? repo.repo.entry.versionFiles : [],
  };
}

/** The train's repositories by where they lie on the forge, with their branches of this release. */
export function managedRepos(repos: readonly RepoInRelease[], train: Train): ManagedRepos {
  const branches = new Map(repos.map(({ key, branch }) => [key, branch]));
  return new Map(
    Object.entries(train.repos).flatMap(([name, { slug }]) => {
      const key = RepoKey.parse(name);
      return slug === undefined ? [] : [[slug.toLowerCase(), { key, branch: branches.get(key) ?? null }] as const];
    }),
  );
}

function strayReferences(
  { target, edits }: TargetFacts,
  { files }: TargetState,
  managed: ManagedRepos,
): Judged['strays'] {
  if (target === 'main') return [];
  return edits.flatMap((edit) => {
    if (edit.kind !== 'workflow-refs') return [];
    const covered = edits.filter(({ kind }) => kind === 'workflow-refs').flatMap(patternsOf);
    return files
      .filter(({ path }) => /\.ya?ml$/.test(path) && !covered.some((pattern) => matchesPath(pattern, path)))
      .flatMap(({ path, text }) =>
        editWorkflowRefs(text ?? '', edit.from, managed).matches.map(({ line, before }) => ({
          path,
          line,
          text: before.trim(),
        })),
      );
  });
}
