import { z } from 'zod';
import type { App } from '../../app/app.ts';
import {
  approvePick,
  askPick,
  dispensePick,
  refusePick,
  reopenPick,
  showPick,
  withdrawPick,
  type PickName,
} from '../../app/picks.ts';
import type { AppProblem } from '../../app/problem.ts';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { Role } from '../../domain/train/train.ts';
import { actionOf, type AnyAction } from '../page.ts';
import { pickView, type StandingPick } from '../pages/pick-view.ts';
import { changeOf, doneTo } from './pick-name.ts';

const Onto = z.string().min(1).max(240);
const Text = z.string().trim().min(1, { error: 'say why: it is kept, and others read it' }).max(4000);

interface Deciding<Input extends { readonly onto: string }> {
  readonly verb: string;
  readonly summary: string;
  readonly roles: readonly Role[];
  readonly schema: z.ZodType<Input>;
  /** `Approved`, as the answer begins. */
  readonly done: string;
  readonly decide: (app: App, name: PickName, input: Input) => Promise<Result<StandingPick, AppProblem>>;
}

/** A decision about one pick; who may take it is judged by the use case, which also keeps what was refused. */
function deciding<Input extends { readonly onto: string }>(decision: Deciding<Input>): AnyAction {
  const { verb, summary, roles, schema, done, decide } = decision;
  return actionOf<Input>({
    name: `pick-${verb}`,
    path: `/pr/:repo/:number/${verb}`,
    summary,
    roles,
    schema,
    run: async ({ app, params, input }) => {
      const change = changeOf(params);
      if (!change.ok) return change;
      const name = { ...change.value, onto: input.onto };
      const decided = await decide(app, name, input);
      if (!decided.ok) return decided;
      const said = `${done}: ${name.repo} #${name.pr} onto ${name.onto}.`;
      return succeed(doneTo(name, said, pickView(decided.value)));
    },
  });
}

/** What was pushed while somebody read is not what they said yes to. */
async function approveHead(
  app: App,
  name: PickName,
  { head }: { readonly head: string },
): Promise<Result<StandingPick, AppProblem>> {
  const shown = await showPick(app, name);
  if (!shown.ok) return shown;
  const now = shown.value.seen.pull?.head ?? '';
  if (now === head) return approvePick(app, name);
  return refuse({
    kind: 'conflict',
    code: 'head-moved',
    text: `The pull request moved from ${head === '' ? 'none' : head.slice(0, 9)} to ${now === '' ? 'none' : now.slice(0, 9)} meanwhile. Nothing was decided; look at it and decide again.`,
  });
}

/** A day, which ends in UTC, or a moment. */
const Until = z
  .string()
  .refine((text) => momentOf(text) !== null, { error: 'not a day or a moment: write it as 2026-07-18' });

function momentOf(text: string): Instant | null {
  const moment = Instant.safeParse(CalendarDate.safeParse(text).success ? `${text}T23:59:59Z` : text);
  return moment.success ? moment.data : null;
}

const MANAGER = ['release-manager'] as const;

export const PICK_DECISIONS: readonly AnyAction[] = [
  deciding({
    verb: 'approve',
    summary: 'Approve the head that the pull request of a pick has',
    roles: MANAGER,
    schema: z.object({ onto: Onto, head: z.string().max(40) }),
    done: 'Approved',
    decide: approveHead,
  }),
  deciding({
    verb: 'refuse',
    summary: 'Refuse a pick, with a reason for the author',
    roles: MANAGER,
    schema: z.object({ onto: Onto, reason: Text }),
    done: 'Refused',
    decide: (app, name, { reason }) => refusePick(app, name, reason),
  }),
  deciding({
    verb: 'ask',
    summary: 'Ask the author of a pick something; it waits for the answer',
    roles: MANAGER,
    schema: z.object({ onto: Onto, question: Text }),
    done: 'Asked; it waits for the answer',
    decide: (app, name, { question }) => askPick(app, name, question),
  }),
  deciding({
    verb: 'reopen',
    summary: 'Take a pick back to review, after a refusal or with an answer',
    roles: [],
    schema: z.object({ onto: Onto, reason: Text }),
    done: 'Reopened',
    decide: (app, name, { reason }) => reopenPick(app, name, reason),
  }),
  deciding({
    verb: 'withdraw',
    summary: 'Take the request for a pick back',
    roles: [],
    schema: z.object({ onto: Onto, reason: Text }),
    done: 'Withdrawn',
    decide: (app, name, { reason }) => withdrawPick(app, name, reason),
  }),
  deciding({
    verb: 'dispense',
    summary: 'Let a pick in against the rules of its phase, for a reason, until a day',
    roles: MANAGER,
    schema: z.object({ onto: Onto, reason: Text, until: Until }),
    done: 'Let in; now it can be made: retry it',
    decide: (app, name, { reason, until }) =>
      dispensePick(app, name, { reason, until: Instant.parse(momentOf(until)) }),
  }),
];
