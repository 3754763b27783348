/** A line of a comment that calls the bot by one of its names. */
export interface CommandLine {
  /** The name as it was written, without @. */
  readonly name: string;
  /** What follows the name, trimmed. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What a comment asks of the bot; `tooLong` says that it was not read at all. */
export interface CalledLines {
  readonly lines: readonly CommandLine[];
  /** How many more there were than are carried out. */
  readonly beyond: number;
  readonly tooLong: boolean;
}

/** Characters of a comment above which nothing of it is read; the forge allows far fewer. */
export const LONGEST_COMMENT = 1_048_576;
/** Commands of one comment that are carried out. */
export const MOST_COMMANDS = 10;

/**
 * The lines of a comment that are commands. As the seed's bot reads them (a line that begins with the name, blanks before it allowed), but all of
 * them, in any case, and none in a code fence, indented code, a quote, raw HTML or an HTML comment: there the line is shown, not said.
 */
export function commandLines(comment: string, names: readonly string[]): CalledLines {
  if (comment.length > LONGEST_COMMENT) return { lines: [], beyond: 0, tooLong: true };
  const called = new RegExp(`^[ \\t]*@(${names.map(escaped).join('|')})[ \\t]+(\\S.*)$`, 'i');
  const lines: CommandLine[] = [];
  let block: Block = { in: 'text', afterBlank: true };
  comment.split(/\r\n|\r|\n/).forEach((line, index) => {
    block = next(block, line);
    const found = block.in === 'text' && !block.skip ? called.exec(line) : null;
    if (found?.[1] !== undefined && found[2] !== undefined)
      lines.push({ name: found[1], text: found[2].trim(), line: index + 1 });
  });
  return { lines: lines.slice(0, MOST_COMMANDS), beyond: Math.max(0, lines.length - MOST_COMMANDS), tooLong: false };
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

/** Where a line stands, as Markdown has it. */
type Block =
  | { readonly in: 'text'; readonly afterBlank: boolean; readonly skip?: boolean }
  | { readonly in: 'indented' }
  | { readonly in: 'fence'; readonly mark: string; readonly length: number }
  | { readonly in: 'html'; readonly end: RegExp };

function next(block: Block, line: string): Block {
  if (block.in === 'fence') return isClosing(line, block) ? { in: 'text', afterBlank: true, skip: true } : block;
  if (block.in === 'html') return block.end.test(line) ? { in: 'text', afterBlank: true, skip: true } : block;
  const isBlank = line.trim() === '';
  const mayBeCode = block.in === 'indented' || block.afterBlank;
  if (isBlank) return block.in === 'indented' ? block : { in: 'text', afterBlank: true };
  const fence = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
  if (fence !== undefined) return { in: 'fence', mark: fence.charAt(0), length: fence.length };
  if (mayBeCode && /^(?: {4}| {0,3}\t)/.test(line)) return { in: 'indented' };
  const end = htmlEnd(line);
  if (end !== null) return { in: 'html', end };
  return { in: 'text', afterBlank: false, skip: /^ {0,3}>/.test(line) };
}

function isClosing(line: string, { mark, length }: { readonly mark: string; readonly length: number }): boolean {
  const text = line.trim();
  return text.length >= length && text.split('').every((char) => char === mark);
}

/** The end of an HTML block that begins on the line and does not end there. */
function htmlEnd(line: string): RegExp | null {
  const comment = line.lastIndexOf('<!--');
  if (comment !== -1 && !line.includes('-->', comment)) return /-->/;
  const tag = /<(pre|script|style|textarea|code)\b(?!.*<\/\1>)/i.exec(line)?.[1];
  return tag === undefined ? null : new RegExp(`</${tag}>`, 'i');
}
