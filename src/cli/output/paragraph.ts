import { lineColumns, lineText, span, type Line, type Span } from './line.ts';
import { wrapText } from './text.ts';

/**
 * A line broken into as many as its width asks for, indented; lines after the first hang by `hang` more. Pieces keep their tones as long as the
 * text fits on one line; a longer text keeps the tone of its first piece on its first line.
 */
export function paragraph(of: Line, width: number, indent = 0, hang = 0): readonly Line[] {
  if (lineColumns(of) + indent <= width) return [[blanks(indent), ...of]];
  const [first, ...rest] = wrapText(lineText(of).trimEnd(), width - indent - hang);
  const lead = of[0];
  const head: Line =
    lead !== undefined && first !== undefined && first.startsWith(lead.text)
      ? [lead, span(first.slice(lead.text.length))]
      : [span(first ?? '')];
  return [[blanks(indent), ...head], ...rest.map((each) => [blanks(indent + hang), span(each)])];
}

function blanks(columns: number): Span {
  return span(' '.repeat(columns));
}
