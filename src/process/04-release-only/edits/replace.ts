import { editLines, splitLines, type EditedText, type Replacement } from './lines.ts';
import { scanYaml } from './yaml-scan.ts';

/** A literal text that is to be another one. */
export interface TextChange {
  readonly find: string;
  readonly to: string;
  /** Whether comments are changed too. */
  readonly comments: boolean;
}

/** Replaces every occurrence of a literal text, on every line, outside comments unless told otherwise. Occurrences in comments are listed. */
export function editReplace(path: string, content: string, change: TextChange): EditedText {
  const lines = splitLines(content).lines.map(({ text }) => text);
  const comments = change.comments ? lines.map(({ length }) => length) : commentStarts(path, lines);
  // Where `to` holds `find`, a place that was changed before looks like one to change: it is told by what stands around it.
  const offsets = positions(change.to, change.find);
  const ending = splitLines(content).lines[0]?.ending === '\r\n' ? '\r\n' : '\n';
  const to = change.to.replaceAll(/\r?\n/g, ending);
  return editLines(content, (text, index) => {
    const comment = comments[index] ?? text.length;
    const found = positions(text, change.find);
    const isAlready = (at: number): boolean =>
      offsets.some((offset) => text.startsWith(change.to, at - offset) && at >= offset);
    const live = found.filter((at) => at + change.find.length <= comment);
    const replacements = live
      .filter((at) => !isAlready(at))
      .map((at): Replacement => ({ start: at, end: at + change.find.length, to }));
    const inComment = found.length > live.length;
    const already = change.to === '' ? 0 : positions(text.slice(0, comment), change.to).length;
    return { replacements, already, unmanaged: inComment ? [`${change.find} is in a comment`] : [] };
  });
}

/** Where a text begins in another, left to right, without overlap. */
function positions(text: string, find: string): readonly number[] {
  const found: number[] = [];
  if (find === '') return found;
  for (let at = text.indexOf(find); at >= 0; at = text.indexOf(find, at + find.length)) found.push(at);
  return found;
}

const SLASHES = /\.(?:js|mjs|cjs|ts|c|cc|cpp|cxx|h|hpp|cu|cuh|hip|java|go|rs|swift|groovy|gradle)$/;
const NONE = /\.(?:md|rst|html?|json|csv|lock|svg|xml)$/;
const YAML = /\.ya?ml$/;

/** Where the comment of each line begins, by the kind of file; the line's length where there is none. */
function commentStarts(path: string, lines: readonly string[]): readonly number[] {
  if (YAML.test(path)) {
    const scanned = scanYaml(lines);
    // What is a comment to the shell in a block scalar is one to people too.
    return lines.map((text, index) =>
      scanned[index]?.kind === 'script' ? hashComment(text) : (scanned[index]?.commentAt ?? text.length),
    );
  }
  if (NONE.test(path)) return lines.map(({ length }) => length);
  if (SLASHES.test(path)) return lines.map((text) => commentAt(text, (at) => text.startsWith('//', at)));
  return lines.map(hashComment);
}

function hashComment(text: string): number {
  return commentAt(text, (at) => text[at] === '#' && (at === 0 || /\s/.test(text[at - 1] ?? '')));
}

/** The first place outside quotes where a comment starts. A quote that is never closed on the line is an apostrophe. */
function commentAt(text: string, startsAt: (at: number) => boolean): number {
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (startsAt(at)) return at;
    if (char !== '"' && char !== "'") continue;
    const close = text.indexOf(char, at + 1);
    if (close > 0) at = close;
  }
  return text.length;
}
