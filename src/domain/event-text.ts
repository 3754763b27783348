import type { LedgerEvent, VerdictChange } from './ledger-event.ts';
import { pickName } from './pick.ts';
import { STATE_WORDS } from './state.ts';

/** What happened, in one sentence without its subject. */
export function eventText(event: LedgerEvent): string {
  if ('pick' in event || 'ask' in event) return 'pick' in event ? pickEventText(event) : askEventText(event);
  if ('gate' in event) return gateEventText(event);
  if (isPatchEvent(event)) return patchEventText(event);
  if (event.type === 'gates-judged') return judgedText(event);
  switch (event.type) {
    case 'release-created':
      return 'created the release';
    case 'release-closed':
      return `closed the release: ${event.reason}`;
    case 'item-validated':
    case 'item-needs-no-validation':
    case 'item-validation-ended':
      return itemEventText(event);
    case 'plan-made':
      return `made plan ${event.plan.id}: ${event.plan.body.title}`;
    case 'plan-approved':
      return `approved plan ${event.plan} as ${event.role}`;
    case 'plan-approval-revoked':
      return `revoked the approval of ${event.plan}: ${event.reason}`;
    case 'plan-dropped':
      return `dropped plan ${event.plan}: ${event.reason}`;
    case 'apply-started':
      return `began to apply ${event.plan}`;
    case 'step-intended':
      return `${event.plan} intends ${event.step}`;
    case 'step-receipt':
      return `${event.plan} ${event.outcome} ${event.step}`;
    case 'step-stopped':
      return `${event.plan} stopped at ${event.step}: ${event.reason}`;
    case 'plan-finished':
      return `finished ${event.plan}`;
    case 'lease-broken':
      return `broke the lock ${event.lease} of ${event.holder}: ${event.reason}`;
    case 'revert-declined':
      return `keeps what ${event.repo} main reverted with ${event.revert.slice(0, 9)}: ${event.reason}`;
    case 'manifest-recorded':
    case 'day-step-done':
    case 'day-step-reopened':
    case 'apply-stop-asked':
    case 'apply-ended':
    case 'candidate-final':
    case 'candidate-final-withdrawn':
    case 'candidate-abandoned':
    case 'release-abandoned':
    case 'train-frozen':
    case 'train-thawed':
      return promotionEventText(event);
    case 'release-checked':
      return `looked at what is published, ${event.check.replace('-', ' ')}: ${event.holds ? 'all as it should be' : `${event.findings.length} findings, ${event.findings[0]}`}`;
    case 'signed-in':
    case 'token-made':
    case 'token-revoked':
      return signInEventText(event);
    case 'refused':
      return `was refused ${event.what}: ${event.reason}`;
  }
}

type GateEvent = Extract<LedgerEvent, { readonly gate: unknown }>;

function gateEventText(event: GateEvent): string {
  switch (event.type) {
    case 'gate-waived':
      return `waived ${event.gate} until ${minuteOf(event.until)}: ${event.reason}`;
    case 'gate-waiver-ended':
      return `ended the waiver of ${event.gate}: ${event.reason}`;
    case 'gate-signed': {
      const { gate, role, note, bound, evidence } = event;
      const as = role === 'named' ? '' : ` as ${role}`;
      const files = bound === null ? '' : `, for ${bound.candidate} with the files ${bound.manifest.slice(0, 15)}`;
      return `signed ${gate}${as}${files}${note === '' ? '' : `: ${note}`}${evidence === null ? '' : ` (${evidence})`}`;
    }
    case 'gate-sign-off-revoked':
      return `took back the sign-off of ${event.gate} by @${event.by}: ${event.reason}`;
    case 'evidence-recorded':
      return `proved for ${event.cells.length} files of ${event.candidate}: ${event.text}`;
  }
}

type ItemEvent = Extract<LedgerEvent, { readonly type: `item-${string}` }>;

function itemEventText(event: ItemEvent): string {
  const name = `${event.item.repo}#${event.item.number}`;
  switch (event.type) {
    case 'item-validated':
      return `validated ${name} on ${event.candidate}${event.note === '' ? '' : `: ${event.note}`}`;
    case 'item-needs-no-validation':
      return `decided that ${name} needs no validation: ${event.reason}`;
    case 'item-validation-ended':
      return `took back what was recorded of ${name}: ${event.reason}`;
  }
}

const MOST_NAMED = 3;

/** `saw docs-build turn from pass to failing, and 2 more gates; 3 block, 1 of 4 open picks waits for a person`. */
function judgedText({ changes, blockers, picks }: Extract<LedgerEvent, { readonly type: 'gates-judged' }>): string {
  const counts = [
    `${blockers} ${blockers === 1 ? 'blocks' : 'block'}`,
    ...(picks === null || picks.open === 0
      ? []
      : [`${picks.open} ${picks.open === 1 ? 'pick' : 'picks'} open, ${picks.waiting} of them waiting for a person`]),
  ].join('; ');
  if (changes.length === 0) return `counted: ${counts}`;
  const named = changes.slice(0, MOST_NAMED).map((change) => verdictTurn(change));
  const rest = changes.length - named.length;
  return `saw ${named.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}; ${counts}`;
}

/** `docs-build turn from pass to failing`; `docs-build as failing` at the first sight. */
function verdictTurn({ gate, from, to }: VerdictChange): string {
  const { word } = STATE_WORDS[to];
  return from === null ? `${gate} as ${word}` : `${gate} turn from ${STATE_WORDS[from].word} to ${word}`;
}

