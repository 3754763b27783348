import { sealPlan } from '../domain/plan/plan.ts';
import type { Step } from '../domain/plan/step.ts';
import type { RepoKey } from '../domain/repo.ts';
import { refuse, refuseOr, type Result } from '../domain/result.ts';
import { reposOf } from '../domain/train/naming.ts';
import type { Train } from '../domain/train/train.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import { projectName } from '../wheel/simple-index/index.ts';
import type { App } from './app.ts';
import type { KnownFiles } from './channel-index/facts.ts';
import { recordedFiles } from './channel-index/manifest.ts';
import { placesInside } from './channel-index/places.ts';
import { planIndex, type IndexWork } from './channel-index/plan.ts';
import { toApp } from './channel-index/problem.ts';
import { indexSteps } from './channel-index/steps.ts';
import { planning, present, type Planned, type PlanInput } from './planned.ts';
import type { AppProblem } from './problem.ts';
import type { ChannelStore } from './stores.ts';

export interface PublishIndexInput extends PlanInput {
  readonly release: ReleaseVersion;
  readonly channel: string;
  /** Names of files that are no longer to be listed. */
  readonly removals: readonly string[];
  /** Whether it is looked at how pages are served, too: one request for each form of a page. */
  readonly types?: boolean;
}

/** Plans the pages of a channel's index as they have to be for what lies in the channel: only those that change, with what they gain and lose. */
export async function publishIndex(app: App, input: PublishIndexInput): Promise<Result<Planned, AppProblem>> {
  const { release, channel } = input;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const stores = await app.stores.of(channel);
  if (!stores.ok) return stores;
  const places = stores.value.flatMap((store, place) => (isOfWheels(store) ? [{ store, place }] : []));
  const [first] = places;
  if (first === undefined) return refuse(noPlace(channel));
  const writable = refuseOr(unwritable(places), () => places);
  if (!writable.ok) return writable;
  const repoOf = repoOfProject(app.loaded.train, release);
  if (repoOf === null) return refuse(noCore(release));
  const expected = await recordedFiles(app, release, channel);
  const works = await Promise.all(places.map(({ store, place }) => workAt(app, input, { store, place, expected })));
  const problems = works.flatMap((work) => (work.ok ? [] : work.problems));
  const done = refuseOr(problems, () => works.flatMap((work) => (work.ok ? [work.value] : [])));
  if (!done.ok) return done;
  const steps = done.value.flatMap(({ place, work }) =>
    indexSteps({ channel, place, wave: 0, repoOf }, work.metadata, work.edits),
  );
  const nothing = `The index of ${channel} says what lies there.`;
  const beside = { held: [], notes: done.value.flatMap(({ name, work }) => notesOf(name, work)) };
  if (steps.length === 0) {
    return present(app, { kind: 'nothing-to-do', ...beside }, { input, gates: [], nothing });
  }
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: app.loaded.train.train,
    release,
    purpose: 'index',
    title: titleOf(channel, steps),
    author: begun.value.author,
    trainDigest: app.loaded.digest,
    gates: [],
    assumes: [],
    phrase: null,
    steps,
  });
  return present(app, { kind: 'plan', plan, ...beside }, { input, gates: [], nothing });
}

/** Holds wheels, and is not only read by its nature. */
function isOfWheels({ holds, writable }: ChannelStore): boolean {
  const isRead = !writable.ok && writable.problems[0].code === 'store-only-read';
  return (holds === 'wheel' || holds === 'any') && !isRead;
}

function unwritable(places: readonly { readonly store: ChannelStore }[]): readonly AppProblem[] {
  return places.flatMap(({ store: { writable } }) => (writable.ok ? [] : writable.problems));
}

interface IndexPlace {
  readonly store: ChannelStore;
  readonly place: number;
  readonly expected: KnownFiles['expected'];
}

async function workAt(
  { loaded: { train } }: App,
  { channel, removals, types = false }: PublishIndexInput,
  { store: { store }, place, expected }: IndexPlace,
): Promise<Result<{ readonly place: number; readonly name: string; readonly work: IndexWork }, AppProblem>> {
  const work = await planIndex({
    store,
    except: placesInside(train, channel),
    removals: new Set(removals),
    types,
    replaces: train.channels[channel]?.write === 'replace',
    coming: [],
    expected,
    yanked: new Map(),
  });
  if (work.ok) return { ok: true, value: { place, name: store.name, work: work.value } };
  const [first, ...rest] = work.problems;
  return refuse(toApp(first), ...rest.map(toApp));
}

/** Whose a project's pages are: of the repository that builds the package, of core for root pages and for packages of others. */
export function repoOfProject(train: Train, release: ReleaseVersion): ((project: string | null) => RepoKey) | null {
  const repos = reposOf(train, release);
  const core = repos.find(({ entry }) => entry.role === 'core') ?? repos[0];
  if (core === undefined) return null;
  const owners = new Map(
    repos.flatMap(({ key, entry }) => entry.packages.map((name) => [projectName(name), key] as const)),
  );
  return (project) => (project === null ? undefined : owners.get(projectName(project))) ?? core.key;
}

function titleOf(channel: string, steps: readonly Step[]): string {
  const pages = steps.filter(({ kind }) => kind === 'publish-page').length;
  return `Index of ${channel}: ${pages} ${pages === 1 ? 'page' : 'pages'}`;
}

function notesOf(name: string, { edits, unchanged }: IndexWork): readonly string[] {
  const served = edits.filter(({ serves }) => serves === true).length;
  const changes = edits.flatMap(({ place, change }) =>
    change.of === 'project' && place.folder === '' ? [change] : [],
  );
  const gained = changes.flatMap(({ add }) => add.map((file) => file.name));
  const lost = changes.flatMap(({ remove }) => remove.map((file) => file.name));
  return [
    `${name}: ${edits.length} ${edits.length === 1 ? 'page changes' : 'pages change'}, ${unchanged} as they should be`,
    ...(served === 0 ? [] : [`of these, the content type is set of ${served}: it was of no kind that installers take`]),
    ...list(
      '+',
      gained.filter((file) => !lost.includes(file)),
    ),
    ...list(
      '~',
      gained.filter((file) => lost.includes(file)),
    ),
    ...list(
      '-',
      lost.filter((file) => !gained.includes(file)),
    ),
  ];
}

const SHOWN_FILES = 10;

function list(sign: string, names: readonly string[]): readonly string[] {
  const more = names.length > SHOWN_FILES ? [`${sign} and ${names.length - SHOWN_FILES} more`] : [];
  return [...names.slice(0, SHOWN_FILES).map((file) => `${sign} ${file}`), ...more];
}

function noPlace(channel: string): AppProblem {
  return {
    kind: 'usage',
    code: 'index-no-place',
    text: `Channel ${channel} has no place of wheels that can be written: an index lies beside the wheels it lists. Give it one: signalbox config explain channels`,
  };
}

function noCore(release: ReleaseVersion): AppProblem {
  return {
    kind: 'usage',
    code: 'index-no-repo',
    text: `The train file names no repository that takes part in ${release}. See: signalbox config explain repos`,
  };
}
