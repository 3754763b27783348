import type { WheelEntry, WheelFacts } from '../wheel/check/facts.ts';
import { expandTags } from '../wheel/tags.ts';

/** What a wheel says of itself: from its file name, METADATA, WHEEL, entry points and directory. */
export interface WheelSummary {
  readonly fileName: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly summary: string | null;
  readonly tags: readonly string[];
  readonly build: string | null;
  readonly variant: string | null;
  readonly generator: string | null;
  readonly metadataVersion: string | null;
  readonly license: string | null;
  readonly requiresPython: string | null;
  readonly requiresDist: readonly string[];
  readonly extras: readonly string[];
  readonly entryPoints: readonly { readonly group: string; readonly name: string; readonly target: string }[];
  readonly topLevel: readonly string[];
  /** In bytes: of the file, and of all that is in it. */
  readonly size: number;
  readonly unpacked: number;
  readonly files: number;
  readonly largest: readonly { readonly path: string; readonly size: number }[];
  /** How many things in its texts are wrong. */
  readonly mistakes: number;
}

const LARGEST = 5;

/** What lies at the top, but for the folders that tell of the wheel itself. */
function topLevelOf({ entries }: WheelFacts): readonly string[] {
  const tops = new Set<string>();
  let last = '';
  for (const { path } of entries) {
    // Neighbours mostly lie in one folder.
    if (path[last.length] === '/' && path.startsWith(last)) continue;
    const slash = path.indexOf('/');
    last = slash === -1 ? path : path.slice(0, slash);
    if (slash === -1 || !/\.(dist-info|data)$/.test(last)) tops.add(last);
  }
  return [...tops].toSorted();
}

/** The largest files, those that come first where some are as large; without sorting all of them. */
function largestOf({ entries }: WheelFacts): readonly WheelEntry[] {
  let largest: readonly WheelEntry[] = [];
  for (const entry of entries) {
    if (largest.length === LARGEST && entry.size <= (largest.at(-1)?.size ?? 0)) continue;
    largest = [...largest, entry].toSorted((left, right) => right.size - left.size).slice(0, LARGEST);
  }
  return largest;
}

/** What there is to tell of a wheel, the file name's word first where two say different things. */
export function summarizeWheel(facts: WheelFacts): WheelSummary {
  const named = facts.name.ok ? facts.name.value : null;
  const metadata = facts.metadata?.value ?? null;
  const wheel = facts.wheel?.value ?? null;
  return {
    fileName: facts.fileName,
    name: metadata?.name ?? named?.writtenName ?? null,
    version: metadata?.version ?? named?.version ?? null,
    summary: metadata?.summary ?? null,
    tags: named === null ? (wheel?.tags ?? []) : expandTags(named.tags),
    build: named?.build ?? wheel?.build ?? null,
    variant: named?.variant ?? null,
    generator: wheel?.generator ?? null,
    metadataVersion: metadata?.metadataVersion ?? null,
    license: metadata?.licenseExpression ?? metadata?.license ?? null,
    requiresPython: metadata?.requiresPython?.text ?? null,
    requiresDist: (metadata?.requiresDist ?? []).map(({ text }) => text),
    extras: metadata?.extras ?? [],
    entryPoints: (facts.entryPoints?.value.points ?? []).map(({ group, name, module, object }) => ({
      group,
      name,
      target: `${module ?? ''}${object === null ? '' : `:${object}`}`,
    })),
    topLevel: topLevelOf(facts),
    size: facts.size,
    unpacked: facts.entries.reduce((sum, { size }) => sum + size, 0),
    files: facts.entries.length,
    largest: largestOf(facts),
    mistakes:
      (metadata?.problems.length ?? 0) +
      (wheel?.problems.length ?? 0) +
      (facts.entryPoints?.value.problems.length ?? 0) +
      (facts.record?.value.problems.length ?? 0),
  };
}
