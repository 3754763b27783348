/** A Markdown table; what a cell holds cannot break out of it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [rowOf(head), rowOf(head.map(() => '---')), ...rows.map(rowOf)].map((line) => `${line}\n`).join('');
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.map(cellOf).join(' | ')} |`;
}

function cellOf(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}
