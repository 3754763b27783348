import { z } from 'zod';
import { RepoKey } from '../repo.ts';
import { lineOf, patchNumber, type ReleaseVersion } from '../version.ts';
import { ChannelName } from './channels.ts';
import { holdsFor, lineSpan } from './span.ts';

/** Short name of an ask; its gate is `ask:NAME`. */
export const AskName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'not a name of an ask: lower-case letters, digits, dash' })
  .brand<'AskName'>();
export type AskName = z.infer<typeof AskName>;

/** The words of placeholders, and whether a name of the train follows: a repository's, or a dependency's. */
export const ASK_PLACEHOLDERS = {
  version: 'none',
  line: 'none',
  'next-line': 'none',
  candidate: 'none',
  packages: 'none',
  'version-of': 'repo',
  'line-of': 'repo',
  'branch-of': 'repo',
  required: 'dependency',
  pin: 'dependency',
  previous: 'none',
  upgrades: 'none',
  install: 'none',
  pythons: 'none',
  accelerator: 'none',
  requires: 'none',
  notes: 'none',
} as const;

/** Placeholders of what the final candidate's packages on the package index are for one platform. */
export const HOST_PLACEHOLDERS = ['upgrades', 'install', 'pythons', 'accelerator', 'requires', 'notes'] as const;

const Filled = 'Placeholders as in the text of the ask.';

/** What shows that the ask is done. All but `word` is observed; `word` is what the addressee answered, recorded by a person with its link. */
const AskProbe = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('package'),
    channel: ChannelName.describe('Channel with a package index.'),
    package: z.string().min(1).describe('Name of the package there.'),
    version: z.string().min(1).describe(`Version that it must have. ${Filled}`),
  }),
  z.strictObject({
    by: z.literal('branch'),
    repo: RepoKey.describe('Repository of the train.'),
    branch: z.string().min(1).optional().describe(`Branch that it must have; its release branch otherwise. ${Filled}`),
  }),
  z.strictObject({
    by: z.literal('tag'),
    repo: RepoKey.describe('Repository of the train.'),
    tag: z.string().min(1).describe(`Tag that it must have. ${Filled}`),
  }),
  z.strictObject({ by: z.literal('closed').describe('The issue in which it was asked is closed as completed.') }),
  z.strictObject({
    by: z.literal('sent').describe('That it was asked is enough: its issue is there, or somebody recorded where.'),
  }),
  z.strictObject({
    by: z.literal('word').describe("The addressee's answer, recorded by `signalbox ask record --done`."),
  }),
]);
export type AskProbe = z.infer<typeof AskProbe>;

/** Where it is asked. */
const AskWay = z.discriminatedUnion('way', [
  z.strictObject({
    way: z.literal('issue').describe('An issue in a repository, opened by a plan.'),
    repo: RepoKey.describe('Repository of the train in which the issue is opened.'),
    assignees: z.array(z.string().min(1)).default([]).describe('Logins that the issue is assigned to.'),
  }),
  z.strictObject({ way: z.literal('hand').describe('By a person, who records it with its link.') }),
]);

/** The steps of a release that an ask can hold up. */
export const AskHolds = z.enum(['cut', 'final', 'stable', 'pypi']);
export type AskHolds = z.infer<typeof AskHolds>;

/** Something that is asked of people outside the train, or of another team, for each release. Seed: the publication of Triton, the issue for Colab. */
export const Ask = z.strictObject({
  title: z.string().min(1).describe('Title of the issue, and what people call it. Placeholders as in its text.'),
  text: z
    .string()
    .min(1)
    .describe(
      'Name of the text in `texts` that is sent. Placeholders: {version} {line} {next-line}; {candidate} {packages} of the final candidate; {version-of:REPO} {line-of:REPO} {branch-of:REPO}; {required:NAME} {pin:NAME} of a dependency; {previous}, where it was asked for the release before; with `platform`, of the final candidate as users get it there: {upgrades} {install} {pythons} {accelerator} {requires} {notes}.',
    ),
  to: z.string().min(1).describe('Who is asked, for people: OpenAI.'),
  owner: z
    .string()
    .min(1)
    .optional()
    .describe('Workstream, or login, that sees to it and is reminded; the release managers otherwise.'),
  releases: z
    .enum(['minor', 'patch', 'every'])
    .default('minor')
    .describe('Releases for which it is asked: minor ones, patch releases, or every one.'),
  ...lineSpan,
  sent: AskWay.describe('Where it is asked.'),
  platform: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Platform of `artifacts.platforms` whose packages on the package index the text is about: a host of notebooks runs on one.',
    ),
  previous: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where it was asked before there was a record of it; {previous} of the first time.'),
  after: z
    .enum(['at-once', 'cut', 'final', 'released'])
    .default('at-once')
    .describe(
      "When it may be asked: at once, once the core repository's release branch is cut, once a candidate is final, or once the release is out: the core repository has its final tag.",
    ),
  due: z
    .strictObject({
      before: z
        .enum(['cut', 'release'])
        .describe('The date it is counted from; release is the day of the release itself, a patch too.'),
      days: z.int().min(0).max(400).describe('How many days before it the answer must be there.'),
    })
    .describe('Until when it must be done.'),
  done: z.array(AskProbe).min(1).describe('What shows that it is done: all of it.'),
  remindDays: z
    .array(z.int().min(0).max(400))
    .default([7, 2, 0])
    .describe('How many days before it is due its owner is reminded.'),
  permanent: z
    .boolean()
    .default(false)
    .describe(
      'Whether what is sent can never be taken back, as an announcement: two others approve it, and a phrase is typed.',
    ),
  checkLinks: z
    .boolean()
    .default(false)
    .describe('Whether the links of its text are looked at before it is sent: one that leads nowhere holds it back.'),
  holds: AskHolds.nullable()
    .default(null)
    .describe('The step that is not done before it: cut, final, stable, pypi; null for none.'),
});
export type Ask = z.infer<typeof Ask>;

/** An ask with its name. */
export interface NamedAsk {
  readonly name: AskName;
  readonly ask: Ask;
}

interface HasAsks {
  readonly asks: Readonly<Record<string, Ask>>;
}

/** The asks of a release in the order of the train file. */
export function asksOf(train: HasAsks, release: ReleaseVersion): readonly NamedAsk[] {
  const kind = patchNumber(release) === 0 ? 'minor' : 'patch';
  return Object.entries(train.asks).flatMap(([name, ask]) =>
    (ask.releases === 'every' || ask.releases === kind) && holdsFor(ask, lineOf(release))
      ? [{ name: AskName.parse(name), ask }]
      : [],
  );
}

/** Gates of the asks that hold up a step of the release: `ask:triton-release`. */
export function askGatesBefore(train: HasAsks, release: ReleaseVersion, step: AskHolds): readonly string[] {
  return asksOf(train, release).flatMap(({ name, ask }) => (ask.holds === step ? [`ask:${name}`] : []));
}
