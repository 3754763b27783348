import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { compareVersions, type ReleaseVersion } from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import {
  decideComplete,
  judgeRepo,
  readArtifacts,
  type ArtifactFacts,
  type JudgedRepo,
  type RecordedBefore,
} from '../../process/05-candidate/artifacts/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { openPlaces } from './places.ts';

/** The newest candidate of a release with what lies in its channel, and what was recorded of it. */
export interface CandidateArtifacts {
  readonly facts: ArtifactFacts;
  readonly recorded: RecordedManifest | null;
  readonly before: RecordedBefore;
  readonly repos: readonly JudgedRepo[];
  readonly at: Instant;
}

/** Reads tags, channel and record of a release's newest candidate. */
export async function candidateArtifacts(app: App, release: ReleaseVersion): Promise<CandidateArtifacts> {
  const { train } = app.loaded;
  const now = app.clock.now();
  const [facts, manifests] = await Promise.all([
    readArtifacts({
      train,
      release,
      git: app.git,
      forge: app.forge,
      places: await openPlaces(app, train.candidates.channel),
      now,
    }),
    entriesOf(app, release).then(foldManifests),
  ]);
  const { candidate } = facts;
  const recorded = candidate === null ? null : manifestFor(manifests, candidate);
  const earlier = manifests.filter((each) => candidate !== null && compareVersions(each.candidate, candidate) < 0);
  const [last] = earlier.toSorted((left, right) => compareVersions(right.candidate, left.candidate));
  const newest = last === undefined ? null : manifestFor(manifests, last.candidate);
  const before = { current: recorded?.manifest ?? null, before: newest?.manifest ?? null };
  return {
    facts,
    recorded,
    before,
    repos: facts.repos.flatMap(({ repo, tag }) =>
      tag.known && tag.value !== null ? [judgeRepo(facts, { repo, tag: tag.value }, before)] : [],
    ),
    at: now,
  };
}

/** The same for several who ask: read when the first does, once for all. */
export function artifactsOnce(app: App, release: ReleaseVersion): () => Promise<CandidateArtifacts> {
  let answer: Promise<CandidateArtifacts> | null = null;
  return () => (answer ??= candidateArtifacts(app, release));
}

interface Completing {
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
  readonly artifacts: () => Promise<CandidateArtifacts>;
}

/** The gates `artifacts-complete` of a release; none where the train does not say what is built. */
export async function judgeComplete(
  { loaded: { train } }: App,
  { waivers, now, artifacts }: Completing,
): Promise<readonly Gate[]> {
  if (Object.keys(train.artifacts.packages).length === 0) return [];
  const { facts, before } = await artifacts();
  return decideComplete(facts, { train, recorded: before, waivers, now });
}
