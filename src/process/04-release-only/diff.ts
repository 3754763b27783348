import { splitLines } from './edits/lines.ts';

interface Op {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

const CONTEXT = 3;

/** A unified diff of one file, as people read it in a pull request. Empty when nothing changed. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const ops = opsOf(printable(before), printable(after));
  return [`--- a/${path}`, `+++ b/${path}`, ...hunksOf(ops)].join('\n');
}

/** Lines as a diff shows them: what cannot be seen (endings, a missing final newline) is part of the line. */
function printable(content: string): readonly string[] {
  const { mark, lines } = splitLines(content);
  return lines.map(({ text, ending }, index) => {
    const end = ending === '\r\n' ? '\r' : '';
    const noNewline = ending === '' ? '\n\\ No newline at end of file' : '';
    return `${index === 0 ? mark : ''}${text}${end}${noNewline}`;
  });
}

/** Edits change lines in place, so equal line counts are compared line by line; else what differs between a common start and end. */
function opsOf(before: readonly string[], after: readonly string[]): readonly Op[] {
  if (before.length === after.length) {
    return before.flatMap((text, index): readonly Op[] => {
      const other = after[index] ?? '';
      return text === other
        ? [{ sign: ' ', text }]
        : [
            { sign: '-', text },
            { sign: '+', text: other },
          ];
    });
  }
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const op =
    (sign: Op['sign']) =>
    (text: string): Op => ({ sign, text });
  return [
    ...before.slice(0, start).map(op(' ')),
    ...before.slice(start, before.length - end).map(op('-')),
    ...after.slice(start, after.length - end).map(op('+')),
    ...before.slice(before.length - end).map(op(' ')),
  ];
}

function hunksOf(ops: readonly Op[]): readonly string[] {
  const near = new Set<number>();
  for (const [index, op] of ops.entries()) {
    if (op.sign === ' ') continue;
    for (let at = index - CONTEXT; at <= index + CONTEXT; at += 1) near.add(at);
  }
  const text: string[] = [];
  let [oldLine, newLine] = [1, 1];
  let hunk: Op[] = [];
  const close = (): void => {
    if (hunk.length > 0) text.push(header(hunk, oldLine, newLine), ...hunk.map(({ sign, text: line }) => sign + line));
    oldLine += hunk.filter(({ sign }) => sign !== '+').length;
    newLine += hunk.filter(({ sign }) => sign !== '-').length;
    hunk = [];
  };
  for (const [index, op] of ops.entries()) {
    if (near.has(index)) {
      hunk.push(op);
      continue;
    }
    close();
    oldLine += 1;
    newLine += 1;
  }
  close();
  return text;
}

function header(hunk: readonly Op[], oldLine: number, newLine: number): string {
  const olds = hunk.filter(({ sign }) => sign !== '+').length;
  const news = hunk.filter(({ sign }) => sign !== '-').length;
  return `@@ -${oldLine},${olds} +${newLine},${news} @@`;
}
