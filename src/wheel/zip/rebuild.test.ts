import { describe, expect, it } from 'vitest';
import type { Splice } from '../../domain/byte-source.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { spliced } from '../../testing/splice.ts';
import { writeZip, type ZipEndLies, type ZipPart } from '../../testing/zip-writer.ts';
import { readDirectory, readEntries, readHeaders, rebuildZip, type ZipDirectory, type ZipEdit } from './index.ts';

const NOISE = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7919 + (index >> 8)) % 251);
const PARTS: readonly ZipPart[] = [
  { name: 'torch/__init__.py', content: 'import os\n'.repeat(300), mode: 0o100755 },
  { name: 'torch/lib.so', content: NOISE, stored: true },
  { name: 'torch-2.7.0+cu126.data/scripts/torchrun', content: 'run\n'.repeat(50), descriptor: 16, mode: 0o100755 },
  { name: 'torch-2.7.0+cu126.data/scripts/große', content: 'run', descriptor: 24, zip64: true },
  { name: 'torch-2.7.0+cu126.dist-info/METADATA', content: 'Version: 2.7.0+cu126\n' },
  { name: 'torch-2.7.0+cu126.dist-info/RECORD.jws', content: '{}' },
  { name: 'torch/after.py', content: 'after', zip64: true },
];

async function read(bytes: Uint8Array): Promise<{ directory: ZipDirectory; contents: Record<string, string> }> {
  const source = memorySource(bytes);
  const directory = await readDirectory(source);
  if (!directory.ok) throw new Error(directory.problems.map(({ code }) => code).join(' '));
  const contents = await readEntries(source, directory.value, directory.value.entries);
  if (!contents.ok) throw new Error(contents.problems.map(({ code }) => code).join(' '));
  const texts: Record<string, string> = {};
  for (const [name, content] of contents.value) texts[name] = Buffer.from(content).toString('latin1');
  return { directory: directory.value, contents: texts };
}

/** Drops the signature, replaces METADATA, renames what is in the folders of the version. */
async function edit(bytes: Uint8Array): Promise<{ splice: Splice; result: Uint8Array }> {
  const source = memorySource(bytes);
  const { directory } = await read(bytes);
  const moved = directory.entries.filter(({ name }) => name.startsWith('torch-2.7.0+cu126.'));
  const headers = await readHeaders(source, directory, moved);
  if (!headers.ok) throw new Error('refused');
  const edits = new Map<string, ZipEdit>();
  for (const { name } of moved) {
    const to = name.replace('+cu126', '');
    if (name.endsWith('.jws')) edits.set(name, { kind: 'drop' });
    else if (name.endsWith('METADATA'))
      edits.set(name, { kind: 'replace', name: to, content: Buffer.from('Version: 2.7.0\n') });
    else edits.set(name, { kind: 'rename', name: to, header: headers.value.get(name) ?? new Uint8Array() });
  }
  const splice = rebuildZip(directory, edits);
  return { splice, result: await spliced(source, splice) };
}

describe('a zip is rebuilt with edits', () => {
  const forms: readonly [string, ZipEndLies][] = [
    ['as it usually is', {}],
    ['with a comment', { comment: Buffer.from('built by hand') }],
    ['in the form of 64 bits', { zip64: true }],
  ];
  it.each(forms)('%s', async (_name, end) => {
    const { result } = await edit(writeZip(PARTS, end));
    const { directory, contents } = await read(result);
    expect(directory.entries.map(({ name, mode }) => [name, mode])).toEqual([
      ['torch/__init__.py', 0o100755],
      ['torch/lib.so', 0o100644],
      ['torch-2.7.0.data/scripts/torchrun', 0o100755],
      ['torch-2.7.0.data/scripts/große', 0o100644],
      ['torch-2.7.0.dist-info/METADATA', 0o100644],
      ['torch/after.py', 0o100644],
    ]);
    expect(contents['torch-2.7.0.dist-info/METADATA']).toBe('Version: 2.7.0\n');
    expect(contents['torch-2.7.0.data/scripts/torchrun']).toBe('run\n'.repeat(50));
    expect(contents['torch/after.py']).toBe('after');
    expect(Buffer.from(directory.comment).toString()).toBe(Buffer.from(end.comment ?? '').toString());
  });

  it('the same one gives the same bytes', async () => {
    const [one, other] = [await edit(writeZip(PARTS)), await edit(writeZip(PARTS))];
    expect(Buffer.from(one.result).equals(other.result)).toBe(true);
  });

  it('taking over neighbours in one piece', async () => {
    const { splice } = await edit(writeZip(PARTS));
    expect(splice.pieces.map(({ kind }) => kind)).toEqual([
      'copy',
      'bytes',
      'copy',
      'bytes',
      'copy',
      'bytes',
      'bytes',
      'copy',
      'bytes',
      'bytes',
    ]);
  });

  it('from any of its entries on, as one that is written entry by entry', async () => {
    const { directory } = await read(writeZip(PARTS));
    for (const [index, name] of directory.names.entries()) {
      const edits = new Map<string, ZipEdit>([[name, { kind: 'replace', name, content: Buffer.from('new') }]]);
      // Nothing is known of places here, so that nothing is taken over in one piece.
      const blind = { ...directory, starts: new Float64Array(directory.count).fill(-1) };
      const source = memorySource(writeZip(PARTS));
      const [one, other] = [rebuildZip(directory, edits), rebuildZip(blind, edits)];
      expect(await spliced(source, one), `entry ${index}`).toEqual(await spliced(source, other));
    }
  });

  it('without edits gives the same zip', async () => {
    const bytes = writeZip([
      { name: 'a', content: 'a' },
      { name: 'b/', stored: true, mode: 0o040755 },
    ]);
    const { directory } = await read(bytes);
    expect(Buffer.from(await spliced(memorySource(bytes), rebuildZip(directory, new Map()))).equals(bytes)).toBe(true);
  });
});

