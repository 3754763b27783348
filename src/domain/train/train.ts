import { z } from 'zod';
import type { Digest } from '../canonical-json.ts';
import { RepoKey } from '../repo.ts';
import { Artifacts } from './artifacts.ts';
import { Ask, AskName } from './asks.ts';
import { Calendar } from './calendar.ts';
import { Channel, ChannelName } from './channels.ts';
import { OutsideDependency } from './dependency.ts';
import { FinalChecks } from './final.ts';
import { DocsEntry, Validation } from './evidence.ts';
import { Guard } from './guard.ts';
import { Notices } from './notices.ts';
import { LaunchSync } from './launch-sync.ts';
import { Person, Workstream } from './people.ts';
import { Picks } from './picks.ts';
import { PatchPolicy, TutorialPolicy } from './policy.ts';
import { PartnerName, PartnerWebhook } from './partner-webhooks.ts';
import { Promotion } from './promotion.ts';
import { ReleaseDay } from './release-day.ts';
import { BranchPattern, RepoEntry } from './repo-entry.ts';
import { Support } from './support.ts';
import { RoleHolder } from './role-holder.ts';
import { TrainFilePlace } from './train-file.ts';
import { WheelRules } from './wheel-rules.ts';

/** Roles that may do things; who has one is a list of logins and of teams of the forge. */
export type Role = 'release-manager' | 'repo-owner' | 'triage-reviewer' | 'approver';

const Holders = z.array(RoleHolder).default([]);

