import { expect, describe, it } from 'vitest';
import { memorySource } from '../../testing/memory-source.ts';
import { writeZip, type ZipEndLies, type ZipPart } from '../../testing/zip-writer.ts';
import { explain, readDirectory, readEntries, usualLimits, type ZipLimits } from './index.ts';

const METADATA = { name: 'torch-2.7.0.dist-info/METADATA', content: 'Name: torch\n'.repeat(40) };
const CODE = { name: 'torch/__init__.py', content: 'import os\n'.repeat(300) };

async function contentsOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const source = memorySource(bytes);
  const directory = await readDirectory(source);
  if (!directory.ok) throw new Error(directory.problems.map(explain).join('\n'));
  const contents = await readEntries(source, directory.value, directory.value.entries);
  if (!contents.ok) throw new Error(contents.problems.map(explain).join('\n'));
  return Object.fromEntries([...contents.value].map(([name, content]) => [name, Buffer.from(content).toString()]));
}

/** The codes of the problems of a zip, read with all its entries; in a list, since one that is told twice is wrong. */
async function problemsOf(bytes: Uint8Array, limits: ZipLimits = usualLimits): Promise<readonly string[]> {
  const source = memorySource(bytes);
  const directory = await readDirectory(source, limits);
  if (!directory.ok) return directory.problems.map(({ code }) => code);
  const contents = await readEntries(source, directory.value, directory.value.entries, limits);
  return contents.ok ? [] : contents.problems.map(({ code }) => code);
}

const zero = (length: number): Uint8Array => new Uint8Array(length);

describe('a zip is read', () => {
  const parts: readonly [string, ZipPart, ZipEndLies][] = [
    ['deflated', CODE, {}],
    ['stored', { ...CODE, stored: true }, {}],
    ['empty', { name: 'torch/py.typed' }, {}],
    ['of a folder', { name: 'torch/', mode: 0o040755, stored: true }, {}],
    ['with a descriptor', { ...CODE, descriptor: 16 }, {}],
    ['with a descriptor without signature', { ...CODE, descriptor: 12 }, {}],
    ['with a wide descriptor', { ...CODE, descriptor: 24, zip64: true }, {}],
    ['with a wide descriptor without signature', { ...CODE, descriptor: 20 }, {}],
    ['with zip64 fields', { ...CODE, zip64: true }, { zip64: true }],
    ['with a zip64 end that repeats what the short one says', CODE, { zip64: true }],
    ['with a name in UTF-8', { ...CODE, name: 'torch/naïve-数.py' }, {}],
    ['with a comment', CODE, { comment: Buffer.from('built by hand') }],
    ['with the longest comment', CODE, { comment: zero(65_535) }],
    ['without kind of file', { ...CODE, mode: 0 }, {}],
  ];
  it.each(parts)('%s', async (_name, part, end) => {
    expect(await contentsOf(writeZip([part, METADATA], end))).toEqual({
      [part.name.toString()]: part.content ?? '',
      [METADATA.name]: METADATA.content,
    });
  });

  it('without entries', async () => {
    expect(await contentsOf(writeZip([]))).toEqual({});
  });
});

const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7919 + (index >> 8)) % 251);

describe('requests', () => {
  it('are one for a small wheel, content included', async () => {
    const source = memorySource(writeZip([CODE, METADATA]));
    const directory = await readDirectory(source);
    if (!directory.ok) throw new Error('refused');
    await readEntries(source, directory.value, directory.value.entries);
    expect(source.reads).toHaveLength(1);
  });

  it('are three for a long directory with its metadata far away: end, directory, neighbours at once', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ ...CODE, name: `torch/lib/part-${index}/kernel.py` }));
    const dist = ['METADATA', 'WHEEL', 'RECORD'].map((name) => ({
      name: `torch-2.7.0.dist-info/${name}`,
      content: name,
    }));
    const source = memorySource(
      writeZip([
        { name: 'big.so', content: noise(300_000), stored: true },
        ...dist,
        { name: 'b.so', content: noise(300_000), stored: true },
        ...many,
      ]),
    );
    const directory = await readDirectory(source);
    if (!directory.ok) throw new Error('refused');
    const wanted = directory.value.entries.filter(({ name }) => name.includes('.dist-info/'));
    const contents = await readEntries(source, directory.value, wanted);
    expect(contents.ok && [...contents.value.keys()]).toHaveLength(3);
    expect(source.reads).toHaveLength(3);
    expect(source.reads[2]?.[1]).toBeLessThan(1000);
  });

  it('leave out what lies between two entries that are far apart', async () => {
    const source = memorySource(
      writeZip([
        METADATA,
        { name: 'big.so', content: noise(400_000), stored: true },
        { ...METADATA, name: 'b' },
        { name: 'c.so', content: noise(400_000), stored: true },
      ]),
    );
    const directory = await readDirectory(source);
    if (!directory.ok) throw new Error('refused');
    const wanted = directory.value.entries.filter(({ name }) => !name.endsWith('.so'));
    expect((await readEntries(source, directory.value, wanted)).ok).toBe(true);
    expect(source.reads).toHaveLength(3);
  });
});

