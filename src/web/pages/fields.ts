import type { Field } from '../doc.ts';

/** Why something is decided; others read it in the log. */
export function reasonField(hint = 'Others will read it in the log.'): Field {
  return { name: 'reason', label: 'Reason', kind: 'long-text', required: true, max: 4000, hint };
}
