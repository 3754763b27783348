import { addSeconds, type Instant } from '../domain/instant.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { CopyFileStep, FileAt } from '../domain/plan/step.ts';
import type { ArtifactFiles, FileRef, ListedFile, SeenEnds } from '../ports/artifact-files.ts';
import type { Clock } from '../ports/clock.ts';

/** Seconds for which a listing counts: longer than the copies of a wave of small files take, shorter than a person who copies by hand. */
const COUNTS_FOR = 60;

/** What listings told of places, and when they were asked for. */
interface Listing {
  readonly at: Instant;
  readonly told: ReadonlyMap<string, ListedFile | null>;
}

/**
 * Files for one carrying-out of a plan, where the copies of a wave are not looked at one by one before: their destinations are listed when the first of
 * them is looked at, their sources when the first of them is copied. What a listing told is used once and for a minute; every later question goes to
 * the store (docs/decisions/0141).
 */
export function withFirstListing(files: ArtifactFiles, plan: Plan, clock: Clock): ArtifactFiles {
  const copies = plan.body.steps.filter((step) => step.kind === 'copy-file');
  const byDestination = new Map(copies.map((step) => [nameOf(step.to), step]));
  const unseen = new Set(byDestination.keys());
  const free = new Map<string, Instant>();
  const destinations = listedByWave(files, clock, copies, ({ to }) => to);
  // A source of which no ETag was planned is looked at in any case.
  const sources = listedByWave(
    files,
    clock,
    copies.filter(({ etag }) => etag !== undefined),
    ({ from }) => from,
  );
  const isFresh = (at: Instant): boolean => clock.now() < addSeconds(at, COUNTS_FOR);

  async function sourceSeen(step: CopyFileStep): Promise<string | null> {
    if (step.etag === undefined) return null;
    const { at, told } = await sources(step.wave);
    const found = told.get(nameOf(step.from));
    const isSame = found?.etag === step.etag && found.size === step.size;
    return isSame && isFresh(at) ? step.etag : null;
  }

  return {
    ...files,
    look: async (at) => {
      const name = nameOf(at);
      const step = byDestination.get(name);
      if (step === undefined || !unseen.delete(name)) return files.look(at);
      const { at: asked, told } = await destinations(step.wave);
      if (told.get(name) !== null) return files.look(at);
      free.set(name, asked);
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

/** Lists one end of all copies of a wave, when it is first asked for; a listing that failed is tried again by the next who asks. */
function listedByWave(
  files: ArtifactFiles,
  clock: Clock,
  copies: readonly CopyFileStep[],
  end: (step: CopyFileStep) => FileAt,
): (wave: number) => Promise<Listing> {
  const listings = new Map<number, Promise<Listing>>();
  const list = async (wave: number): Promise<Listing> => {
    const at = clock.now();
    const ends = copies.filter((step) => step.wave === wave).map(end);
    const places = [...Map.groupBy(ends, ({ channel, place }) => `${channel} ${place}`).values()];
    const told = await Promise.all(
      places.map(async (group) => {
        const [first] = group;
        if (first === undefined) return [];
        const { channel, place } = first;
        const found = await files.list(
          { channel, place },
          group.map(({ key }) => key),
        );
        return [...found].map(([key, file]) => [nameOf({ channel, place, key }), file] as const);
      }),
    );
    return { at, told: new Map(told.flat()) };
  };
  return (wave) => {
    const known = listings.get(wave);
    if (known !== undefined) return known;
    const asked = list(wave).catch((error: unknown) => {
      listings.delete(wave);
      throw error;
    });
    listings.set(wave, asked);
    return asked;
  };
}

function nameOf({ channel, place, key }: FileRef): string {
  return `${channel} ${place} ${key}`;
}