/** What a train is, as its file says it after `extends` was resolved. Sections of later stages live beside this file. */
export const Train = z.strictObject({
  train: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'not a name of a train: lower-case letters, digits, dash' })
    .describe('Short name of the train; the ledger is kept per train.'),
  title: z.string().min(1).describe('Name that people read: PyTorch.'),
  product: z.string().min(1).describe('The word typed to confirm, and in titles of releases: torch.'),
  forge: z
    .strictObject({
      kind: z.literal('github').default('github'),
      web: z
        .url()
        .describe(
          'Where people look: the address before owner/name. Git fetches and pushes there too unless a repository has a `remote`.',
        ),
      api: z.url().describe('Address of the REST API.'),
    })
    .optional()
    .describe(
      "The forge of the train's repositories. Without it only what git alone can do works, and gates over the forge have no data.",
    ),
  branches: z
    .strictObject({
      release: BranchPattern.default('release/{line}').describe('The release branch.'),
      cutPoint: BranchPattern.nullable()
        .default('orig/release/{line}')
        .describe('The frozen commit of the cut; null for none.'),
      lts: BranchPattern.nullable()
        .default('lts/release/{line}')
        .describe('The branch of a line that is supported for long; null for none.'),
      variant: z
        .string()
        .default('-{variant}')
        .describe('What follows the release branch of a variant: release/2.6-torchcodec.'),
    })
    .prefault({})
    .describe('Names of branches; a repository may have its own.'),
  candidates: z
    .strictObject({
      sign: z.boolean().default(false).describe('Whether tags are signed with the key git is set up with.'),
      message: z.string().default('{repo} {candidate}').describe('Message of the annotated tag.'),
      channel: ChannelName.default('test').describe('Channel that the files of a candidate are uploaded to.'),
    })
    .prefault({})
    .describe('Release candidates.'),
  milestone: z.string().default('{version}').describe("Title of a release's milestone."),
  tracker: z
    .strictObject({
      title: z.string().default('[v.{version}] Release Tracker').describe('Its title.'),
      label: z.string().default('release tracker').describe('Its label.'),
    })
    .prefault({})
    .describe('The tracker issue of a release.'),
  pullRequests: z
    .strictObject({
      onBranch: z
        .string()
        .default('[release-only] Release {line} changes')
        .describe('Title of the pull request with the release-only changes.'),
      onMain: z
        .string()
        .default('Bump nightly version to {next-line}')
        .describe('Title of the pull request on the default branch after the cut.'),
    })
    .prefault({})
    .describe('Titles of the pull requests that arrive with a cut.'),
  committer: z
    .strictObject({ name: z.string().min(1).describe('Name.'), email: z.string().min(1).describe('Address.') })
    .default({ name: 'Signalbox', email: 'signalbox@localhost' })
    .describe('Author of the commits and tags that are made.'),
  roles: z
    .strictObject({
      'release-manager': Holders.describe('Decide: cut, waive, approve picks and plans.'),
      'repo-owner': Holders.describe('Cut and tag their own repositories.'),
      'triage-reviewer': Holders.describe('Judge what a patch release takes.'),
      approver: Holders.describe('Approve what cannot be taken back, besides release managers.'),
    })
    .describe('Logins, and teams of the forge as @org/team, by what they may do.'),
  readers: z
    .enum(['everybody', 'signed-in', 'with-role'])
    .optional()
    .describe(
      'Who may read the pages of the server: everybody, whoever is signed in at the forge, or (unless told) only who has a role.',
    ),
  trainFile: TrainFilePlace.optional().describe(
    'Where this file lies, so that changes of it are proposed as pull requests; without it they are shown only.',
  ),
  repos: z.record(RepoKey, RepoEntry).describe('The repositories that release together.'),
  support: Support.prefault({}).describe('The support matrix; may stand in support.yaml beside the train file.'),
  artifacts: Artifacts.prefault({}).describe(
    'What the packages are built as and where the files go; may stand in artifacts.yaml beside the train file.',
  ),
  calendar: Calendar.prefault({}).describe('Dates and deadlines; may stand in calendar.yaml beside the train file.'),
  wheels: WheelRules.prefault({}).describe('What is asked of wheels beyond their format.'),
  docs: DocsEntry.optional().describe('Where the documentation of each release lies (gate docs-built).'),
  validation: Validation.optional().describe('What tests the files of a candidate (gate binaries-validated).'),
  promotion: Promotion.prefault({}).describe('How a candidate becomes the release.'),
  final: FinalChecks.prefault({}).describe('What is asked of the last candidate before it is promoted.'),
  channels: z.record(ChannelName, Channel).default({}).describe('Places artifacts live.'),
  people: z
    .record(z.string().min(1), Person)
    .default({})
    .describe('People by login, where more than the login is known.'),
  workstreams: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), Workstream)
    .default({})
    .describe('Workstreams that need a point of contact before the cut (gate people).'),
  launchSync: LaunchSync.optional().describe('The meetings from the cut until the week of the release.'),
  notices: Notices.optional().describe(
    'Whom to tell what, and how, unless they choose otherwise; without it nobody is told who did not choose to be.',
  ),
  webhooks: z
    .record(PartnerName, PartnerWebhook)
    .default({})
    .describe('Partners that are told of events by signed webhooks (docs/webhooks.md).'),
  picks: Picks.prefault({}).describe('Which changes may be cherry-picked.'),
  patches: PatchPolicy.prefault({}).describe('Patch releases.'),
  tutorials: TutorialPolicy.optional().describe('Tutorials of a release.'),
  releaseDay: ReleaseDay.prefault({}).describe(
    'The day a release comes out, and what is changed outside of the channels.',
  ),
  dependencies: z
    .record(z.string().regex(/^[a-z][a-z0-9._-]*$/), OutsideDependency)
    .default({})
    .describe('Packages from outside that the packages of the train require.'),
  asks: z
    .record(AskName, Ask)
    .default({})
    .describe('What is asked of people outside for each release, until when, and how it shows that it is done.'),
  guard: Guard.optional().describe(
    'What has to guard the infrastructure of a release (gates infra-guard); without it there are no such gates.',
  ),
  texts: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.string())
    .default({})
    .describe('Texts that people read, by name; may stand in texts/NAME.md beside the train file.'),
});
export type Train = z.infer<typeof Train>;

/** A train as it was read: with the digest that plans are bound to. */
export interface LoadedTrain {
  readonly train: Train;
  readonly digest: Digest;
}
