import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Planned } from '../../app/planned.ts';
import { isOpen } from '../../domain/gate.ts';
import { isPermanent, type Plan } from '../../domain/plan/plan.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { withCommand } from '../output/labelled.ts';
import { line, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { heldLines, renderPlan, type PlanShow } from '../output/render-plan.ts';
import { shape } from '../output/shapes.ts';
import { stepText } from '../../domain/plan/step-text.ts';
import { CommandStop } from '../problem.ts';
import { confirm } from '../confirm.ts';
import type { Session } from '../session.ts';
import { applyNow } from './apply-now.ts';

type PlannedWork = Extract<Planned, { readonly kind: 'planned' }>;

/**
 * What every command that plans does with its plan: show it, save it, ask, apply it; or stop after showing. `again`: the command that does what
 * a dry run showed, where it is not made of REPO and REL.
 */
export async function planAndApply(
  session: Session,
  schema: string,
  planned: Planned,
  again: string = againOf(session),
): Promise<Answer> {
  if (planned.kind === 'nothing-to-do') return nothingToDo(schema, planned);
  const { plan } = planned.view;
  const out = session.flags.text('out');
  if (out !== null) await savePlanFile(resolve(session.folder, out), plan);
  if (session.flags.has('dry-run')) return shownOnly(session, schema, { planned, again });
  session.say(...renderPlan(shownPlan(session, planned), { width: session.width, now: session.now }));
  requireThawed(planned);
  requireApprovals(planned);
  if (!isPermanent(plan)) await confirm(session, `Apply plan ${plan.id}?`);
  return applyNow(session, plan);
}

/** On a frozen train a plan is only written down: nothing is asked that would be refused anyway. */
function requireThawed({ view }: PlannedWork): void {
  if (view.freeze === null) return;
  const { by, reason } = view.freeze;
  throw new CommandStop(
    'refused',
    `the train was frozen by @${by} ("${reason}"): plan ${view.plan.id} is not carried out before it is thawed. It is written down`,
    {
      next: ['a release manager: signalbox release thaw', `then: signalbox apply ${view.plan.id}`],
      word: 'TRAIN_FROZEN',
    },
  );
}

/** What others must approve is only written down by the command that plans it: they do, then it is applied by its id. */
function requireApprovals({ view }: PlannedWork): void {
  const missing = view.approvalsNeeded - view.approvals.length;
  if (missing <= 0) return;
  const people = missing === 1 ? '1 other person' : `${missing} other people`;
  const why = view.permanent ? 'cannot be undone' : 'is carried out when others agree';
  throw new CommandStop('refused', `plan ${view.plan.id} ${why}: ${people} must approve it first. It is written down`, {
    next: [`they: signalbox plan approve ${view.plan.id}`, `then: signalbox apply ${view.plan.id}`],
    word: 'APPROVALS_MISSING',
  });
}

function againOf(session: Session): string {
  const words = [session.argument('REPO'), session.argument('REL')].filter((word) => word !== null);
  return ['signalbox', ...session.command.words, ...words].join(' ');
}

function shownOnly(
  session: Session,
  schema: string,
  { planned, again }: { readonly planned: PlannedWork; readonly again: string },
): Answer {
  const { plan } = planned.view;
  const blocked = planned.gates.filter((gate) => !isOpen(gate));
  const lastLines = (width: number): readonly Line[] =>
    blocked.length > 0
      ? paragraph(
          line(
            shape('failing'),
            ` Would be refused now: ${blocked.length} ${blocked.length === 1 ? 'gate blocks' : 'gates block'}. See: signalbox blockers ${plan.body.release}`,
          ),
          width,
          0,
          2,
        )
      : withCommand(line(shape('pass'), ' Nothing was changed. Do it with:'), again, width);
  return {
    schema,
    asOf: planned.view.madeAt,
    stale: false,
    exit: session.flags.has('exit-code') ? exitCode('changes') : exitCode('done'),
    data: planned,
    records: planRecords(plan),
    lines: (room) => [...renderPlan(shownPlan(session, planned), room), ...lastLines(room.width)],
  };
}

/** The texts and diffs that a plan would open are shown at length with -v, and counted otherwise. */
function shownPlan(session: Session, planned: PlannedWork): PlanShow {
  const { documents } = planned;
  if (documents.length === 0 || session.flags.has('verbose')) return planned;
  const note = `${documents.length} ${documents.length === 1 ? 'text with its diff goes' : 'texts with their diffs go'} with it; read them: add -v`;
  return { ...planned, documents: [], notes: [...planned.notes, note] };
}

/** One record a step: wave, kind, repository, what, how it is undone, key. */
export function planRecords(plan: Plan): readonly (readonly string[])[] {
  return plan.body.steps.map((step) => [
    String(step.wave),
    step.kind,
    step.repo,
    stepText(step),
    step.reversible,
    step.key,
  ]);
}

function nothingToDo(schema: string, planned: Extract<Planned, { readonly kind: 'nothing-to-do' }>): Answer {
  return {
    schema,
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: planned,
    records: [],
    lines: (room) => [
      ...heldLines(planned, room),
      ...paragraph(line(shape('pass'), ` Nothing to do: ${planned.why}`), room.width, 0, 2),
    ],
  };
}

async function savePlanFile(path: string, plan: Plan): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(plan, undefined, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (exists)
      throw new CommandStop('usage', `--out ${path}: the file exists already; name another`, { cause: error });
    throw error;
  }
}
