import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Piece, Splice } from '../../domain/byte-source.ts';
import { openFile, type FileSource } from './file-source.ts';
import { passOver } from './splice-pass.ts';
import { writeSplice, writeUndigested } from './write-splice.ts';

const SIZE = 5_000_000;
const INPUT = Uint8Array.from({ length: SIZE }, (_, index) => (index * 7919 + (index >> 8)) % 251);

let dir: string;
let source: FileSource;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'signalbox-splice-'));
  await writeFile(join(dir, 'in.whl'), INPUT);
  source = await openFile(join(dir, 'in.whl'));
  await mkdir(join(dir, 'out'));
});
afterEach(async () => {
  await source.close();
  await rm(dir, { recursive: true });
});

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const copy = (offset: number, length: number): Piece => ({ kind: 'copy', offset, length });
const bytes = (text: string): Piece => ({ kind: 'bytes', bytes: Buffer.from(text) });

function spliceOf(...pieces: readonly Piece[]): Splice {
  return {
    size: pieces.reduce((sum, piece) => sum + (piece.kind === 'copy' ? piece.length : piece.bytes.length), 0),
    pieces,
  };
}

function expected({ pieces }: Splice): Buffer {
  return Buffer.concat(
    pieces.map((piece) =>
      piece.kind === 'copy' ? INPUT.subarray(piece.offset, piece.offset + piece.length) : piece.bytes,
    ),
  );
}

const target = (): string => join(dir, 'out', 'new.whl');
const write = (splice: Splice) => writeSplice({ source, splice, target: target() });

describe('a splice becomes a file, and both digests are told', () => {
  const table: readonly [string, Splice][] = [
    ['the same again', spliceOf(copy(0, SIZE))],
    ['new bytes first', spliceOf(bytes('new'), copy(0, SIZE))],
    ['new bytes last', spliceOf(copy(0, SIZE), bytes('new'))],
    ['new bytes in the middle', spliceOf(copy(0, 3_000_000), bytes('new'), copy(3_000_100, 1_999_900))],
    ['parts left out', spliceOf(copy(17, 1_048_576), copy(2_000_000, 1), copy(4_999_999, 1))],
    ['several new bytes in a row', spliceOf(copy(0, 1_048_576), bytes('a'), bytes('b'), bytes('c'))],
    ['only new bytes', spliceOf(bytes('all new'))],
    ['nothing', spliceOf()],
  ];
  it.each(table)('%s', async (_name, splice) => {
    const receipt = await write(splice);
    const written = await readFile(target());
    expect(written.equals(expected(splice))).toBe(true);
    expect(receipt).toEqual({ input: digestOf(INPUT), output: digestOf(written), outcome: 'written' });
    expect(await readdir(join(dir, 'out'))).toEqual(['new.whl']);
  });
  it.each(table)('%s, where nobody wants digests', async (_name, splice) => {
    await writeUndigested({ source, splice, target: target() });
    expect((await readFile(target())).equals(expected(splice))).toBe(true);
    expect(await readdir(join(dir, 'out'))).toEqual(['new.whl']);
  });
});

describe('where nobody wants digests', () => {
  it('what the system has copied is not read, and what is left out neither', async () => {
    const read: (readonly [number, number])[] = [];
    const counted: FileSource = {
      ...source,
      readInto: (into, offset) => {
        read.push([offset, into.length]);
        return source.readInto(into, offset);
      },
    };
    const splice = spliceOf(copy(0, 4_000_000), bytes('new'), copy(4_500_000, 10));
    await writeUndigested({ source: counted, splice, target: target() });
    expect(read).toEqual([[4_500_000, 10]]);
    expect((await readFile(target())).equals(expected(splice))).toBe(true);
  });
  it('whatever lies there already is refused, and left as it is', async () => {
    const splice = spliceOf(copy(0, SIZE));
    await write(splice);
    await expect(writeUndigested({ source, splice, target: target() })).rejects.toMatchObject({ code: 'refused' });
    expect((await readFile(target())).equals(INPUT)).toBe(true);
  });
});

it('the new file has the permissions of any new file, not those of the source', async () => {
  await writeFile(join(dir, 'any'), '');
  await chmod(source.path, 0o400);
  await write(spliceOf(copy(0, 4_000_000), bytes('new')));
  expect((await stat(target())).mode).toBe((await stat(join(dir, 'any'))).mode);
});

