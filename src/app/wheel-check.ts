import { ByteSourceError, type ByteSource } from '../domain/byte-source.ts';
import type { Train } from '../domain/train/train.ts';
import { checkTogether } from '../wheel/check/check-together.ts';
import { checkWheel } from '../wheel/check/check-wheel.ts';
import type { Finding } from '../wheel/check/checks.ts';
import type { WheelFacts } from '../wheel/check/facts.ts';
import { readWheel } from '../wheel/read-wheel.ts';
import { explain as explainZip } from '../wheel/zip/index.ts';
import { wheelPolicy, type WheelKind, type WheelPlace } from './wheel-policy.ts';

export type { Finding, WheelFacts };

/** What opens a file or an address that a person named; compose-sources.ts has the real one. */
export type OpenSource = (
  named: string,
) => Promise<{ readonly source: ByteSource; readonly close: () => Promise<void> }>;

/** A wheel that was asked for: what is known of it, or why nothing is. */
export interface ReadFile {
  /** As it was asked for. */
  readonly asked: string;
  readonly fileName: string;
  readonly facts: WheelFacts | null;
  /** Why it could not be read: a code, and what to do; null where it was. */
  readonly unreadable: { readonly code: string; readonly text: string } | null;
}

export interface CheckedWheel extends ReadFile {
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

/** Reads wheels one after the other and checks each by itself and all with each other. One that cannot be read does not keep the others from it. */
export async function checkWheels(train: Train | null, request: CheckRequest): Promise<WheelCheck> {
  const wheels: CheckedWheel[] = [];
  for (const [index, asked] of request.asked.entries()) {
    request.onRead?.(asked, index + 1);
    const file = await readFileOf(asked, request);
    const findings =
      file.facts === null ? [] : checkWheel(file.facts, wheelPolicy(train, request.place, kindOf(file.facts)));
    wheels.push({ ...file, findings });
  }
  const facts = wheels.flatMap((each) => (each.facts === null ? [] : [each.facts]));
  const [first] = facts;
  const policy = wheelPolicy(train, request.place, first === undefined ? null : kindOf(first));
  return { wheels, together: facts.length < 2 ? [] : checkTogether(facts, policy) };
}

/** What of a wheel its policy depends on: what its name says, or its METADATA where the name says nothing. */
export function kindOf({ name, metadata }: WheelFacts): WheelKind | null {
  if (name.ok) return { name: name.value.name, version: name.value.version };
  const { normalName = null, version = null } = metadata?.value ?? {};
  return normalName === null || version === null ? null : { name: normalName, version };
}

/** Reads one wheel; what keeps it from being read is a part of the answer. */
export async function readFileOf(
  asked: string,
  { open, quick }: Pick<CheckRequest, 'open' | 'quick'>,
): Promise<ReadFile> {
  const fileName = fileNameOf(asked);
  const unread = { asked, fileName, facts: null };
  try {
    const { source, close } = await open(asked);
    try {
      const read = await readWheel(source, { fileName, quick });
      if (read.ok) return { asked, fileName, facts: read.value, unreadable: null };
      const [first] = read.problems;
      return { ...unread, unreadable: { code: first.code, text: explainZip(first) } };
    } finally {
      await close();
    }
  } catch (error) {
    if (!(error instanceof ByteSourceError)) throw error;
    return { ...unread, unreadable: { code: error.code, text: error.message } };
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
