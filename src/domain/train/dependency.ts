import { z } from 'zod';
import { Line } from '../version.ts';
import { AskName } from './asks.ts';
import { ChannelName } from './channels.ts';
import { holdsFor } from './span.ts';

/** What the train's packages require in one channel for one backend. */
const DependencyRule = z.strictObject({
  channels: z.array(ChannelName).min(1).describe('Channels the rule is for.'),
  backend: z.string().min(1).describe('cuda, rocm, xpu, or conda for conda packages of every backend.'),
  requirement: z
    .string()
    .min(1)
    .describe('The requirement; {version} is the version, {pin} the first 8 digits of the pinned commit.'),
  from: z.string().optional().describe('Where it is found: an address, or the name of a channel.'),
  versionFile: z
    .string()
    .min(1)
    .optional()
    .describe('File of the core repository that holds the version for this backend; otherwise that of the dependency.'),
  platforms: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Platforms whose files must carry it; all where left out.'),
  since: Line.optional().describe('First line of the train.'),
  until: Line.optional().describe('Last line of the train.'),
});
export type DependencyRule = z.infer<typeof DependencyRule>;

/** A package from outside that the train's packages require. Seed: "Triton dependency for the release". */
export const OutsideDependency = z.strictObject({
  repo: z.string().describe('Repository of the train, with role external, that it is built from.'),
  pinFile: z.string().min(1).optional().describe('File of the core repository that holds the pinned commit.'),
  versionFile: z.string().min(1).optional().describe('File of the core repository that holds its version.'),
  ready: z
    .strictObject({
      days: z.int().min(0).max(120).describe('How many days before the cut the pin must be merged.'),
    })
    .optional()
    .describe('That its release branch must exist and its pin be merged before the cut (gate external-ready).'),
  released: z
    .strictObject({
      tag: z.string().min(1).describe('Tag that the released version has in its repository: v{version}.'),
      packages: z
        .array(z.string().min(1))
        .optional()
        .describe('Packages of the train whose wheels carry the requirement; those of the core repository otherwise.'),
    })
    .optional()
    .describe(
      'That the pinned commit must be the released one, and the files require the released version (gate triton-ready).',
    ),
  ask: AskName.optional().describe('The ask by which its makers are asked to publish it, by its name in `asks`.'),
  rules: z.array(DependencyRule).default([]).describe('Requirements by channel and backend.'),
});
export type OutsideDependency = z.infer<typeof OutsideDependency>;

/** What is asked for: which line, channel and backend; the version for that backend; the pinned commit. */
export interface DependencyQuestion {
  readonly line: Line;
  readonly channel: string;
  readonly backend: string;
  readonly version: string;
  readonly pin: string;
}

/** What the train says of a line, a channel and a backend; null where it says nothing. */
export function ruleFor(
  { rules }: OutsideDependency,
  { line, channel, backend }: Pick<DependencyQuestion, 'line' | 'channel' | 'backend'>,
): DependencyRule | null {
  const found = rules.find(
    (rule) => rule.channels.includes(channel) && rule.backend === backend && holdsFor(rule, line),
  );
  return found ?? null;
}

/** The requirement that a package must carry (VER-05), and where it is found; null when the train does not say. */
export function requirementFor(
  dependency: OutsideDependency,
  asked: DependencyQuestion,
): { readonly requirement: string; readonly from: string | null } | null {
  const rule = ruleFor(dependency, asked);
  if (rule === null) return null;
  const requirement = rule.requirement
    .replaceAll('{version}', asked.version)
    .replaceAll('{pin}', asked.pin.slice(0, 8));
  return { requirement, from: rule.from ?? null };
}

/** A version or a commit as such a file holds it; null for anything else, which is not what the train says is there. */
export function pinnedWord(text: string | null | undefined): string | null {
  const word = text?.trim() ?? '';
  return /^[\w.+/-]{1,100}$/u.test(word) ? word : null;
}
