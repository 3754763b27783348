import { z } from 'zod';
import { lineSpan } from './span.ts';
import { ChannelName } from './channels.ts';

/** A name that becomes part of a cell: no slash, nothing that a shell or a URL would read. */
const CellWord = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, {
  error: 'not a name here: lower-case letters, digits, dot, dash, underscore',
});

/** The last three parts of a wheel's name. `{python}` is cp313, `{abi}` cp313 or, free-threaded, cp313t. */
const WheelTags = z.string().regex(/^[a-z0-9_{}.]+-[a-z0-9_{}.]+-[a-z0-9_.]+$/, {
  error: 'not the tags of a wheel: write python-abi-platform, for example {python}-{abi}-win_amd64',
});

/** What files are called: no folder in it, since where a file lies is `folder`. */
const FileTemplate = z.string().regex(/^[A-Za-z0-9{}._+*-]{1,200}$/, {
  error: 'not a file name: letters, digits, . _ + - *, and placeholders in {}',
});

/** A folder of a channel, relative to the place's address. */
const FolderTemplate = z.string().regex(/^(?:[A-Za-z0-9{}._-]+(?:\/[A-Za-z0-9{}._-]+)*)?$/, {
  error: 'not a folder: write cu126 or a/b, without a slash at the ends',
});

/** One thing files are built for: an operating system on an architecture. */
const Platform = z.strictObject({
  system: z.string().min(1).describe('Operating system family, as in `support.operatingSystems`.'),
  architecture: z.string().min(1).describe('Architecture, as in `support.operatingSystems`.'),
  wheels: z
    .array(
      z.strictObject({
        tags: z
          .array(WheelTags)
          .min(1)
          .describe(
            'Tags a wheel may have, the expected ones first. {python} is cp313, {abi} cp313 or cp313t; tags without {abi} are not for free-threaded builds.',
          ),
        ...lineSpan,
      }),
    )
    .default([])
    .describe('Tags of wheels; the first entry that holds for the line counts.'),
  local: z
    .boolean()
    .default(true)
    .describe('Whether the version names the accelerator behind a plus sign: 2.7.0+cu126.'),
  words: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.string())
    .default({})
    .describe('Words of your own for `file` and `folder`, by placeholder: conda-folder is {conda-folder}.'),
  short: z.string().min(1).max(20).optional().describe('Its name where room is short: linux-arm.'),
  runner: z.string().min(1).optional().describe('Machine that builds it, for the build matrix of CI.'),
});
export type Platform = z.infer<typeof Platform>;

/** An accelerator, in one build or in one for each of its versions. */
const Accelerator = z.strictObject({
  title: z.string().min(1).describe('As the columns of the support matrix and `support.excluded` call it: CUDA.'),
  name: z
    .string()
    .regex(/^[a-z0-9.{}_-]+$/, { error: 'not a name: lower-case letters, digits and {version} or {digits}' })
    .describe(
      "Name of a build, in cells, folders and local versions: cpu, cu{digits} (cu126), rocm{version} (rocm6.3). With {version} or {digits} there is a build for each version in the support matrix's columns of this title.",
    ),
  job: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Its name in the names of jobs, where that is another: cuda{version} (cuda12_6: dots become underscores).',
    ),
  ...lineSpan,
});
export type Accelerator = z.infer<typeof Accelerator>;

const JobTemplate = z
  .string()
  .min(1)
  .max(300)
  .describe(
    'Name of the job that builds a file, to find its run: the words of `file`, with {python-word} (3_13) and {accelerator-job}; * stands for any text.',
  );

const buildCommon = {
  platforms: z.array(CellWord).min(1).optional().describe('Platforms; without it one file runs everywhere.'),
  accelerators: z
    .array(CellWord)
    .min(1)
    .optional()
    .describe('Accelerators; without it there are no builds per accelerator.'),
  folder: FolderTemplate.default('{accelerator}').describe(
    'Where its files lie in a channel, below the address of the place: {accelerator}, {platform}, and `words` of the platform.',
  ),
  job: JobTemplate.optional(),
  validation: JobTemplate.optional().describe(
    'Name of the job that tests a file of the candidate in the workflow of `validation`; the words of `job`.',
  ),
  ...lineSpan,
};