describe('a hostile zip is refused', () => {
  const end = (comment: Uint8Array): Uint8Array => writeZip([CODE], { comment });
  const table: readonly [string, Uint8Array, readonly string[]][] = [
    ['with 0 bytes', zero(0), ['zip-empty']],
    ['that is a text', Buffer.from('<html>404</html>'), ['not-a-zip']],
    ['of three bytes', zero(3), ['not-a-zip']],
    ['cut off', writeZip([CODE, METADATA]).slice(0, 200), ['zip-truncated']],
    ['cut off within its end', writeZip([CODE]).slice(0, -3), ['zip-truncated']],
    ['with bytes after its end', writeZip([CODE], { after: zero(5) }), ['bytes-after-end']],
    [
      'with bytes before its beginning',
      writeZip([CODE], { before: Buffer.from('#!/bin/sh\n') }),
      ['bytes-before-start'],
    ],
    [
      'that begins after its beginning',
      writeZip([{ ...CODE, record: { start: 5 } }]),
      ['bytes-before-start', 'entry-outside'],
    ],
    ['whose comment is another zip', end(writeZip([{ name: 'evil.py' }])), ['two-ends']],
    [
      'whose comment holds an end with a comment that reaches further',
      end(writeZip([], { comment: zero(9) }).slice(0, -2)),
      ['two-ends'],
    ],
    ['over several disks', writeZip([CODE], { disk: 1 }), ['several-disks']],
    ['with an entry on another disk', writeZip([{ ...CODE, record: { disk: 3 } }]), ['directory-broken']],
    ['with fewer entries than it tells', writeZip([CODE], { entries: 2 }), ['directory-broken']],
    ['with more entries than it tells', writeZip([CODE, METADATA], { entries: 1 }), ['directory-broken']],
    [
      'of 2 million claimed entries',
      writeZip([CODE], { zip64: true, zip64Entries: 2_000_000, entries: 70_000 }),
      ['too-many-entries'],
    ],
    ['whose two ends disagree', writeZip([CODE], { zip64: true, zip64Entries: 2 }), ['end-broken']],
    ['whose zip64 record is elsewhere', writeZip([CODE], { zip64: true, locatorOffset: 3 }), ['end-broken']],
    ['with a gap before its end', writeZip([CODE], { beforeEnd: zero(7) }), ['bytes-before-start']],
    ['whose directory lies in its own end', writeZip([CODE], { offset: 5000 }), ['directory-misplaced']],
    ['with a directory of 4 GB', writeZip([CODE], { length: 0xffff_fffe, offset: 0 }), ['directory-misplaced']],
    ['with a record that is none', writeZip([{ ...CODE, record: { signature: 7 } }]), ['directory-broken']],
    ['with a broken extra field', writeZip([{ ...CODE, record: { extra: zero(3) } }]), ['directory-broken']],
    [
      'with a zip64 field that is too short',
      writeZip([{ ...CODE, zip64: true, record: { extra: Buffer.from([1, 0, 4, 0, 9, 9, 9, 9]) } }]),
      ['directory-broken'],
    ],
    ['with an encrypted entry', writeZip([{ ...CODE, record: { flags: 1 }, local: { flags: 1 } }]), ['encrypted']],
    [
      'with an unknown method',
      writeZip([{ ...CODE, record: { method: 12 }, local: { method: 12 } }]),
      ['method-unknown'],
    ],
    ['with a symbolic link', writeZip([{ ...CODE, mode: 0o120777 }]), ['not-a-plain-file']],
    ['with a device', writeZip([{ ...CODE, mode: 0o020666 }]), ['not-a-plain-file']],
    ['with a folder that has content', writeZip([{ name: 'a/', content: 'x', mode: 0o040755 }]), ['size-wrong']],
    ['with two entries of one name', writeZip([CODE, CODE]), ['name-twice']],
    ['with names that differ in case', writeZip([CODE, { name: 'Torch/__INIT__.py' }]), ['names-alike']],
    [
      'with names that differ in Unicode form',
      writeZip([{ name: 'caf\u00e9' }, { name: 'cafe\u0301' }]),
      ['names-alike'],
    ],
    ['with a file that is a folder', writeZip([{ name: 'torch' }, CODE]), ['file-and-folder']],
    [
      'with a name in an old code page',
      writeZip([{ name: Buffer.from([0x61, 0xe4]), record: { flags: 0 }, local: { flags: 0 } }]),
      ['name-encoding'],
    ],
    ['with a name that is no UTF-8', writeZip([{ name: Buffer.from([0x61, 0xff, 0xfe]) }]), ['name-encoding']],
    [
      'with another name in its Unicode field',
      writeZip([
        {
          ...CODE,
          record: { extra: Buffer.concat([Buffer.from([0x75, 0x70, 9, 0, 1, 0, 0, 0, 0]), Buffer.from('evil')]) },
        },
      ]),
      ['name-encoding'],
    ],
    ['with entries that share bytes', writeZip([CODE, { ...METADATA, record: { start: 40 } }]), ['entries-overlap']],
    [
      'with the same entry under two names',
      writeZip([CODE, { ...CODE, name: 'torch/__copied.py', record: { start: 0 } }]),
      ['entries-overlap'],
    ],
    ['with an entry beyond its end', writeZip([{ ...CODE, record: { packedSize: 5000 } }]), ['entry-outside']],
    [
      'of 300 GB',
      writeZip([{ ...CODE, zip64: true, record: { size: 300e9 } }]),
      ['ratio-impossible', 'unpacked-too-large'],
    ],
    ['of 300 GB in the file', writeZip([{ ...CODE, zip64: true, record: { packedSize: 300e9 } }]), ['entry-outside']],
    ['with bytes that nobody owns', writeZip([{ ...CODE, after: zero(4) }, METADATA]), ['hidden-bytes']],
    ['with many bytes that nobody owns', writeZip([{ ...CODE, after: zero(90_000) }, METADATA]), ['hidden-bytes']],
    [
      'that has more than it claims',
      writeZip([{ ...CODE, record: { size: 10 }, local: { size: 10 } }]),
      ['size-wrong'],
    ],
    [
      'that has less than it claims',
      writeZip([{ ...CODE, record: { size: 4000 }, local: { size: 4000 } }]),
      ['size-wrong'],
    ],
    ['stored, with two sizes', writeZip([{ ...CODE, stored: true, record: { size: 10 } }]), ['size-wrong']],
    ['with a wrong checksum', writeZip([{ ...CODE, record: { crc: 1 }, local: { crc: 1 } }]), ['crc-wrong']],
    [
      'stored, with a wrong checksum',
      writeZip([{ ...CODE, stored: true, record: { crc: 1 }, local: { crc: 1 } }]),
      ['crc-wrong'],
    ],
    [
      'with data that is not deflated',
      writeZip([{ ...CODE, packed: Buffer.from('not deflated at all') }]),
      ['data-broken'],
    ],
    ['with deflated data and more', writeZip([{ ...CODE, packed: Buffer.from([3, 0, 1, 2, 3]) }]), ['data-broken']],
    ['with deflated data that ends early', writeZip([{ ...CODE, packed: Buffer.from([0x4b]) }]), ['data-broken']],
  ];
  it.each(table)('%s', async (_name, bytes, codes) => {
    expect(await problemsOf(bytes)).toEqual(codes);
  });

  const lies: readonly [string, ZipPart][] = [
    ['signature', { ...CODE, local: { signature: 1 } }],
    ['name', { ...CODE, local: { name: 'torch/__evil__.py' } }],
    ['a longer name', { ...CODE, local: { name: 'torch/__init__.py.exe' } }],
    ['method', { ...CODE, local: { method: 0 } }],
    ['flags', { ...CODE, local: { flags: 1 } }],
    ['crc', { ...CODE, local: { crc: 5 } }],
    ['size', { ...CODE, local: { size: 5 } }],
    ['packed size', { ...CODE, local: { packedSize: 5 } }],
    ['extra field', { ...CODE, local: { extra: zero(3) } }],
    ['descriptor', { ...CODE, descriptor: 16, record: { crc: 9 } }],
  ];
  it.each(lies)('whose header contradicts the directory: %s', async (_name, part) => {
    expect(await problemsOf(writeZip([part, METADATA]))).toEqual(['header-differs']);
  });

  it.each([
    ['too-long', 'x'.repeat(5000)],
    ['empty', ''],
    ['absolute', '/etc/passwd'],
    ['climbs', '../../etc/passwd'],
    ['climbs', 'torch/../../x'],
    ['climbs', 'torch/..'],
    ['empty-part', 'a//b'],
    ['empty-part', './a'],
    ['empty-part', 'a/.'],
    ['backslash', String.raw`..\..\x`],
    ['drive', 'C:/Windows/x'],
    ['drive', 'c:x'],
    ['control', 'a\0.py'],
    ['control', 'a\nb'],
    ['control', 'a\u001b[31m'],
    ['control', 'a\u202Efdp.py'],
  ])('whose path is %s: %j', async (why, name) => {
    const directory = await readDirectory(memorySource(writeZip([{ name, stored: true }])));
    expect(directory).toMatchObject({ ok: false, problems: [{ code: 'name-unsafe', why }] });
  });

  it.each([['..a/b..'], ['a...b'], ['.hidden/.x'], ['a b/c:d'], ['a~1']])('but not with the path %j', async (name) => {
    expect(await problemsOf(writeZip([{ name }]))).toEqual([]);
  });
});

