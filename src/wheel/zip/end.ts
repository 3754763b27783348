import type { Tail } from '../../domain/byte-source.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { END, END64, LOCATOR64, long, MAX16, MAX32, viewOf } from './layout.ts';
import type { ZipProblem } from './problem.ts';

/** What the end of a zip says of its directory. */
export interface ZipEnd {
  readonly offset: number;
  readonly length: number;
  readonly entries: number;
  readonly comment: Uint8Array;
}

interface Place {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the view begins in the file. */
  readonly base: number;
  readonly file: string;
}

/** Places of the tail, from the end, that look like the end record; the second part is whether its comment ends with the file. */
function findCandidates({ view, bytes }: Place): readonly (readonly [at: number, fits: boolean])[] {
  const found: (readonly [number, boolean])[] = [];
  const last = view.byteLength - END.length;
  const first = Math.max(0, last - END.longestComment);
  if (last < 0) return found;
  for (let at = bytes.lastIndexOf(0x50, last); at >= first; at = at === 0 ? -1 : bytes.lastIndexOf(0x50, at - 1)) {
    if (view.getUint32(at, true) !== END.signature) continue;
    found.push([at, view.getUint16(at + 20, true) === last - at]);
  }
  return found;
}

/** The end record: the one place where every program finds it. Null when there is none. */
function findEndRecord(place: Place): Result<number | null, ZipProblem> {
  const { view, base, file } = place;
  const candidates = findCandidates(place);
  const [last] = candidates;
  if (last === undefined) return succeed(null);
  const [at, fits] = last;
  const other = candidates.find(([, whole], index) => whole && index > 0);
  if (other !== undefined) return refuse({ code: 'two-ends', file, first: base + other[0], second: base + at });
  if (fits) return succeed(at);
  const bytes = view.byteLength - END.length - at - view.getUint16(at + 20, true);
  return bytes > 0
    ? refuse({ code: 'bytes-after-end', file, bytes })
    : refuse({ code: 'end-broken', file, why: 'its comment would reach over the end of the file' });
}

interface Numbers {
  readonly disk: number;
  readonly directoryDisk: number;
  readonly entriesHere: number;
  readonly entries: number;
  readonly length: number;
  readonly offset: number;
}

function short(view: DataView, at: number): Numbers {
  return {
    disk: view.getUint16(at + 4, true),
    directoryDisk: view.getUint16(at + 6, true),
    entriesHere: view.getUint16(at + 8, true),
    entries: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
}

/** The record of the zip64 form, when there is one before the end record: it must lie just there, and say the same where the other says anything. */
function zip64({ view, base, file }: Place, end: number): Result<Numbers | null, ZipProblem> {
  const locator = end - LOCATOR64.length;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR64.signature) return succeed(null);
  const broken = (why: string) => refuse<ZipProblem>({ code: 'end-broken', file, why });
  const at = locator - END64.length;
  if (long(view, locator + 8) !== base + at || at < 0 || view.getUint32(at, true) !== END64.signature) {
    return broken('the zip64 record is not where its locator says, just before it');
  }
  if (long(view, at + 4) !== END64.length - 12) return broken('the zip64 record has an unknown length');
  if (view.getUint32(locator + 4, true) !== 0 || view.getUint32(locator + 16, true) > 1) {
    return refuse({ code: 'several-disks', file });
  }
  const long64: Numbers = {
    disk: view.getUint32(at + 16, true),
    directoryDisk: view.getUint32(at + 20, true),
    entriesHere: long(view, at + 24),
    entries: long(view, at + 32),
    length: long(view, at + 40),
    offset: long(view, at + 48),
  };
  const said = short(view, end);
  const agrees =
    [said.entries, said.entriesHere].every((count) => count === MAX16 || count === long64.entries) &&
    [said.disk, said.directoryDisk].every((disk) => disk === MAX16 || disk === 0) &&
    (said.length === MAX32 || said.length === long64.length) &&
    (said.offset === MAX32 || said.offset === long64.offset);
  return agrees ? succeed(long64) : broken('the zip64 record and the end record say different things');
}

/**
 * Finds the end of a zip in the last bytes of the file, and what it says of the directory; null when there is no end. Refuses what two programs
 * could read in two ways.
 */
export function readEnd(file: string, tail: Tail): Result<ZipEnd | null, ZipProblem> {
  const place: Place = { bytes: tail.bytes, view: viewOf(tail.bytes), base: tail.size - tail.bytes.length, file };
  const found = findEndRecord(place);
  if (!found.ok || found.value === null) return found.ok ? succeed(null) : found;
  const at = found.value;
  const extended = zip64(place, at);
  if (!extended.ok) return extended;
  const numbers = extended.value ?? short(place.view, at);
  if (numbers.disk !== 0 || numbers.directoryDisk !== 0 || numbers.entries !== numbers.entriesHere) {
    return refuse({ code: 'several-disks', file });
  }
  const room = place.base + at - (extended.value === null ? 0 : LOCATOR64.length + END64.length);
  const between = room - numbers.length - numbers.offset;
  if (between > 0 && numbers.length > 0) return refuse({ code: 'bytes-before-start', file, bytes: between });
  if (between !== 0) return refuse({ code: 'directory-misplaced', file, claimed: numbers.offset, room });
  const comment = tail.bytes.slice(at + END.length);
  return succeed({ offset: numbers.offset, length: numbers.length, entries: numbers.entries, comment });
}
