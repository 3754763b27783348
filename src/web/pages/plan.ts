import type { PlanPageView } from '../../api/views/plan.ts';
import { gateHref, planHref, releaseHref } from '../../domain/page-path.ts';
import { clockTime } from '../../domain/time-text.ts';
import type { Block, Doc, Inline, PageRoom, Rich } from '../doc.ts';
import { planActions } from './plan-actions.ts';
import { compareBlocks, differenceBlocks } from './plan-difference.ts';
import { isOver, planState, waitsFor } from './plan-parts.ts';
import { stepBlocks } from './plan-steps.ts';
import { frozenNotice } from './release-parts.ts';
import { command, minute, people, person, saidBy } from './said.ts';

/** One plan: what would be done, how it is undone, who agreed, and what was done. */
export function planDoc(view: PlanPageView, room: PageRoom): Doc {
  const { id, release, state, title, done, steps } = view;
  const progress = `${done} of ${steps} steps done`;
  return {
    title: `${state === 'partial' ? `${done}/${steps} ` : ''}Plan ${id} ${state}, ${title}, ${view.train}`,
    heading: `Plan ${id}: ${title}`,
    lead: [planState(view), ` ${progress}, of `, { kind: 'link', href: releaseHref(release), text: release }],
    tab: 'plans',
    release,
    command: `signalbox plan show ${id}`,
    blocks: [
      ...bands(view, room),
      { kind: 'actions', actions: planActions(view, room) },
      section('steps', 'Steps', stepBlocks(view), view.counts),
      ...approvalSection(view),
      ...(view.difference === null && view.differenceProblem === null
        ? []
        : [section('difference', 'Difference', differenceBlocks(view))]),
      section('facts', 'About this plan', [
        { kind: 'facts', rows: factRows(view, room) },
        ...compareBlocks(view, room),
      ]),
    ],
  };
}

function section(id: string, heading: string, blocks: readonly Block[], aside?: Rich): Block {
  return { kind: 'section', id, heading, blocks, ...(aside === undefined ? {} : { aside }) };
}

type Tone = Extract<Block, { readonly kind: 'notice' }>['tone'];

function notice(tone: Tone, text: Rich, next?: Rich): Block {
  return { kind: 'notice', tone, text, ...(next === undefined ? {} : { next }) };
}

/** What has to be known before anything is pressed, the gravest first. */
function bands(view: PlanPageView, room: PageRoom): readonly Block[] {
  const { id, permanent, state, ended, freeze, abandoned, applying, asked, refused } = view;
  const isOpen = state === 'made' || state === 'partial';
  return [
    ...(permanent
      ? [
          notice(
            'warn',
            [
              { kind: 'state', state: 'permanent', word: 'Cannot be undone' },
              ' Some of what this plan does stays for ever.',
            ],
            isOpen ? 'Two people other than its author approve it, and the name of the release is typed.' : undefined,
          ),
        ]
      : []),
    ...(abandoned === null ? [] : [notice('error', [`${abandoned.what} was abandoned `, ...saidBy(abandoned)])]),
    ...(freeze === null || !isOpen ? [] : [frozenNotice(freeze)]),
    ...(applying === null
      ? []
      : [
          notice(
            'info',
            [person(applying.holder), ` is changing ${view.release} since `, minute(applying.since), '.'],
            'This page follows the receipts as they are written.',
          ),
        ]),
    ...(asked ? [notice('info', 'It was asked for. A worker begins as soon as one is free.')] : []),
    ...(refused === null || !isOpen
      ? []
      : [notice('error', ['Refused to ', person(refused.by), ', ', minute(refused.at), `: ${refused.reason}`])]),
    ...(ended === null || state !== 'partial'
      ? []
      : [
          notice(
            'warn',
            [
              'The last apply, by ',
              person(ended.by),
              `, ${ended.end === 'interrupted' ? 'was interrupted' : ended.end} `,
              minute(ended.at),
              `: ${ended.reason}`,
            ],
            ['Nothing is lost. Go on, which does only the rest: ', command(`signalbox apply ${id}`)],
          ),
        ]),
    ...(isOver(view, room)
      ? [
          notice(
            'warn',
            `It was good until ${clockTime(view.goodUntil, room.now)} and was not begun.`,
            'Make it again: the same world gives the same plan, and its approvals hold.',
          ),
        ]
      : []),
  ];
}

function approvalSection(view: PlanPageView): readonly Block[] {
  const { approvedBy, approvals, approvalsNeeded, mayApprove, digest, manifest, state } = view;
  if (approvalsNeeded === 0) return [];
  const isAsked = approvals < approvalsNeeded && state !== 'finished' && state !== 'dropped';
  return [
    section(
      'approvals',
      'Approvals',
      [
        {
          kind: 'table',
          id: 'approvals',
          caption: 'Who agreed to exactly this plan',
          columns: [
            { key: 'who', name: 'Who' },
            { key: 'role', name: 'As' },
            { key: 'when', name: 'When' },
            { key: 'until', name: 'Counts until' },
          ],
          groups: [
            {
              name: null,
              rows: approvedBy.map(({ by, role, at, expires }) => ({
                key: by,
                cells: [person(by), role, minute(at), minute(expires)],
              })),
            },
          ],
          empty: ['Nobody yet. They approve it here or with ', command(`signalbox plan approve ${view.id}`)],
        },
        ...(isAsked ? [{ kind: 'paragraph' as const, text: ['May approve: ', ...people(mayApprove)] }] : []),
        { kind: 'paragraph', text: ['Bound to the plan ', { kind: 'code', text: digest }] },
        ...(manifest === null
          ? []
          : [{ kind: 'paragraph' as const, text: ['and to the files ', { kind: 'code' as const, text: manifest }] }]),
      ],
      `${approvals} of ${approvalsNeeded}`,
    ),
  ];
}

function factRows(view: PlanPageView, room: PageRoom): readonly { readonly name: string; readonly value: Rich }[] {
  const waits = waitsFor(view, room);
  return [
    { name: 'Made', value: ['by ', person(view.author), ', ', minute(view.madeAt)] },
    { name: 'Good until', value: [minute(view.goodUntil), ', or until the world is not as planned'] },
    ...(waits === '' ? [] : [{ name: 'Waits for', value: waits }]),
    ...(view.undoes === null
      ? []
      : [
          {
            name: 'Takes back',
            value: { kind: 'link' as const, href: planHref(view.undoes), text: `plan ${view.undoes}` },
          },
        ]),
    {
      name: 'Gates that must be open',
      value:
        view.gates.length === 0
          ? 'none'
          : view.gates.flatMap((gate, index): readonly Inline[] => [
              ...(index === 0 ? [] : [', ']),
              { kind: 'link', href: gateHref(view.release, gate), text: gate },
            ]),
    },
    { name: 'Digest', value: { kind: 'code', text: view.digest } },
  ];
}
