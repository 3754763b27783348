import { refuse, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decideProposal, explainProposal, readPage, type ProposalProblem } from '../../process/09-announce/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { announcedManifest } from './manifest.ts';
import { startFacts } from './start-facts.ts';

/** Plans the pull request that brings a release to the get-started page. */
export async function proposeGetStarted(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const { train, digest } = app.loaded;
  const settings = train.releaseDay.getStarted;
  if (settings === undefined) {
    const text = `The train has no get-started page. Describe it: signalbox config explain releaseDay.getStarted`;
    return refuse({ kind: 'usage', code: 'no-page', text });
  }
  const recorded = await announcedManifest(app, release);
  const facts = recorded === null ? null : startFacts(app, recorded);
  if (recorded === null || facts === null) {
    const text = `No files of a candidate of ${release} were recorded, so that nothing can be said of how to install it. Record them: signalbox artifact record ${release}-rcN`;
    return refuse({ kind: 'refused', code: 'not-recorded', text });
  }
  if (!facts.ok) return facts;
  const page = await readPage({ train, settings, release, git: app.git, forge: app.forge, now: app.clock.now() });
  const request = {
    trainDigest: digest,
    author: begun.value.author,
    candidate: recorded.candidate,
    manifest: recorded.digest,
  };
  const decided = decideProposal(facts.value, page, request);
  if (!decided.ok) return refuseWith(decided.problems, { explain: explainProposal, kindOf });
  const nothing =
    decided.value.kind === 'nothing-to-do' && decided.value.because === 'there'
      ? `The page has ${release}.`
      : `The pull request for ${release} is open, and brings exactly what it needs.`;
  return present(app, { ...decided.value, held: [] }, { input, gates: [], nothing });
}

function kindOf({ code }: ProposalProblem): ProblemKind {
  switch (code) {
    case 'page-unread':
      return 'no-data';
    case 'slots-short':
    case 'no-address':
      return 'usage';
    case 'not-json':
    case 'not-the-shape':
    case 'pull-request-closed':
      return 'conflict';
    case 'nothing-built':
      return 'refused';
  }
}
