import type { Gate } from '../../domain/gate.ts';
import { isOpen } from '../../domain/gate.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Step } from '../../domain/plan/step.ts';
import type { Held } from '../../app/planned.ts';
import type { PlanView } from '../../app/plans.ts';
import type { Room } from './answer.ts';
import { BLANK, indent, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape, STATES } from './shapes.ts';
import { shownSteps } from '../../domain/plan/step-groups.ts';
import { countsText, rowsOf, undoTexts, undoWord } from '../../domain/plan/step-text.ts';
import { table } from './table.ts';
import { ago, clockTime } from '../../domain/time-text.ts';

/** What is shown of a plan before it is confirmed; what matters most is last. */
export interface PlanShow {
  /** What the plan would open, to be read before; shown at length. */
  readonly documents?: readonly { readonly title: string; readonly text: string }[];
  readonly view: PlanView;
  readonly held: readonly Held[];
  readonly notes: readonly string[];
  readonly gates: readonly Gate[];
}

/** The plan as the dry run shows it: head, steps with column UNDO, gates, counts. */
export function renderPlan({ view, held, notes, gates, documents = [] }: PlanShow, room: Room): readonly Line[] {
  const { plan } = view;
  const decisions = decisionLines(view, room);
  const head = line(
    span(`Plan ${plan.id}`, 'strong'),
    `, made ${clockTime(view.madeAt, room.now)}, good until ${clockTime(view.goodUntil, room.now)} or until a branch moves`,
  );
  return [
    ...paragraph(head, room.width),
    ...paragraph(
      line(plan.body.title, ...(view.permanent ? [span('   CANNOT BE UNDONE', 'fail')] : [])),
      room.width,
      2,
    ),
    BLANK,
    ...stepTable(plan, room),
    ...undoLines(plan, room),
    BLANK,
    ...documents.flatMap((document) => documentLines(document, room)),
    ...heldLines({ held, notes }, room),
    ...gateLines(gates, room),
    ...approvalLines(view, room),
    ...decisions,
    ...(held.length + notes.length + gates.length + view.approvalsNeeded + decisions.length > 0 ? [BLANK] : []),
    line(span(countsText(plan), 'strong')),
  ];
}

function documentLines(
  { title, text }: { readonly title: string; readonly text: string },
  room: Room,
): readonly Line[] {
  const lines = text.split('\n').map((each) => line('  ', each));
  return [...paragraph(line(span(title, 'strong')), room.width), ...lines, BLANK];
}

/** Repositories that are left out, why, and what would change that; then what else should be known. */
export function heldLines({ held, notes }: Pick<PlanShow, 'held' | 'notes'>, room: Room): readonly Line[] {
  return [
    ...held.flatMap(({ repo, reason, fix }) => [
      ...paragraph(line(shape('queued'), ` ${repo} is left out: ${reason}`), room.width, 2, 2),
      ...(fix === null ? [] : paragraph(line(`fix: ${fix}`), room.width, 6, 5)),
    ]),
    ...notes.flatMap((note) => paragraph(line(note), room.width, 2)),
  ];
}

/** The steps with their signs and what takes each back. */
export function stepTable(plan: Plan, room: Room): readonly Line[] {
  const rows = shownSteps(plan.body.steps).flatMap(({ rows: shown, first }) =>
    shown.map((row, index) => {
      const [name = '', ...rest] = row.what.split('  ');
      return [
        line(span(row.sign, row.sign === '-' ? 'fail' : 'pass')),
        line(row.kind),
        line(row.repo),
        line(name),
        line(span(rest.join(' '), 'mute')),
        index === 0 ? undoLine(first) : BLANK,
      ];
    }),
  );
  return table({
    columns: [
      { title: '' },
      { title: 'STEP', whole: true },
      { title: '', whole: true },
      { title: '' },
      { title: '', whole: true },
      { title: 'UNDO' },
    ],
    rows,
    width: room.width,
    indent: 2,
  });
}

const UNDO_TONES = { full: 'text', partial: 'attn', none: 'fail' } as const;

/** Column UNDO: full, partial, or none with the mark of what stays for ever. */
function undoLine(step: Step): Line {
  const word = undoWord(step);
  return line(span(word === 'none' ? `${word}  !` : word, UNDO_TONES[word]));
}

/** What is meant by partial and none, once for each text. */
function undoLines(plan: Plan, room: Room): readonly Line[] {
  return undoTexts(plan).flatMap((text) => paragraph(line(span(text, 'mute')), room.width, 5, 9));
}

function gateLines(gates: readonly Gate[], room: Room): readonly Line[] {
  if (gates.length === 0) return [];
  const open = gates.filter(isOpen).length;
  const closed = gates
    .filter((gate) => !isOpen(gate))
    .map((gate) => `${gate.id} ${STATES[gate.verdict].word.toUpperCase()}`);
  const text = `Gates: ${open} of ${gates.length} pass${closed.length === 0 ? '' : `; ${closed.join(', ')}`}`;
  return paragraph(line(text), room.width, 2, 7);
}

