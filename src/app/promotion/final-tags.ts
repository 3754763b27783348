import { foldWaivers } from '../../engine/fold.ts';
import type { Manifest } from '../../domain/manifest.ts';
import type { Result } from '../../domain/result.ts';
import {
  decideFinalTag,
  explainFinalTag,
  readFinalTag,
  type FinalFacts,
  type FinalTagProblem,
  type FinalTags,
} from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import { refuseWith, type AppProblem, type ProblemKind } from '../problem.ts';
import { entriesOf } from '../record.ts';

/** What the final tags and releases of a candidate rest on, read now. */
export function finalFacts(app: App, manifest: Manifest): Promise<FinalFacts> {
  const { train } = app.loaded;
  return readFinalTag({ train, manifest, git: app.git, releases: app.forge?.releases ?? null, now: app.clock.now() });
}

/** The final tags and the releases on the forge that a promotion ends with; `wave` is the first of three. */
export async function finalTags(app: App, manifest: Manifest, wave: number): Promise<Result<FinalTags, AppProblem>> {
  const facts = await finalFacts(app, manifest);
  const decided = decideFinalTag(facts, {
    train: app.loaded.train,
    waves: { tag: wave, draft: wave + 1, publish: wave + 2 },
    waived: await waivedRepos(app, manifest),
  });
  return decided.ok ? decided : refuseWith(decided.problems, { explain: explainFinalTag, kindOf });
}

/** Repositories whose version file a person decided not to hold against the tag. */
async function waivedRepos(app: App, { release }: Manifest): Promise<readonly string[]> {
  const now = app.clock.now();
  return foldWaivers(await entriesOf(app, release)).flatMap(({ gate, until }) => {
    const [family, repo] = gate.split(':');
    return family === 'version-file-matches' && repo !== undefined && until > now ? [repo] : [];
  });
}

function kindOf({ code }: FinalTagProblem): ProblemKind {
  switch (code) {
    case 'final-unread':
      return 'no-data';
    case 'final-unknown-repo':
      return 'usage';
    case 'final-version-mismatch':
      return 'refused';
    case 'final-other-release':
    case 'final-candidate-moved':
    case 'final-tag-elsewhere':
    case 'final-release-by-hand':
      return 'conflict';
  }
}
