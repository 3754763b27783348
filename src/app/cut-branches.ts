import { ObjectId } from '../domain/git-names.ts';
import { refuse, type Result } from '../domain/result.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { decideCut, explain, readCut, recordedBases, type CutProblem } from '../process/03-cut/index.ts';
import type { App } from './app.ts';
import { CUT_GATES, judgeBefore } from './judge.ts';
import { planning, present, type Planned, type PlanInput } from './planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from './problem.ts';
import { entriesOf } from './record.ts';

export interface CutInput extends PlanInput {
  readonly release: ReleaseVersion;
  /** An explicit commit instead of the head of the source branch; only for one repository. */
  readonly from?: string;
}

/** Plans the cut: both branches of every repository that may be cut now, or of the one that is named. */
export async function cutBranches(app: App, input: CutInput): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const from = input.from === undefined ? undefined : ObjectId.safeParse(input.from);
  if (from !== undefined && !from.success) {
    return refuse({
      kind: 'usage',
      code: 'not-a-commit',
      text: `--from takes a full commit id of 40 hexadecimal digits, not "${input.from?.slice(0, 60) ?? ''}".`,
    });
  }
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { author, chosen } = begun.value;
  const { train, digest } = app.loaded;
  const now = app.clock.now();
  const explicit: { readonly from?: ObjectId } = from === undefined ? {} : { from: from.data };
  const looked =
    from === undefined || chosen.repos === undefined ? {} : { from: { repo: chosen.repos[0], commit: from.data } };
  const bases = recordedBases(await entriesOf(app, release), release);
  const [facts, { gates }] = await Promise.all([
    readCut({ train, release, git: app.git, forge: app.forge, now, recordedBases: bases, ...looked }),
    judgeBefore(app, release, { step: 'cut', families: CUT_GATES }),
  ]);
  const decided = decideCut(facts, { train, trainDigest: digest, author, ...chosen, ...explicit }, gates);
  if (!decided.ok) return refuseWith(decided.problems, { explain, kindOf });
  return present(app, decided.value, {
    input,
    gates,
    nothing: `Every branch of ${release} that may be cut now is there, at its cut point.`,
  });
}

function kindOf(problem: CutProblem): ProblemKind {
  switch (problem.code) {
    case 'unknown-repo':
    case 'not-in-release':
    case 'no-repos':
    case 'no-line':
    case 'from-needs-one-repo':
    case 'patch-release':
    case 'commit-not-found':
    case 'source-missing':
      return 'usage';
    case 'core-rc-not-staged':
      return 'gates-closed';
    case 'cannot-read':
      return 'no-data';
    case 'exists-elsewhere':
    case 'cut-point-unknown':
    case 'cut-point-not-ancestor':
    case 'name-in-the-way':
      return 'conflict';
  }
}
