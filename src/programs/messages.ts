import type { ProgramCall, ProgramEnd } from './run.ts';

// What goes between a process and its starter.

/** To the starter: run this. */
export interface Order {
  readonly number: number;
  readonly call: ProgramCall;
}

/** From the starter: how it ended, or why it could not be started. */
export type Report =
  | { readonly number: number; readonly end: ProgramEnd }
  | { readonly number: number; readonly notStarted: { readonly message: string; readonly code: string | null } };

function isNumbered(message: unknown): message is { readonly number: number } {
  return typeof message === 'object' && message !== null && 'number' in message && typeof message.number === 'number';
}

export function isOrder(message: unknown): message is Order {
  return isNumbered(message) && 'call' in message;
}

export function isReport(message: unknown): message is Report {
  return isNumbered(message) && ('end' in message || 'notStarted' in message);
}
