import type { JobResult } from '../../ports/forge.ts';

type State = JobResult['state'];

const WAITING = new Map<string, State>([
  ['queued', 'queued'],
  ['requested', 'queued'],
  ['pending', 'queued'],
  ['in_progress', 'running'],
  // Held back by a protection rule until a person approves.
  ['waiting', 'needs-action'],
]);

const CONCLUDED = new Map<string, State>([
  ['success', 'green'],
  ['failure', 'red'],
  ['timed_out', 'red'],
  ['startup_failure', 'red'],
  ['cancelled', 'cancelled'],
  // GitHub gave up waiting for it: nobody knows how it would have ended.
  ['stale', 'cancelled'],
  ['skipped', 'skipped'],
  // A job that says neither yes nor no proves nothing.
  ['neutral', 'skipped'],
  ['action_required', 'needs-action'],
]);

const STATUSES = new Map<string, State>([
  ['success', 'green'],
  ['failure', 'red'],
  ['error', 'red'],
  ['pending', 'running'],
]);

/** The state of a check run; null when GitHub says something that is not known here, which must never pass for green. */
export function stateOfRun(status: string, conclusion: string | null): State | null {
  if (status !== 'completed') return WAITING.get(status) ?? null;
  return conclusion === null ? null : (CONCLUDED.get(conclusion) ?? null);
}

/** The state of a commit status; null when it is not known here. */
export function stateOfStatus(state: string): State | null {
  return STATUSES.get(state) ?? null;
}

const WORST_FIRST: readonly State[] = ['red', 'needs-action', 'cancelled', 'running', 'queued', 'skipped', 'green'];

/** The worse of two results that bear one name, with the attempts of both. */
export function worse(one: JobResult, other: JobResult): JobResult {
  const chosen = WORST_FIRST.indexOf(other.state) < WORST_FIRST.indexOf(one.state) ? other : one;
  return { ...chosen, attempts: Math.max(one.attempts, other.attempts) };
}
