import { ByteSourceError, type ByteSource } from '../domain/byte-source.ts';
import { inLanes } from '../domain/in-lanes.ts';
import type { Train } from '../domain/train/train.ts';
import { checkTogether, type TogetherFacts } from '../wheel/check/check-together.ts';
import { checkWheel } from '../wheel/check/check-wheel.ts';
import type { Finding } from '../wheel/check/checks.ts';
import type { WheelFacts } from '../wheel/check/facts.ts';
import { readWheel } from '../wheel/read-wheel.ts';
import { explain as explainZip } from '../wheel/zip/index.ts';
import { wheelPolicy, type WheelKind, type WheelPlace } from './wheel-policy.ts';

export type { Finding };

/** What opens a file or an address that a person named; compose-sources.ts has the real one. */
export type OpenSource = (
  named: string,
) => Promise<{ readonly source: ByteSource; readonly close: () => Promise<void> }>;

/** Why a file could not be read as a wheel: a code, and what to do. */
export interface Unreadable {
  readonly code: string;
  readonly text: string;
}

/** A wheel that was asked for: what was found in it, or why nothing is known of it. */
export interface CheckedWheel {
  /** As it was asked for. */
  readonly asked: string;
  readonly fileName: string;
  readonly unreadable: Unreadable | null;
  /** Null where it could not be read. */
  readonly seen: {
    readonly name: string | null;
    readonly version: string | null;
    /** In bytes. */
    readonly size: number;
    readonly files: number;
  } | null;
  readonly findings: readonly Finding[];
}

export interface WheelCheck {
  readonly wheels: readonly CheckedWheel[];
  /** What is wrong between them. */
  readonly together: readonly Finding[];
}

export interface CheckRequest {
  readonly asked: readonly string[];
  readonly quick: boolean;
  readonly place: WheelPlace;
  readonly open: OpenSource;
  /** Told before each file is read. */
  readonly onRead?: (asked: string, number: number) => void;
}

/** At a time; each is a stream, or a few small requests. */
const LANES = { quick: 8, whole: 2 } as const;

/** Reads wheels, a few at a time, and checks each by itself and all with each other. One that cannot be read does not keep the others from it. */
export async function checkWheels(train: Train | null, request: CheckRequest): Promise<WheelCheck> {
  const { asked, quick, place } = request;
  let begun = 0;
  const read = await inLanes(asked, quick ? LANES.quick : LANES.whole, async (each) => {
    begun += 1;
    request.onRead?.(each, begun);
    return checkOne(train, each, request);
  });
  const facts = read.flatMap(({ together }) => together ?? []);
  const [first] = facts;
  const policy = wheelPolicy(train, place, first?.kind ?? null);
  return {
    wheels: read.map(({ checked }) => checked),
    together: facts.length < 2 ? [] : checkTogether(facts, policy),
  };
}

interface CheckedOne {
  readonly checked: CheckedWheel;
  readonly together: (TogetherFacts & { readonly kind: WheelKind | null }) | null;
}

async function checkOne(train: Train | null, asked: string, request: CheckRequest): Promise<CheckedOne> {
  const { facts, unreadable } = await readFileOf(asked, request);
  const fileName = fileNameOf(asked);
  if (facts === null) return { checked: { asked, fileName, unreadable, seen: null, findings: [] }, together: null };
  const kind = kindOf(facts);
  const { metadata, size, entries } = facts;
  const { name = null, version = null } = metadata?.value ?? {};
  const findings = checkWheel(facts, wheelPolicy(train, request.place, kind));
  return {
    checked: { asked, fileName, unreadable: null, seen: { name, version, size, files: entries.length }, findings },
    together: { fileName, metadata, kind },
  };
}

/** What of a wheel its policy depends on: what its name says, or its METADATA where the name says nothing. */
function kindOf({ name, metadata }: WheelFacts): WheelKind | null {
  if (name.ok) return { name: name.value.name, version: name.value.version };
  const { normalName = null, version = null } = metadata?.value ?? {};
  return normalName === null || version === null ? null : { name: normalName, version };
}

/** Reads one wheel; what keeps it from being read is a part of the answer. */
export async function readFileOf(
  asked: string,
  { open, quick }: Pick<CheckRequest, 'open' | 'quick'>,
): Promise<{ readonly facts: WheelFacts | null; readonly unreadable: Unreadable | null }> {
  try {
    const { source, close } = await open(asked);
    try {
      const read = await readWheel(source, { fileName: fileNameOf(asked), quick });
      if (read.ok) return { facts: read.value, unreadable: null };
      const [first] = read.problems;
      return { facts: null, unreadable: { code: first.code, text: explainZip(first) } };
    } finally {
      await close();
    }
  } catch (error) {
    if (!(error instanceof ByteSourceError)) throw error;
    return { facts: null, unreadable: { code: error.code, text: error.message } };
  }
}

/** The name of the file that a path or an address ends in; `%2B` of an address is a plus sign. */
function fileNameOf(asked: string): string {
  if (!/^https?:\/\//i.test(asked) || !URL.canParse(asked)) return asked.slice(asked.lastIndexOf('/') + 1);
  const path = new URL(asked).pathname;
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch (error) {
    if (error instanceof URIError) return last;
    throw error;
  }
}
