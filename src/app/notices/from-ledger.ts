import { eventText } from '../../domain/event-text.ts';
import { isOpen, type Verdict } from '../../domain/gate.ts';
import type { LedgerEntry, LedgerEvent } from '../../domain/ledger-event.ts';
import type { AddressedNotice, Notice, NoticeKind } from '../../domain/notice.ts';
import { changeHref, gateHref, planHref, releaseHref } from '../../domain/page-path.ts';
import { pickName } from '../../domain/pick.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import { foldPlans } from '../../engine/fold.ts';
import { foldPicks, recordOf } from '../../process/06-cherry-pick/index.ts';

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
  readonly subject: string;
  readonly path: string;
  /** Instead of what the log says of the entry. */
  readonly lines?: readonly string[];
}

function noticeOf({ seq, at, actor, event }: LedgerEntry, { kind, subject, path, alsoActor, lines }: Facts): Notice {
  const release = 'release' in event ? event.release : null;
  return {
    id: `entry ${seq}`,
    kind,
    release,
    headline: `${release === null ? '' : `${release}: `}${subject}`,
    lines: [...(lines ?? [alsoActor ? eventText(event) : `${actor} ${eventText(event)}`])],
    path,
    at,
    duty: null,
  };
}

type PickEvent = Extract<LedgerEvent, { readonly pick: unknown }>;

/** What somebody else decides about a pick; what its author does, and what is told them on the pull request at once, is none. */
function isDecision({ type }: PickEvent): boolean {
  switch (type) {
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

function pickFacts({ type, pick }: PickEvent): Facts {
  const words = type === 'pick-needs-info' ? 'has a question' : `was ${type.slice('pick-'.length)}`;
  return {
    kind: 'pick-decided',
    isNews: false,
    alsoActor: false,
    subject: `pick ${pickName(pick)} ${type === 'pick-dispensation' ? 'is let in' : words}`,
    path: changeHref(pick),
  };
}

function news(kind: NoticeKind, subject: string, path: string): Facts {
  return { kind, isNews: true, alsoActor: false, subject, path };
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
      return news('train', `the patch release is a ${event.decision}`, `${releaseHref(event.release)}/patch`);
    case 'patch-scheduled':
      return news('date-moved', `planned for ${event.day}`, '/calendar');
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
      return plan === undefined || !PROMOTES.has(plan.body.purpose)
        ? null
        : news('released', plan.body.title, `${releaseHref(event.release)}/published`);
    case 'release-checked':
      return event.holds
        ? null
        : news('released', 'what is published is not as it should be', `${releaseHref(event.release)}/published`);
    case 'manifest-recorded':
    case 'candidate-final':
    case 'candidate-final-withdrawn':
    case 'candidate-abandoned':
      return candidateFacts(event);
    case 'gates-judged':
      return gateFacts(event);
    case 'gate-waived':
      return news('gate-changed', `${event.gate} is waived`, gateHref(event.release, event.gate));
    case 'gate-waiver-ended':
      return news('gate-changed', `the waiver of ${event.gate} ended`, gateHref(event.release, event.gate));
    case 'release-abandoned':
      return news('train', 'the release is abandoned', releaseHref(event.release));
    case 'train-frozen':
      return news('train', 'the train is frozen', '/');
    case 'train-thawed':
      return news('train', 'the train is thawed', '/');
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

/** Not where it was interrupted: by whoever carries it out, or in a process that another follows. */
function endFacts({ plan, end }: Extract<LedgerEvent, { readonly type: 'apply-ended' }>): Facts | null {
  if (end === 'interrupted') return null;
  return {
    kind: 'plan-stopped',
    isNews: false,
    alsoActor: true,
    subject: `plan ${plan} ${end}`,
    path: planHref(plan),
  };
}

/** Asked for on a page, and refused when a worker got to it: whoever asked looks elsewhere by then. */
function refusedFacts({ what }: Extract<LedgerEvent, { readonly type: 'refused' }>): Facts | null {
  const asked = /^apply (\w+)$/.exec(what)?.[1];
  if (asked === undefined) return null;
  const subject = `${what} was refused`;
  return { kind: 'plan-stopped', isNews: false, alsoActor: true, subject, path: planHref(asked) };
}

type CandidateEvent = Extract<LedgerEvent, { readonly type: 'manifest-recorded' | `candidate-${string}` }>;

function candidateFacts(event: CandidateEvent): Facts {
  switch (event.type) {
    case 'manifest-recorded':
      return news(
        'candidate',
        `the files of ${event.candidate} are recorded`,
        `${releaseHref(event.release)}/artifacts`,
      );
    case 'candidate-final':
      return news('candidate', `${event.candidate} is to be the release`, releaseHref(event.release));
    case 'candidate-final-withdrawn':
      return news('candidate', `${event.candidate} is not to be the release any more`, releaseHref(event.release));
    case 'candidate-abandoned':
      return news('candidate', `${event.candidate} is abandoned`, releaseHref(event.release));
  }
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
    subject: `${named.join(', ')}${more}`,
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
