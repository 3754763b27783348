import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Pep440Version } from '../domain/pep440.ts';
import { admits, parseSpecifiers } from '../domain/specifier.ts';
import { WITHOUT_DEBIAN_PYTHON } from '../testing/debian-tools.ts';
import { askOracle, type OracleQuestion } from '../testing/wheel-oracle.ts';
import * as inputs from '../testing/wheel-inputs.ts';
import { parseWheelFileName } from './file-name.ts';
import { parseHeaders } from './headers.ts';
import { parseMarker, printMarker } from './marker.ts';
import { normalizeName } from '../domain/package-name.ts';
import { parseRequirement } from './requirement.ts';
import { expandTags, parseTagSet } from './tags.ts';

const runs = process.env['SIGNALBOX_LONG'] === '1' ? 100_000 : 4_000;
const seed = Number(process.env['SIGNALBOX_SEED'] ?? 4);
const sample = <Value>(arbitrary: fc.Arbitrary<Value>): readonly Value[] =>
  fc.sample(arbitrary, { numRuns: runs, seed });

/** What we say and what they say, of the inputs on which the two differ. */
async function differences(
  questions: readonly OracleQuestion[],
  ours: (question: OracleQuestion, index: number) => unknown,
  isStricter: (question: OracleQuestion, its: unknown) => boolean = () => false,
): Promise<readonly unknown[]> {
  const answers = await askOracle(questions);
  return questions.flatMap((question, index) => {
    const mine = ours(question, index);
    const its = answers[index]?.value ?? null;
    if (mine === null && its !== null && isStricter(question, its)) return [];
    return JSON.stringify(mine) === JSON.stringify(its) ? [] : [{ text: question.text, mine, its }];
  });
}

const Named = z.object({
  name: z.string(),
  tags: z.array(z.string()).default([]),
  extras: z.array(z.string()).default([]),
});

/** The oracle takes any name and any tag between hyphens: those that no package can have are refused here. */
function isLooseFileName(_question: OracleQuestion, its: unknown): boolean {
  const { name, tags } = Named.parse(its);
  return !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) || tags.some((tag) => !/^\w+-\w+-\w+$/.test(tag));
}

/** The oracle of Debian 12 lets a name and an extra end in an underscore. */
function isLooseRequirement(_question: OracleQuestion, its: unknown): boolean {
  const { name, extras } = Named.parse(its);
  return [name, ...extras].some((each) => each.endsWith('-'));
}

/** The oracle of Debian 12 takes the prefix of `~=` from the text as written, and errs where its suffix is not in normal form. */
function isUnusualCompatible(text: string): boolean {
  const parsed = parseSpecifiers(text);
  return (
    parsed.ok &&
    parsed.value.some(
      ({ operator, version }) =>
        operator === '~=' && !new RegExp(`~= *${version.replaceAll('.', String.raw`\.`)} *(,|$)`).test(text),
    )
  );
}