/** A directory over a file that does not exist: only its numbers matter. */
async function pretend(parts: readonly ZipPart[], shift: number): Promise<ZipDirectory> {
  const { directory } = await read(writeZip(parts));
  const moved = directory.entries.map((entry, index) =>
    index === 0
      ? { ...entry, end: entry.end + shift }
      : { ...entry, start: entry.start + shift, end: entry.end + shift },
  );
  return {
    ...directory,
    entries: moved,
    entriesFrom: (place) => moved.slice(place),
    // The records tell other places, so none may be taken over as it is.
    starts: new Float64Array(directory.count).fill(-1),
    offset: directory.offset + shift,
  };
}

describe('beyond 4 GB', () => {
  const five = 5 * 1024 ** 3;

  it('places are written in 64 bits, and read again', async () => {
    const directory = await pretend([{ name: 'huge' }, { name: 'b', content: 'b' }, { name: 'c', content: 'c' }], five);
    const splice = rebuildZip(directory, new Map());
    const ends = splice.pieces.slice(-2).map((piece) => (piece.kind === 'bytes' ? piece.bytes : new Uint8Array()));
    // What lies before the directory reads as zeros, which is an entry of nobody: only the places are looked at.
    const source = memorySource(Buffer.concat(ends), 'huge.whl', splice.size);
    const found = await readDirectory(source);
    expect(found).toMatchObject({ ok: false, problems: [{ code: 'hidden-bytes', entry: 'huge', bytes: five }] });
  });

  it('65,535 entries and more are counted in 64 bits', async () => {
    const parts = Array.from({ length: 65_535 }, (_, index) => ({ name: `f${index}`, stored: true }));
    const bytes = writeZip(parts);
    const directory = await readDirectory(memorySource(bytes));
    if (!directory.ok) throw new Error('refused');
    const result = await spliced(memorySource(bytes), rebuildZip(directory.value, new Map()));
    const again = await readDirectory(memorySource(result));
    expect(again.ok && again.value.entries.length).toBe(65_535);
    expect(result.length).toBe(bytes.length + 76);
  });
});

describe('local headers', () => {
  it('are read with the entries near them, however long they are', async () => {
    const extra = Buffer.concat([Buffer.from([0x99, 0x99, 0x00, 0x04]), new Uint8Array(1024)]);
    const bytes = writeZip([
      { name: 'a', content: NOISE, stored: true, local: { extra } },
      { name: 'b', content: 'b' },
      { name: 'fill', content: new Uint8Array(400_000).fill(7), stored: true },
      { name: 'c', content: 'c' },
    ]);
    const source = memorySource(bytes);
    const { directory } = await read(bytes);
    const headers = await readHeaders(
      source,
      { ...directory, held: { from: bytes.length, bytes: new Uint8Array() } },
      directory.entries,
    );
    expect(headers.ok && [...headers.value].map(([name, header]) => [name, header.length])).toEqual([
      ['a', 30 + 1 + extra.length],
      ['b', 31],
      ['fill', 34],
      ['c', 31],
    ]);
    expect(source.reads).toHaveLength(3);
  });
});
