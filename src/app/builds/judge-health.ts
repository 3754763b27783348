import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { finalCandidate } from '../../engine/fold-decisions.ts';
import { foldManifests } from '../../engine/fold-manifests.ts';
import { decideHealth, readHealth, type FinalCommits } from '../../process/05-candidate/health/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';

/** The gates `health-green` of every repository that names jobs of its release branch. */
export async function judgeHealth(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const final = finalCommits(await entriesOf(app, release), release);
  const facts = await readHealth({ train, release, git: app.git, forge: app.forge, now, final });
  return decideHealth(facts, { train, waivers, now });
}

/** The commits of the candidate that is final, by the manifest that the mark is bound to; null while none is. */
function finalCommits(entries: readonly LedgerEntry[], release: ReleaseVersion): FinalCommits | null {
  const final = finalCandidate(entries, release);
  const bound = foldManifests(entries).findLast(({ digest }) => digest === final?.manifest);
  if (final === null || bound === undefined) return null;
  return {
    candidate: final.candidate,
    commits: new Map(bound.manifest.repos.map(({ repo, commit }) => [repo, commit])),
  };
}
