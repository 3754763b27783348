import { parseRelease } from '../../app/releases.ts';
import { changeText } from '../../app/support.ts';
import { proposeSupport, type ChangedCell, type SupportProposal } from '../../app/support-change.ts';
import { sizeText } from '../../domain/size.ts';
import { lineOf } from '../../domain/version.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { proposedChange } from './proposed-change.ts';

const MOST_CELLS = 10;

export async function run(session: Session): Promise<Answer> {
  const release = valueOf(parseRelease(session.required('REL')));
  session.progress.doing('Judging the support matrix ...');
  const app = await session.app();
  const proposal = valueOf(await proposeSupport(app, { release, dryRun: session.flags.has('dry-run') }));
  const { change, left, unknown } = proposal;
  const told = (width: number): readonly Line[] => proposalLines(proposal, width);
  const schema = 'support-propose';
  if (change !== null) {
    const again = `signalbox support propose ${release}`;
    return proposedChange(session, { schema, change, told, data: proposal, again });
  }
  const isOpen = left.length > 0 || unknown !== null;
  return {
    schema,
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode(isOpen ? 'blocked' : 'done'),
    data: proposal,
    records: left.map(({ rule, subject, text }) => [rule, subject, text]),
    lines: ({ width }) => [
      ...told(width),
      ...paragraph(
        isOpen
          ? line(shape('needs-you'), ` No change can be proposed. See: signalbox support check ${lineOf(release)}`)
          : line(shape('pass'), ` Nothing to do: ${lineOf(release)} follows the policy.`),
        width,
        0,
        2,
      ),
    ],
  };
}

function proposalLines({ line: of, mended, left, unknown, impact }: SupportProposal, width: number): readonly Line[] {
  return [
    line(span(`Support of ${of}`, 'strong'), `: ${mended.length} to change, ${left.length} for a person to find`),
    ...mended.flatMap(({ text, rule, change }) =>
      paragraph(line(`${text} [${rule}]${change === null ? '' : `: ${changeText(change)}`}`), width, 2, 4),
    ),
    ...left.flatMap(({ text, rule }) => paragraph(line(shape('needs-you'), ` ${text} [${rule}]`), width, 0, 2)),
    ...(unknown === null ? [] : paragraph(line(shape('no-data'), ` Python is not judged: ${unknown}`), width, 0, 2)),
    ...(mended.length === 0
      ? []
      : [
          ...(impact.uncounted === null
            ? [...cellLines('Builds more', impact.added, width), ...cellLines('Builds fewer', impact.removed, width)]
            : paragraph(line(shape('no-data'), ` Which builds change is not known: ${impact.uncounted}`), width, 0, 2)),
          ...paragraph(line(`Shown in: ${impact.shownIn.join('; ')}`), width, 0, 2),
          ...paragraph(
            line(`To be told: ${impact.tell.join(', ') || 'nobody is named in the train file'}`),
            width,
            0,
            2,
          ),
        ]),
    BLANK,
  ];
}

function cellLines(title: string, cells: readonly ChangedCell[], width: number): readonly Line[] {
  const sized = cells.flatMap(({ size }) => (size === null ? [] : [size]));
  const sum =
    sized.length === 0 ? '' : `, ${sizeText(sized.reduce((all, size) => all + size, 0))} in ${sized.length} of them`;
  const more = cells.length - MOST_CELLS;
  return [
    ...paragraph(line(`${title}: ${cells.length}${cells.length === 0 ? '' : sum || ', of unknown size'}`), width, 0, 2),
    ...cells
      .slice(0, MOST_CELLS)
      .flatMap(({ key, size }) => paragraph(line(`${key}${size === null ? '' : ` (${sizeText(size)})`}`), width, 2, 4)),
    ...(more > 0 ? [line(`  and ${more} more: --json`)] : []),
  ];
}
