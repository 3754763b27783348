import type { AskStanding } from '../../../domain/ask.ts';
import type { Digest } from '../../../domain/canonical-json.ts';
import type { CreateIssueStep } from '../../../domain/plan/forge-step.ts';
import { sealPlan, type Plan } from '../../../domain/plan/plan.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import type { Ask } from '../../../domain/train/asks.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import { linksFault } from './links.ts';
import { slugOf } from './read.ts';
import { askMarker, askStepKey } from './records.ts';

export interface SendRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly release: ReleaseVersion;
  readonly author: string;
}

/** Why an ask is not sent by a plan. */
export type SendProblem =
  | { readonly code: 'ask-by-hand'; readonly release: ReleaseVersion; readonly ask: string; readonly to: string }
  | { readonly code: 'ask-not-yet'; readonly ask: string; readonly why: string }
  | { readonly code: 'ask-text-unknown'; readonly ask: string; readonly missing: readonly string[] }
  | { readonly code: 'ask-unknown-state'; readonly ask: string; readonly why: string }
  | { readonly code: 'ask-links-bad'; readonly ask: string; readonly why: string }
  | { readonly code: 'ask-no-place'; readonly ask: string; readonly repo: string };

/** What is wrong, and what to do next. */
export function explainSend(problem: SendProblem): string {
  switch (problem.code) {
    case 'ask-by-hand': {
      const { release, ask, to } = problem;
      return `${ask} is asked of ${to} by hand: copy its text (signalbox ask show ${release} ${ask}), send it, and record where: signalbox ask record ${release} ${ask} --link URL`;
    }
    case 'ask-not-yet':
      return `${problem.ask} is not sent yet: ${problem.why}.`;
    case 'ask-text-unknown':
      return `The text of ${problem.ask} cannot be written: ${problem.missing.join('; ')}.`;
    case 'ask-unknown-state':
      return `${problem.ask} is not sent: ${problem.why}. Nothing is written while it could be there already.`;
    case 'ask-links-bad':
      return `${problem.ask} is not sent: ${problem.why}. Mend the link, or the text, and send it again.`;
    case 'ask-no-place':
      return `${problem.ask} is asked in an issue of ${problem.repo}, which the train file gives no slug on a forge. Give it one: repos.${problem.repo}.slug`;
  }
}

export type SendAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) & {
  readonly held: readonly [];
  readonly notes: readonly string[];
  readonly documents: readonly { readonly title: string; readonly text: string }[];
};

/** The plan that opens the issue of an ask. One that is there, by its number or its hidden marker, is left as it is; so is what is done without. */
export function decideSend(
  standing: AskStanding,
  { train, trainDigest, release, author }: SendRequest,
): Result<SendAnswer, SendProblem> {
  const { name, ask, state, text, sent, why } = standing;
  const nothing = { kind: 'nothing-to-do' as const, held: [] as const, notes: [], documents: [] };
  if (state === 'done' || sent !== null) return succeed(nothing);
  if (ask.sent.way === 'hand') return refuse({ code: 'ask-by-hand', release, ask: name, to: ask.to });
  if (state === 'not-yet') return refuse({ code: 'ask-not-yet', ask: name, why: why ?? '' });
  if (state === 'unknown') return refuse({ code: 'ask-unknown-state', ask: name, why: why ?? '' });
  if (!text.filled) return refuse({ code: 'ask-text-unknown', ask: name, missing: text.missing });
  const fault = linksFault(standing.links);
  if (fault !== null) return refuse({ code: 'ask-links-bad', ask: name, why: fault.text });
  const { repo, assignees } = ask.sent;
  const slug = slugOf(train, repo);
  if (slug === null) return refuse({ code: 'ask-no-place', ask: name, repo });
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'ask',
    title: `Ask ${ask.to}: ${text.title}`,
    author,
    trainDigest,
    gates: [],
    assumes: [],
    phrase: ask.permanent ? `${train.product} ${release}` : null,
    steps: [
      {
        kind: 'create-issue',
        key: askStepKey(repo, name, release),
        wave: 0,
        ...undoOf(ask),
        repo,
        slug,
        marker: askMarker(name, release),
        trusted: [...train.roles['release-manager']],
        title: text.title,
        body: text.body,
        labels: [],
        milestone: null,
        assignees: [...assignees],
      },
    ],
  });
  const documents = [{ title: `${slug}: ${text.title}`, text: text.body }];
  return succeed({ kind: 'plan', plan, held: [] as const, notes: [], documents });
}

function undoOf({ permanent }: Ask): Pick<CreateIssueStep, 'reversible' | 'undo'> {
  return permanent
    ? { reversible: 'never', undo: 'none: whoever reads it has read it; it can be edited' }
    : { reversible: 'partly', undo: 'close the issue; whoever watches the repository has read it' };
}
