import type { ItemRef, LedgerEvent } from '../../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { foldValidations } from '../../engine/fold-validations.ts';
import { standingText, type StandingItem } from '../../process/07-finalize/milestone/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRole } from '../releases.ts';
import { milestoneFacts } from './milestone.ts';
import { finalSubject } from './subject.ts';

export interface ValidateInput {
  readonly release: ReleaseVersion;
  readonly item: ItemRef;
  /** `validated`: it was seen to work. `not-needed`: nothing has to be seen. `end`: takes back what was recorded. */
  readonly does: 'validated' | 'not-needed' | 'end';
  /** What was seen, or why; needed but for `validated`. */
  readonly note: string;
}

/** Where an item of the milestone stands after something was recorded of it. */
export interface ValidateAnswer {
  readonly item: StandingItem;
  readonly text: string;
}

/** Records what somebody says of a closed item of the milestone: a decision, bound to the files of the candidate. */
export async function validateItem(app: App, input: ValidateInput): Promise<Result<ValidateAnswer, AppProblem>> {
  const { release, item, does } = input;
  const rule = app.loaded.train.final.milestone;
  if (rule === undefined) return refuse(noRule());
  const name = `${item.repo}#${item.number}`;
  const allowed = await requireRole(app, does === 'validated' ? rule.roles : ['release-manager']);
  const isNamed = does === 'validated' && rule.people.includes(await app.who());
  if (!allowed.ok && !isNamed) {
    await record(app, {
      type: 'refused',
      release,
      what: `milestone validate ${name}`,
      reason: allowed.problems[0].text,
    });
    return allowed;
  }
  if (does !== 'validated' && input.note.trim() === '')
    return refuse({
      kind: 'usage',
      code: 'reason-missing',
      text: 'A decision needs a reason that others will read: -m "…"',
    });
  const facts = await milestoneFacts(app, release);
  const known = facts?.items.find((each) => each.repo === item.repo && each.number === item.number);
  const unread = facts?.milestones.find(({ repo, items }) => repo === item.repo && !items.known);
  if (unread !== undefined)
    return refuse({
      kind: 'no-data',
      code: 'milestone-unread',
      text: `The milestone of ${item.repo} could not be read. Nothing was recorded.`,
    });
  if (known === undefined) {
    const text = `${name} is no closed item of the milestone of ${release}. See: signalbox milestone validate ${release}`;
    return refuse({ kind: 'usage', code: 'item-unknown', text });
  }
  const event = await eventOf(app, input);
  if (!event.ok) return event;
  await record(app, event.value);
  const after = (await milestoneFacts(app, release))?.items.find(
    (each) => each.repo === item.repo && each.number === item.number,
  );
  if (after === undefined) throw new Error(`${name} was recorded and cannot be read back`);
  return succeed({ item: after, text: standingText(after.standing) });
}

async function eventOf(
  app: App,
  { release, item, does, note }: ValidateInput,
): Promise<Result<LedgerEvent, AppProblem>> {
  const entries = await entriesOf(app, release);
  if (does === 'not-needed') return succeed({ type: 'item-needs-no-validation', release, item, reason: note });
  if (does === 'end') {
    const has = foldValidations(entries).some(
      (each) => each.item.repo === item.repo && each.item.number === item.number,
    );
    if (has) return succeed({ type: 'item-validation-ended', release, item, reason: note });
    const text = `Nothing was recorded of ${item.repo}#${item.number} that could be taken back. What a comment says is its author's to change.`;
    return refuse({ kind: 'refused', code: 'nothing-recorded', text });
  }
  const subject = finalSubject(entries, release);
  if (subject === null) {
    const text = `An item is validated on a candidate, and none of ${release} was recorded. Record its files: signalbox artifact record ${release}-rcN`;
    return refuse({ kind: 'refused', code: 'manifest-missing', text });
  }
  const { candidate, digest } = subject;
  return succeed({ type: 'item-validated', release, item, candidate, manifest: digest, note });
}

export function noRule(): AppProblem {
  const text = 'The train does not say how closed items are validated: final.milestone in the train file.';
  return { kind: 'usage', code: 'no-rule', text };
}
