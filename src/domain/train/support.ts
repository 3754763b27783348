import { z } from 'zod';
import { ArtifactKind } from '../artifact.ts';
import { CalendarDate } from '../instant.ts';
import { Line } from '../version.ts';

/** A CPython build as the matrix names it: 3.13, or 3.13t for the free-threaded one. */
const PythonBuild = z.string().regex(/^\d{1,2}\.\d{1,3}t?$/, {
  error: 'not a Python build: write 3.13, or 3.13t for the free-threaded one, in quotes',
});

/** Which Pythons a line is built for. Seed: "Release Compatibility Matrix". */
export const PythonRange = z.strictObject({
  from: PythonBuild.describe('Oldest Python.'),
  to: PythonBuild.describe('Newest Python that is not experimental.'),
  exclude: z
    .array(z.string().min(1))
    .default([])
    .describe('Versions between them that do not work, for example 3.9.7.'),
  experimental: z.array(PythonBuild).default([]).describe('Builds made, but not promised.'),
});
export type PythonRange = z.infer<typeof PythonRange>;

/** Versions of an accelerator that are built with the same companion library. */
export const BuildGroup = z.strictObject({
  versions: z.array(z.string().min(1)).min(1).describe('Versions of the accelerator, for example 11.8 and 12.6.'),
  companion: z
    .string()
    .min(1)
    .optional()
    .describe('Version of the companion library of all of them, for example of CuDNN.'),
});
export type BuildGroup = z.infer<typeof BuildGroup>;

const columnCommon = {
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Name of the column in `lines`.'),
  title: z.string().min(1).describe('Head of the column.'),
  since: Line.optional().describe('First line that has the column.'),
  until: Line.optional().describe('Last line that has the column.'),
};

/** A column of the matrix; columns may be added from a line on. */
export const SupportColumn = z.discriminatedUnion('kind', [
  z.strictObject({ ...columnCommon, kind: z.literal('python') }).describe('The Python range.'),
  z.strictObject({ ...columnCommon, kind: z.literal('text') }).describe('A text, for example the C++ standard.'),
  z
    .strictObject({
      ...columnCommon,
      kind: z.literal('builds'),
      accelerator: z.string().min(1).describe('What is written before each version: CUDA.'),
      companion: z
        .string()
        .min(1)
        .optional()
        .describe("What is written before the companion library's version: CUDNN."),
      stage: z.enum(['stable', 'experimental']).default('stable').describe('Whether these builds are promised.'),
      companionInBracketsSince: Line.optional().describe(
        'From this line on the companion stands in brackets behind its builds, before it after a comma.',
      ),
    })
    .describe('Builds for versions of an accelerator.'),
]);
export type SupportColumn = z.infer<typeof SupportColumn>;

/** What one line of the train supports. */
export const SupportLine = z.strictObject({
  python: PythonRange.describe('The Pythons.'),
  texts: z.record(z.string(), z.string()).default({}).describe('Columns of kind text, by id.'),
  builds: z
    .record(z.string(), z.array(BuildGroup))
    .default({})
    .describe('Columns of kind builds, by id; an empty list is None.'),
});
export type SupportLine = z.infer<typeof SupportLine>;

/** Cells that are not built by policy: skipped, never missing. Every member that is given must fit. */
export const ExcludedBuild = z.strictObject({
  package: z.string().optional().describe('Package, as in `artifacts.packages`.'),
  kind: ArtifactKind.optional().describe('Kind of file.'),
  system: z.string().optional().describe('Operating system family, as in `operatingSystems`.'),
  architecture: z.string().optional().describe('Architecture.'),
  python: PythonBuild.optional().describe('Python build.'),
  accelerator: z.string().optional().describe('Accelerator, with or without its version: ROCm, or CUDA 11.8.'),
  since: Line.optional().describe('First line it holds for.'),
  until: Line.optional().describe('Last line it holds for.'),
  reason: z.string().min(1).describe('Why it is not built.'),
});
export type ExcludedBuild = z.infer<typeof ExcludedBuild>;

/** Seed: "Operating Systems". */
const OperatingSystem = z.strictObject({
  family: z.string().min(1).describe('Linux, MacOS, Windows.'),
  architectures: z.array(z.string().min(1)).min(1).describe('Architectures built for.'),
  floor: z
    .strictObject({
      what: z.string().min(1).describe('What it is a version of.'),
      version: z.string().min(1).describe('The oldest version.'),
    })
    .optional()
    .describe('The oldest thing it runs on: glibc 2.17, MacOS 11.'),
  platformTag: z.string().optional().describe('Platform tag of the wheels: manylinux2014.'),
  notes: z.string().default('').describe('What people must know.'),
});
export type OperatingSystem = z.infer<typeof OperatingSystem>;

/** Support beyond the rules, decided case by case. */
const SupportException = z.strictObject({
  what: z.string().min(1).describe('What is supported all the same.'),
  reason: z.string().min(1).describe('Why.'),
  owner: z.string().min(1).describe('Login of who answers for it.'),
  until: CalendarDate.describe('The day it ends.'),
});

/** Rules by which the next matrix is proposed. Seed: "Hardware / Software Support in Binary Build Matrix". */
const SupportPolicy = z.strictObject({
  python: z
    .strictObject({
      minors: z
        .literal('not-end-of-life')
        .default('not-end-of-life')
        .describe('Every minor of CPython that is not end-of-life.'),
      patches: z
        .literal('latest-bugfix-or-all-others')
        .default('latest-bugfix-or-all-others')
        .describe(
          'Of a minor only the latest patch release while that is a bugfix release; otherwise all that are not bugfix releases.',
        ),
      source: z.string().default('').describe('Where the end-of-life dates are read.'),
    })
    .prefault({})
    .describe('Python.'),
  accelerators: z
    .strictObject({ latestMinors: z.int().min(1).default(2).describe('How many of the latest minor versions.') })
    .prefault({})
    .describe('CUDA, ROCm and the like.'),
  exceptions: z.array(SupportException).default([]).describe('Special support cases.'),
});
export type SupportPolicy = z.infer<typeof SupportPolicy>;

/** The support matrix of a train. */
export const Support = z.strictObject({
  head: z.string().default('Version').describe('Head of the first column.'),
  columns: z.array(SupportColumn).default([]).describe('Columns in their order.'),
  lines: z.record(Line, SupportLine).default({}).describe('What each line supports.'),
  operatingSystems: z.array(OperatingSystem).default([]).describe('Operating systems and architectures.'),
  excluded: z.array(ExcludedBuild).default([]).describe('Builds that are left out by policy.'),
  policy: SupportPolicy.prefault({}).describe('Rules by which the next matrix is proposed.'),
});
export type Support = z.infer<typeof Support>;
