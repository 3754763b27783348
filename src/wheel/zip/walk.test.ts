import { describe, expect, it } from 'vitest';
import { memorySource } from '../../testing/memory-source.ts';
import { writeZip, type ZipPart } from '../../testing/zip-writer.ts';
import { readDirectory, walkEntries } from './index.ts';

const PARTS: readonly ZipPart[] = [
  { name: 'torch/', mode: 0o040755, stored: true },
  { name: 'torch/a.py', content: 'import os\n'.repeat(900) },
  { name: 'torch/b.bin', content: Uint8Array.from({ length: 5000 }, (_, index) => index % 251), stored: true },
  { name: 'torch/c.py', content: 'c'.repeat(3000), descriptor: 16 },
  { name: 'torch/d.py', zip64: true, content: 'd' },
  { name: 'torch/e.py', content: '' },
];

const text = (content: string | Uint8Array = ''): string => Buffer.from(content).toString('latin1');

/** What a walk gives of each entry, and the problems it tells. */
async function walk(bytes: Uint8Array) {
  const source = memorySource(bytes);
  const directory = await readDirectory(source);
  if (!directory.ok) throw new Error(directory.problems.map(({ code }) => code).join(' '));
  const contents: Record<string, string> = {};
  const result = await walkEntries(source, directory.value, ({ name }) => {
    const pieces: Uint8Array[] = [];
    return {
      add: (piece) => pieces.push(piece.slice()),
      end: () => {
        contents[name] = Buffer.concat(pieces).toString('latin1');
      },
    };
  });
  return { contents, problems: result.ok ? [] : result.problems.map((problem) => problem) };
}

describe('a walk over all entries', () => {
  it('gives the content of each, however the source cuts its pieces', async () => {
    const { contents, problems } = await walk(writeZip(PARTS));
    expect(problems).toEqual([]);
    expect(contents).toEqual(Object.fromEntries(PARTS.map(({ name, content }) => [name.toString(), text(content)])));
  });

  it('tells every broken entry, and gives the others', async () => {
    const broken: readonly ZipPart[] = [
      { name: 'crc', content: 'x'.repeat(2000), record: { crc: 1 }, local: { crc: 1 } },
      { name: 'stored-crc', content: 'x', stored: true, record: { crc: 1 }, local: { crc: 1 } },
      { name: 'long', content: 'x'.repeat(9000), record: { size: 5 }, local: { size: 5 } },
      { name: 'short', content: 'x'.repeat(20), record: { size: 50 }, local: { size: 50 } },
      { name: 'data', content: 'x', packed: Buffer.from('no deflated data'.repeat(9)) },
      { name: 'header', content: 'x', local: { crc: 1 } },
      { name: 'after', content: 'x', after: new Uint8Array(3) },
      { name: 'descriptor', content: 'x', descriptor: 24, record: { crc: 1 } },
    ];
    const { contents, problems } = await walk(
      writeZip(broken.flatMap((part, index) => [part, { name: `good-${index}`, content: 'y' }])),
    );
    expect(problems.map((problem) => ['entry' in problem && problem.entry, problem.code])).toEqual([
      ['crc', 'crc-wrong'],
      ['stored-crc', 'crc-wrong'],
      ['long', 'size-wrong'],
      ['short', 'size-wrong'],
      ['data', 'data-broken'],
      ['header', 'header-differs'],
      ['after', 'hidden-bytes'],
      ['descriptor', 'crc-wrong'],
    ]);
    expect(Object.keys(contents)).toEqual(broken.map((_, index) => `good-${index}`));
  });

  it('does not swallow a source that fails', async () => {
    const bytes = writeZip(PARTS);
    const source = memorySource(bytes);
    const directory = await readDirectory(source);
    if (!directory.ok) throw new Error('refused');
    const failing = {
      ...source,
      stream: async function* stream(offset: number) {
        yield bytes.slice(offset, offset + 300);
        throw new Error('the line is dead');
      },
    };
    const visitor = { add: () => undefined, end: () => undefined };
    await expect(walkEntries(failing, directory.value, () => visitor)).rejects.toThrow('the line is dead');
  });
});
