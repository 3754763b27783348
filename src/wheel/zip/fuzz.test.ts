import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../testing/memory-source.ts';
import { diceOf, mutate, type Dice } from '../../testing/mutate.ts';
import { spliced } from '../../testing/splice.ts';
import { writeZip, type ZipPart } from '../../testing/zip-writer.ts';
import {
  explain,
  readDirectory,
  readEntries,
  readHeaders,
  rebuildZip,
  usualLimits,
  walkEntries,
  type ZipDirectory,
  type ZipEdit,
  type ZipLimits,
} from './index.ts';

/** `SIGNALBOX_LONG=1` tries a million files, or as many as ten minutes allow; `SIGNALBOX_SEED` repeats a run. */
const LONG = process.env['SIGNALBOX_LONG'] === '1';
const SEED = Number(process.env['SIGNALBOX_SEED'] ?? (LONG ? Date.now() % 2 ** 31 : 20_250_616));
const FILES = LONG ? 1_000_000 : 4_000;
const MINUTES = 10;
const FIXTURES = join(import.meta.dirname, 'fixtures');
const MEBIBYTE = 1024 * 1024;
/** So low that a file which gets round them is seen. */
const LIMITS: ZipLimits = { ...usualLimits, held: MEBIBYTE, entries: 1000, problems: 20 };

type Contents = ReadonlyMap<string, Uint8Array>;

/** Everything that is done with a foreign zip: null where it is refused. A refusal must have a text. */
async function readAll(bytes: Uint8Array): Promise<{ directory: ZipDirectory; contents: Contents } | null> {
  const source = memorySource(bytes, 'fuzz.whl');
  const directory = await readDirectory(source, LIMITS);
  if (!directory.ok) {
    for (const problem of directory.problems) match(explain(problem), /^fuzz\.whl: [^\p{Cc}]+\.$/u);
    return null;
  }
  const contents = await readEntries(source, directory.value, directory.value.entries, LIMITS);
  const walked = new Map<string, Uint8Array>();
  const walk = await walkEntries(source, directory.value, ({ name }) => {
    const pieces: Uint8Array[] = [];
    return { add: (piece) => pieces.push(piece.slice()), end: () => void walked.set(name, Buffer.concat(pieces)) };
  });
  // Both ways of reading say the same, but for what is too large to be held.
  const isHeld = contents.ok || contents.problems.every(({ code }) => code !== 'entry-too-large');
  if (isHeld) strictEqual(walk.ok, contents.ok);
  if (!contents.ok) return null;
  deepStrictEqual(sorted(walked), sorted(contents.value));
  return { directory: directory.value, contents: contents.value };
}

const sorted = (contents: Contents): readonly (readonly [string, string])[] =>
  [...contents]
    .map(([name, content]) => [name, Buffer.from(content).toString('base64')] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));

/** What another reader makes of it. Throws where it refuses. */
async function readByOther(bytes: Uint8Array): Promise<Contents> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false, checkSignature: true });
  try {
    const contents = new Map<string, Uint8Array>();
    for (const entry of await reader.getEntries()) {
      contents.set(entry.filename, entry.directory ? new Uint8Array() : await entry.getData(new Uint8ArrayWriter()));
    }
    return contents;
  } finally {
    await reader.close();
  }
}

/** Renames, replaces and drops by chance, and reads what comes of it. */
async function rebuildByChance(bytes: Uint8Array, directory: ZipDirectory, contents: Contents, dice: Dice) {
  const source = memorySource(bytes);
  const headers = await readHeaders(source, directory, directory.entries);
  if (!headers.ok) throw new Error('headers that could be read are refused');
  const edits = new Map<string, ZipEdit>();
  const expected = new Map<string, Uint8Array>();
  directory.entries.forEach(({ name }, index) => {
    const content = contents.get(name) ?? new Uint8Array();
    const to = `new-${index}${name.endsWith('/') ? '/' : ''}`;
    const choice = dice(4);
    if (choice === 0) edits.set(name, { kind: 'drop' });
    else if (choice === 1)
      edits.set(name, { kind: 'rename', name: to, header: headers.value.get(name) ?? new Uint8Array() });
    else if (choice === 2 && !name.endsWith('/'))
      edits.set(name, { kind: 'replace', name: to, content: Buffer.from(to) });
    const edit = edits.get(name);
    if (edit === undefined) expected.set(name, content);
    else if (edit.kind !== 'drop') expected.set(edit.name, edit.kind === 'replace' ? edit.content : content);
  });
  const again = await readAll(await spliced(source, rebuildZip(directory, edits)));
  if (again === null) throw new Error('what was rebuilt is refused');
  deepStrictEqual(sorted(again.contents), sorted(expected));
}

