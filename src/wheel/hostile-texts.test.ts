import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../domain/result.ts';
import { explainSpecifier, parseSpecifiers, printSpecifiers } from '../domain/specifier.ts';
import { makeWheel } from '../testing/make-wheel.ts';
import { memorySource } from '../testing/memory-source.ts';
import * as inputs from '../testing/wheel-inputs.ts';
import { checkWheel } from './check/check-wheel.ts';
import { FORMAT_ONLY } from './check/policy.ts';
import { explainEntryPoint, parseEntryPoints } from './entry-points.ts';
import { explainFileName, parseWheelFileName } from './file-name.ts';
import { parseMetadata } from './metadata.ts';
import { explainMetadata } from './metadata-problem.ts';
import { readWheel } from './read-wheel.ts';
import { explainRecord, parseRecord, type RecordFile } from './record.ts';
import { explainRequirement, parseRequirement, printRequirement } from './requirement.ts';
import { expandTags } from './tags.ts';
import { explainWheelFile, parseWheelFile } from './wheel-file.ts';

/** `SIGNALBOX_LONG=1` tries a million texts, or as many as ten minutes allow, with another seed each time; `SIGNALBOX_SEED` repeats a run. */
const LONG = process.env['SIGNALBOX_LONG'] === '1';
const SEED = Number(process.env['SIGNALBOX_SEED'] ?? (LONG ? Date.now() % 2 ** 31 : 20_250_616));
const search = LONG
  ? { numRuns: 200_000, seed: SEED, interruptAfterTimeLimit: 120_000 }
  : { numRuns: 1_000, seed: SEED };
const options = { timeout: LONG ? 180_000 : 60_000 };

const CORPUS = [
  'Metadata-Version: 2.4\nName: torch\nVersion: 2.7.0+cu126\nSummary: Tensors\nRequires-Dist: numpy; extra == "opt"\nProvides-Extra: opt\n\nText\n',
  'Metadata-Version: 1.0\nName: a\nVersion: 1\nDescription: one\n       |two\n        three\nLicense-Expression: MIT OR (A AND B)\n',
  'Requires-Python: >=3.9,!=3.9.7\nProject-URL: Home, https://example.org\nDynamic: Version\nDescription-Content-Type: text/markdown; charset=UTF-8; variant=GFM\n',
  'Wheel-Version: 1.0\nGenerator: x (1)\nRoot-Is-Purelib: false\nTag: cp313-cp313t-manylinux_2_28_x86_64\nTag: py2.py3-none-any\nBuild: 1\n',
  'a.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"b,""c"".py",sha256=abc,12\r\ntorch-2.7.0.dist-info/RECORD,,\n',
  '[console_scripts]\ntorchrun = torch.distributed.run:main [opt]\n# no\n\n[x.y]\na=b\n',
] as const;

/** Something that somebody wrote, with slips; lines of everything; or nothing that anybody would write. */
const hostile = fc.oneof(
  { weight: 4, arbitrary: inputs.withSlips(inputs.withSlips(inputs.withSlips(fc.constantFrom(...CORPUS)))) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom(...CORPUS.flatMap((text) => text.split('\n'))), { maxLength: 12 })
      .map((lines) => lines.join('\n')),
  },
  { weight: 1, arbitrary: inputs.headerText },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** A text for people: it begins with something and ends as a sentence does. */
function expectSentence(text: string): void {
  if (!/^\S[\s\S]*[.)]$/.test(text)) throw new Error(`no sentence: ${JSON.stringify(text)}`);
}

const problemsOf = <Problem>(result: Result<unknown, Problem>): readonly Problem[] =>
  result.ok ? [] : result.problems;

function printedRequirement(text: string): string | null {
  const parsed = parseRequirement(text);
  return parsed.ok ? printRequirement(parsed.value) : null;
}

function printedConditions(text: string): string | null {
  const parsed = parseSpecifiers(text);
  return parsed.ok ? printSpecifiers(parsed.value) : null;
}

