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
    .strictObject({ ...common, kind: z.literal('workflow-refs'), files, from: z.string().default('main') })
    .describe(
      "`uses: owner/repo/path@main` of repositories of the train to that repository's release branch. Foreign ones and comments stay, and are listed.",
    ),
  z
    .strictObject({
      ...common,
      kind: z.literal('input'),
      files,
      name: z.string(),
      from: z.string().default('main'),
      to: z.string(),
    })
    .describe(
      '`name: from` given to an action or workflow, and the `default:` of an input of that name, to another value.',
    ),
  z
    .strictObject({ ...common, kind: z.literal('file'), files, to: z.string() })
    .describe('The whole content of a file that holds nothing but a value: a version file, a pin.'),
  z
    .strictObject({
      ...common,
      kind: z.literal('replace'),
      files,
      find: z.string().min(1),
      to: z.string(),
      comments: z.boolean().default(false),
    })
    .describe('Every occurrence of a literal text, outside comments unless `comments` is set.'),
  z
    .strictObject({
      ...common,
      kind: z.literal('submodule'),
      path: z.string(),
      url: z.string().optional(),
      branch: z.string().optional(),
    })
    .describe("Url and branch of a submodule in .gitmodules, to the organisation's fork."),
]);
export type Edit = z.infer<typeof Edit>;
export type EditKind = Edit['kind'];
