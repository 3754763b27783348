import { elapsedMillis, type Instant } from '../domain/instant.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { CopyFileStep, FileAt } from '../domain/plan/step.ts';
import type { StoreKey } from '../domain/store-key.ts';
import type { ArtifactFiles, FileRef, ListedFile, SeenEnds } from '../ports/artifact-files.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelPlaceRef } from '../ports/index-pages.ts';

/** Seconds for which a listing counts: longer than the copies of a wave of small files take, shorter than a person who copies by hand. */
const COUNTS_FOR = 60;

/** What a listing told of a file, and when it was asked. */
interface Told {
  readonly at: Instant;
  readonly file: ListedFile | null;
}

/**
 * Files for one carrying-out of a plan, where the copies of a wave are not looked at one by one before: their destinations are listed when the first of
 * them is looked at, their sources when the first of them is copied. What a listing told counts for a minute, also for who asks for listings by itself;
 * it stands for the first look at a file, and every later question goes to the store (docs/decisions/0141).
 */
export function withFirstListing(files: ArtifactFiles, plan: Plan, clock: Clock): ArtifactFiles {
  const copies = plan.body.steps.filter((step) => step.kind === 'copy-file');
  const byDestination = new Map(copies.map((step) => [nameOf(step.to), step]));
  const unseen = new Set(byDestination.keys());
  const free = new Map<string, Told>();
  const list = keptListings(files, clock);
  const destinations = listedByWave(list, copies, ({ to }) => to);
  // A source of which no ETag was planned is looked at in any case.
  const known = copies.filter(({ etag }) => etag !== undefined);
  const sources = listedByWave(list, known, ({ from }) => from);
  const isFresh = ({ at }: Told): boolean => isRecent(at, clock);

  async function sourceSeen(step: CopyFileStep): Promise<string | null> {
    if (step.etag === undefined) return null;
    const told = (await sources(step.wave)).get(nameOf(step.from));
    const isSame = told?.file?.etag === step.etag && told.file.size === step.size;
    return isSame && isFresh(told) ? step.etag : null;
  }

  return {
    ...files,
    list: async (at, keys) => new Map([...(await list(at, keys))].map(([key, { file }]) => [key, file])),
    look: async (at) => {
      const name = nameOf(at);
      const step = byDestination.get(name);
      if (step === undefined || !unseen.delete(name)) return files.look(at);
      const told = (await destinations(step.wave)).get(name);
      if (told === undefined || told.file !== null || !isFresh(told)) return files.look(at);
      free.set(name, told);
      return null;
    },
    copy: async (from, to, wanted) => {
      const name = nameOf(to);
      const step = byDestination.get(name);
      if (step === undefined || nameOf(step.from) !== nameOf(from)) return files.copy(from, to, wanted);
      const since = free.get(name);
      free.delete(name);
      const seen: SeenEnds = {
        isFree: since !== undefined && isFresh(since),
        source: wanted.digest === step.digest ? await sourceSeen(step) : null,
      };
      return files.copy(from, to, { ...wanted, seen });
    },
  };
}

type KeptList = (at: ChannelPlaceRef, keys: readonly StoreKey[]) => Promise<ReadonlyMap<StoreKey, Told>>;

/** Listings that are not asked for again within their minute. */
function keptListings(files: ArtifactFiles, clock: Clock): KeptList {
  const kept = new Map<string, Told>();
  const recent = (name: string): Told | null => {
    const told = kept.get(name);
    return told !== undefined && isRecent(told.at, clock) ? told : null;
  };
  return async ({ channel, place }, keys) => {
    const named = keys.map((key) => ({ key, name: nameOf({ channel, place, key }) }));
    const asked = named.filter(({ name }) => recent(name) === null);
    const at = clock.now();
    const answer: ReadonlyMap<StoreKey, ListedFile | null> =
      asked.length === 0
        ? new Map()
        : await files.list(
            { channel, place },
            asked.map(({ key }) => key),
          );
    for (const { key, name } of asked) {
      const file = answer.get(key);
      if (file !== undefined) kept.set(name, { at, file });
    }
    return new Map(
      named.flatMap(({ key, name }) => {
        const told = recent(name);
        return told === null ? [] : [[key, told] as const];
      }),
    );
  };
}

/** Lists one end of all copies of a wave, when it is first asked for; a listing that failed is tried again by the next who asks. */
function listedByWave(
  list: KeptList,
  copies: readonly CopyFileStep[],
  end: (step: CopyFileStep) => FileAt,
): (wave: number) => Promise<ReadonlyMap<string, Told>> {
  const listings = new Map<number, Promise<ReadonlyMap<string, Told>>>();
  const listWave = async (wave: number): Promise<ReadonlyMap<string, Told>> => {
    const ends = copies.filter((step) => step.wave === wave).map(end);
    const places = [...Map.groupBy(ends, ({ channel, place }) => `${channel} ${place}`).values()];
    const told = await Promise.all(
      places.map(async (group) => {
        const [first] = group;
        if (first === undefined) return [];
        const { channel, place } = first;
        const found = await list(
          { channel, place },
          group.map(({ key }) => key),
        );
        return [...found].map(([key, one]) => [nameOf({ channel, place, key }), one] as const);
      }),
    );
    return new Map(told.flat());
  };
  return (wave) => {
    const known = listings.get(wave);
    if (known !== undefined) return known;
    const asked = listWave(wave).catch((error: unknown) => {
      listings.delete(wave);
      throw error;
    });
    listings.set(wave, asked);
    return asked;
  };
}

function isRecent(at: Instant, clock: Clock): boolean {
  return elapsedMillis(at, clock.now()) < COUNTS_FOR * 1000;
}

function nameOf({ channel, place, key }: FileRef): string {
  return `${channel} ${place} ${key}`;
}
