import { array, assert, constant, nat, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../domain/byte-source.ts';
import { planParts, type Part } from './parts.ts';

const limits = { smallestPart: 50, largestCopy: 1000, mostParts: 100, sentPart: 120 };

/** Which byte stands where: a place in the source, or the how-manieth new byte. */
function bytesOf(pieces: readonly Piece[]): readonly string[] {
  let fresh = 0;
  return pieces.flatMap((piece) =>
    piece.kind === 'copy'
      ? Array.from({ length: piece.length }, (_each, index) => `old ${piece.offset + index}`)
      : [...piece.bytes].map(() => `new ${(fresh += 1)}`),
  );
}

function piecesOf(parts: readonly Part[]): readonly Piece[] {
  return parts.flatMap((part) => (part.kind === 'copy' ? [part] : part.pieces));
}

const lengthOf = (part: Part): number => part.length;

const pieces = array(
  oneof(
    record({ kind: constant('copy' as const), offset: nat(5000), length: oneof(nat(80), nat(3000)) }),
    nat(200).map((length) => ({ kind: 'bytes' as const, bytes: new Uint8Array(length) })),
  ),
  { maxLength: 12 },
);

const shapeOf = (all: readonly Piece[]): readonly string[] | null => {
  const size = all.reduce((sum, piece) => sum + (piece.kind === 'copy' ? piece.length : piece.bytes.length), 0);
  return planParts({ size, pieces: all }, limits)?.map((part) => `${part.kind} ${part.length}`) ?? null;
};
const copy = (offset: number, length: number): Piece => ({ kind: 'copy', offset, length });
const fresh = (length: number): Piece => ({ kind: 'bytes', bytes: new Uint8Array(length) });

describe('an object composed of parts', () => {
  it('has the bytes of the splice, in parts that a store takes, whatever the pieces', () => {
    assert(
      property(pieces, (all) => {
        const expected = bytesOf(all);
        const parts = planParts({ size: expected.length, pieces: all }, limits);
        if (parts === null) return;
        expect(bytesOf(piecesOf(parts))).toEqual(expected);
        expect(parts.map(lengthOf)).toEqual(parts.map((part) => bytesOf(piecesOf([part])).length));
        for (const [index, part] of parts.entries()) {
          expect(part.length).toBeGreaterThanOrEqual(index < parts.length - 1 ? limits.smallestPart : 1);
          expect(part.length).toBeLessThanOrEqual(part.kind === 'copy' ? limits.largestCopy : limits.sentPart);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a wheel whose end is new', [copy(0, 900), fresh(30)], ['copy 900', 'send 30']],
    ['pieces that follow on in the source', [copy(0, 400), copy(400, 500), fresh(3)], ['copy 900', 'send 3']],
    ['a new beginning, made long enough by what follows', [fresh(10), copy(0, 900)], ['send 50', 'copy 860']],
    ['a change in the middle', [copy(0, 500), fresh(5), copy(600, 400)], ['copy 500', 'send 50', 'copy 355']],
    ['more than one copy may have', [copy(0, 2500)], ['copy 834', 'copy 834', 'copy 832']],
    ['mostly new bytes: everything is sent', [copy(0, 100), fresh(101)], null],
    ['only crumbs of the source: everything is sent', [copy(0, 30), fresh(1), copy(40, 30)], null],
    ['more parts than a store takes', [copy(0, 200_000)], null],
  ] as const)('%s', (_name, all, expected) => {
    expect(shapeOf(all)).toEqual(expected);
  });
});
