import type { DifferenceView, PlanPageView } from '../../api/views/plan.ts';
import { planHref } from '../../domain/page-path.ts';
import type { Block, PageRoom, Row } from '../doc.ts';
import { command } from './said.ts';

/** What the plan can be compared with. */
export function compareBlocks({ id, canCompareWithNow }: PlanPageView, room: PageRoom): readonly Block[] {
  return [
    ...(canCompareWithNow
      ? [
          {
            kind: 'paragraph' as const,
            text: [
              { kind: 'link' as const, href: `${planHref(id)}?against=now`, text: 'What changed since it was made' },
              ': plans again and compares. ',
              command(`signalbox plan diff ${id}`),
            ],
          },
        ]
      : []),
    {
      kind: 'filter',
      label: 'Compare with another plan',
      fields: [
        {
          name: 'against',
          label: 'Plan',
          kind: 'text',
          value: room.query['against'] ?? '',
          max: 80,
          hint: 'p7k2m9, or now',
        },
      ],
    },
  ];
}

/** What one plan does and the other does not. */
export function differenceBlocks({ id, difference, differenceProblem }: PlanPageView): readonly Block[] {
  if (difference === null) {
    return [
      {
        kind: 'notice',
        tone: 'error',
        text: [
          { kind: 'state', state: 'no-data' },
          ` It could not be compared: ${differenceProblem ?? 'no reason is known'}`,
        ],
        next: ['The plan itself stands as it is shown. ', command(`signalbox plan diff ${id}`)],
      },
    ];
  }
  const { to, added, removed, changed, same } = difference;
  if (to === null)
    return [
      {
        kind: 'notice',
        tone: 'warn',
        text: 'As the world is now, nothing of it is left to plan: everything is there.',
      },
    ];
  if (added.length + removed.length + changed.length === 0) {
    const alike = difference.sameDigest
      ? 'the same plan, by the same digest'
      : 'the same steps; only what they rest on differs';
    return [
      { kind: 'paragraph', text: [{ kind: 'state', state: 'pass', word: 'same' }, ` ${id} and ${to}: ${alike}.`] },
    ];
  }
  return [
    {
      kind: 'table',
      id: 'difference',
      caption: `Plan ${id} to ${difference.with === 'now' ? `what would be planned now (${to})` : to}`,
      columns: [
        { key: 'change', name: 'Change' },
        { key: 'step', name: 'Step' },
      ],
      groups: [{ name: null, rows: differenceRows(difference) }],
      empty: '',
    },
    {
      kind: 'paragraph',
      text: `${removed.length} no longer, ${added.length} new, ${changed.length} changed, ${same} the same.`,
    },
  ];
}

function differenceRows({ added, removed, changed }: DifferenceView): readonly Row[] {
  const rows = [
    ...removed.map((text) => ['no longer', text] as const),
    ...added.map((text) => ['new', text] as const),
    ...changed.flatMap(({ from, to }) => [['changed from', from] as const, ['changed to', to] as const]),
  ];
  return rows.map(([change, text], index) => ({ key: `${change} ${index + 1}`, cells: [change, text] }));
}
