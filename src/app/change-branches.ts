import type { Result } from '../domain/result.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import {
  decideReleaseOnly,
  explain,
  readReleaseOnly,
  renderProposals,
  type ReleaseOnlyAnswer,
  type ReleaseOnlyProblem,
} from '../process/04-release-only/index.ts';
import type { App } from './app.ts';
import { planning, present, type Planned, type PlanInput } from './planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from './problem.ts';

/** Plans the release-only changes: one pull request on each release branch, and one on main for the next version. */
export async function changeBranches(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { author, chosen } = begun.value;
  const { train, digest } = app.loaded;
  const facts = await readReleaseOnly({ train, release, git: app.git, forge: app.forge, now: app.clock.now() });
  const decided = decideReleaseOnly(facts, { train, trainDigest: digest, author, ...chosen });
  if (!decided.ok) return refuseWith(decided.problems, { explain, kindOf });
  const { proposals } = decided.value;
  const documents = proposals.map((proposal) => ({ title: proposal.title, text: renderProposals([proposal]) }));
  return present(
    app,
    { ...decided.value, notes: notesOf(decided.value), documents },
    { input, gates: [], nothing: nothingText(decided.value, release) },
  );
}

function notesOf({ notes, waiting }: ReleaseOnlyAnswer): readonly string[] {
  return [
    ...notes,
    ...waiting.map(({ repo, pull }) => `${repo}: #${pull.number} "${pull.title}" waits to be merged, ${pull.link}`),
  ];
}

function nothingText({ waiting, done }: ReleaseOnlyAnswer, release: ReleaseVersion): string {
  if (waiting.length > 0)
    return `${waiting.length} pull ${waiting.length === 1 ? 'request waits' : 'requests wait'} to be merged; the rest of ${release} is done.`;
  return done.length > 0 ? `Every edit of ${release} is on its branch.` : `No release branch of ${release} is cut yet.`;
}

function kindOf(problem: ReleaseOnlyProblem): ProblemKind {
  switch (problem.code) {
    case 'unknown-repo':
    case 'branch-missing':
    case 'placeholder-unknown':
      return 'usage';
    case 'cannot-read':
      return 'no-data';
    case 'edit-matched-too-little':
    case 'edit-not-settling':
      return 'refused';
    case 'head-branch-strange':
    case 'pull-request-closed':
      return 'conflict';
  }
}
