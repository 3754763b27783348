import { isOpen } from '../domain/gate.ts';
import { shortId } from '../domain/git-names.ts';
import type { Instant } from '../domain/instant.ts';
import { PICK_STATES, pickCommands } from '../domain/pick-state.ts';
import { STATE_WORDS, type State } from '../domain/state.ts';
import type { Duty } from './todo.ts';

/** A duty in words: what every face says of it. */
export interface DutyWords {
  /** Gate, pick, change, or what is to be done with which plan. */
  readonly name: string;
  readonly state: State;
  readonly word: string;
  readonly text: string;
  readonly since: Instant | null;
  /** Until when it can be done; null where it has no end. */
  readonly until: Instant | null;
  readonly command: string | null;
}

type PickDuty = Extract<Duty, { readonly kind: 'pick' }>;
type RevertDuty = Extract<Duty, { readonly kind: 'revert' }>;
type PlanDuty = Extract<Duty, { readonly kind: 'approval' | 'apply' }>;

/** What waits, since when, and what moves it. */
export function dutyWords(duty: Duty): DutyWords {
  switch (duty.kind) {
    case 'gate': {
      const { id, verdict, summary, since, fix } = duty.gate;
      const command = isOpen(duty.gate) ? null : fix;
      return { name: id, state: verdict, word: STATE_WORDS[verdict].word, text: summary, since, until: null, command };
    }
    case 'pick': {
      const { record, seen, state } = duty.pick;
      const known = PICK_STATES[state];
      return {
        name: pickDutyName(duty),
        state: known.state,
        word: known.word,
        text: `${seen.title}: ${known.next ?? known.word}`,
        since: record.decided.is === 'open' ? record.askedAt : record.decided.at,
        until: null,
        command: pickDutyCommand(duty),
      };
    }
    case 'revert': {
      const { revert, change, revertedAt } = duty.revert;
      return {
        name: revertDutyName(duty),
        state: 'failing',
        word: 'a revert is missing',
        text: `${change.title}: main took it back by ${shortId(revert)}`,
        since: revertedAt,
        until: null,
        command: revertsCommand(duty),
      };
    }
    case 'day-step': {
      const { step, number, state, text, planned, command } = duty.step;
      return {
        name: `step ${number} of the release day`,
        state,
        word: STATE_WORDS[state].word,
        text: `${step.title}: ${text}`,
        since: null,
        until: planned,
        command,
      };
    }
    case 'approval':
    case 'apply':
      return {
        name: planDutyName(duty),
        state: 'needs-you',
        word: STATE_WORDS['needs-you'].word,
        text: duty.plan.plan.body.title,
        since: duty.plan.madeAt,
        until: duty.plan.state === 'partial' ? null : duty.plan.goodUntil,
        command: planDutyCommand(duty),
      };
  }
}

export function revertsCommand({ release }: RevertDuty): string {
  return `signalbox pick reverts ${release}`;
}

/** `core#158112 onto release/2.8`. */
export function pickDutyName({ pick: { record } }: PickDuty): string {
  return `${record.pick.repo}#${record.pick.pr} onto ${record.pick.onto}`;
}

/** `core #158112`. */
export function revertDutyName({ revert: { repo, change, revert } }: RevertDuty): string {
  return `${repo} ${change.pr === null ? shortId(revert) : `#${change.pr}`}`;
}

export function pickDutyCommand({ pick }: PickDuty): string | null {
  const commands = pickCommands(pick.record.pick, pick.state);
  // What was asked for and could be made is made by trying again; looking at it comes before in the list.
  const command = pick.state === 'requested' ? commands.at(-1) : commands[0];
  return command === undefined ? null : `signalbox pick ${command}`;
}

/** `approve plan p7k2m9`. */
export function planDutyName(duty: PlanDuty): string {
  const { plan, state } = duty.plan;
  if (duty.kind === 'approval') return `approve plan ${plan.id}`;
  return state === 'partial' ? `go on with plan ${plan.id}` : `apply plan ${plan.id}`;
}

export function planDutyCommand(duty: PlanDuty): string {
  return duty.kind === 'approval' ? `signalbox plan show ${duty.plan.plan.id}` : `signalbox apply ${duty.plan.plan.id}`;
}
