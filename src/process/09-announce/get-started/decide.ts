import type { Digest } from '../../../domain/canonical-json.ts';
import { branchRef } from '../../../domain/git-names.ts';
import type { Observed } from '../../../domain/observation.ts';
import { sealPlan, type Plan } from '../../../domain/plan/plan.ts';
import { openPullStep, pushCommitStep } from '../../../domain/plan/proposal-steps.ts';
import type { OpenPullRequestStep, PushCommitStep, Step } from '../../../domain/plan/step.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import { fillText } from '../../../domain/train/naming.ts';
import type { CandidateVersion } from '../../../domain/version.ts';
import type { StartFacts } from './offers.ts';
import { explainStart, type StartProblem } from './problem.ts';
import { websiteOf, type PageState, type Website } from './read.ts';
import { pageWork, type PageWork } from './work.ts';

export interface StartRequest {
  readonly trainDigest: Digest;
  readonly author: string;
  /** The candidate whose files the page speaks of. */
  readonly candidate: CandidateVersion;
  readonly manifest: Digest;
}

/** Why the page's pull request is not planned. */
export type ProposalProblem =
  | StartProblem
  | { readonly code: 'page-unread'; readonly reason: string; readonly source: string }
  | { readonly code: 'pull-request-closed'; readonly number: number; readonly link: string };

/** What is wrong, with which thing, and what to do about it. */
export function explainProposal(problem: ProposalProblem): string {
  switch (problem.code) {
    case 'page-unread':
      return `${problem.source} could not be read: ${problem.reason}. Nothing is planned on what is not known.`;
    case 'pull-request-closed':
      return `The pull request #${problem.number} of the get-started page was closed without merging (${problem.link}). Signalbox does not open it again against people: reopen it, or change the page by hand.`;
    case 'slots-short':
    case 'not-json':
    case 'not-the-shape':
    case 'no-address':
    case 'nothing-built':
      return explainStart(problem);
  }
}

export type ProposalAnswer = { readonly notes: readonly string[] } & (
  | { readonly kind: 'plan'; readonly plan: Plan }
  /** `there`: the page has it. `open`: the pull request brings it. */
  | { readonly kind: 'nothing-to-do'; readonly because: 'there' | 'open' }
);

/** The plan of the page's pull request: one commit with both files, on a branch of its own; a pull request that is open gets what it lacks on top. */
export function decideProposal(
  facts: StartFacts,
  page: Observed<PageState>,
  request: StartRequest,
): Result<ProposalAnswer, ProposalProblem> {
  if (!page.known) return refuse({ code: 'page-unread', reason: page.reason, source: page.source });
  const website = websiteOf(facts.train, facts.settings);
  if (website === null)
    return refuse({ code: 'page-unread', reason: 'the train has no such repository', source: facts.settings.repo });
  const state = page.value;
  const onBase = pageWork(facts, state.base);
  if (!onBase.ok) return onBase;
  const beside = { notes: notesOf(onBase.value) };
  if (onBase.value.changed.length === 0) return succeed({ kind: 'nothing-to-do', because: 'there', ...beside });
  const { pull, headAt } = state;
  if (pull?.state === 'closed') return refuse({ code: 'pull-request-closed', number: pull.number, link: pull.link });
  const onHead = headAt === null ? onBase : pageWork(facts, headAt);
  if (!onHead.ok) return onHead;
  if (pull?.state === 'open' && onHead.value.changed.length === 0)
    return succeed({ kind: 'nothing-to-do', because: 'open', ...beside });
  const steps: Step[] = [
    ...(onHead.value.changed.length === 0 ? [] : [pushStep(facts, website, { state, work: onHead.value })]),
    ...(pull?.state === 'open' ? [] : openStep(facts, website, { state, request })),
  ];
  const [first] = steps;
  if (first === undefined) return succeed({ kind: 'nothing-to-do', because: 'open', ...beside });
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: facts.train.train,
    release: facts.release,
    purpose: 'get-started',
    title: `Get-started page for ${facts.release}, as ${request.candidate} is`,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [],
    assumes: [
      { repo: website.key, remote: website.remote ?? '', ref: branchRef(website.entry.main), at: state.base.commit.id },
    ],
    phrase: null,
    manifest: request.manifest,
    steps: steps.map((step) => ({ ...step, wave: step.wave - first.wave })),
  });
  return succeed({ kind: 'plan', plan, ...beside });
}

function notesOf({ files: { left, isLatest } }: PageWork): readonly string[] {
  return [
    ...(isLatest ? [] : ['a newer release is stable: latest_stable and the script stay']),
    ...left.map((one) => `left out: ${one}`),
  ];
}

function titleOf({ settings, release }: StartFacts): string {
  return fillText(settings.title, { release });
}

function pushStep(
  facts: StartFacts,
  { key, remote, entry }: Website,
  { state, work }: { readonly state: PageState; readonly work: PageWork },
): PushCommitStep {
  return pushCommitStep({
    repo: key,
    remote: remote ?? '',
    base: entry.main,
    head: state.head,
    headAt: state.headAt?.commit ?? null,
    baseAt: state.base.commit,
    files: work.changed.map(({ file, after }) => ({
      path: file.path,
      mode: file.mode === '100755' ? '100755' : '100644',
      before: file.blob,
      after,
    })),
    message: `${titleOf(facts)}\n`,
    author: facts.train.committer,
  });
}

function openStep(
  facts: StartFacts,
  { key, entry }: Website,
  { state, request }: { readonly state: PageState; readonly request: StartRequest },
): readonly OpenPullRequestStep[] {
  const { slug, main } = entry;
  if (slug === undefined || facts.train.forge === undefined) return [];
  const [title, body] = [titleOf(facts), bodyOf(facts, request)];
  return [openPullStep({ repo: key, slug, head: state.head, base: main, title, body })];
}

function bodyOf({ release, settings }: StartFacts, { candidate, manifest }: StartRequest): string {
  return [
    `<!-- signalbox:get-started ${release} -->`,
    `**Merge this on the release day only**, once ${release} is public: \`signalbox day check ${release}\` says when.`,
    '',
    `Made from what is recorded of ${candidate} (\`${manifest}\`): ${settings.versions} gets the entry of ${release}, ${settings.script} its commands. Everything else of both files stays.`,
    '',
  ].join('\n');
}
