import type { Digest } from '../../../domain/canonical-json.ts';
import { sealPlan, type Plan } from '../../../domain/plan/plan.ts';
import type { WriteCommentStep } from '../../../domain/plan/step.ts';
import { RepoKey } from '../../../domain/repo.ts';
import type { MilestoneValidation } from '../../../domain/train/final.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { RepoMilestone } from './read.ts';
import type { StandingItem } from './standing.ts';

/** The hidden marker of the question: one for each item and release, whatever the candidate, so that nobody is asked twice. */
function askMarker(release: ReleaseVersion): string {
  return `signalbox:validate ${release}`;
}

interface AskRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly rule: MilestoneValidation;
  readonly release: ReleaseVersion;
  readonly candidate: CandidateVersion;
  readonly author: string;
  /** Whose comment with the marker is ours, besides release managers. */
  readonly login: string;
}

/** The plan that asks the author of each item that nobody validated, once; null where nobody is left to ask. */
export function planAsks(
  milestones: readonly RepoMilestone[],
  items: readonly StandingItem[],
  request: AskRequest,
): Plan | null {
  const { train, release, candidate } = request;
  const steps = milestones.flatMap((milestone) => stepsOf(milestone, items, request));
  if (steps.length === 0) return null;
  return sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'validation-asks',
    title: `Ask for ${steps.length} validations of ${release} on ${candidate}`,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [],
    assumes: [],
    phrase: null,
    steps,
  });
}

function stepsOf(
  { repo, slug, items: read }: RepoMilestone,
  items: readonly StandingItem[],
  { train, rule, release, candidate, login }: AskRequest,
): readonly WriteCommentStep[] {
  if (slug === null || !read.known || read.value === null) return [];
  const marker = askMarker(release);
  const trusted = [login, ...train.roles['release-manager']];
  const asked = read.value.flatMap(({ item, comments }) =>
    comments.some(({ author, body }) => trusted.includes(author) && body.includes(`<!-- ${marker} -->`))
      ? [item.number]
      : [],
  );
  return items
    .filter((item) => item.repo === repo && (item.standing.is === 'open' || item.standing.is === 'older'))
    .filter(({ number }) => !asked.includes(number))
    .map(({ number, author }) => ({
      kind: 'write-comment',
      key: `write-comment:${repo}:${number}:${marker}`,
      wave: 0,
      reversible: 'partly',
      undo: 'none: whoever was called has been told',
      repo: RepoKey.parse(repo),
      slug,
      item: number,
      marker,
      trusted: [...train.roles['release-manager']],
      body: askText({ author, rule, release, candidate }),
    }));
}

function askText({
  author,
  rule,
  release,
  candidate,
}: Pick<AskRequest, 'rule' | 'release' | 'candidate'> & { readonly author: string }): string {
  const who = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/u.test(author) ? `@${author}` : 'Whoever has seen it,';
  const say = rule.comment.replace('{candidate}', candidate);
  return [
    `${who} this is closed in the milestone of ${release}, and ${candidate} is to become the release. Does it work there?`,
    '',
    `If so, say it in a comment that begins: \`${say}\``,
    'If it does not, reopen it. Where nothing has to be seen, a release manager decides that.',
  ].join('\n');
}
