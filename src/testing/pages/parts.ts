/** What made-up pages have in common. */
import { addSeconds, Instant } from '../../domain/instant.ts';
import type { Action, Block, Row, State } from '../../web/doc.ts';

export const NOW = Instant.parse('2025-07-12T14:02:00Z');

const DAY = 86_400;

/** So many days from now. */
export function day(days: number): Instant {
  return addSeconds(NOW, days * DAY);
}

export function action(id: string, label: string, more: Partial<Action> = {}): Action {
  return {
    id,
    label,
    href: `/do/${encodeURIComponent(id)}`,
    fields: [],
    command: `signalbox ${id} 2.8.0`,
    undo: 'full',
    barred: null,
    ...more,
  };
}

export const WAIVE: Partial<Action> = {
  command: 'signalbox gate waive 2.8.0 docs-build -m REASON --until UNTIL',
  tells: 'The gate counts as passed until the day named; it is shown as waived everywhere.',
  fields: [
    { name: 'reason', label: 'Reason', kind: 'long-text', required: true, max: 500, hint: 'Shown to everyone.' },
    { name: 'until', label: 'Until', kind: 'date', required: true, value: '2025-07-18' },
  ],
};

export function gateRow(key: string, state: State, says: string, more: Partial<Row> = {}): Row {
  return {
    key,
    href: `/r/2.8.0/gates/${encodeURIComponent(key)}`,
    cells: [
      key,
      { kind: 'state', state },
      says,
      state === 'needs-you' ? { kind: 'person', login: 'malfet' } : { kind: 'person', login: 'atalman' },
      { kind: 'time', at: addSeconds(NOW, -Math.round(says.length * 700)), form: 'ago' },
    ],
    ...more,
  };
}

export const GATE_COLUMNS = [
  { key: 'gate', name: 'Gate' },
  { key: 'state', name: 'State' },
  { key: 'evidence', name: 'Evidence' },
  { key: 'owner', name: 'Owner' },
  { key: 'checked', name: 'Checked', align: 'right' },
] as const;

export function opened(key: string): Partial<Row> {
  return {
    details: [
      {
        kind: 'facts',
        rows: [
          { name: 'First failed', value: { kind: 'time', at: day(-3), form: 'minute' } },
          { name: 'Rule', value: { kind: 'code', text: 'docs/2.8 exists' } },
          { name: 'Evidence', value: { kind: 'link', href: 'https://example.org/run/9812', text: 'run 9812' } },
        ],
      },
    ],
    actions: [
      action(`rerun-${key}`, 'Run gate again'),
      action(`waive-${key}`, 'Waive gate', WAIVE),
      action(`sign-${key}`, 'Sign gate', { barred: 'Needs role docs-poc; ask @sekyon' }),
    ],
  };
}

export const PHASES: Block = {
  kind: 'phases',
  steps: [
    { name: 'Prepare', state: 'pass', text: '20 Jun', current: false },
    { name: 'Branch cut', state: 'pass', text: '24 Jun', current: false },
    { name: 'Candidates', state: 'running', text: 'rc3 14 Jul', current: true },
    { name: 'Final', state: 'queued', text: '21 Jul, was 14 Jul', current: false },
    { name: 'Promote', state: 'queued', text: '28 Jul', current: false },
    { name: 'Release day', state: 'queued', text: '30 Jul', current: false },
  ],
};
