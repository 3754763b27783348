import { refuse, succeed, type Result } from '../../../domain/result.ts';

/** Why a line cannot be split into words; `column` is counted from 1 in what follows the bot's name. */
export type SplitProblem =
  | { readonly code: 'unclosed-quote'; readonly quote: string; readonly column: number; readonly near: string }
  | { readonly code: 'trailing-escape' }
  | { readonly code: 'smart-quote'; readonly found: string; readonly near: string }
  | { readonly code: 'smart-dash'; readonly found: string; readonly near: string }
  | { readonly code: 'control-character'; readonly column: number; readonly codePoint: string }
  | { readonly code: 'line-too-long'; readonly length: number; readonly limit: number };

/** Characters of a command line. */
const LONGEST_LINE = 4000;
// Controls, and what turns the direction of text or has no width: a command must be what it looks like.
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused here
  /[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;
const SMART_QUOTES = '“”„‟‘’‚‛«»‹›';

/** Splits a line as a POSIX shell does: blanks, quotes, backslashes. Nothing is expanded, and # begins no comment. */
export function splitWords(line: string): Result<readonly string[], SplitProblem> {
  if (line.length > LONGEST_LINE) return refuse({ code: 'line-too-long', length: line.length, limit: LONGEST_LINE });
  const unseen = UNSEEN.exec(line);
  if (unseen !== null) {
    const codePoint = `U+${(unseen[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return refuse({ code: 'control-character', column: unseen.index + 1, codePoint });
  }
  const words: string[] = [];
  for (let at = 0; at < line.length;) {
    if (/\s/.test(line.charAt(at))) {
      at += 1;
      continue;
    }
    const word = readWord(line, at);
    if (!word.ok) return word;
    words.push(word.value.text);
    at = word.value.end;
  }
  return succeed(words);
}

function readWord(line: string, start: number): Result<{ readonly text: string; readonly end: number }, SplitProblem> {
  const smart = smartProblem(line, start);
  if (smart !== null) return refuse(smart);
  let text = '';
  let at = start;
  while (at < line.length && !/\s/.test(line.charAt(at))) {
    const char = line.charAt(at);
    if (char === '"' || char === "'") {
      const quoted = readQuoted(line, at, char);
      if (quoted === null)
        return refuse({ code: 'unclosed-quote', quote: char, column: at + 1, near: line.slice(start, start + 40) });
      text += quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      if (at + 1 >= line.length) return refuse({ code: 'trailing-escape' });
      text += line.charAt(at + 1);
      at += 2;
    } else {
      text += char;
      at += 1;
    }
  }
  return succeed({ text, end: at });
}

/** Inside double quotes a backslash escapes only the quote and itself; inside single quotes nothing. */
function readQuoted(
  line: string,
  start: number,
  quote: string,
): { readonly text: string; readonly end: number } | null {
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === quote) return { text, end: at + 1 };
    const following = line.charAt(at + 1);
    if (quote === '"' && char === '\\' && (following === '"' || following === '\\')) {
      text += following;
      at += 1;
    } else text += char;
  }
  return null;
}

/** Quotes and dashes that a word processor put in: at the ends of a word they were meant to quote, or to begin an option. */
function smartProblem(line: string, start: number): SplitProblem | null {
  const word = /^\S+/.exec(line.slice(start))?.[0] ?? '';
  if (/^[‐‑‒–—―−]/.test(word)) return { code: 'smart-dash', found: word.charAt(0), near: word.slice(0, 40) };
  const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : word;
  const found = [word.charAt(0), value.charAt(0), word.charAt(word.length - 1)].find(
    (char) => char !== '' && SMART_QUOTES.includes(char),
  );
  const isQuoted = /^["']|=["']/.test(word);
  return found === undefined || isQuoted ? null : { code: 'smart-quote', found, near: word.slice(0, 40) };
}
