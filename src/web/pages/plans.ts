import type { PlanRow, PlansView } from '../../api/views/plan.ts';
import { planHref } from '../../domain/page-path.ts';
import type { Doc, PageRoom, Row } from '../doc.ts';
import { planState, waitsFor } from './plan-parts.ts';
import { frozenNotice } from './release-parts.ts';
import { command, person, since } from './said.ts';

const STATES = ['made', 'partial', 'finished', 'dropped'] as const;

/** Saved plans: those that wait for somebody, then those that are over. */
export function plansDoc(view: PlansView, room: PageRoom): Doc {
  const { state = '', release = '' } = room.query;
  const shown = view.plans.filter((plan) => state === '' || plan.state === state);
  const open = shown.filter((plan) => plan.state === 'made' || plan.state === 'partial');
  const over = shown.filter((plan) => !open.includes(plan));
  return {
    title: `${open.length} open plans${release === '' ? '' : ` of ${release}`}, ${view.title}`,
    heading: release === '' ? 'Plans' : `Plans of ${release}`,
    lead: 'What was written down to be done, exactly as it would be.',
    tab: 'plans',
    release: release === '' ? null : release,
    command: `signalbox plan list${release === '' ? '' : ` ${release}`}${state === '' ? '' : ` --state ${state}`}`,
    blocks: [
      ...(view.freeze === null ? [] : [frozenNotice(view.freeze)]),
      {
        kind: 'filter',
        label: 'Show plans',
        fields: [
          { name: 'release', label: 'Release', kind: 'text', value: release, max: 20 },
          {
            name: 'state',
            label: 'State',
            kind: 'choice',
            value: state,
            choices: [{ value: '', label: 'All' }, ...STATES.map((value) => ({ value, label: value }))],
          },
        ],
      },
      {
        kind: 'table',
        id: 'plans',
        caption: 'Plans',
        columns: [
          { key: 'plan', name: 'Plan', mono: true },
          { key: 'state', name: 'State' },
          { key: 'for', name: 'For' },
          { key: 'release', name: 'Release' },
          { key: 'steps', name: 'Steps', align: 'right' },
          { key: 'waits', name: 'Waits for' },
          { key: 'author', name: 'Author' },
          { key: 'made', name: 'Made' },
        ],
        groups: [
          { name: 'Open', rows: open.map((plan) => rowOf(plan, room)) },
          { name: 'Over', rows: over.map((plan) => rowOf(plan, room)) },
        ],
        empty:
          view.plans.length === 0
            ? [
                'No plans yet. Make one, for example: ',
                command(`signalbox branch cut ${release === '' ? 'REL' : release}`),
              ]
            : ['No plan is like that. ', { kind: 'link', href: '/plans', text: 'Show all plans' }],
      },
    ],
  };
}

function rowOf(plan: PlanRow, room: PageRoom): Row {
  return {
    key: plan.id,
    href: planHref(plan.id),
    cells: [
      plan.id,
      planState(plan),
      plan.permanent ? [plan.title, ' ', { kind: 'state', state: 'permanent', word: 'cannot be undone' }] : plan.title,
      plan.release,
      `${plan.done}/${plan.steps}`,
      waitsFor(plan, room),
      person(plan.author),
      since(plan.madeAt),
    ],
  };
}
