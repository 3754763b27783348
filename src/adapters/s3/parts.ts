import type { Piece, Splice } from '../../domain/byte-source.ts';

/** A part of an object that is composed in the store. */
export type Part =
  | { readonly kind: 'copy'; readonly offset: number; readonly length: number }
  | { readonly kind: 'send'; readonly pieces: readonly Piece[]; readonly length: number };

export interface PartLimits {
  readonly smallestPart: number;
  readonly largestCopy: number;
  readonly mostParts: number;
  readonly sentPart: number;
}

function lengthOf(piece: Piece): number {
  return piece.kind === 'copy' ? piece.length : piece.bytes.length;
}

/** The first `length` bytes of a piece, and the rest. */
function cut(piece: Piece, length: number): readonly [Piece, Piece] {
  if (piece.kind === 'bytes') {
    const { bytes } = piece;
    return [
      { kind: 'bytes', bytes: bytes.subarray(0, length) },
      { kind: 'bytes', bytes: bytes.subarray(length) },
    ];
  }
  const { offset } = piece;
  return [
    { kind: 'copy', offset, length },
    { kind: 'copy', offset: offset + length, length: piece.length - length },
  ];
}

/** Without empty pieces, and what follows on in the source as one. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (lengthOf(piece) === 0) continue;
    if (piece.kind === 'copy' && last?.kind === 'copy' && last.offset + last.length === piece.offset) {
      all.splice(-1, 1, { kind: 'copy', offset: last.offset, length: last.length + piece.length });
    } else all.push(piece);
  }
  return all;
}

/** A long copy as equal parts that the store allows. */
function copies(offset: number, length: number, largest: number): readonly Part[] {
  const count = Math.ceil(length / largest);
  const each = Math.ceil(length / count);
  return Array.from({ length: count }, (_part, index) => {
    const at = index * each;
    return { kind: 'copy' as const, offset: offset + at, length: Math.min(each, length - at) };
  });
}

/** What is sent, in parts that fit into memory. */
function sends(pieces: readonly Piece[], limit: number): readonly Part[] {
  const length = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  const each = Math.ceil(length / Math.ceil(length / limit));
  const parts: Part[] = [];
  let now: Piece[] = [];
  let room = each;
  for (const piece of pieces) {
    let rest = piece;
    while (lengthOf(rest) >= room) {
      const [first, second] = cut(rest, room);
      parts.push({ kind: 'send', pieces: [...now, first], length: each });
      [now, room, rest] = [[], each, second];
    }
    if (lengthOf(rest) === 0) continue;
    now.push(rest);
    room -= lengthOf(rest);
  }
  if (now.length > 0) parts.push({ kind: 'send', pieces: now, length: each - room });
  return parts;
}

/**
 * A splice as parts that a store takes: long pieces of the source are copied where they lie, the rest is sent, together with as much of its
 * neighbours as makes a part long enough. Null where that would send most of it anyway, or needs more parts than a store takes.
 */
export function planParts(splice: Splice, limits: PartLimits): readonly Part[] | null {
  const { smallestPart, largestCopy, mostParts } = limits;
  // Two parts of equal halves must still be long enough.
  const sentAtMost = Math.max(limits.sentPart, 2 * smallestPart);
  const parts: Part[] = [];
  let pending: Piece[] = [];
  let waiting = 0;
  const flush = (): void => {
    if (waiting > 0) parts.push(...sends(pending, sentAtMost));
    [pending, waiting] = [[], 0];
  };
  const wait = (piece: Piece): void => {
    pending.push(piece);
    waiting += lengthOf(piece);
  };
  for (const piece of joined(splice.pieces)) {
    const missing = waiting === 0 ? 0 : Math.max(0, smallestPart - waiting);
    if (piece.kind === 'bytes' || piece.length - missing < smallestPart) {
      wait(piece);
      continue;
    }
    if (missing > 0) wait({ kind: 'copy', offset: piece.offset, length: missing });
    flush();
    parts.push(...copies(piece.offset + missing, piece.length - missing, largestCopy));
  }
  flush();
  const copied = parts.reduce((sum, part) => sum + (part.kind === 'copy' ? part.length : 0), 0);
  return copied * 2 < splice.size || parts.length > mostParts ? null : parts;
}