describe('limits', () => {
  it('hold for what is unpacked at once', async () => {
    expect(await problemsOf(writeZip([CODE, METADATA]), { ...usualLimits, held: 1000 })).toEqual(['entry-too-large']);
  });
  it('hold for the length of the directory', async () => {
    expect(await problemsOf(writeZip([CODE, METADATA]), { ...usualLimits, directory: 100 })).toEqual([
      'directory-too-large',
    ]);
  });
  it('hold for the file, before anything of it is believed', async () => {
    const source = memorySource(writeZip([CODE]), 'huge.whl', 300e9);
    expect(await readDirectory(source)).toMatchObject({
      ok: false,
      problems: [{ code: 'zip-too-large', size: 300e9 }],
    });
  });
  it('hold for the problems told', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ name: `/${index}` }));
    expect(await problemsOf(writeZip(many))).toHaveLength(usualLimits.problems);
  });
  it('hold for what all entries become, in relation to the file', async () => {
    const bombs = Array.from({ length: 3 }, (_, index) => ({
      name: `zeros-${index}`,
      content: zero(40 * 1024 * 1024),
    }));
    expect(await problemsOf(writeZip(bombs))).toEqual(['unpacked-too-large']);
  });
});

it('content that is too long to be unpacked at once is held to its header, too', async () => {
  const content = 'x'.repeat(5 * 1024 * 1024);
  expect(await contentsOf(writeZip([{ name: 'a', content }]))).toEqual({ a: content });
  const lies = { size: content.length - 1 };
  expect(await problemsOf(writeZip([{ name: 'a', content, record: lies, local: lies }]))).toEqual(['size-wrong']);
});

describe('a directory of many entries', () => {
  it.each([10_000, 66_000])('of %i is read', async (count) => {
    const parts = Array.from({ length: count }, (_, index) => ({
      name: `torch/include/${index % 100}/header-${index}.h`,
      stored: true,
    }));
    const source = memorySource(writeZip(parts, { zip64: count > 65_535 }));
    const directory = await readDirectory(source);
    if (!directory.ok) throw new Error('refused');
    expect(directory.value.entries).toHaveLength(count);
    expect(directory.value.find('torch/include/99/header-9999.h')?.size).toBe(0);
    expect(source.reads).toHaveLength(2);
  });
});

it('every problem has a text that names the file, and no name of an entry acts on the terminal', async () => {
  const source = memorySource(writeZip([{ name: 'a\u001b[2J"\\' }]), 'torch.whl');
  const directory = await readDirectory(source);
  if (directory.ok) throw new Error('not refused');
  expect(directory.problems.map(explain)).toMatchInlineSnapshot(`
    [
      "torch.whl: the path "a\\u{1b}[2J\\"\\\\" has a backslash, which is a separator on Windows. No tool for wheels writes that: find out who made the file, and build it again.",
    ]
  `);
});
