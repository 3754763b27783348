import type { Digest } from './canonical-json.ts';
import type { Lying } from './edge.ts';
import type { Gate } from './gate.ts';
import type { Evidence, Observed } from './observation.ts';

/** A file that has to lie somewhere, and what does lie there. */
export interface SeenFile {
  /** Where, for people: `stable/cu126/torch-….whl`. */
  readonly where: string;
  readonly size: number;
  readonly digest: Digest;
  readonly found: Lying | null;
}

/** Why a file is not as it has to be; null when it is. A file without a recorded digest is not: nobody can say what it is. */
function faultOf({ size, digest, found }: SeenFile): 'missing' | 'other' | 'unproved' | null {
  if (found === null) return 'missing';
  if (found.digest === null) return found.size === size ? 'unproved' : 'other';
  return found.digest === digest && found.size === size ? null : 'other';
}

const WORDS = { missing: 'missing', other: 'with other bytes', unproved: 'without a recorded sha256' } as const;
const SHOWN = 20;

export interface PresenceGate {
  readonly gate: Pick<Gate, 'id' | 'owners' | 'waiver' | 'since'>;
  /** `81 files of 2.8.0-rc3 in backup`, without the number. */
  readonly what: string;
  /** What brings missing files there. */
  readonly fix: string;
  /** What makes nobody able to say what a file is go away. */
  readonly repair: string;
  readonly rerun: string;
}

/** A gate that is open when every file lies where it has to, with its size and digest; closed by any other, and by what could not be read. */
export function presenceGate(
  files: Observed<readonly SeenFile[]>,
  { gate, what, fix, repair, rerun }: PresenceGate,
): Gate {
  if (!files.known) {
    return {
      ...gate,
      verdict: 'no-data',
      summary: `could not be read: ${files.reason}`,
      evidence: [],
      fix: `make it readable, then ${rerun}`,
    };
  }
  const faults = files.value.flatMap((file) => {
    const fault = faultOf(file);
    return fault === null ? [] : [{ file, fault }];
  });
  const { at, source } = files;
  const evidence = (text: string): Evidence => ({ text, source, at });
  const all = files.value.length;
  if (all === 0) return { ...gate, verdict: 'no-data', summary: `no ${what}`, evidence: [], fix: rerun };
  if (faults.length === 0) {
    return {
      ...gate,
      verdict: 'pass',
      summary: `all ${all} ${what}`,
      evidence: [evidence(`${all} sha256 agree`)],
      fix: null,
    };
  }
  const counts = [...Map.groupBy(faults, ({ fault }) => fault)].map(
    ([fault, some]) => `${some.length} ${WORDS[fault]}`,
  );
  const isOnlyMissing = faults.every(({ fault }) => fault === 'missing');
  const isRepairable = faults.every(({ fault }) => fault !== 'other');
  return {
    ...gate,
    verdict: isOnlyMissing ? 'queued' : 'failing',
    summary: `${all - faults.length} of ${all} ${what}: ${counts.join(', ')}`,
    evidence: [
      ...faults.slice(0, SHOWN).map(({ file, fault }) => evidence(`${file.where} is ${WORDS[fault]}`)),
      ...(faults.length > SHOWN ? [evidence(`and ${faults.length - SHOWN} more`)] : []),
    ],
    fix: isOnlyMissing ? fix : isRepairable ? repair : `find out who wrote them, then ${rerun}`,
  };
}
