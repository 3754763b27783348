import type { Result } from '../domain/result.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { stagedCandidate } from '../process/03-cut/index.ts';
import {
  decideCandidate,
  explain,
  readCandidate,
  type CandidateAnswer,
  type CandidateProblem,
} from '../process/05-candidate/index.ts';
import type { App } from './app.ts';
import { candidateArtifacts } from './artifacts/candidate.ts';
import { coreStagedFacts } from './core-staged.ts';
import { judge } from './judge.ts';
import { planning, present, type Planned, type PlanInput } from './planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from './problem.ts';

const CANDIDATE_GATES = [
  'go-no-go',
  'core-rc-staged',
  'release-only-landed',
  'next-version-on-main',
  'version-file-matches',
];

/** Plans the next candidate: an annotated tag on the release branch of every repository that has something new. */
export async function cutCandidate(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { author, chosen } = begun.value;
  const { train, digest } = app.loaded;
  const now = app.clock.now();
  const [facts, staged, { gates }] = await Promise.all([
    readCandidate({ train, release, git: app.git, now }),
    coreStagedFacts(app, release, () => candidateArtifacts(app, release)),
    judge(app, release, { families: CANDIDATE_GATES }),
  ]);
  const decided = decideCandidate(
    facts,
    { train, trainDigest: digest, author, against: stagedCandidate(staged), ...chosen },
    gates,
  );
  if (!decided.ok) return refuseWith(decided.problems, { explain, kindOf });
  const notes = [
    ...decided.value.tags.flatMap((tag) => historyNotes(tag)),
    ...decided.value.unchanged.map(({ repo, candidate }) => `${repo}: nothing came after ${candidate}`),
  ];
  return present(
    app,
    { ...decided.value, notes },
    { input, gates, nothing: `Nothing came after the last candidates of ${release}.` },
  );
}

const SHOWN_COMMITS = 5;

/** What a tag brings: the commits since the last candidate, the newest few by name. */
function historyNotes({ repo, candidate, history, oddTags }: CandidateAnswer['tags'][number]): readonly string[] {
  const since = history.since === null ? '' : ` since ${history.since}`;
  const shown = history.commits
    .slice(0, SHOWN_COMMITS)
    .map(({ id, subject }) => `${repo}:   ${id.slice(0, 9)} ${subject}`);
  const more = history.count > shown.length ? [`${repo}:   and ${history.count - shown.length} more`] : [];
  const odd = oddTags.length === 0 ? [] : [`${repo}: tags of another form are not counted: ${oddTags.join(', ')}`];
  return [
    `${repo} ${candidate}: ${history.count} ${history.count === 1 ? 'commit' : 'commits'}${since}`,
    ...shown,
    ...more,
    ...odd,
  ];
}

function kindOf(problem: CandidateProblem): ProblemKind {
  switch (problem.code) {
    case 'no-repos':
    case 'unknown-repo':
    case 'branch-missing':
    case 'commit-not-on-branch':
      return 'usage';
    case 'cannot-read':
      return 'no-data';
    case 'gate-closed':
      return 'gates-closed';
    case 'version-file-mismatch':
    case 'nothing-new':
    case 'already-final':
    case 'number-skipped':
      return 'refused';
    case 'tag-exists':
      return 'conflict';
  }
}
