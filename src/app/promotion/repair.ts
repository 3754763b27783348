import { placeText } from '../../domain/edge.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import { sealPlan } from '../../domain/plan/plan.ts';
import type { FileAt, RecordDigestStep } from '../../domain/plan/step.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { sinksOfChannel } from '../../domain/train/sinks.ts';
import { lineOf, releaseOf, type CandidateVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { destine } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { backupFacts } from './backup-facts.ts';

import { manifestOf } from './manifest.ts';

import { openStores, unwritable } from './read-edges.ts';
import type { Placed } from './see-files.ts';
import { stagedFiles } from './staged-files.ts';
import { filesText } from './words.ts';

export interface RepairInput extends PlanInput {
  readonly candidate: CandidateVersion;
  readonly channel: string;
}

const LANES = 32;

/**
 * Plans to record the digests of a candidate's files in a channel where they were stored without: each is read whole, and only what has the digest of the
 * record gets it. Seed: files without a hash in the index, seven times (PRO-07).
 */
export async function repairDigests(app: App, input: RepairInput): Promise<Result<Planned, AppProblem>> {
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const recorded = await manifestOf(app, input.candidate);
  if (!recorded.ok) return recorded;
  const files = await placedFiles(app, input, recorded.value);
  if (!files.ok) return files;
  const stores = await openStores(app, [input.channel]);
  if (!stores.ok) return stores;
  const closed = refuseOr(
    unwritable(
      stores.value,
      files.value.map(({ at }) => at),
    ),
    () => null,
  );
  if (!closed.ok) return closed;
  const looked = await inLanes(files.value, LANES, async (file) => {
    const place = stores.value.at(file.at);
    return { file, found: place.ok ? await place.value.store.look(file.at.key) : null };
  });
  const bare = looked.flatMap(({ file, found }) =>
    found !== null && found.sha256 === null && found.size === file.size ? [file] : [],
  );
  const nothing = `Every file of ${input.candidate} in ${input.channel} has its sha256 recorded, or is not there.`;
  const beside = { held: [], notes: [] };
  if (bare.length === 0) return present(app, { kind: 'nothing-to-do', ...beside }, { input, gates: [], nothing });
  const { train, digest } = app.loaded;
  const repoOf = new Map(recorded.value.manifest.files.map((file) => [file.digest, file.repo]));
  const fallback = recorded.value.manifest.files[0]?.repo;
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release: releaseOf(input.candidate),
    purpose: 'repair',
    title: `Record the sha256 of ${filesText(bare.length)} in ${input.channel}`,
    author: begun.value.author,
    trainDigest: digest,
    gates: [],
    assumes: [],
    phrase: null,
    manifest: recorded.value.digest,
    steps: bare.flatMap(({ at, size, digest: is }): readonly RecordDigestStep[] => {
      const repo = repoOf.get(is) ?? fallback;
      if (repo === undefined) return [];
      const key = `record-digest:${placeText(at)}`;
      const undo = 'left as it is: the digest is right';
      return [{ kind: 'record-digest', key, wave: 0, reversible: 'partly', undo, repo, at, size, digest: is }];
    }),
  });
  return present(app, { kind: 'plan', plan, ...beside }, { input, gates: [], nothing });
}

/** Where files of the candidate have to lie in the channel. */
async function placedFiles(
  app: App,
  { candidate, channel }: RepairInput,
  { manifest }: RecordedManifest,
): Promise<Result<readonly Placed[], AppProblem>> {
  const { train } = app.loaded;
  const { promotion } = train;
  if (channel === promotion.backup) {
    const facts = await backupFacts(app, candidate);
    if (!facts.ok) return facts;
    return succeed(facts.value.pairs.map(({ file: { size, digest }, kept }) => ({ at: kept, size, digest })));
  }
  if (channel === promotion.staging) {
    const staged = await stagedFiles(app, releaseOf(candidate));
    if (!staged.ok) return staged;
    return succeed(
      staged.value.staged.flatMap(({ staged: at, lineage }) =>
        lineage === null ? [] : [{ at, size: lineage.size, digest: lineage.digest }],
      ),
    );
  }
  const line = lineOf(candidate);
  const sinks = sinksOfChannel(train, channel, line);
  if (sinks.length === 0) {
    const names = Object.keys(train.channels).join(', ');
    return refuse({
      kind: 'usage',
      code: 'channel-unknown',
      text: `The train has no channel “${channel}”; it has: ${names}.`,
    });
  }
  const { edges } = destine(manifest, { homes: sinksOfChannel(train, manifest.channel, line), sinks });
  return succeed(edges.map(({ to, size, digest }): Placed & { readonly at: FileAt } => ({ at: to, size, digest })));
}
