import { kindOfCell } from '../../domain/artifact.ts';
import type { Edge } from '../../domain/edge.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Manifest } from '../../domain/manifest.ts';
import type { Observed } from '../../domain/observation.ts';
import type { Step } from '../../domain/plan/step.ts';
import { succeed, type Result } from '../../domain/result.ts';
import { sinksOfChannel } from '../../domain/train/sinks.ts';
import { lineOf, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { foldPlans, type PlanRecord } from '../../engine/fold.ts';
import { destine, nextRecheck, type ShownPlace } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { finalManifest } from './final.ts';
import { observeRelease } from './observe.ts';
import { publishedAt, takenRechecks, type TakenRecheck } from './rechecks.ts';
import { uploadFiles } from './uploads.ts';

/** One thing that is public, or should be: where, since when, and which undo there is. */
export interface PublishedRow {
  /** `torch`, for tags the repository. */
  readonly what: string;
  /** `152 wheels`. */
  readonly count: string;
  readonly where: string;
  /** When the last of it was put there by a plan of ours; null where none of it was. */
  readonly since: Instant | null;
  /** The plan that put it there. */
  readonly plan: string | null;
  readonly undo: string;
  readonly isPermanent: boolean;
}

export interface PublishedRelease {
  readonly release: ReleaseVersion;
  readonly candidate: CandidateVersion;
  readonly rows: readonly PublishedRow[];
  /** What every place shows now, read from outside. */
  readonly places: readonly Observed<ShownPlace>[];
  /** Whether every place shows all of it and nothing else. Unknown is not. */
  readonly holds: boolean;
  readonly publishedAt: Instant | null;
  readonly rechecks: readonly TakenRecheck[];
  readonly next: { readonly name: string; readonly at: Instant } | null;
}

/** What of a release is public, where, since when, and how it can be taken back: observed from outside, not remembered. */
export async function publishedRelease(
  app: App,
  release: ReleaseVersion,
): Promise<Result<PublishedRelease, AppProblem>> {
  const final = await finalManifest(app, release);
  if (!final.ok) return final;
  const entries = await entriesOf(app, release);
  const { manifest, candidate } = final.value;
  const places = await observeRelease(app, manifest);
  const plans = [...foldPlans(entries).values()];
  const at = publishedAt(app, entries);
  const rechecks = takenRechecks(entries);
  return succeed({
    release,
    candidate,
    rows: [...stableRows(app, manifest, plans), ...(await indexRows(app, release, plans)), ...tagRows(plans)],
    places,
    holds: places.length > 0 && places.every((place) => place.known && isWhole(place.value)),
    publishedAt: at,
    rechecks,
    next: at === null ? null : nextRecheck(at, new Set(rechecks.map(({ name }) => name))),
  });
}

function isWhole({ faults, surplus }: ShownPlace): boolean {
  return faults.length === 0 && surplus.length === 0;
}

interface Put {
  readonly at: Instant;
  readonly plan: string;
}

/** When steps were done by plans of ours, by their keys. */
function receipts(plans: readonly PlanRecord[], kinds: readonly Step['kind'][]): ReadonlyMap<string, Put> {
  const known = new Map<string, Put>();
  for (const { plan, receipts: all } of plans) {
    const steps = new Set(plan.body.steps.filter(({ kind }) => kinds.includes(kind)).map(({ key }) => key));
    for (const { step, at } of all) if (steps.has(step)) known.set(step, { at, plan: plan.id });
  }
  return known;
}

function lastOf(puts: readonly (Put | undefined)[]): Put | null {
  const all = puts.flatMap((put) => (put === undefined ? [] : [put]));
  return all.toSorted((left, right) => (left.at < right.at ? -1 : 1)).at(-1) ?? null;
}

const NAMES = {
  wheel: ['wheel', 'wheels'],
  libtorch: ['archive', 'archives'],
  conda: ['conda package', 'conda packages'],
} as const;

function countText(count: number, [one, many]: readonly [string, string]): string {
  return `${count} ${count === 1 ? one : many}`;
}

function stableRows(app: App, manifest: Manifest, plans: readonly PlanRecord[]): readonly PublishedRow[] {
  const { train } = app.loaded;
  const line = lineOf(manifest.release);
  const sinks = train.promotion.stable.flatMap((channel) => sinksOfChannel(train, channel, line));
  const { edges } = destine(manifest, { homes: sinksOfChannel(train, manifest.channel, line), sinks });
  const put = receipts(plans, ['copy-file']);
  return [...Map.groupBy(edges, rowKey).values()].flatMap((some): readonly PublishedRow[] => {
    const [first] = some;
    if (first === undefined) return [];
    const last = lastOf(some.map(({ to }) => put.get(`copy-file:${whereOf(first)}/${to.key}`)));
    return [
      {
        what: packageOf(first),
        count: countText(some.length, NAMES[kindOfCell(first.cell)]),
        where: whereOf(first),
        since: last?.at ?? null,
        plan: last?.plan ?? null,
        undo: last === null ? 'not put there by a plan' : `partial: signalbox undo ${last.plan}`,
        isPermanent: false,
      },
    ];
  });
}

function rowKey(edge: Edge): string {
  return `${whereOf(edge)} ${packageOf(edge)} ${kindOfCell(edge.cell)}`;
}

function whereOf({ to }: Edge): string {
  return to.place === 0 ? to.channel : `${to.channel}#${to.place}`;
}

function packageOf({ cell }: Edge): string {
  return cell.split('/')[0] ?? cell;
}

async function indexRows(
  app: App,
  release: ReleaseVersion,
  plans: readonly PlanRecord[],
): Promise<readonly PublishedRow[]> {
  if (app.loaded.train.promotion.pypi === null) return [];
  const bound = await uploadFiles(app, release);
  if (!bound.ok) return [];
  const { channel, files } = bound.value;
  const put = receipts(plans, ['upload-file']);
  return [...Map.groupBy(files, ({ project }) => project)].map(([project, some]) => {
    const last = lastOf(some.map(({ name }) => put.get(`upload-file:${channel}:${name}`)));
    return {
      what: project,
      count: countText(some.length, ['file', 'files']),
      where: channel,
      since: last?.at ?? null,
      plan: last?.plan ?? null,
      undo: 'yank the version only',
      isPermanent: last !== null,
    };
  });
}

function tagRows(plans: readonly PlanRecord[]): readonly PublishedRow[] {
  return plans
    .filter(({ plan }) => plan.body.purpose === 'pypi')
    .flatMap(({ plan, receipts: all }) =>
      plan.body.steps.flatMap((step): readonly PublishedRow[] => {
        if (step.kind !== 'push-tag' && step.kind !== 'publish-release') return [];
        const receipt = all.find((known) => known.step === step.key);
        return [
          {
            what: step.repo,
            count: `${step.kind === 'push-tag' ? 'tag' : 'release'} ${step.tag}`,
            where: step.kind === 'push-tag' ? 'git' : 'forge',
            since: receipt?.at ?? null,
            plan: plan.id,
            undo: 'none',
            isPermanent: receipt !== undefined,
          },
        ];
      }),
    );
}
