import { candidatesIn } from '../domain/release-tags.ts';
import { tagRef } from '../domain/git-names.ts';
import { known, observe, unknown, type Observed } from '../domain/observation.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import {
  candidateNumber,
  candidateOf,
  compareVersions,
  tagOf,
  type CandidateVersion,
  type ReleaseVersion,
} from '../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../engine/fold-manifests.ts';
import { readCoreStaged, type CoreStagedFacts, type StagedChannel, type StagedFiles } from '../process/03-cut/index.ts';
import {
  doubtOf,
  filesThere,
  judgeRepo,
  onlyEarlier,
  type ArtifactFacts,
  type JudgedRepo,
} from '../process/05-candidate/artifacts/index.ts';
import type { App } from './app.ts';
import type { CandidateArtifacts } from './artifacts/candidate.ts';
import { entriesOf } from './record.ts';

/** Core's candidates, and which of them lies in the candidates' channel. `artifacts`: what lies there, read once for whoever asks. */
export async function coreStagedFacts(
  app: App,
  release: ReleaseVersion,
  artifacts: () => Promise<CandidateArtifacts>,
): Promise<CoreStagedFacts> {
  const { train } = app.loaded;
  const { git, forge } = app;
  const channel = () => stagedChannel(app, release, artifacts);
  return readCoreStaged({ train, release, git, forge, channel, now: app.clock.now() });
}

async function stagedChannel(
  app: App,
  release: ReleaseVersion,
  artifacts: () => Promise<CandidateArtifacts>,
): Promise<StagedChannel | null> {
  const { train } = app.loaded;
  const name = train.candidates.channel;
  const expected = expectedArtifacts(train, release);
  const core = Object.entries(train.repos).find(([, { role }]) => role === 'core')?.[0];
  const isExpected = expected.ok && expected.value.cells.some(({ cell }) => cell.repo === core);
  if ((train.channels[name]?.places ?? []).length === 0 || !isExpected) return null;
  const { facts, before, at } = await artifacts();
  const found = facts.repos.find(({ repo }) => repo.entry.role === 'core');
  const source = `channel ${name}`;
  if (found === undefined) return { name, files: unknown('core builds no files', at, source) };
  const { repo, tag } = found;
  if (!tag.known) return { name, files: unknown(tag.reason, tag.at, tag.source) };
  if (tag.value === null) return { name, files: known([], at, source) };
  const newest = judgeRepo(facts, { repo, tag: tag.value }, before);
  const wanted = repo.entry.staged?.cells ?? null;
  const manifests = foldManifests(await entriesOf(app, release));
  const files = {
    ...filesThere(newest, wanted),
    doubt: doubtOf(newest, (number) => isRecorded(manifests, newest.repo.key, number)),
  };
  if (files.unread === null && files.here === files.of) return { name, files: known([files], at, source) };
  const earlier = await readEarlier(app, { facts, newest, manifests, wanted });
  return { name, files: known([files, ...(earlier.known ? earlier.value : [])], at, source) };
}

function isRecorded(manifests: readonly RecordedManifest[], repo: string, number: number): boolean {
  return manifests.some(
    ({ candidate, manifest }) =>
      candidateNumber(candidate) === number && manifest.files.some((file) => file.repo === repo),
  );
}

interface Earlier {
  readonly facts: ArtifactFacts;
  readonly newest: JudgedRepo;
  readonly manifests: readonly RecordedManifest[];
  readonly wanted: readonly string[] | null;
}

/**
 * Whether what lies in the channel is the candidate before the newest. It is where its record says so, file by file; where nothing was recorded, only what was
 * written before the newest's commit was made cannot be of the newest.
 */
async function readEarlier(
  { git, clock }: App,
  { facts, newest: { repo, tag }, manifests, wanted }: Earlier,
): Promise<Observed<readonly StagedFiles[]>> {
  const { key, remote } = repo;
  const now = clock.now();
  if (remote === null) return known([], now, 'train file');
  return observe(`git remote of ${key}`, now, async () => {
    const at = { repo: key, remote };
    const refs = await git.remoteRefs(at, [`${tagRef(tagOf(repo.release))}-rc*`]);
    const [last] = candidatesIn(refs).filter(({ candidate }) => compareVersions(candidate, tag.candidate) < 0);
    if (last === undefined) return [];
    await git.fetch(at, [last.ref]);
    const { committedAt } = await git.commit(at, last.commit);
    const own: CandidateVersion = candidateOf(facts.release, candidateNumber(last.candidate));
    const current = manifestFor(manifests, own)?.manifest ?? null;
    const { candidate, commit } = last;
    const judged = judgeRepo(
      facts,
      { repo, tag: { candidate, commit, committedAt, jobs: null } },
      { current, before: null },
    );
    const recorded = new Set(current?.files.map(({ cell }) => cell));
    return [filesThere(onlyEarlier(judged, { recorded, before: tag.committedAt }), wanted)];
  });
}
