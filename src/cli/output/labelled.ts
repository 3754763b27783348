import { fitLine, lineColumns, span, type Line } from './line.ts';
import { wrapText } from './text.ts';

/** Below this a column is too narrow to be read, and the text goes below its label. */
const LEAST = 24;

/** A text behind its label; further lines begin below the text. */
export function labelled(label: Line, text: string, width: number): readonly Line[] {
  const columns = lineColumns(label);
  if (width - columns < LEAST)
    return [fitLine(label, width), ...wrapText(span(text).text, width - 4).map((each) => [span(`    ${each}`)])];
  const [first = '', ...rest] = wrapText(span(text).text, width - columns);
  if (rest.length === 0) return [[...label, span(text)]];
  const indent = ' '.repeat(columns);
  return [[...label, span(first)], ...rest.map((each) => [span(indent), span(each)])];
}

/** A command to copy: on the line of what leads to it where both fit, else whole on a line of its own. */
export function withCommand(lead: Line, command: string, width: number): readonly Line[] {
  if (lineColumns(lead) + 1 + command.length <= width) return [[...lead, span(` ${command}`)]];
  return [lead, [span(`  ${command}`)]];
}
