import { isOpen, type Verdict } from '../../domain/gate.ts';
import type { LedgerEvent, VerdictChange } from '../../domain/ledger-event.ts';
import type { PlanId } from '../../domain/plan/plan.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import type { PlanRecord } from '../../engine/fold.ts';

/** Events that whoever follows a release wants to hear of. */
export const NEWS_TYPES = [
  'release-created',
  'release-closed',
  'release-abandoned',
  'manifest-recorded',
  'candidate-final',
  'candidate-final-withdrawn',
  'candidate-abandoned',
  'plan-finished',
  'apply-ended',
  'gates-judged',
  'pick-approved',
  'pick-refused',
  'pick-needs-info',
  'pick-reopened',
  'pick-withdrawn',
  'pick-late',
  'pick-dispensation',
  'pick-superseded',
  'revert-declined',
  'patch-decided',
  'patch-scheduled',
  'train-frozen',
  'train-thawed',
] as const satisfies readonly LedgerEvent['type'][];
export type NewsEvent = Extract<LedgerEvent, { readonly type: (typeof NEWS_TYPES)[number] }>;

export function isNews(event: LedgerEvent): event is NewsEvent {
  return NEWS_TYPES.some((type) => type === event.type);
}

export interface Naming {
  /** By id, those that the news are about. */
  readonly plans: ReadonlyMap<PlanId, Pick<PlanRecord, 'plan'>>;
  /** The purpose of the plan after which a release is out: the second step of a promotion, or the first where nothing goes to an index. */
  readonly last: 'pypi' | 'stable';
}

/** What happened as a title; nothing that people typed is in it. Null where it is no news after all. */
export function headlineOf(event: NewsEvent, naming: Naming): string | null {
  if (event.type === 'plan-finished') return finishedHeadline(event, naming);
  return event.type === 'gates-judged' ? gatesHeadline(event) : toldHeadline(event);
}

/** News that are told alike to whoever follows a feed and to whom they concern. */
export type ToldEvent = Exclude<NewsEvent, { readonly type: 'plan-finished' | 'gates-judged' }>;

/** What happened as a title, told by the entry alone; nothing that people typed is in it. */
export function toldHeadline(event: ToldEvent): string {
  if ('pick' in event) {
    const { repo, pr, onto } = event.pick;
    return `${event.release}: pick of ${repo} #${pr} onto ${onto} ${PICK_WORDS[event.type]}`;
  }
  switch (event.type) {
    case 'release-created':
      return `${event.release} was opened`;
    case 'release-closed':
      return `${event.release} was closed`;
    case 'release-abandoned':
      return `${event.release} was abandoned`;
    case 'manifest-recorded':
      return `${event.candidate} is published: ${event.manifest.files.length} files`;
    case 'candidate-final':
      return `${event.candidate} is final`;
    case 'candidate-final-withdrawn':
      return `${event.candidate} is not final any more`;
    case 'candidate-abandoned':
      return `${event.candidate} was abandoned`;
    case 'apply-ended':
      return `${event.release}: plan ${event.plan} ${END_WORDS[event.end]}`;
    case 'revert-declined':
      return `${event.release}: ${event.repo} keeps what main reverted`;
    case 'patch-decided':
      return `${event.release} is a ${event.decision}`;
    case 'patch-scheduled':
      return `${event.release} is planned for ${event.day}`;
    case 'train-frozen':
      return 'The train is frozen';
    case 'train-thawed':
      return 'The train goes on';
  }
}

const PICK_WORDS = {
  'pick-approved': 'approved',
  'pick-refused': 'refused',
  'pick-needs-info': 'needs an answer',
  'pick-reopened': 'back in review',
  'pick-withdrawn': 'withdrawn',
  'pick-late': 'too late',
  'pick-dispensation': 'let in by dispensation',
  'pick-superseded': 'superseded',
} as const satisfies Record<Extract<NewsEvent, { readonly pick: unknown }>['type'], string>;

const END_WORDS = {
  stopped: 'was stopped',
  failed: 'failed',
  interrupted: 'was interrupted',
} as const satisfies Record<Extract<NewsEvent, { readonly type: 'apply-ended' }>['end'], string>;

function finishedHeadline(
  { release, plan: id }: Extract<NewsEvent, { readonly type: 'plan-finished' }>,
  { plans, last }: Naming,
): string {
  const plan = plans.get(id)?.plan;
  const purpose = plan?.body.purpose;
  if (purpose === last) return `${release} is released`;
  if (purpose === 'stable') return `${release} is promoted to stable`;
  if (purpose === 'stage') return `${release} is staged`;
  return plan === undefined ? `${release}: plan ${id} is carried out` : `${release}: ${plan.body.title}, done`;
}

/** Verdicts that close a gate or call for somebody; that one waits and then runs is no news. */
const CALLING: ReadonlySet<Verdict> = new Set(['failing', 'needs-you', 'no-data']);

type GatesJudged = Extract<NewsEvent, { readonly type: 'gates-judged' }>;

/** What a follower wants to hear of: a gate opened or closed, or calls for somebody. Those that were judged for the first time are not. */
export function turnsOf({ changes }: GatesJudged): readonly (VerdictChange & { readonly from: Verdict })[] {
  return changes.flatMap(({ from, ...change }) => {
    if (from === null) return [];
    const isTurn = isOpen({ verdict: from }) !== isOpen({ verdict: change.to }) || CALLING.has(change.to);
    return isTurn ? [{ ...change, from }] : [];
  });
}

function gatesHeadline(event: GatesJudged): string | null {
  const { release } = event;
  const turns = turnsOf(event);
  const [first] = turns;
  if (first === undefined) return null;
  const rest = turns.length - 1;
  const more = rest === 0 ? '' : ` and ${rest} more ${rest === 1 ? 'gate' : 'gates'} turned`;
  return `${release}: ${first.gate} is ${STATE_WORDS[first.to].word}${more}`;
}
