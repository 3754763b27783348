import type { DecisionView } from '../../api/views/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Inline, Rich } from '../doc.ts';

/** `by @ana, 14:02 UTC: the key leaked`. */
export function saidBy({ by, at, reason }: DecisionView): readonly Inline[] {
  return ['by ', person(by), ', ', minute(at), `: ${reason}`];
}

export function person(login: string): Inline {
  return { kind: 'person', login: login.replace(/^@/u, '') };
}

/** People with commas between them; `nobody` for none. */
export function people(logins: readonly string[]): readonly Inline[] {
  if (logins.length === 0) return ['nobody'];
  return logins.flatMap((login, index) => (index === 0 ? [person(login)] : [', ', person(login)]));
}

/** Who must act first, and how many others may. */
export function firstOf(owners: readonly string[]): Rich {
  const [first, ...others] = owners;
  if (first === undefined) return 'nobody: name somebody in the train file';
  return others.length === 0 ? person(first) : [person(first), ` +${others.length}`];
}

export function minute(at: Instant): Inline {
  return { kind: 'time', at, form: 'minute' };
}

export function since(at: Instant | null): Rich {
  return at === null ? '' : { kind: 'time', at, form: 'ago' };
}

export function command(text: string): Inline {
  return { kind: 'code', text };
}
