import { neutral } from '../../domain/plain-text.ts';

/** An element by its name, its attributes, and its text or the elements in it. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content?: string | readonly Element[];
}

export function element(name: string, content?: Element['content'], attributes?: Element['attributes']): Element {
  return {
    name,
    ...(content === undefined ? {} : { content }),
    ...(attributes === undefined ? {} : { attributes }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** What XML 1.0 cannot hold, whichever way it is written. Half of a surrogate pair is mended before. */
const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A text in XML, with all of its marks escaped; what XML cannot hold, and what would move a reader's text about, becomes U+FFFD. Lines stay lines. */
export function escapeXml(text: string): string {
  return text
    .split(/\r?\n/u)
    .map((line) => neutral(line))
    .join('\n')
    .toWellFormed()
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[&<>"']/gu, (sign) => ENTITIES[sign] ?? sign);
}

function textOf({ name, attributes = {}, content = [] }: Element): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const inside = typeof content === 'string' ? escapeXml(content) : content.map((each) => textOf(each)).join('');
  return inside === '' ? `<${name}${given.join('')}/>` : `<${name}${given.join('')}>${inside}</${name}>`;
}

/** A whole document in UTF-8. Names of elements and attributes are ours and are not looked at. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${textOf(root)}\n`;
}
