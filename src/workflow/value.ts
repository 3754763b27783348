import type { WorkflowValue } from './workflow.ts';

/** Values by name. */
export type WorkflowRecord = Readonly<Record<string, WorkflowValue>>;

export function isList(value: WorkflowValue): value is readonly WorkflowValue[] {
  return Array.isArray(value);
}

export function isRecord(value: WorkflowValue): value is WorkflowRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text with an expression, whose value a run knows. */
export function isExpression(value: WorkflowValue): value is string {
  return typeof value === 'string' && value.includes('${{');
}

/** A value as GitHub puts it into a text: null is nothing, lists and records are JSON. */
export function textOf(value: WorkflowValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
