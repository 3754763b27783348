import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../testing/memory-source.ts';
import { writeZip } from '../../testing/zip-writer.ts';
import { readDirectory } from './index.ts';
import { RECORD } from './layout.ts';
import { indexNames } from './names.ts';
import type { ZipProblem } from './problem.ts';
import { readRecords } from './records.ts';
import { indexUsualNames } from './usual-names.ts';

/** A directory of entries of which there is nothing but the names. */
function tableOf(names: readonly string[]) {
  const records = names.map((name) => {
    const record = Buffer.alloc(RECORD.length + Buffer.byteLength(name));
    record.writeUInt32LE(RECORD.signature);
    record.writeUInt16LE(Buffer.byteLength(name), 28);
    record.write(name, RECORD.length);
    return record;
  });
  const bytes = Buffer.concat(records);
  const end = { offset: 0, length: bytes.length, entries: names.length, comment: new Uint8Array() };
  const table = readRecords('x.whl', end, bytes, () => undefined);
  if (table === null) throw new Error('no table');
  return table;
}

async function findAll(names: readonly string[]) {
  const read = await readDirectory(memorySource(writeZip(names.map((name) => ({ name, content: name })))));
  if (!read.ok) throw new Error(read.problems.map(({ code }) => code).join(' '));
  return names.map((name) => read.value.placeOf(name));
}

const part = fc.stringMatching(/^[abAB][ab.]{0,2}$/);
const name = fc
  .tuple(part, fc.array(part, { maxLength: 2 }), fc.constantFrom('', '', '/'))
  .map(([first, more, end]) => {
    return [first, ...more].join('/') + end;
  });

describe('an index of names by their bytes', () => {
  it('is there where names as texts have nothing wrong, and finds the same', () => {
    let [proven, left] = [0, 0];
    const property = fc.property(fc.array(name, { maxLength: 6 }), fc.array(name), (names, others) => {
      const problems: ZipProblem[] = [];
      const byText = indexNames('x.whl', names, (problem) => problems.push(problem));
      const byBytes = indexUsualNames(tableOf(names));
      expect(byBytes === null).toBe(problems.length > 0);
      if (byBytes === null) left += 1;
      else proven += 1;
      for (const each of byBytes === null ? [] : [...names, ...others]) expect(byBytes?.(each)).toBe(byText(each));
    });
    fc.assert(property, { numRuns: 2000, seed: 20_250_616 });
    expect(Math.min(proven, left)).toBeGreaterThan(200);
  });

  it('finds no name that is not usual', () => {
    const find = indexUsualNames(tableOf(['torch/a.py', 'torch/b/']));
    expect(
      ['torch/a.py', 'torch/b/', 'torch/b', 'TORCH/a.py', 'torch/ä.py', '', '/'].map((each) => find?.(each)),
    ).toEqual([0, 1, null, null, null, null, null]);
    expect(indexUsualNames(tableOf(['torch/ä.py']))).toBeNull();
  });

  it('is left to texts where two names have one hash, and both are found', async () => {
    const names = ['costarring', 'liquid', 'declinate', 'macallums'];
    expect(indexUsualNames(tableOf(names))).toBeNull();
    expect(await findAll(names)).toEqual([0, 1, 2, 3]);
  });

  it('is left to texts where names were chosen to make it slow, and all are found', async () => {
    const names: string[] = [];
    for (let index = 0; names.length < 300; index += 1) {
      const each = `n${index}`;
      let hash = 0x811c9dc5;
      for (const byte of Buffer.from(each)) hash = Math.imul(hash ^ byte, 0x01000193);
      if ((hash & 1023) === 0) names.push(each);
    }
    expect(indexUsualNames(tableOf(names))).toBeNull();
    expect(await findAll(names)).toEqual(names.map((_, place) => place));
  });
});
