import type { IndexFile } from '../../domain/index-page.ts';
import type { IndexProblem } from './problem.ts';

const LONGEST = { name: 255, url: 4000, text: 2000 } as const;

/** Why an index cannot carry the file; null when it can. The same holds for what is read from an index. */
export function fileProblem({ name, url, size, ...texts }: IndexFile): IndexProblem | null {
  if (name.length > LONGEST.name || name.trim() !== name || /^\.{0,2}$|[/\\]/.test(name) || !isPlain(name)) {
    return { code: 'bad-file-name', file: shown(name) };
  }
  if (url.length > LONGEST.url || /[#\s]/.test(url) || !isPlain(url) || nameInUrl(url) !== name) {
    return { code: 'bad-value', file: name, member: 'url', value: shown(url) };
  }
  if (size !== null && (!Number.isSafeInteger(size) || size < 0)) {
    return { code: 'bad-value', file: name, member: 'size', value: String(size) };
  }
  for (const member of ['requiresPython', 'yanked'] as const) {
    const text = texts[member];
    if (text !== null && (text.length > LONGEST.text || !isPlain(text))) {
      return { code: 'bad-value', file: name, member, value: shown(text) };
    }
  }
  return null;
}

/** The file name that an address ends in, which is what pip takes for the name of the file; null when it cannot be decoded. */
function nameInUrl(url: string): string | null {
  const question = url.indexOf('?');
  const path = question === -1 ? url : url.slice(0, question);
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (!last.includes('%')) return last;
  try {
    return decodeURIComponent(last);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** A file name as a part of an address: `+` and all that is not plain ASCII is escaped. */
export function nameAsUrl(name: string): string {
  return encodeURIComponent(name);
}

/** No control characters, which HTML changes on the way, and no halves of a surrogate pair, which UTF-8 cannot hold. */
function isPlain(text: string): boolean {
  return isAscii(text) || (!/\p{Cc}/u.test(text) && text.isWellFormed());
}

/** Printable ASCII and nothing else, as nearly every text of an index is. */
export function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** A hostile text as far as people need to see it. */
export function shown(text: string): string {
  const whole = text.toWellFormed().replaceAll(/\p{Cc}/gu, '\u{FFFD}');
  return whole.length > 80 ? `${whole.slice(0, 80)}…` : whole;
}
