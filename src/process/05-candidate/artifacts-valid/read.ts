import type { CellKey } from '../../../domain/artifact.ts';
import type { ByteSource } from '../../../domain/byte-source.ts';
import type { Digest } from '../../../domain/canonical-json.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import { failureCode } from '../../../domain/observation.ts';
import type { RepoKey } from '../../../domain/repo.ts';
import type { KeptReadings } from '../../../ports/kept-readings.ts';
import { checkWheel } from '../../../wheel/check/check-wheel.ts';
import type { WheelPolicy } from '../../../wheel/check/policy.ts';
import { digestingSource } from '../../../wheel/digesting-source.ts';
import { readWheel } from '../../../wheel/read-wheel.ts';
import { explain } from '../../../wheel/zip/index.ts';
import { readingKey, readingOf, WheelReading } from './reading.ts';

/** A wheel of a candidate: where it lies, what it is said to be, and what is asked of it. */
export interface CandidateWheel {
  readonly repo: RepoKey;
  readonly cell: CellKey;
  /** Below the address of the place. */
  readonly key: string;
  readonly fileName: string;
  /** In bytes. */
  readonly size: number;
  /** As it was recorded with the file: a claim, until the bytes were read. */
  readonly digest: Digest;
  readonly policy: WheelPolicy;
  readonly source: ByteSource;
}

/** What is known of a wheel's bytes. */
export type WheelState =
  | { readonly state: 'read'; readonly reading: WheelReading }
  /** Nobody has read it whole yet. */
  | { readonly state: 'unread' }
  | { readonly state: 'unreadable'; readonly reason: string };

export interface JudgedWheel {
  readonly wheel: CandidateWheel;
  readonly known: WheelState;
}

const KIND = 'wheel';
/** Wheels are large: more at once only wait for each other. */
const LANES = 4;

/**
 * What is known of each wheel. Reading one whole takes as long as its bytes take: those that nobody has read are read now when they come to `atMost`
 * bytes together, and stay `unread` otherwise.
 */
export async function readCandidateWheels(
  wheels: readonly CandidateWheel[],
  { kept, atMost }: { readonly kept: KeptReadings; readonly atMost: number },
): Promise<readonly JudgedWheel[]> {
  const before = await inLanes(wheels, LANES, async (wheel) => {
    const key = readingKey(wheel.digest, wheel.fileName, wheel.policy);
    const found = WheelReading.safeParse(await kept.get(KIND, key));
    return { wheel, key, reading: found.success ? found.data : null };
  });
  const unread = before.reduce((sum, { wheel, reading }) => sum + (reading === null ? wheel.size : 0), 0);
  return inLanes(before, LANES, async ({ wheel, key, reading }): Promise<JudgedWheel> => {
    if (reading !== null) return { wheel, known: { state: 'read', reading } };
    if (unread > atMost) return { wheel, known: { state: 'unread' } };
    const known = await readWhole(wheel);
    // Other bytes than promised may be put right under the same name: nothing is kept of them.
    if (known.state === 'read' && known.reading.digest === wheel.digest) await kept.put(KIND, key, known.reading);
    return { wheel, known };
  });
}

async function readWhole({ source, fileName, policy }: CandidateWheel): Promise<WheelState> {
  try {
    const digesting = digestingSource(source);
    const { size } = await source.tail(0);
    const facts = await readWheel(digesting.source, { fileName, quick: false });
    const digest = await digesting.digest(size);
    const reading: WheelReading = facts.ok
      ? readingOf(digest, facts.value, checkWheel(facts.value, policy))
      : { digest, findings: [], broken: explain(facts.problems[0]), metadata: null };
    return { state: 'read', reading };
  } catch (error) {
    if (!(error instanceof Error) || failureCode(error) === null) throw error;
    return { state: 'unreadable', reason: error.message };
  }
}
