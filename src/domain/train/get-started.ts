import { z } from 'zod';
import { FilePath } from './file-path.ts';
import { lineSpan } from './span.ts';

/** A word of the page's files: a key of them. */
const PageWord = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, { error: 'not a word of the page' });

/** The builds of an accelerator, and the buttons of the page that stand for them. */
const Slots = z.strictObject({
  accelerator: z.string().min(1).describe('Accelerator of `artifacts.accelerators`.'),
  slots: z
    .array(PageWord)
    .min(1)
    .describe(
      "Buttons of the page for its versions, that of the oldest first: cuda.x, cuda.y. They are the page's words.",
    ),
  most: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Only so many versions, the newest. Without it, a release with more versions than buttons is an error: none is dropped in silence.',
    ),
});
export type Slots = z.infer<typeof Slots>;

/** A download of the C++ library, as the page calls it. */
const Download = z.strictObject({
  system: PageWord.describe('System of the page: linux.'),
  variant: z.string().min(1).describe('Variant in `artifacts.packages`: shared-with-deps.'),
  text: z.string().min(1).describe('What stands before the link, and is its key in the file.'),
  ...lineSpan,
});
export type Download = z.infer<typeof Download>;

/** The page from which users copy how to install, as files of the website's repository. Seed: "Modify release matrix". */
export const GetStarted = z.strictObject({
  repo: z.string().min(1).describe('Repository of the train that holds the page.'),
  versions: FilePath.default('published_versions.json').describe('File with the commands of every release.'),
  script: FilePath.default('assets/quick-start-module.js').describe('Script of the page, with the commands in it.'),
  title: z
    .string()
    .min(1)
    .default('[Getting Started Page] {version}')
    .describe('Title of the pull request, with {version} and {line}.'),
  systems: z
    .record(PageWord, z.string().min(1))
    .describe('Systems of the page, each with its platform in `artifacts.platforms`: linux is linux-x86_64.'),
  accelerators: z.array(Slots).min(1).describe('Buttons of the page by accelerator, in the order of new entries.'),
  pip: z
    .strictObject({
      index: z
        .string()
        .min(1)
        .default('pip3 install {packages} --index-url {index}')
        .describe(
          'The command for builds that lie in the stable channel: {packages} and {index}, the address of the folder.',
        ),
      published: z
        .string()
        .min(1)
        .default('pip3 install {packages}')
        .describe('The command for the build that is on the package index.'),
    })
    .prefault({})
    .describe('Commands of pip.'),
  downloads: z.array(Download).default([]).describe('Downloads of the C++ library.'),
  link: z
    .string()
    .min(1)
    .default("{text}<br /><a href='{url}'>{url}</a>")
    .describe('A download in the script: {text} and {url}.'),
  unavailable: z
    .string()
    .min(1)
    .default('<b>NOTE:</b> {accelerator} is not available on {system}')
    .describe('What stands where there is no build: {accelerator} by its title, {system} as the platform calls it.'),
});
export type GetStarted = z.infer<typeof GetStarted>;