describe('no text ends in anything but values and problems', options, () => {
  it('METADATA', () => {
    const property = fc.property(hostile, (text) => {
      const read = parseMetadata(text);
      for (const problem of read.problems) {
        expectSentence(explainMetadata(problem));
        expect(problem.line ?? 1).toBeLessThanOrEqual(text.split(/\r\n?|\n/).length);
      }
      // What is told to be right is right when it is read again.
      for (const { requirement } of read.requiresDist)
        expect(parseRequirement(printRequirement(requirement)).ok).toBe(true);
    });
    fc.assert(property, search);
  });

  it('WHEEL, RECORD and entry_points.txt', () => {
    const property = fc.property(hostile, (text) => {
      for (const problem of parseWheelFile(text).problems) expectSentence(explainWheelFile(problem));
      for (const problem of parseEntryPoints(text).problems) expectSentence(explainEntryPoint(problem));
      const { rows, problems } = parseRecord(text);
      // The same whichever of them is asked for first.
      expect(parseRecord(text).problems).toEqual(problems);
      for (const problem of problems) expectSentence(explainRecord(problem));
      expect(rows.length).toBeLessThanOrEqual(text.split('\n').length);
    });
    fc.assert(property, search);
  });

  it('file names: what is read is written in one way only', () => {
    const property = fc.property(fc.oneof(inputs.wheelFileName, hostile), (text) => {
      const parsed = parseWheelFileName(text);
      if (!parsed.ok) {
        for (const problem of parsed.problems) expectSentence(explainFileName(problem));
        return;
      }
      const { writtenName, writtenVersion, build, tags, variant } = parsed.value;
      const parts = [
        writtenName,
        writtenVersion,
        build,
        [tags.python, tags.abi, tags.platform].map((each) => each.join('.')).join('-'),
        variant,
      ];
      const again = parseWheelFileName(`${parts.filter((part) => part !== null).join('-')}.whl`);
      expect(again.ok && { ...again.value, fileName: text }).toEqual(parsed.value);
      expect(expandTags(tags).length).toBe(tags.python.length * tags.abi.length * tags.platform.length);
    });
    fc.assert(property, search);
  });

  it('requirements and conditions: printed and read again they are the same', () => {
    const property = fc.property(fc.oneof(inputs.requirement, hostile), inputs.specifiers, (text, conditions) => {
      for (const problem of problemsOf(parseRequirement(text))) expect(explainRequirement(problem)).toMatch(/\S/);
      for (const problem of problemsOf(parseSpecifiers(conditions))) expect(explainSpecifier(problem)).toMatch(/\S/);
      const printed = [printedRequirement(text), printedConditions(conditions)];
      expect([printed[0] && printedRequirement(printed[0]), printed[1] && printedConditions(printed[1])]).toEqual(
        printed,
      );
    });
    fc.assert(property, search);
  });

  it('a whole wheel of such texts', async () => {
    const text = fc.option(hostile, { nil: undefined });
    const property = fc.asyncProperty(text, text, text, text, async (metadata, wheel, recordText, entryPoints) => {
      const { fileName, bytes } = makeWheel({
        name: 'torch',
        version: '2.7.0',
        ...(entryPoints === undefined ? {} : { entryPoints }),
        broken: {
          ...(metadata === undefined ? {} : { metadata }),
          ...(wheel === undefined ? {} : { wheel }),
          ...(recordText === undefined ? {} : { recordText }),
        },
      });
      const read = await readWheel(memorySource(bytes), { fileName, quick: false });
      if (!read.ok) throw new Error('the zip is as it should be and was refused');
      for (const finding of checkWheel(read.value, { ...FORMAT_ONLY, toIndex: true })) expectSentence(finding.text);
    });
    const details = await fc.check(property, LONG ? { ...search, numRuns: 50_000 } : { ...search, numRuns: 200 });
    expect(details.errorInstance ?? null).toBeNull();
  });
});

const times = (text: string, count: number): string => text.repeat(count);
const MANY = 250_000;
/** Texts that are made to take long: a megabyte or so, which a quadratic reader would need an hour for. */
const HEAVY: readonly (readonly [name: string, text: string])[] = [
  ['blanks in a value', `Requires-Dist: a${times(' ', 4 * MANY)}b\n`],
  ['blank continuations', `Summary: a\n${times(' \n', 2 * MANY)}`],
  ['carriage returns', times('\r', 4 * MANY)],
  ['carriage returns before one line end', `${times('a:\r', MANY)}\n`],
  ['quotes', times('"', 4 * MANY)],
  ['quotes and line ends', times('"\n', 2 * MANY)],
  ['commas', times(',', 4 * MANY)],
  ['empty rows', times('a,,\n', MANY)],
  ['headers', times('Tag: py3-none-any\n', 200_000)],
  ['tags that stand for many', times(`Tag: ${times('p.', 9)}a-${times('q.', 9)}b-${times('r.', 9)}c\n`, 20_000)],
  ['extras', times('Provides-Extra: a\nRequires-Dist: b; extra == "c"\n', 9_000)],
  ['brackets', `Requires-Dist: a; ${times('(', 9_000)}\n`],
  ['brackets of a licence', `License-Expression: ${times('( ', MANY)}\n`],
  ['conditions', `Requires-Python: ${times('!=3.9.7,', 500_000)}\n`],
  ['groups', times('[a\n', MANY)],
  ['one long line', times('a=b:', MANY)],
  ['blanks in an entry point', `[g]\na = b${times(' ', 4 * MANY)}x\n`],
  ['import names', `Import-Name: ${times('a.', MANY)}-\n`],
  ['bad bytes', times('\ufffd', MANY)],
];

/** What is read when it is asked for. */
const readWhole = ({ problems, rows }: RecordFile): number => problems.length + rows.length;

describe('texts that are made to take long are read in time', () => {
  it.each(HEAVY)('%s', { timeout: 60_000 }, (_name, text) => {
    // Time on the processor: on a busy machine whole seconds pass in which nothing of this runs.
    const begun = process.cpuUsage();
    parseMetadata(text);
    parseWheelFile(text);
    readWhole(parseRecord(text));
    parseEntryPoints(text);
    parseRequirement(text);
    parseWheelFileName(`${text}.whl`);
    // It takes a quarter of a second; a busy machine may need some.
    const { user, system } = process.cpuUsage(begun);
    expect(user + system).toBeLessThan(20_000_000);
  });
});