const CORPUS: readonly Uint8Array[] = [
  writeZip([]),
  writeZip([
    { name: 'a.py', content: 'import os\n'.repeat(40) },
    { name: 'b/', stored: true, mode: 0o040755 },
    { name: 'b/c', content: 'c', stored: true },
  ]),
  writeZip([
    { name: 'x', content: 'x'.repeat(3000), descriptor: 16 },
    { name: 'y', content: 'y', descriptor: 24, zip64: true },
  ]),
  writeZip(
    [
      { name: 'größe.txt', content: 'ü', zip64: true },
      { name: 'z', content: '' },
    ],
    { zip64: true, comment: Buffer.from('PK a comment') },
  ),
  writeZip([{ name: 'nested.whl', content: writeZip([{ name: 'inner', content: 'inner' }]), stored: true }]),
  writeZip(
    Array.from({ length: 12 }, (_, index) => ({ name: `many/${index}`, content: `${index}`.repeat(index * 9) })),
  ),
];

function keep(bytes: Uint8Array, name: string): string {
  mkdirSync(FIXTURES, { recursive: true });
  const path = join(FIXTURES, name);
  writeFileSync(path, bytes);
  return path;
}

/** Whether it is accepted. Throws where anything else than contents or problems comes of it, or contents that another reader does not see. */
async function judge(bytes: Uint8Array, dice: Dice): Promise<boolean> {
  // Time on the processor: on a busy machine whole seconds pass in which nothing of this runs.
  const begun = process.cpuUsage();
  const read = await readAll(bytes);
  if (read !== null) {
    // A file that one reader takes must be the same file to another: that is what the refusals are for.
    deepStrictEqual(sorted(await readByOther(bytes)), sorted(read.contents));
    if (dice(8) === 0) await rebuildByChance(bytes, read.directory, read.contents, dice);
  }
  const { user, system } = process.cpuUsage(begun);
  if (user + system > 20_000_000) throw new Error('it took too long');
  return read !== null;
}

describe('a mutated zip never ends in anything but contents or problems', () => {
  it(`whatever is changed in it (seed ${SEED})`, { timeout: (MINUTES + 2) * 60_000 }, async () => {
    const dice = diceOf(SEED);
    const until = performance.now() + MINUTES * 60_000;
    let [accepted, tried] = [0, 0];
    for (; tried < FILES && performance.now() < until; tried += 1) {
      const bytes = mutate(CORPUS, dice);
      try {
        accepted += (await judge(bytes, dice)) ? 1 : 0;
      } catch (error) {
        throw new Error(`kept as ${keep(bytes, `seed-${SEED}-${tried}.zip`)}`, { cause: error });
      }
    }
    const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
    if (LONG) process.stderr.write(`${tried} files, ${accepted} of them accepted, ${megabytes} MB\n`);
    expect(accepted).toBeGreaterThan(tried / 100);
    expect(megabytes).toBeLessThan(1000);
  });

  it.each(existsSync(FIXTURES) ? readdirSync(FIXTURES) : [])('%s, which once did', async (name) => {
    await expect(judge(readFileSync(join(FIXTURES, name)), diceOf(SEED))).resolves.toBe(false);
  });
});

/** A part without what is undefined in it. */
function asPart({
  descriptor,
  ...rest
}: Omit<ZipPart, 'descriptor'> & { descriptor: ZipPart['descriptor'] | undefined }): ZipPart {
  return descriptor === undefined ? rest : { ...rest, descriptor };
}

const part = fc.record({
  name: fc.stringMatching(/^[a-zäÖ数]{1,6}(\/[a-z.]{2,5}[a-z])?$/),
  content: fc.uint8Array({ maxLength: 400 }),
  stored: fc.boolean(),
  zip64: fc.boolean(),
  descriptor: fc.constantFrom(undefined, 12, 16, 20, 24),
});
/** No two names alike, none a folder of another. */
const parts = fc.uniqueArray(part, { maxLength: 12, selector: ({ name }) => name.split('/')[0]?.toLowerCase() });
const end = fc.record({
  zip64: fc.boolean(),
  comment: fc.stringMatching(/^[a-z]{0,30}$/).map((text) => Buffer.from(text)),
});

const propertySearch = LONG
  ? { numRuns: 100_000, seed: SEED, interruptAfterTimeLimit: 300_000 }
  : { numRuns: 200, seed: SEED };
const PROPERTY_TIME = LONG ? 600_000 : 60_000;

describe('every zip that is right', () => {
  it('is read as what it was made of', { timeout: PROPERTY_TIME }, async () => {
    const property = fc.asyncProperty(parts, end, async (made, ending) => {
      const read = await readAll(writeZip(made.map(asPart), ending));
      deepStrictEqual(read && sorted(read.contents), sorted(new Map(made.map(({ name, content }) => [name, content]))));
    });
    await expect(fc.assert(property, propertySearch)).resolves.toBeUndefined();
  });

  it('can be rebuilt with any edits', { timeout: PROPERTY_TIME }, async () => {
    const property = fc.asyncProperty(parts, end, fc.integer(), async (made, ending, seed) => {
      const bytes = writeZip(made.map(asPart), ending);
      const read = await readAll(bytes);
      if (read === null) throw new Error('refused');
      await rebuildByChance(bytes, read.directory, read.contents, diceOf(seed));
    });
    await expect(fc.assert(property, propertySearch)).resolves.toBeUndefined();
  });
});
