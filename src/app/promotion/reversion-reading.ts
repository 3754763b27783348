import { z } from 'zod';
import type { ByteSource } from '../../domain/byte-source.ts';
import { Digest, digestOf } from '../../domain/canonical-json.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { splicedBytes } from '../../domain/splice.ts';
import type { KeptReadings } from '../../ports/kept-readings.ts';
import { digestingSource } from '../../wheel/digesting-source.ts';
import { explain, reversionOf, type ReversionOrder } from '../../wheel/reversion/index.ts';
import type { AppProblem } from '../problem.ts';

/** What a wheel becomes. */
const ReversionReading = z.strictObject({
  fileName: z.string(),
  size: z.int().min(1),
  digest: Digest,
  /** False for a wheel that needs nothing changed: it is copied as it is. */
  changed: z.boolean(),
});
export type ReversionReading = z.infer<typeof ReversionReading>;

const KIND = 'reversion';

/** Another number when the same wheel and order come to other bytes. */
const EDITION = 1;

export interface WheelToRead {
  readonly fileName: string;
  readonly size: number;
  readonly digest: Digest;
  readonly source: ByteSource;
}

/**
 * What a wheel becomes by an order: read as a stream once, and kept by its digest, since the same bytes and order always come to the same. A wheel whose
 * bytes are not the recorded ones gives nothing.
 */
export async function readReversion(
  kept: KeptReadings,
  { fileName, size, digest, source }: WheelToRead,
  order: ReversionOrder,
): Promise<Result<ReversionReading, AppProblem>> {
  const of = digestOf({ edition: EDITION, wheel: digest, fileName, order: { ...order } });
  const known = ReversionReading.safeParse(await kept.get(KIND, of));
  if (known.success) return succeed(known.data);
  const digesting = digestingSource(source);
  const planned = await reversionOf(digesting.source, fileName, order);
  if (!planned.ok) {
    const [first, ...rest] = planned.problems.map((problem): AppProblem => ({
      kind: 'conflict',
      code: `reversion-${problem.code}`,
      text: explain(problem),
    }));
    return first === undefined ? refuse(otherBytes(fileName, digest)) : refuse(first, ...rest);
  }
  const result = runningDigest();
  for await (const bytes of splicedBytes(digesting.source, planned.value.splice)) result.add(bytes);
  if ((await digesting.digest(size)) !== digest) return refuse(otherBytes(fileName, digest));
  const reading: ReversionReading = {
    fileName: planned.value.to.fileName,
    size: planned.value.splice.size,
    digest: result.digest(),
    changed: planned.value.changes.length > 0,
  };
  await kept.put(KIND, of, reading);
  return succeed(reading);
}

function otherBytes(fileName: string, digest: Digest): AppProblem {
  return {
    kind: 'conflict',
    code: 'edge-lost',
    text: `The bytes of ${fileName} in its channel are not those that were recorded (${digest}), though they are said to be. Find out who wrote them; the backup has the right ones.`,
  };
}
