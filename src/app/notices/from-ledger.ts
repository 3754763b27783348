import { eventText } from '../../domain/event-text.ts';
import { isOpen, type Verdict } from '../../domain/gate.ts';
import type { LedgerEntry, LedgerEvent } from '../../domain/ledger-event.ts';
import type { AddressedNotice, Notice, NoticeKind } from '../../domain/notice.ts';
import { changeHref, gateHref, planHref, releaseHref } from '../../domain/page-path.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import { foldPlans } from '../../engine/fold.ts';
import { foldPicks, recordOf } from '../../process/06-cherry-pick/index.ts';
import { toldHeadline } from '../feeds/headline.ts';

interface LedgerKnown {
  /** Every decision, intent and receipt there is, oldest first: whom something concerns may have been said long ago. */
  readonly entries: readonly LedgerEntry[];
  /** The entries of which people were not told yet, of every type. */
  readonly fresh: readonly LedgerEntry[];
  /** Everybody who works on the train. */
  readonly audience: readonly string[];
}

/** What the newer entries of the ledger tell people. Who did it knows it: nobody is told of their own deeds. */
export function noticesOfEntries({ entries, fresh, audience }: LedgerKnown): readonly AddressedNotice[] {
  const plans = foldPlans(entries);
  const picks = foldPicks(entries);
  return fresh.flatMap((entry) => {
    const { event, actor } = entry;
    const told = (to: readonly (string | undefined)[], facts: Facts): readonly AddressedNotice[] => {
      const logins = to.flatMap((login) =>
        login === undefined || (login === actor && !facts.alsoActor) ? [] : [login],
      );
      return [{ notice: noticeOf(entry, facts), to: [...new Set(logins)], isNews: facts.isNews }];
    };
    if ('pick' in event) {
      const asker = recordOf(picks, event.pick, event.release)?.askedBy;
      return isDecision(event) ? told([asker], pickFacts(event)) : [];
    }
    const plan = 'plan' in event && typeof event.plan === 'string' ? plans.get(event.plan)?.plan : undefined;
    const facts = factsOf(event, plan);
    if (facts === null) return [];
    return told(facts.isNews ? audience : [plan?.body.author, actor], facts);
  });
}

interface Facts {
  readonly kind: NoticeKind;
  readonly isNews: boolean;
  /** Told to who is written as having done it, too: it went on in their name without them. */
  readonly alsoActor: boolean;
  /** One line with its release in it. */
  readonly headline: string;
  readonly path: string;
  /** Instead of what the log says of the entry. */
  readonly lines?: readonly string[];
}

function noticeOf({ seq, at, actor, event }: LedgerEntry, { kind, headline, path, alsoActor, lines }: Facts): Notice {
  const release = 'release' in event ? event.release : null;
  return {
    id: `entry ${seq}`,
    kind,
    release,
    headline,
    lines: [...(lines ?? [alsoActor ? eventText(event) : `${actor} ${eventText(event)}`])],
    path,
    at,
    duty: null,
  };
}

type PickEvent = Extract<LedgerEvent, { readonly pick: unknown }>;
type PickDecided = Exclude<PickEvent, { readonly type: 'pick-requested' | 'pick-late' | 'pick-reminded' }>;

/** What somebody else decides about a pick; what its author does, and what is told them on the pull request at once, is none. */
function isDecision(event: PickEvent): event is PickDecided {
  switch (event.type) {
    case 'pick-approved':
    case 'pick-refused':
    case 'pick-needs-info':
    case 'pick-reopened':
    case 'pick-withdrawn':
    case 'pick-dispensation':
    case 'pick-superseded':
      return true;
    case 'pick-requested':
    case 'pick-late':
    case 'pick-reminded':
      return false;
  }
}

function pickFacts(event: PickDecided): Facts {
  return {
    kind: 'pick-decided',
    isNews: false,
    alsoActor: false,
    headline: toldHeadline(event),
    path: changeHref(event.pick),
  };
}

function news(kind: NoticeKind, headline: string, path: string): Facts {
  return { kind, isNews: true, alsoActor: false, headline, path };
}

type ItemEvent = Extract<LedgerEvent, { readonly type: `${'item' | 'ask' | 'day-step'}-${string}` }>;

/** What is told by the gate, or the list, that it moves. */
function isOfItem(event: LedgerEvent): event is ItemEvent {
  return /^(?:item|ask|day-step)-/u.test(event.type);
}

type PatchEvent = Extract<LedgerEvent, { readonly type: 'triage-decided' | `patch-${'decided' | 'scheduled'}` }>;

function isPatchEvent(event: LedgerEvent): event is PatchEvent {
  return event.type === 'triage-decided' || event.type === 'patch-decided' || event.type === 'patch-scheduled';
}

/** What triage decides of each candidate is for the page of the patch; go, no-go and dates are news. */
function patchFacts(event: PatchEvent): Facts | null {
  switch (event.type) {
    case 'triage-decided':
      return null;
    case 'patch-decided':
      return news('train', toldHeadline(event), `${releaseHref(event.release)}/patch`);
    case 'patch-scheduled':
      return news('date-moved', toldHeadline(event), '/calendar');
  }
}