type PickEvent = Extract<LedgerEvent, { readonly pick: unknown }>;

function pickEventText(event: PickEvent): string {
  const name = pickName(event.pick);
  switch (event.type) {
    case 'pick-requested':
      return `asked for the pick ${name} as ${event.class}${event.fixes === null ? '' : `, fixes ${event.fixes}`}`;
    case 'pick-approved':
      return `approved the pick ${name} at ${event.head.slice(0, 9)}`;
    case 'pick-refused':
      return `refused the pick ${name}: ${event.reason}`;
    case 'pick-needs-info':
      return `asked about the pick ${name}: ${event.question}`;
    case 'pick-reopened':
      return `took the pick ${name} back to review: ${event.reason}`;
    case 'pick-withdrawn':
      return `withdrew the pick ${name}${event.reason === '' ? '' : `: ${event.reason}`}`;
    case 'pick-late':
      return `asked for the pick ${name} after ${minuteOf(event.closedAt)}`;
    case 'pick-dispensation':
      return `let the pick ${name} in until ${minuteOf(event.until)}: ${event.reason}`;
    case 'pick-superseded':
      return `put ${pickName(event.by)} in the place of the pick ${name}: ${event.reason}`;
    case 'pick-reminded':
      return `reminded of the pick ${name}, ${event.hours} hours before the end`;
  }
}

type PatchEvent = Extract<LedgerEvent, { readonly type: 'triage-decided' | `patch-${'decided' | 'scheduled'}` }>;

function isPatchEvent(event: LedgerEvent): event is PatchEvent {
  return event.type === 'triage-decided' || event.type === 'patch-decided' || event.type === 'patch-scheduled';
}

function patchEventText(event: PatchEvent): string {
  switch (event.type) {
    case 'triage-decided':
      return `${event.verdict} ${event.repo}#${event.item} for the patch${withText(event.people)}: ${event.reason}`;
    case 'patch-decided':
      return `decided ${event.decision}${withText(event.people)}: ${event.reason}`;
    case 'patch-scheduled':
      return `planned the patch for ${event.day}: ${event.reason}`;
  }
}

function withText(people: readonly string[]): string {
  return people.length === 0 ? '' : ` with ${people.map((login) => `@${login}`).join(', ')}`;
}

type AskEvent = Extract<LedgerEvent, { readonly ask: unknown }>;

function askEventText(event: AskEvent): string {
  const at = 'link' in event && event.link !== null ? `, ${event.link}` : '';
  switch (event.type) {
    case 'ask-sent':
      return `asked for ${event.ask} by hand${at}${event.note === '' ? '' : `: ${event.note}`}`;
    case 'ask-answered':
      return `recorded that the ask ${event.ask} is done${at}: ${event.note}`;
    case 'ask-withdrawn':
      return `took back that the ask ${event.ask} was ${event.what === 'sent' ? 'sent' : 'done'}: ${event.reason}`;
    case 'ask-reminded':
      return `reminded of the ask ${event.ask}, due ${event.due}`;
  }
}

type PromotionEvent = Extract<
  LedgerEvent,
  {
    readonly type:
      | `apply-${'stop-asked' | 'ended'}`
      | `candidate-${string}`
      | `day-step-${string}`
      | 'manifest-recorded'
      | 'release-abandoned'
      | `train-${string}`;
  }
>;

function promotionEventText(event: PromotionEvent): string {
  switch (event.type) {
    case 'manifest-recorded':
      return `recorded ${event.manifest.files.length} files of ${event.candidate} as ${event.digest.slice(0, 15)}${event.reason === '' ? '' : `, in place of those before: ${event.reason}`}`;
    case 'day-step-done':
      return `said that ${event.step} of the release day is done${event.evidence === null ? '' : `, ${event.evidence}`}${event.note === '' ? '' : `: ${event.note}`}`;
    case 'day-step-reopened':
      return `took back that ${event.step} of the release day is done: ${event.reason}`;
    case 'apply-stop-asked':
      return `asked to stop ${event.plan}: ${event.reason}`;
    case 'apply-ended':
      return `${event.plan} ${event.end === 'interrupted' ? 'was interrupted' : event.end}: ${event.reason}`;
    case 'candidate-final':
      return `marked ${event.candidate} as final, its files ${event.manifest.slice(0, 15)}${event.reason === '' ? '' : `: ${event.reason}`}`;
    case 'candidate-final-withdrawn':
      return `withdrew ${event.candidate} as final: ${event.reason}`;
    case 'candidate-abandoned':
      return `abandoned ${event.candidate}: ${event.reason}`;
    case 'release-abandoned':
      return `abandoned the release: ${event.reason}`;
    case 'train-frozen':
      return `froze the train: ${event.reason}`;
    case 'train-thawed':
      return `thawed the train: ${event.reason}`;
  }
}

type SignInEvent = Extract<LedgerEvent, { readonly type: 'signed-in' | `token-${string}` }>;

function signInEventText(event: SignInEvent): string {
  switch (event.type) {
    case 'signed-in':
      return `signed in by ${event.how === 'link' ? 'a link' : 'the forge'}, ${event.roles.length === 0 ? 'without a role' : `as ${event.roles.join(', ')}`}`;
    case 'token-made':
      return `made the token ${event.token} (${event.name}) to ${event.scope}, until ${minuteOf(event.until)}`;
    case 'token-revoked':
      return `revoked the token ${event.token} (${event.name})`;
  }
}

/** `2025-07-01 14:00 UTC`. */
function minuteOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
