import { dateOf, type Instant } from '../../domain/instant.ts';
import { dayOf } from '../../domain/month.ts';
import { failureCode, known, unknown, type Observed } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { PerformanceSuite } from '../../domain/train/performance.ts';
import type { Train } from '../../domain/train/train.ts';
import {
  CandidateVersion,
  compareVersions,
  lineNumbers,
  lineOf,
  Line,
  patchNumber,
  releaseOf,
  releaseOn,
  ReleaseVersion,
  tagOf,
} from '../../domain/version.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import {
  compareSides,
  MOST_BYTES,
  readSide,
  type MeasuredVersion,
  type SuiteComparison,
} from '../../process/07-finalize/performance/index.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { listReleases } from '../releases.ts';
import { finalSubject } from './subject.ts';

export type AnyVersion = ReleaseVersion | CandidateVersion;

/** Runs of a suite on one version that are read. */
const MOST_FILES = 200;

/** The release before: of a patch the one before it, of a minor the newest that is known to be out, by the ledger or the calendar. Null where none is. */
export async function releaseBefore(app: App, release: ReleaseVersion): Promise<ReleaseVersion | null> {
  const line = lineOf(release);
  const patch = patchNumber(release);
  if (patch > 0) return releaseOn(line, patch - 1);
  const kept = (await listReleases(app)).filter(({ closed }) => closed?.how !== 'abandoned');
  const out = [...kept.map((each) => each.release), ...plannedBefore(app.loaded.train, app.clock.now())];
  const newest = out
    .filter((each) => compareVersions(lineOf(each), line) < 0)
    .toSorted(compareVersions)
    .at(-1);
  if (newest !== undefined) return newest;
  const { major, minor } = lineNumbers(line);
  return minor === 0 ? null : releaseOn(Line.parse(`${major}.${minor - 1}`), 0);
}

/** Releases whose day has passed. */
function plannedBefore({ calendar }: Train, now: Instant): readonly ReleaseVersion[] {
  return Object.entries(calendar.cadence).flatMap(([name, { release, patches }]) => {
    const line = Line.parse(name);
    return [release, ...patches].flatMap(({ on }, index) => {
      const day = on === undefined ? null : dayOf(on);
      return day !== null && day <= dateOf(now) ? [releaseOn(line, index)] : [];
    });
  });
}

export interface SuiteInput {
  readonly suite: PerformanceSuite;
  readonly before: AnyVersion;
  readonly after: AnyVersion;
}

/** Reads the results of two versions where the train keeps them, and holds them against each other. What cannot be read is unknown, with its reason. */
export async function compareVersionsBy(
  app: App,
  { suite, before, after }: SuiteInput,
): Promise<Observed<SuiteComparison>> {
  const now = app.clock.now();
  const source = `channel ${suite.channel}`;
  try {
    const opened = await app.stores.of(suite.channel);
    if (!opened.ok) return unknown(opened.problems[0].text, now, source);
    const stores = opened.value.map(({ store }) => store);
    const side = async (version: AnyVersion) => {
      const texts = await textsBelow(stores, placeOf(suite.place, version));
      return texts.ok ? succeed(readSide(await versionOf(app, version), texts.value, suite)) : texts;
    };
    const [old, next] = [await side(before), await side(after)];
    if (!old.ok) return unknown(old.problems[0], now, source);
    if (!next.ok) return unknown(next.problems[0], now, source);
    return known(compareSides(old.value, next.value, suite), now, source);
  } catch (error) {
    if (!(error instanceof Error) || failureCode(error) === null) throw error;
    return unknown(error.message, now, source);
  }
}

function placeOf(template: string, version: AnyVersion): string {
  return template.replaceAll('{tag}', tagOf(version)).replaceAll('{version}', version);
}

interface Text {
  readonly file: string;
  readonly text: string;
}

/** The texts of the JSON files at a place, in the order of their names; more or larger ones than are read are told. */
async function textsBelow(stores: readonly ReadableStore[], place: string): Promise<Result<readonly Text[], string>> {
  const texts: Text[] = [];
  for (const store of stores) {
    for (const key of await keysAt(store, place)) {
      if (texts.length === MOST_FILES) return refuse(`more than ${MOST_FILES} files lie at ${place}`);
      const text = await textOf(store, key);
      if (!text.ok) return text;
      texts.push(...text.value);
    }
  }
  return succeed(texts);
}

/** One file is asked for by its name: a server that can only be read has no list. */
async function keysAt(store: ReadableStore, place: string): Promise<readonly StoreKey[]> {
  if (place.endsWith('.json')) return [StoreKey.parse(place)];
  const below = place.endsWith('/') ? place : `${place}/`;
  const keys: StoreKey[] = [];
  for await (const { objects } of store.list(below)) {
    keys.push(...objects.map(({ key }) => key).filter((key) => key.endsWith('.json')));
    if (keys.length > MOST_FILES) break;
  }
  return keys;
}

async function textOf(store: ReadableStore, key: StoreKey): Promise<Result<readonly Text[], string>> {
  const object = await store.look(key);
  if (object === null) return succeed([]);
  if (object.size > MOST_BYTES) return refuse(`${key} has ${object.size} bytes, and at most ${MOST_BYTES} are read`);
  const bytes = object.size === 0 ? new Uint8Array() : await store.source(key, object.etag).read(0, object.size);
  return succeed([{ file: key, text: new TextDecoder().decode(bytes) }]);
}

/** What the ledger knows of a version: of a release, the files of its final candidate. */
async function versionOf(app: App, version: AnyVersion): Promise<MeasuredVersion> {
  const candidate = CandidateVersion.safeParse(version);
  const release = candidate.success ? releaseOf(candidate.data) : ReleaseVersion.parse(version);
  const entries = await entriesOf(app, release);
  const recorded = candidate.success
    ? manifestFor(foldManifests(entries), candidate.data)
    : finalSubject(entries, release);
  return { name: version, version, manifest: recorded?.digest ?? null, commit: coreCommit(app, recorded) };
}

function coreCommit(app: App, recorded: RecordedManifest | null): string | null {
  const { repos } = app.loaded.train;
  return recorded?.manifest.repos.find(({ repo }) => repos[repo]?.role === 'core')?.commit ?? null;
}

/** The suites of the train, or the one that is named. */
export function suitesNamed(
  { final }: Pick<Train, 'final'>,
  named: string | null,
): Result<readonly { readonly name: string; readonly suite: PerformanceSuite }[], AppProblem> {
  const all = Object.entries(final.performance).map(([name, suite]) => ({ name, suite }));
  const found = named === null ? all : all.filter(({ name }) => name === named);
  if (found.length > 0) return succeed(found);
  const names = all.map(({ name }) => name).join(', ');
  const text =
    names === ''
      ? 'The train names no suite of benchmarks (final.performance). Files can be compared: signalbox perf compare OLD.json NEW.json'
      : `The train has no suite ${named}; it has: ${names}.`;
  return refuse({ kind: 'usage', code: 'suite-unknown', text });
}
