import { reconcile, type Edge, type Reconciled } from '../../domain/edge.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import type { Manifest, ManifestFile } from '../../domain/manifest.ts';
import type { PublishMetadataStep, PublishPageStep } from '../../domain/plan/step.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { sinksOfChannel, type Sink } from '../../domain/train/sinks.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { destine, stablePlan, WAVES } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import { placesInside } from '../channel-index/places.ts';
import { planIndex } from '../channel-index/plan.ts';
import { toApp } from '../channel-index/problem.ts';
import { indexSteps } from '../channel-index/steps.ts';
import { AFTER_FINAL_GATES } from '../final/after-final.ts';
import { judgeBefore } from '../judge.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { repoOfProject } from '../publish-index.ts';
import { comingTo } from './coming.ts';
import { finalManifest } from './final.ts';
import { edgeProblems } from './problem.ts';
import { openStores, readEdges, unwritable, type OpenedStores } from './read-edges.ts';
import { filesText } from './words.ts';

/** Families of gates that have to be open before anything becomes public. */
export const STABLE_GATES: readonly string[] = [
  'milestone-resolved',
  'fixes-present',
  'picks-settled',
  'reverts-settled',
  'health-green',
  'artifacts-complete',
  'artifacts-valid',
  'index-valid',
  'companions-resolve',
  'backup-made',
  'docs-built',
  'binaries-validated',
  'staged',
  'staged-valid',
  ...AFTER_FINAL_GATES,
];

export interface PromoteInput extends PlanInput {
  readonly release: ReleaseVersion;
}

/** Plans the first step of a promotion: the final candidate's files into the stable channels and their mirrors, their indexes, and the look from outside. */
export async function promoteStable(app: App, input: PromoteInput): Promise<Result<Planned, AppProblem>> {
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const final = await finalManifest(app, input.release);
  if (!final.ok) return final;
  const work = await stableWork(app, final.value);
  if (!work.ok) return work;
  const { train, digest } = app.loaded;
  const { gates } = await judgeBefore(app, input.release, { step: 'stable', families: STABLE_GATES });
  const { manifest } = final.value;
  const plan = stablePlan(
    { manifest, digest: final.value.digest, ...work.value },
    { train, trainDigest: digest, author: begun.value.author, gates },
  );
  const beside = { held: [], notes: work.value.notes };
  const nothing = `Every file of ${manifest.candidate} is in ${train.promotion.stable.join(', ')}, and listed.`;
  return present(app, plan === null ? { kind: 'nothing-to-do', ...beside } : { kind: 'plan', plan, ...beside }, {
    input,
    gates,
    nothing,
  });
}

interface StableFacts {
  readonly copies: Reconciled['copies'];
  readonly there: readonly Edge[];
  readonly index: readonly (PublishMetadataStep | PublishPageStep)[];
  readonly notes: readonly string[];
}

async function stableWork(
  app: App,
  { candidate, manifest }: RecordedManifest,
): Promise<Result<StableFacts, AppProblem>> {
  const { train } = app.loaded;
  const line = lineOf(manifest.release);
  const sinks = train.promotion.stable.flatMap((channel) => sinksOfChannel(train, channel, line));
  const homes = sinksOfChannel(train, manifest.channel, line);
  const { edges, homeless } = destine(manifest, { homes, sinks });
  const [lost, ...more] = homelessProblems(homeless, train.promotion.stable);
  if (lost !== undefined) return refuse(lost, ...more);
  const stores = await openStores(
    app,
    [...edges, ...edges].flatMap(({ from, to }) => [from.channel, to.channel]),
  );
  if (!stores.ok) return stores;
  const seen = await readEdges(app.files, stores.value, edges);
  if (!seen.ok) return seen;
  const { copies, there, problems } = reconcile(seen.value);
  const blocked = [
    ...unwritable(
      stores.value,
      edges.map(({ to }) => to),
    ),
    ...edgeProblems(problems, candidate),
  ];
  const free = refuseOr(blocked, () => null);
  if (!free.ok) return free;
  const index = await indexWork(app, manifest.release, { stores: stores.value, sinks, edges, copies });
  if (!index.ok) return index;
  const places = new Set(edges.map(({ to }) => `${to.channel}#${to.place}`)).size;
  return succeed({
    copies,
    there,
    index: index.value,
    notes: [
      `${filesText(manifest.files.length)} of ${candidate}, each by its sha256, to ${places} ${places === 1 ? 'place' : 'places'}`,
      ...(there.length === 0 ? [] : [`${filesText(there.length)} there already, with the same bytes`]),
      ...leftOut(app, manifest),
    ],
  });
}