it('the folder for it is made where there is none', async () => {
  const deep = join(dir, 'none', 'yet', 'new.whl');
  await writeSplice({ source, splice: spliceOf(copy(0, 10)), target: deep });
  expect((await readFile(deep)).equals(INPUT.subarray(0, 10))).toBe(true);
});

describe('what lies there already', () => {
  const splice = spliceOf(copy(0, 3_000_000), bytes('new'), copy(3_000_100, 1_999_900));

  it('is adopted when it is the very same, and not written again', async () => {
    await write(splice);
    await utimes(target(), 1, 1);
    expect(await write(splice)).toEqual({
      input: digestOf(INPUT),
      output: digestOf(expected(splice)),
      outcome: 'adopted',
    });
    expect((await stat(target())).mtimeMs).toBe(1000);
  });
  it.each([
    ['of another size', () => Buffer.from('other')],
    ['of the same size', () => expected(splice).fill(0, 7, 8)],
  ])('is left as it is, and refused, %s', async (_name, other) => {
    await writeFile(target(), other());
    await expect(write(splice)).rejects.toMatchObject({ code: 'refused', message: /is there already/ });
    expect((await readFile(target())).equals(other())).toBe(true);
    expect(await readdir(join(dir, 'out'))).toEqual(['new.whl']);
  });
  it('may not be a folder', async () => {
    await mkdir(target());
    await expect(write(splice)).rejects.toMatchObject({ code: 'refused', message: /no plain file/ });
  });
});

describe('when it does not come to an end, nothing is left', () => {
  it('of a source that changes meanwhile', async () => {
    const changing: FileSource = {
      ...source,
      readInto: async (into, offset) => {
        await source.readInto(into, offset);
        await utimes(source.path, 1, 1);
      },
    };
    const splice = spliceOf(copy(0, SIZE), bytes('new'));
    await expect(writeSplice({ source: changing, splice, target: target() })).rejects.toMatchObject({
      code: 'changed',
    });
    expect(await readdir(join(dir, 'out'))).toEqual([]);
  });
  it('of a source that becomes shorter', async () => {
    await writeFile(source.path, INPUT.subarray(0, 2_000_000));
    await expect(write(spliceOf(copy(0, SIZE)))).rejects.toMatchObject({ code: 'short' });
    expect(await readdir(join(dir, 'out'))).toEqual([]);
  });
  it('where there is no room for the copy that it begins with', async () => {
    const full: FileSource = {
      ...source,
      copyTo: () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })),
    };
    const splice = spliceOf(copy(0, SIZE - 7), bytes('new'));
    await expect(writeSplice({ source: full, splice, target: target() })).rejects.toMatchObject({
      code: 'unwritable',
      message: /ENOSPC/,
    });
    expect(await readdir(join(dir, 'out'))).toEqual([]);
  });
  it('where a part of its path is a file', async () => {
    const under = join(source.path, 'new.whl');
    await expect(writeSplice({ source, splice: spliceOf(copy(0, 1)), target: under })).rejects.toMatchObject({
      code: 'unwritable',
    });
  });
});

it('two at the same time make one file', async () => {
  const splice = spliceOf(copy(0, SIZE), bytes('new'));
  const receipts = await Promise.all([write(splice), write(splice), write(splice)]);
  expect(receipts.map(({ outcome }) => outcome).toSorted()).toEqual(['adopted', 'adopted', 'written']);
  expect((await readFile(target())).equals(expected(splice))).toBe(true);
  expect(await readdir(join(dir, 'out'))).toEqual(['new.whl']);
});

it('asks for the next part before it takes the digest of the one that came', async () => {
  const order: string[] = [];
  const { size } = source;
  const watched: FileSource = {
    ...source,
    readInto: (part, offset) => {
      order.push(`read ${offset / 1_048_576}`);
      return source.readInto(part, offset);
    },
  };
  // One prototype for all digests of Node.
  const digest = vi.spyOn(Object.getPrototypeOf(createHash('sha256')), 'update').mockImplementation(function (
    this: unknown,
  ) {
    order.push('digest');
    return this;
  });
  await passOver({ source: watched, splice: spliceOf(copy(0, size)) }, null).finally(() => digest.mockRestore());
  expect(order.slice(0, 9)).toEqual(['read 0', ...[1, 2, 3, 4].flatMap((part) => [`read ${part}`, 'digest'])]);
});