const Pythons = z
  .enum(['each', 'independent'])
  .default('each')
  .describe('each: one file for each Python of the line. independent: one for all.');

const FILE_WORDS =
  'Name of the file: {version} (with the local version), {release} (without), {accelerator}, {accelerator-version}, {python}, {python-digits}, {platform}, and `words` of the platform; * stands for any text.';

/** A kind of file that a package is built as. */
const PackageBuild = z.discriminatedUnion('kind', [
  z
    .strictObject({
      ...buildCommon,
      kind: z.literal('wheel'),
      python: Pythons,
      tags: z.array(WheelTags).min(1).optional().describe("Tags, where they are not the platform's: py3-none-any."),
    })
    .describe('A wheel. Its name follows from package, version and tags.'),
  z
    .strictObject({
      ...buildCommon,
      kind: z.literal('libtorch'),
      variant: CellWord.describe(
        'Which of several files for the same platform and accelerator it is: shared-with-deps.',
      ),
      file: FileTemplate.describe(FILE_WORDS),
    })
    .describe('An archive of the C++ library. It never depends on the Python.'),
  z
    .strictObject({
      ...buildCommon,
      kind: z.literal('conda'),
      python: Pythons,
      file: FileTemplate.describe(FILE_WORDS),
    })
    .describe('A conda package.'),
]);
export type PackageBuild = z.infer<typeof PackageBuild>;

/** Which build of each platform goes to an index that has no local versions. */
const Publication = z.strictObject({
  platform: CellWord.describe('Platform.'),
  accelerator: z.string().min(1).describe('Accelerator as `support.excluded` writes it: CPU, or CUDA 12.6.'),
  packages: z.array(z.string().min(1)).min(1).optional().describe('Only for these packages; for all without it.'),
  ...lineSpan,
});
export type Publication = z.infer<typeof Publication>;

/** Images that are built from the files. */
const ImageBuild = z.strictObject({
  accelerators: z.array(CellWord).min(1).describe('Accelerators there is an image for.'),
  platforms: z.array(CellWord).min(1).describe('Platforms there is an image for.'),
  targets: z.array(CellWord).min(1).describe('Kinds of image, each of its own: runtime, devel.'),
  repository: z.record(ChannelName, z.string().min(1)).describe('Where it is pushed, by channel: pytorch/pytorch.'),
  tag: z
    .string()
    .min(1)
    .describe(
      'Its tag: {version} (the release), {accelerator}, {accelerator-version}, {companion-major} (of its companion library in the support matrix), {target}.',
    ),
  ...lineSpan,
});
export type ImageBuild = z.infer<typeof ImageBuild>;

/** What the packages of the train are built as, for what, and where the files go. With the support matrix it gives the expected artifacts. */
export const Artifacts = z.strictObject({
  platforms: z.record(CellWord, Platform).default({}).describe('Platforms by name: linux-x86_64.'),
  accelerators: z
    .record(CellWord, Accelerator)
    .default({})
    .describe('Accelerators by name, in the order they are shown.'),
  packages: z
    .record(
      z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/, { error: 'not the name of a package' }),
      z.strictObject({
        builds: z.array(PackageBuild).min(1).describe('What it is built as.'),
      }),
    )
    .default({})
    .describe('What each package is built as, by its name; each must be in `packages` of a repository.'),
  publish: z
    .record(ChannelName, z.array(Publication))
    .default({})
    .describe('By channel of kind package-index: which build of each platform goes there, without its local version.'),
  images: z.array(ImageBuild).default([]).describe('Images that are built from the files, for the build matrix of CI.'),
});
export type Artifacts = z.infer<typeof Artifacts>;
