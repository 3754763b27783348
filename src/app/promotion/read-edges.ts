import type { Edge, Lying, SeenEdge } from '../../domain/edge.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import type { FileAt } from '../../domain/plan/step.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { ArtifactFiles } from '../../ports/artifact-files.ts';
import type { ReadableStore } from '../../ports/artifact-store.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import type { ChannelStore } from '../stores.ts';

/** Requests to a store at once. */
const LANES = 32;

/** The stores of channels, each opened once. */
export interface OpenedStores {
  at(place: Pick<FileAt, 'channel' | 'place'>): Result<ChannelStore, AppProblem>;
}

/** Opens the stores of channels; whatever keeps one from being opened is told for all of them. */
export async function openStores(app: App, channels: readonly string[]): Promise<Result<OpenedStores, AppProblem>> {
  const names = [...new Set(channels)];
  const opened = await Promise.all(names.map(async (name) => [name, await app.stores.of(name)] as const));
  const problems = opened.flatMap(([, stores]) => (stores.ok ? [] : stores.problems));
  const known = new Map(opened.flatMap(([name, stores]) => (stores.ok ? [[name, stores.value] as const] : [])));
  return refuseOr(problems, () => ({
    at: ({ channel, place }) => {
      const found = known.get(channel)?.[place];
      return found === undefined ? refuse(noPlace(channel, place)) : succeed(found);
    },
  }));
}

function noPlace(channel: string, place: number): AppProblem {
  return {
    kind: 'usage',
    code: 'promotion-no-place',
    text: `Channel ${channel} has no place ${place} that is a store of objects. See: signalbox config explain channels`,
  };
}

/**
 * Looks at both ends of every edge: at a source once, at a destination where listings do not say that nothing lies there. Failures of stores are thrown: a
 * plan that rests on a guess is none.
 */
export async function readEdges(
  files: Pick<ArtifactFiles, 'list'>,
  stores: OpenedStores,
  edges: readonly Edge[],
): Promise<Result<readonly SeenEdge[], AppProblem>> {
  const places = edges.flatMap(({ from, to }) => [stores.at(from), stores.at(to)]);
  const problems = places.flatMap((place) => (place.ok ? [] : place.problems));
  if (problems.length > 0) return refuseOr(problems, () => []);
  const look = async (at: FileAt): Promise<Lying | null> => {
    const opened = stores.at(at);
    return opened.ok ? lyingIn(opened.value.store, at) : null;
  };
  const sources = new Map<string, Promise<Lying | null>>();
  const lookOnce = (at: FileAt): Promise<Lying | null> => {
    const asked = sources.get(nameOf(at)) ?? look(at);
    sources.set(nameOf(at), asked);
    return asked;
  };
  const free = await freeAmong(
    files,
    edges.map(({ to }) => to),
  );
  return succeed(
    await inLanes(edges, LANES, async (edge): Promise<SeenEdge> => {
      const target = free.has(nameOf(edge.to)) ? null : look(edge.to);
      const [source, there] = await Promise.all([lookOnce(edge.from), target]);
      return { edge, source, target: there };
    }),
  );
}

/** The ends at which nothing lies, as listings tell; of others it is not known. */
async function freeAmong(files: Pick<ArtifactFiles, 'list'>, ends: readonly FileAt[]): Promise<ReadonlySet<string>> {
  const places = [...Map.groupBy(ends, ({ channel, place }) => `${channel}#${place}`).values()];
  const free = await inLanes(places, LANES, async (group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { channel, place } = first;
    const told = await files.list(
      { channel, place },
      group.map(({ key }) => key),
    );
    return [...told].flatMap(([key, file]) => (file === null ? [nameOf({ channel, place, key })] : []));
  });
  return new Set(free.flat());
}

function nameOf({ channel, place, key }: FileAt): string {
  return `${channel} ${place} ${key}`;
}

async function lyingIn(store: ReadableStore, { key }: FileAt): Promise<Lying | null> {
  const found = await store.look(key);
  return found === null ? null : { size: found.size, digest: found.sha256, etag: found.etag };
}

/** Why places cannot be written to: missing keys, or an address that can only be read. Told when the plan is made (PRO-06). */
export function unwritable(
  stores: OpenedStores,
  places: readonly Pick<FileAt, 'channel' | 'place'>[],
): readonly AppProblem[] {
  const each = new Map(places.map((place) => [`${place.channel}#${place.place}`, place]));
  return [...each.values()].flatMap((place) => {
    const opened = stores.at(place);
    if (!opened.ok) return opened.problems;
    return opened.value.writable.ok ? [] : opened.value.writable.problems;
  });
}
