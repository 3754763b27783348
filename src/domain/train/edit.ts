import { z } from 'zod';
import { Line } from '../version.ts';

const common = {
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Name of the edit in plans and reports.'),
  since: Line.optional().describe('First line of the train the edit is for.'),
  until: Line.optional().describe('Last line of the train the edit is for.'),
  atLeast: z.int().min(0).default(1).describe('How many matches there must be at the least; fewer is an error.'),
};
const from = z.string().default('main').describe('The value that is replaced.');
const to = z.string().describe('What stands there afterwards; may hold placeholders.');
const files = z
  .array(z.string().min(1))
  .min(1)
  .describe('Paths from the root of the repository; * for a name, ** for any folders.');

/**
 * An edit that a release branch (or main, after the cut) needs, as data. Placeholders in texts: {line} {version} {branch} of the repository itself,
 * {line:KEY} {version:KEY} {branch:KEY} {commit:KEY} of another repository of the train, {next-line} the line after.
 * Seed: "Making release branch specific changes"; process.md 04.
 */
export const Edit = z.discriminatedUnion('kind', [
  z
    .strictObject({ ...common, kind: z.literal('workflow-refs'), files, from })
    .describe(
      "`uses: owner/repo/path@main` of repositories of the train to that repository's release branch. Foreign ones and comments stay, and are listed.",
    ),
  z
    .strictObject({
      ...common,
      kind: z.literal('input'),
      files,
      name: z.string().describe('Name of the input.'),
      from,
      to,
    })
    .describe(
      '`name: from` given to an action or workflow, and the `default:` of an input of that name, to another value.',
    ),
  z
    .strictObject({ ...common, kind: z.literal('file'), files, to })
    .describe('The whole content of a file that holds nothing but a value: a version file, a pin.'),
  z
    .strictObject({
      ...common,
      kind: z.literal('replace'),
      files,
      find: z.string().min(1).describe('The text that is looked for, letter by letter.'),
      to,
      comments: z.boolean().default(false).describe('Whether comments are edited too.'),
    })
    .describe('Every occurrence of a literal text, outside comments unless `comments` is set.'),
  z
    .strictObject({
      ...common,
      kind: z.literal('submodule'),
      path: z.string().describe('Path of the submodule.'),
      url: z.string().optional().describe('Its new address.'),
      branch: z.string().optional().describe('Its new branch; may hold placeholders.'),
    })
    .describe("Url and branch of a submodule in .gitmodules, to the organisation's fork."),
]);
export type Edit = z.infer<typeof Edit>;