/** Expected files that the candidate does not have, which only a waiver of `artifacts-complete` lets through: told, the rest goes on (PRO-10). */
function leftOut(app: App, { release, files }: Manifest): readonly string[] {
  const expected = expectedArtifacts(app.loaded.train, release);
  const has = new Set(files.map(({ cell }) => cell));
  const lacking = expected.ok ? expected.value.cells.filter(({ key }) => !has.has(key)) : [];
  const [first] = lacking;
  if (first === undefined) return [];
  const more = lacking.length === 1 ? '' : `, and ${lacking.length - 1} more`;
  return [`${filesText(lacking.length)} of those expected left out, since the candidate has none: ${first.key}${more}`];
}

/** Files that no place takes make the plan short: an error, and not a smaller plan. */
function homelessProblems(files: readonly ManifestFile[], channels: readonly string[]): readonly AppProblem[] {
  const [first] = files;
  if (first === undefined) return [];
  const to =
    channels.length === 0
      ? 'no channel is named in `promotion.stable`'
      : `none of ${channels.join(', ')} has a store of objects for it`;
  return [
    {
      kind: 'usage',
      code: 'promotion-short',
      text: `${filesText(files.length)} of the candidate would be left behind, ${first.key} first: ${to}. A release is promoted whole: give the channel a place. See: signalbox config explain promotion.stable`,
    },
  ];
}

interface Indexing {
  readonly stores: OpenedStores;
  readonly sinks: readonly Sink[];
  readonly edges: readonly Edge[];
  readonly copies: Reconciled['copies'];
}

/** The steps of the indexes of every place that takes wheels: as they have to be once the files are there. */
async function indexWork(
  app: App,
  release: ReleaseVersion,
  { stores, sinks, edges, copies }: Indexing,
): Promise<Result<StableFacts['index'], AppProblem>> {
  const { train } = app.loaded;
  const repoOf = repoOfProject(train, release);
  const steps: (PublishMetadataStep | PublishPageStep)[] = [];
  for (const sink of sinks) {
    const isOfWheels = sink.store === 'object-store' && (sink.holds === 'wheel' || sink.holds === 'any');
    if (!isOfWheels || repoOf === null) continue;
    const { channel, place } = sink;
    const isHere = ({ to }: Edge): boolean => to.channel === channel && to.place === place;
    const opened = stores.at(sink);
    if (!opened.ok) return opened;
    const coming = await comingTo(
      app,
      stores,
      copies.filter(({ edge }) => isHere(edge)),
    );
    if (!coming.ok) return coming;
    const work = await planIndex({
      types: false,
      store: opened.value.store,
      except: placesInside(train, channel),
      removals: new Set(),
      replaces: sink.write === 'replace',
      coming: coming.value.files,
      expected: new Map(edges.filter(isHere).map(({ to, digest, size }) => [to.key, { digest, size }])),
      yanked: new Map(),
    });
    if (!work.ok) {
      const [first, ...rest] = work.problems;
      return refuse(toApp(first), ...rest.map(toApp));
    }
    const metadata = [...work.value.metadata, ...coming.value.metadata];
    steps.push(...indexSteps({ channel, place, wave: WAVES.index, repoOf }, metadata, work.value.edits));
  }
  return succeed(steps);
}
