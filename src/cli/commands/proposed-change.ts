import type { ProposedChange } from '../../app/train-file/propose.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import type { Session } from '../session.ts';
import { planAndApply } from './plan-and-apply.ts';

export interface ShownChange {
  readonly schema: string;
  readonly change: ProposedChange;
  /** What comes of it, told before the plan. */
  readonly told: (width: number) => readonly Line[];
  /** For `--json`, where there is no plan. */
  readonly data: unknown;
  /** The command that does what a dry run showed. */
  readonly again: string;
}

/** Tells a change of the train file, then plans and applies its pull request; where nothing can be planned, the change is all there is, and the command ends as refused. */
export async function proposedChange(
  session: Session,
  { schema, change, told, data, again }: ShownChange,
): Promise<Answer> {
  if (change.kind === 'planned') {
    session.say(...told(session.width), ...editLines(change, session.width), BLANK);
    return planAndApply(session, schema, change.planned, again);
  }
  return {
    schema,
    asOf: null,
    stale: false,
    exit: exitCode(session.flags.has('dry-run') ? 'done' : 'refused'),
    data,
    records: change.edits.map(({ key, before, after }) => [key, before, after]),
    lines: ({ width }) => [
      ...told(width),
      ...editLines(change, width),
      BLANK,
      ...paragraph(line(shape('needs-you'), ` Nothing is planned. ${change.why}`), width, 0, 2),
    ],
  };
}

function editLines({ edits }: ProposedChange, width: number): readonly Line[] {
  if (edits.length === 0) return [line('The train file that is loaded here says so already.')];
  return edits.flatMap(({ key, before, after }) => [
    ...paragraph(line(key), width, 0, 2),
    ...paragraph(line(span(`- ${before}`, 'fail')), width, 2, 4),
    ...paragraph(line(span(`+ ${after}`, 'pass')), width, 2, 4),
  ]);
}
