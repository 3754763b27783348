/** What outsiders may try to have shown. */
import type { Doc } from '../../web/doc.ts';
import { action, NOW } from './parts.ts';

export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u202egnp.exe\u202c',
  '\u001b[31mred\u0007',
  "' autofocus onfocus=alert(1) x='",
  'a\u200bb\ufeffc',
  '&lt;already&gt;',
  'שלום עולם',
];

const BAD_LINKS = [
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '//evil.example/path',
  '/\\evil.example',
  '/\t/evil.example',
  'https://user:secret@evil.example/',
  'http://plain.example/',
  'vbscript:x',
];

/** Texts and addresses of outsiders who mean harm, wherever a text or an address may stand. */
export function hostile(): Doc {
  const text = HOSTILE.join(' ');
  return {
    title: text,
    heading: text,
    lead: text,
    tab: 'log',
    release: text,
    command: text,
    blocks: [
      { kind: 'list', items: BAD_LINKS.map((href) => ({ kind: 'link', href, text: 'a link' })) },
      {
        kind: 'paragraph',
        text: [
          text,
          { kind: 'code', text },
          { kind: 'strong', text },
          { kind: 'person', login: text },
          { kind: 'state', state: 'pass', word: text },
        ],
      },
      { kind: 'code', text, label: text },
      { kind: 'notice', tone: 'error', text, next: text },
      { kind: 'facts', rows: [{ name: text, value: text }] },
      {
        kind: 'table',
        id: text,
        caption: text,
        columns: [{ key: text, name: text }],
        empty: text,
        groups: [
          {
            name: text,
            rows: HOSTILE.map((key, index) => ({
              key,
              href: BAD_LINKS[index] ?? '',
              cells: [key],
              actions: [action(`${key}-${index}`, text, { barred: text })],
            })),
          },
        ],
      },
      {
        kind: 'board',
        id: text,
        caption: text,
        empty: text,
        columns: [
          { key: text, name: text, cards: [{ key: text, href: BAD_LINKS[0] ?? '', title: text, lines: [text] }] },
        ],
      },
      {
        kind: 'grid',
        id: text,
        caption: text,
        empty: text,
        heads: [{ name: text, columns: [text] }],
        rows: [{ name: text, cells: [{ state: 'pass', name: text, href: BAD_LINKS[3] ?? '', text }] }],
      },
      { kind: 'phases', steps: [{ name: text, state: 'pass', text, current: true }] },
      {
        kind: 'picture',
        id: text,
        caption: text,
        picture: { kind: 'bars', unit: text, bars: [{ name: text, value: 1 }] },
      },
      {
        kind: 'picture',
        id: `${text} steps`,
        caption: text,
        picture: {
          kind: 'steps',
          unit: text,
          series: [{ name: text, points: [{ at: NOW, value: 1 }] }],
          marks: [{ name: text, at: NOW }],
          now: NOW,
        },
      },
      {
        kind: 'actions',
        actions: [
          action('evil', text, {
            href: 'https://evil.example/',
            fields: [{ name: 'x', label: text, kind: 'text', value: text, hint: text }],
          }),
          action('kind', text, {
            phrase: text,
            command: text,
            tells: text,
            fields: [{ name: 'x', label: text, kind: 'choice', choices: [{ value: text, label: text }] }],
          }),
        ],
      },
      { kind: 'filter', label: text, fields: [{ name: 'q', label: text, kind: 'text', value: text }] },
    ],
  };
}
