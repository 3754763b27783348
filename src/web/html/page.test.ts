import { describe, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import type { Doc, PageRoom } from '../doc.ts';
import { renderMain } from './main.tsx';

const now = Instant.parse('2025-07-12T14:02:00Z');
const room: PageRoom = { now, viewer: null, holders: {}, query: {}, past: null };
const doc: Doc = {
  title: 't',
  heading: '<b>h</b>',
  tab: 'train',
  release: null,
  command: 'signalbox status',
  blocks: [
    {
      kind: 'table',
      id: 'g',
      caption: 'Gates',
      empty: '',
      columns: [{ key: 'a', name: 'A' }],
      groups: [
        {
          name: 'Health',
          rows: [
            {
              key: 'x y',
              cells: [[{ kind: 'state', state: 'pass' }, ' <i>']],
              details: [{ kind: 'paragraph', text: 'more' }],
            },
          ],
        },
      ],
    },
  ],
};
describe('a page', () => {
  it('shows what it is given as text', () => {
    expect(renderMain(doc, room)).toContain('&lt;b&gt;h&lt;/b&gt;');
  });
});
