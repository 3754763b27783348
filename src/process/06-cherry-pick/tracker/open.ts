import type { Digest } from '../../../domain/canonical-json.ts';
import { GateId } from '../../../domain/gate.ts';
import type { Observed } from '../../../domain/observation.ts';
import { sealPlan, type Plan } from '../../../domain/plan/plan.ts';
import type { Step } from '../../../domain/plan/step.ts';
import type { RepoSlug } from '../../../domain/repo.ts';
import { refuse, succeed, type Result } from '../../../domain/result.ts';
import { fillText, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import { patchNumber, type ReleaseVersion } from '../../../domain/version.ts';
import { firstBody } from './body.ts';
import { findTracker, trackerMarker, trackerStepKey, type FoundTracker, type TrackerFacts } from './found.ts';

/** One repository that is to have a tracker, as it is now. */
export interface TrackerRepo {
  readonly repo: RepoInRelease;
  /** Null where the train file gives it none: then it can have no issue. */
  readonly slug: RepoSlug | null;
  readonly facts: Observed<TrackerFacts & { readonly labelExists: boolean }>;
}

export interface OpenRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly release: ReleaseVersion;
  readonly author: string;
  /** As whom issues are written. */
  readonly login: string;
}

/** Why a tracker cannot be opened. */
export type OpenProblem =
  | { readonly code: 'no-core'; readonly release: ReleaseVersion }
  | {
      readonly code: 'tracker-closed';
      readonly release: ReleaseVersion;
      readonly number: number;
      readonly link: string;
    }
  | { readonly code: 'two-trackers'; readonly release: ReleaseVersion; readonly numbers: readonly number[] }
  | { readonly code: 'tracker-unreadable'; readonly source: string; readonly reason: string };

/** What is wrong, and what to do next. */
export function explainOpen(problem: OpenProblem): string {
  switch (problem.code) {
    case 'no-core':
      return `The train names no core repository on a forge, so ${problem.release} has no tracker. Give the core repository a slug, and the train a forge.`;
    case 'tracker-closed':
      return `The tracker of ${problem.release} is #${problem.number}, and it is closed. Reopen it there if the release goes on: ${problem.link}`;
    case 'two-trackers':
      return `${problem.release} has ${problem.numbers.length} open trackers, ${problem.numbers.map((number) => `#${number}`).join(' and ')}. Close all but one; nothing was written.`;
    case 'tracker-unreadable':
      return `${problem.source} could not be read: ${problem.reason}`;
  }
}

interface Held {
  readonly repo: string;
  readonly reason: string;
  readonly fix: string | null;
}

export type OpenAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) & {
  readonly held: readonly Held[];
  readonly notes: readonly string[];
};

/**
 * The plan that opens the tracker of a release in core's repository, and its mirror in every other one. What is there already is left as it is. A
 * mirror that cannot be opened is told and does not hold up the others; without core's there is nothing to mirror.
 */
export function decideTrackerOpen(
  repos: readonly TrackerRepo[],
  request: OpenRequest,
): Result<OpenAnswer, OpenProblem> {
  const { train, release } = request;
  const trusted = [request.login, ...train.roles['release-manager']];
  const judged = repos.map((one) => ({ one, is: judge(one, trusted, release) }));
  const core = judged.find(({ one }) => one.repo.entry.role === 'core');
  if (core === undefined || core.one.slug === null) return refuse({ code: 'no-core', release });
  if (core.is.kind === 'problem') return refuse(core.is.problem);
  const steps = judged.flatMap(({ one, is }) => (is.kind === 'missing' ? stepsOf(one, is.slug, request) : []));
  const beside = {
    held: judged.flatMap(({ one, is }) =>
      is.kind === 'problem' ? [{ repo: one.repo.key, reason: explainOpen(is.problem), fix: null }] : [],
    ),
    notes: judged.flatMap(({ one, is }) => is.strangers.map((item) => strangerText(one.slug ?? one.repo.key, item))),
  };
  if (steps.length === 0) return succeed({ kind: 'nothing-to-do', ...beside });
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'tracker',
    title: `Open the tracker of ${release}: ${steps.flatMap((step) => (step.kind === 'create-issue' ? [step.repo] : [])).join(', ')}`,
    author: request.author,
    trainDigest: request.trainDigest,
    // A patch release has no tracker before it was decided that there is to be one.
    gates: patchNumber(release) === 0 ? [] : [GateId.parse('go-no-go')],
    assumes: [],
    phrase: null,
    steps,
  });
  return succeed({ kind: 'plan', plan, ...beside });
}

type Judged = { readonly strangers: FoundTracker['strangers'] } & (
  | { readonly kind: 'there' }
  | { readonly kind: 'missing'; readonly slug: RepoSlug }
  | { readonly kind: 'problem'; readonly problem: OpenProblem }
);

function unreadable(source: string, reason: string): Judged {
  return { kind: 'problem', problem: { code: 'tracker-unreadable', source, reason }, strangers: [] };
}

function judge({ repo, slug, facts }: TrackerRepo, trusted: readonly string[], release: ReleaseVersion): Judged {
  if (slug === null) return unreadable(repo.key, 'the train file gives it no slug');
  if (!facts.known) return unreadable(facts.source, facts.reason);
  const found = findTracker(facts.value, trusted);
  const { strangers } = found;
  switch (found.is) {
    case 'open':
      return { kind: 'there', strangers };
    case 'none':
      return { kind: 'missing', slug, strangers };
    case 'closed': {
      const { number, link } = found.tracker;
      return { kind: 'problem', problem: { code: 'tracker-closed', release, number, link }, strangers };
    }
    case 'several': {
      const numbers = found.trackers.map(({ number }) => number);
      return { kind: 'problem', problem: { code: 'two-trackers', release, numbers }, strangers };
    }
  }
}

function strangerText(where: string, { number, author }: { readonly number: number; readonly author: string }): string {
  return `${where}#${number} bears the tracker's marker but was opened by ${author}, who is no release manager: it does not count`;
}

function stepsOf({ repo, facts }: TrackerRepo, slug: RepoSlug, { train, release }: OpenRequest): readonly Step[] {
  const name = train.tracker.label;
  const label: Step = {
    kind: 'ensure-label',
    key: `ensure-label:${repo.key}:${name}`,
    wave: 0,
    reversible: 'partly',
    undo: 'none needed: an unused label harms nobody',
    repo: repo.key,
    slug,
    name,
    color: '0e8a16',
    description: 'The issue in which picks for a release are asked for',
  };
  const issue: Step = {
    kind: 'create-issue',
    key: trackerStepKey(repo.key, release),
    wave: 1,
    reversible: 'yes',
    undo: 'close the issue',
    repo: repo.key,
    slug,
    marker: trackerMarker(release),
    trusted: [...train.roles['release-manager']],
    title: fillText(train.tracker.title, { release: repo.release }),
    body: firstBody(train, release),
    labels: [name],
    milestone: null,
    assignees: [],
  };
  return facts.known && facts.value.labelExists ? [issue] : [label, issue];
}