/** Who agreed, until when that counts, to what exactly, and who else may. */
function approvalLines(view: PlanView, room: Room): readonly Line[] {
  if (view.approvalsNeeded === 0) return [];
  const { approvals, approvalsNeeded, mayApprove, plan } = view;
  const have = approvals
    .map(({ by, at, expires }) => `@${by} ${clockTime(at, room.now)}, counts until ${clockTime(expires, room.now)}`)
    .join(' and ');
  const text = `Approved by ${have === '' ? 'nobody yet' : have} (${approvals.length} of ${approvalsNeeded})`;
  const isAsked = approvals.length < approvalsNeeded && view.state !== 'finished' && view.state !== 'dropped';
  const others =
    mayApprove.length === 0 ? 'nobody: name people under `roles`' : mayApprove.map((who) => `@${who}`).join(' ');
  const files = plan.body.manifest === undefined ? [] : [`and to the files ${plan.body.manifest}`];
  return [
    ...paragraph(line(text), room.width, 2, 2),
    ...(isAsked ? paragraph(line(`May approve: ${others}`), room.width, 2, 2) : []),
    ...[`Bound to the plan ${plan.digest}`, ...files].flatMap((each) =>
      paragraph(line(span(each, 'mute')), room.width, 2, 2),
    ),
  ];
}

/** What keeps the plan from being carried out, whatever else is in order. */
function decisionLines({ freeze, abandoned }: PlanView, room: Room): readonly Line[] {
  return [
    ...(abandoned === null
      ? []
      : paragraph(
          line(shape('failing'), ` ${abandoned.what} was abandoned by ${saidBy(abandoned, room)}`),
          room.width,
          2,
          2,
        )),
    ...(freeze === null
      ? []
      : paragraph(line(shape('needs-you'), ` The train was frozen by ${saidBy(freeze, room)}`), room.width, 2, 2)),
  ];
}

function saidBy({ by, at, reason }: NonNullable<PlanView['freeze']>, room: Room): string {
  return `@${by}, ${clockTime(at, room.now)}: ${reason}`;
}

/** Plans as a table, newest last. */
export function renderPlans(views: readonly PlanView[], room: Room): readonly Line[] {
  if (views.length === 0) return [line('No plans. Make one, for example: signalbox branch cut 2.8.0 --dry-run')];
  const rows = views.map((view) => [
    line(span(view.plan.id, 'strong')),
    line(span(view.state, TONES[view.state])),
    line(view.plan.body.title),
    line(`${view.receipts.length}/${view.plan.body.steps.length}`),
    line(`@${view.plan.body.author}`),
    line(ago(view.madeAt, room.now)),
  ]);
  const columns = [
    { title: 'PLAN', whole: true },
    { title: 'STATE', whole: true },
    { title: 'FOR' },
    { title: 'STEPS', whole: true },
    { title: 'AUTHOR', optional: true },
    { title: 'MADE', optional: true },
  ];
  return table({ columns, rows, width: room.width });
}

const TONES = { made: 'text', partial: 'attn', finished: 'pass', dropped: 'mute' } as const;

/** `plan show`: the plan, and what of it was done. */
export function renderPlanView(view: PlanView, room: Room): readonly Line[] {
  const done = view.receipts.map((receipt) => {
    const at = plainStep(view, receipt.step);
    return indent(
      line(shape('pass'), ` ${at}  ${receipt.outcome}, ${clockTime(receipt.at, room.now)}, @${receipt.by}`),
      2,
    );
  });
  const state = spread(
    line(span(`Plan ${view.plan.id}`, 'strong'), ` ${view.state}`),
    line(span(`${view.receipts.length} of ${view.plan.body.steps.length} steps done`, 'mute')),
    room.width,
  );
  return [
    ...renderPlan({ view, held: [], notes: [], gates: [] }, room).slice(0, -1),
    ...(done.length === 0 ? [] : [...done, BLANK]),
    ...state,
    ...endedLines(view, room),
    ...(view.approvalsNeeded === 0 ? [line(span(`Digest ${view.plan.digest}`, 'mute'))] : []),
    line(
      countsText(view.plan),
      view.state !== 'finished' && view.state !== 'dropped' && view.approvals.length < view.approvalsNeeded
        ? `  Approve: signalbox plan approve ${view.plan.id}`
        : '',
    ),
  ];
}

/** How the last carrying-out ended, where it did not finish. */
function endedLines({ ended, state }: PlanView, room: Room): readonly Line[] {
  if (ended === null || state !== 'partial') return [];
  const what = ended.end === 'interrupted' ? 'was interrupted' : ended.end;
  const text = ` The last apply, by @${ended.by}, ${what} ${clockTime(ended.at, room.now)}: ${ended.reason}`;
  return paragraph(line(shape('needs-you'), text), room.width, 0, 2);
}

function plainStep(view: PlanView, key: string): string {
  const step = view.plan.body.steps.find((each) => each.key === key);
  if (step === undefined) return key;
  const [first] = rowsOf(step);
  return `${first.kind} ${first.repo} ${first.what.split('  ')[0] ?? ''}`;
}