/** What an entry is to people; null for what only the log has to know, or what a page of its own waits for. */
function factsOf(event: Exclude<LedgerEvent, PickEvent>, plan: Plan | undefined): Facts | null {
  if (isPatchEvent(event)) return patchFacts(event);
  if (isOfItem(event)) return null;
  switch (event.type) {
    case 'apply-ended':
      return endFacts(event);
    case 'refused':
      return refusedFacts(event);
    case 'plan-finished':
    case 'release-checked':
      return releasedFacts(event, plan);
    case 'manifest-recorded':
    case 'candidate-final':
    case 'candidate-final-withdrawn':
    case 'candidate-abandoned':
      return candidateFacts(event);
    case 'gates-judged':
      return gateFacts(event);
    case 'gate-waived':
      return news('gate-changed', `${event.release}: ${event.gate} is waived`, gateHref(event.release, event.gate));
    case 'gate-waiver-ended':
      return news(
        'gate-changed',
        `${event.release}: the waiver of ${event.gate} ended`,
        gateHref(event.release, event.gate),
      );
    case 'release-abandoned':
      return news('train', toldHeadline(event), releaseHref(event.release));
    case 'train-frozen':
      return news('train', toldHeadline(event), '/');
    case 'train-thawed':
      return news('train', toldHeadline(event), '/');
    // What only the log has to know, or what waits for somebody and is told as that.
    case 'release-created':
    case 'release-closed':
    case 'gate-signed':
    case 'gate-sign-off-revoked':
    case 'plan-made':
    case 'plan-approved':
    case 'plan-approval-revoked':
    case 'plan-dropped':
    case 'apply-started':
    case 'apply-stop-asked':
    case 'step-intended':
    case 'step-receipt':
    case 'step-stopped':
    case 'lease-broken':
    case 'revert-declined':
    case 'evidence-recorded':
    case 'signed-in':
    case 'token-made':
    case 'token-revoked':
      return null;
  }
}

type ReleasedEvent = Extract<LedgerEvent, { readonly type: 'plan-finished' | 'release-checked' }>;

/** What can be installed that could not before, or is not as it should be. */
function releasedFacts(event: ReleasedEvent, plan: Plan | undefined): Facts | null {
  const page = `${releaseHref(event.release)}/published`;
  if (event.type === 'plan-finished') {
    if (plan === undefined || !PROMOTES.has(plan.body.purpose)) return null;
    return news('released', `${event.release}: ${plan.body.title}`, page);
  }
  return event.holds ? null : news('released', `${event.release}: what is published is not as it should be`, page);
}

/** Not where it was interrupted: by whoever carries it out, or in a process that another follows. */
function endFacts(event: Extract<LedgerEvent, { readonly type: 'apply-ended' }>): Facts | null {
  if (event.end === 'interrupted') return null;
  return {
    kind: 'plan-stopped',
    isNews: false,
    alsoActor: true,
    headline: toldHeadline(event),
    path: planHref(event.plan),
  };
}

/** Asked for on a page, and refused when a worker got to it: whoever asked looks elsewhere by then. */
function refusedFacts({ what, release }: Extract<LedgerEvent, { readonly type: 'refused' }>): Facts | null {
  const asked = /^apply (\w+)$/.exec(what)?.[1];
  if (asked === undefined) return null;
  const headline = `${release === null ? '' : `${release}: `}${what} was refused`;
  return { kind: 'plan-stopped', isNews: false, alsoActor: true, headline, path: planHref(asked) };
}

type CandidateEvent = Extract<LedgerEvent, { readonly type: 'manifest-recorded' | `candidate-${string}` }>;

function candidateFacts(event: CandidateEvent): Facts {
  const page = releaseHref(event.release);
  return news('candidate', toldHeadline(event), event.type === 'manifest-recorded' ? `${page}/artifacts` : page);
}

type GatesJudged = Extract<LedgerEvent, { readonly type: 'gates-judged' }>;

/** What turned of what holds the next step up, or did; the first sight of a gate, and what only runs, is no news. */
function gateFacts({ release, changes }: GatesJudged): Facts | null {
  const turned = changes.filter(
    ({ from, to, blocking }) => from !== null && (blocking || isOpen({ verdict: to })) && isSettled(from, to),
  );
  const [first] = turned;
  if (first === undefined) return null;
  const named = turned.slice(0, 3).map(({ gate, to }) => `${gate} ${STATE_WORDS[to].word}`);
  const more = turned.length > 3 ? ` and ${turned.length - 3} more` : '';
  const only = turned.length === 1;
  return {
    kind: 'gate-changed',
    isNews: true,
    alsoActor: true,
    headline: `${release}: ${named.join(', ')}${more}`,
    path: only ? gateHref(release, first.gate) : releaseHref(release),
    lines: turned.slice(0, 12).map(({ gate, from, to, why }) => `${gate}: ${from} to ${to}, ${why}`),
  };
}

/** On its way from one end to the other a gate runs; people are told of ends. */
function isSettled(from: Verdict, to: Verdict): boolean {
  return to !== 'running' && to !== 'queued' && !(isOpen({ verdict: to }) && isOpen({ verdict: from }));
}

/** Plans after which people can install something that they could not before. */
const PROMOTES: ReadonlySet<Plan['body']['purpose']> = new Set(['stable', 'pypi']);
