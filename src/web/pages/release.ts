import type { GateView } from '../../api/views/gate.ts';
import type { ReleaseView } from '../../api/views/release.ts';
import { isOpen } from '../../domain/gate.ts';
import { countStates } from '../../domain/gate-text.ts';
import { shortId } from '../../domain/git-names.ts';
import { planHref, releaseHref } from '../../domain/page-path.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import type { Block, Doc, Field, PageRoom, Rich } from '../doc.ts';
import { GATE_COLUMNS, gateRow } from './gate-parts.ts';
import { byStage } from './gate-stages.ts';
import { endActions, finalActions, planAction } from './release-actions.ts';
import { burnDownBlocks } from './release-burn-down.ts';
import { candidateBlocks } from './release-candidates.ts';
import { dateBlocks } from './release-dates.ts';
import { dayText, noticeBlocks, phasesBlock, repoTable, verdictOf, waitingFor } from './release-parts.ts';
import { command } from './said.ts';

/** Where a release stands: gates by stage, repositories, candidates, dates, what is next. */
export function releaseDoc(view: ReleaseView, room: PageRoom): Doc {
  const { release, branch } = view;
  const { state, text } = verdictOf(view);
  const waiting = waitingFor(view, room);
  return {
    title: `${waiting === 0 ? '' : `(${waiting}) `}${release} ${view.blocking.length === 0 ? view.phase : 'not ready'}, ${view.title}`,
    heading: view.title,
    lead: [
      state,
      ` ${view.phase}`,
      ...(branch === null
        ? []
        : [`, ${branch.name}${branch.commit === null ? ', not cut yet' : ` at ${shortId(branch.commit)}`}`]),
      `. Release day: ${dayText(view.day, room.now)}`,
    ],
    tab: 'release',
    release,
    command: `signalbox gate list ${release}`,
    blocks: [
      ...noticeBlocks(view),
      ...notOpened(view),
      phasesBlock(view),
      section('next', 'What is next', nextBlocks(view, text, room)),
      section('gates', 'Gates', gateBlocks(view, room), countStates(view.gates)),
      section('repos', 'Signals by repository', repoTable(view)),
      section('candidates', 'Candidates', [
        ...candidateBlocks(view),
        { kind: 'actions', actions: finalActions(view, room) },
      ]),
      section('burn-down', 'Burn-down', burnDownBlocks(view, room)),
      section('dates', 'Dates', dateBlocks(view, room)),
      section('more', 'More', moreBlocks(view, room)),
    ],
  };
}

function section(id: string, heading: string, blocks: readonly Block[], aside?: Rich): Block {
  return { kind: 'section', id, heading, blocks, ...(aside === undefined || aside === '' ? {} : { aside }) };
}

function notOpened({ opened, release }: ReleaseView): readonly Block[] {
  if (opened) return [];
  return [
    {
      kind: 'notice',
      tone: 'info',
      text: `${release} was not opened: it is only what its number would be.`,
      next: ['Open it: ', command(`signalbox release create ${release}`)],
    },
  ];
}

function nextBlocks(view: ReleaseView, text: string, room: PageRoom): readonly Block[] {
  const { next, plans, release } = view;
  return [
    { kind: 'paragraph', text: [verdictOf(view).state, ` ${text}`] },
    ...(next === null ? [] : [{ kind: 'paragraph' as const, text: ['By hand: ', command(next.command)] }]),
    ...(plans.length === 0
      ? []
      : [
          {
            kind: 'list' as const,
            items: plans.map(({ id, title, state }): Rich => [
              { kind: 'link', href: planHref(id), text: `Plan ${id}` },
              ` ${title}, ${state === 'made' ? 'not begun' : 'begun and not finished'}`,
            ]),
          },
        ]),
    ...(next === null || next.plan === null
      ? []
      : [{ kind: 'actions' as const, actions: [planAction(release, next.plan, room)] }]),
  ];
}

function gateBlocks(view: ReleaseView, room: PageRoom): readonly Block[] {
  const { state = '', stage = '' } = room.query;
  const groups = byStage(view.gates);
  const shown = groups
    .filter(({ name }) => stage === '' || name === stage)
    .map(({ name, gates }) => ({ name, gates: gates.filter((gate) => isWanted(gate, state, view)) }))
    .filter(({ gates }) => gates.length > 0);
  return [
    {
      kind: 'filter',
      label: 'Show gates',
      fields: filterFields(
        view,
        groups.map(({ name }) => name),
        { state, stage },
      ),
    },
    {
      kind: 'table',
      id: 'gates',
      caption: `Gates of ${view.release}`,
      columns: GATE_COLUMNS,
      groups: shown.map(({ name, gates }) => ({
        name: `${name}: ${gates.filter(isOpen).length} of ${gates.length} open`,
        rows: gates.map((gate) => gateRow(gate, view.release, room)),
      })),
      empty:
        view.gates.length === 0
          ? ['No gates: nothing of this release is judged yet. ', command(`signalbox gate list ${view.release}`)]
          : [
              'No gate is like that. ',
              { kind: 'link', href: releaseHref(view.release), text: `Show all ${view.gates.length} gates` },
            ],
    },
  ];
}

function isWanted({ id, verdict }: GateView, state: string, { blocking }: ReleaseView): boolean {
  if (state === '') return true;
  return state === 'blocking' ? blocking.includes(id) : verdict === state;
}

function filterFields(
  view: ReleaseView,
  stages: readonly string[],
  asked: { readonly state: string; readonly stage: string },
): readonly Field[] {
  const verdicts = [...new Set(view.gates.map(({ verdict }) => verdict))];
  return [
    {
      name: 'state',
      label: 'State',
      kind: 'choice',
      value: asked.state,
      choices: [
        { value: '', label: 'All' },
        { value: 'blocking', label: 'Blocking the next step' },
        ...verdicts.map((verdict) => ({ value: verdict, label: STATE_WORDS[verdict].word })),
      ],
    },
    {
      name: 'stage',
      label: 'Stage',
      kind: 'choice',
      value: asked.stage,
      choices: [{ value: '', label: 'All' }, ...stages.map((name) => ({ value: name, label: name }))],
    },
  ];
}

function moreBlocks(view: ReleaseView, room: PageRoom): readonly Block[] {
  const { release } = view;
  const links = [
    { href: `${releaseHref(release)}/asks`, text: 'What is asked of others' },
    { href: `${releaseHref(release)}/sync`, text: 'Agenda of the next sync' },
    { href: `${releaseHref(release)}/handover`, text: 'What whoever takes the release over must know' },
    // Until a candidate is final there is nothing to publish, and nothing to read.
    ...(view.final === null
      ? []
      : [{ href: `${releaseHref(release)}/published`, text: 'What is published, and which undo there is' }]),
    { href: `/plans?release=${release}`, text: 'Every plan of this release' },
    { href: `/log?release=${release}`, text: 'What happened' },
    { href: `/todo?release=${release}`, text: 'Who must act' },
  ];
  return [
    { kind: 'list', items: links.map((link): Rich => ({ kind: 'link', ...link })) },
    { kind: 'actions', actions: endActions(view, room) },
  ];
}