describe.skipIf(WITHOUT_DEBIAN_PYTHON)('read as python3-packaging reads them', { timeout: runs * 20 }, () => {
  it('conditions on versions', async () => {
    const versions = sample(inputs.version).filter((text) => Pep440Version.safeParse(text).success);
    const texts = sample(inputs.specifiers).filter((text) => !isUnusualCompatible(text));
    const questions = texts.map((text, index) => ({
      ask: 'specifiers' as const,
      text,
      versions: Array.from(
        { length: 8 },
        (_, offset) => versions[(index * 8 + offset) % versions.length] ?? '1',
      ).filter(
        // The oracle of Debian 12 loses the epoch of what it compares with a prefix.
        (asked) => !(/~=|\*/.test(text) && asked.includes('!')),
      ),
    }));
    const found = await differences(questions, ({ text, versions: asked = [] }) => {
      const parsed = parseSpecifiers(text);
      return parsed.ok ? asked.map((each) => admits(parsed.value, Pep440Version.parse(each))) : null;
    });
    expect(found).toEqual([]);
  });

  it('file names', async () => {
    const questions = sample(inputs.wheelFileName).map((text) => ({ ask: 'file_name' as const, text }));
    const found = await differences(
      questions,
      ({ text }) => {
        const parsed = parseWheelFileName(text);
        if (!parsed.ok) return null;
        const { name, version, build, tags } = parsed.value;
        const parts = /^(\d+)(.*)$/.exec(build ?? '');
        return {
          name,
          version,
          build: parts === null ? [] : [String(BigInt(parts[1] ?? '')), parts[2]],
          tags: expandTags(tags),
        };
      },
      isLooseFileName,
    );
    expect(found).toEqual([]);
  });

  it('tags', async () => {
    const questions = sample(inputs.tagSet).map((text) => ({ ask: 'tag_set' as const, text }));
    const found = await differences(questions, ({ text }) => {
      const parsed = parseTagSet(text);
      return parsed.ok ? expandTags(parsed.value) : null;
    });
    expect(found).toEqual([]);
  });

  it('names', async () => {
    const questions = sample(inputs.packageName).map((text) => ({ ask: 'name' as const, text }));
    expect(await differences(questions, ({ text }) => normalizeName(text))).toEqual([]);
  });

  it('requirements', async () => {
    // The oracle takes a line end for a blank in some places and not in others. After === it takes a comma for a part of
    // the version, where its grammar for conditions does not.
    const texts = sample(inputs.requirement).filter((text) => !/===.*,|\\|\n/s.test(text));
    const questions = texts.map((text) => ({ ask: 'requirement' as const, text }));
    const verdicts = await verdictsOf(
      questions.map(({ text }) => {
        const parsed = parseRequirement(text);
        return parsed.ok && parsed.value.marker !== null ? printMarker(parsed.value.marker) : null;
      }),
    );
    const found = await differences(
      questions,
      ({ text }, index) => {
        const parsed = parseRequirement(text);
        if (!parsed.ok) return null;
        const { name, extras, url, specifiers } = parsed.value;
        const texts = specifiers.map(({ operator, version, prefix }) => `${operator}${version}${prefix ? '.*' : ''}`);
        return { name, extras, url, specifiers: [...new Set(texts)].toSorted(), marker: verdicts[index] };
      },
      isLooseRequirement,
    );
    expect(found).toEqual([]);
  });

  it('markers: printed in one form they mean the same', async () => {
    // The oracle evaluates a text as Python does; PEP 508 has no backslashes and no tabs in them.
    const texts = sample(inputs.withSlips(inputs.marker)).filter((text) => !/["'][^"']*[\\\t]/.test(text));
    const questions = texts.map((text) => ({ ask: 'marker' as const, text }));
    const printed = questions.map(({ text }) => {
      const parsed = parseMarker(text);
      return parsed === null ? null : printMarker(parsed);
    });
    const verdicts = await verdictsOf(printed);
    expect(await differences(questions, (_question, index) => verdicts[index])).toEqual([]);
  });
});

/** What the reference says of our own printing of a marker; null where there is none. */
async function verdictsOf(printed: readonly (string | null)[]): Promise<readonly unknown[]> {
  const answers = await askOracle(printed.map((text) => ({ ask: 'marker', text: text ?? 'os_name == "posix"' })));
  return printed.map((text, index) => (text === null ? null : (answers[index]?.value ?? 'refused')));
}

const flat = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim();
const Mail = z.object({ fields: z.array(z.tuple([z.string(), z.string()])), body: z.string() });

describe.skipIf(WITHOUT_DEBIAN_PYTHON)('read as the mail parser of Python reads them', { timeout: runs * 20 }, () => {
  it('headers and body', async () => {
    const questions = sample(inputs.headerText).map((text) => ({ ask: 'headers' as const, text }));
    const answers = await askOracle(questions);
    const found = questions.flatMap(({ text }, index) => {
      const mine = parseHeaders(text);
      const its = Mail.parse(answers[index]?.value);
      const same =
        JSON.stringify(mine.fields.map(({ name, value }) => [name, flat(value)])) ===
          JSON.stringify(its.fields.map(([name, value]) => [name, flat(value)])) && flat(mine.body) === flat(its.body);
      return same ? [] : [{ text, mine, its }];
    });
    expect(found).toEqual([]);
  });
});
