// What turns the direction of text, has no width, or is a control: none of it may reach what people read.
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out here
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** A zero-width blank as an entity: it keeps @name, #1 and addresses from becoming links and mentions, and is not seen. */
const APART = '&#8203;';

const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}(?:\[bot\])?$/;

/** One line without anything unseen, of at most so many characters. */
export function plainLine(text: string, most = 200): string {
  // What will be cut away need not be looked at: a title may be a megabyte.
  const line = text
    .slice(0, most * 8)
    .replace(UNSEEN, '')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}

/** Text of others inside Markdown: shown letter by letter, in a paragraph or a table cell. It links and mentions nothing. */
export function inline(text: string, most = 200): string {
  return (
    plainLine(text, most)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/[\\`*_{}[\]()|~!^$]/g, String.raw`\$&`)
      .replace(/^([#+\-=]|\d+[.)])/, String.raw`\$1`)
      // Numbers first: the entity itself has one.
      .replace(/#(?=\d)/g, `#${APART}`)
      .replace(/@(?=\w)/g, `@${APART}`)
      .replace(/(?<=\bGH)-(?=\d)/gi, `-${APART}`)
      .replace(/:\/\//g, `:${APART}//`)
      .replace(/\bwww\./gi, `www${APART}.`)
  );
}

/** Text of others as code: a branch, a path, a command. In a table cell a bar has to be escaped even here. */
export function code(text: string, where: 'text' | 'table' = 'text'): string {
  const line = plainLine(text, 240);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  const shown = where === 'table' ? line.replaceAll('|', String.raw`\|`) : line;
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A text of several lines in a fence that it cannot end. */
export function fenced(text: string, language = ''): string {
  const clean = text.replace(UNSEEN, '');
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${clean}\n${fence}`;
}

/** Text of others as a quote, at most so many lines. */
export function quote(text: string, lines = 4): string {
  const all = text
    .slice(0, 8000)
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '');
  const shown = all.slice(0, lines).map((line) => `> ${inline(line, 300)}`);
  return [...shown, ...(all.length > lines ? ['> …'] : [])].join('\n');
}

/** Calls somebody who takes part. What is no login is shown as code, and nobody is called. */
export function mention(login: string): string {
  return LOGIN.test(login) ? `@${login}` : code(login);
}

/** A link, when it is an address of the web; otherwise its text. */
export function link(text: string, address: string): string {
  return /^https?:\/\/[^\s<>()[\]"'\\`|]+$/i.test(address) ? `[${inline(text)}](${address})` : inline(text);
}
