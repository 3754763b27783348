import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { succeed, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { foldPlans } from '../../engine/fold.ts';
import { dueRechecks, type ShownPlace } from '../../process/08-promote/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { listReleases } from '../releases.ts';
import { finalManifest } from './final.ts';
import { observeRelease } from './observe.ts';

/** A look at a published release that was taken, and what came of it. */
export interface TakenRecheck {
  readonly name: string;
  readonly at: Instant;
  readonly holds: boolean;
  readonly findings: readonly string[];
}

/** When the last step of the promotion was carried out: the second plan, or the first where nothing goes to an index. Null while it was not. */
export function publishedAt(app: App, entries: readonly LedgerEntry[]): Instant | null {
  const last = app.loaded.train.promotion.pypi === null ? 'stable' : 'pypi';
  const finished = [...foldPlans(entries).values()].flatMap(({ plan, finishedAt }) =>
    plan.body.purpose === last && finishedAt !== null ? [finishedAt] : [],
  );
  return finished.toSorted()[0] ?? null;
}

/** The looks that were taken by themselves. */
export function takenRechecks(entries: readonly LedgerEntry[]): readonly TakenRecheck[] {
  return entries.flatMap(({ event, at }) =>
    event.type === 'release-checked' ? [{ name: event.check, at, holds: event.holds, findings: event.findings }] : [],
  );
}

const MOST_FINDINGS = 50;

/** Takes the looks at a published release that are due: one reading for all of them, and an event for each. A look that could not read is not taken. */
export async function recheckRelease(
  app: App,
  release: ReleaseVersion,
): Promise<Result<readonly TakenRecheck[], AppProblem>> {
  const entries = await entriesOf(app, release);
  const at = publishedAt(app, entries);
  const now = app.clock.now();
  if (at === null) return succeed([]);
  const due = dueRechecks(at, new Set(takenRechecks(entries).map(({ name }) => name)), now);
  if (due.length === 0) return succeed([]);
  const final = await finalManifest(app, release);
  if (!final.ok) return final;
  const places = await observeRelease(app, final.value.manifest);
  if (places.some((place) => !place.known)) return succeed([]);
  const findings = places.flatMap((place) => (place.known ? findingsOf(place.value) : []));
  const taken: TakenRecheck[] = [];
  for (const name of due) {
    const look = { holds: findings.length === 0, findings: findings.slice(0, MOST_FINDINGS) };
    await record(app, { type: 'release-checked', release, check: name, ...look });
    taken.push({ name, at: now, ...look });
  }
  return succeed(taken);
}

function findingsOf({ where, faults, surplus }: ShownPlace): readonly string[] {
  return [
    ...faults.map((fault) => `${where}: ${fault}`),
    ...surplus.map((name) => `${where}: ${name} is there, and nobody decided on it`),
  ];
}

/** The same for every release of the train; one that cannot be looked at keeps no other from it. */
export async function recheckDue(app: App): Promise<readonly (TakenRecheck & { readonly release: ReleaseVersion })[]> {
  const taken: (TakenRecheck & { readonly release: ReleaseVersion })[] = [];
  for (const { release } of await listReleases(app)) {
    const looks = await recheckRelease(app, release);
    if (looks.ok) taken.push(...looks.value.map((look) => ({ ...look, release })));
  }
  return taken;
}
