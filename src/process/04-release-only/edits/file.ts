import { splitLines, type EditedText } from './lines.ts';

/**
 * Gives a file that holds nothing but a value another one. Its line ending, byte order mark and whether it ends with a newline stay as they are.
 * `isAlready` may accept a present value that is as good as the wanted one (a later version, a pin on the same branch).
 */
export function editFile(
  content: string,
  to: string,
  isAlready: (present: string) => boolean = () => false,
): EditedText {
  const { mark, lines } = splitLines(content);
  const ending = lines.find((line) => line.ending !== '')?.ending ?? '\n';
  const wanted = to.replace(/\r?\n$/, '').replaceAll(/\r?\n/g, ending);
  const present = content.slice(mark.length);
  const final = present === '' || present.endsWith('\n') ? ending : '';
  const after = mark + wanted + final;
  if (after === content || isAlready(present.trim())) return { content, matches: [], already: 1, unmanaged: [] };
  const matches = [{ line: 1, count: 1, before: lines[0]?.text ?? '', after: wanted.split(ending)[0] ?? '' }];
  return { content: after, matches, already: 0, unmanaged: [] };
}
