import { describe, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import type { Doc, PageRoom } from '../doc.ts';
import * as madeUp from '../../testing/pages/made-up.ts';
import { renderLive, renderMain, wholeOf, withToken } from './main.tsx';

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
const { train, release, picks, artifacts, calendar, support, kinds, hostile, large } = madeUp;
const PAGES = {
  train,
  release,
  picks,
  artifacts,
  calendar,
  support,
  kinds: () => kinds(0),
  hostile,
  large: () => large(0),
};

describe('a page', () => {
  it('shows what it is given as text', () => {
    expect(renderMain(doc, room)).toContain('&lt;b&gt;h&lt;/b&gt;');
  });
});

it.each(Object.entries(PAGES))(
  'a page is the same put together of its parts as rendered at once: %s',
  (_name, made) => {
    const doc = made();
    expect(wholeOf(renderLive(doc, room))).toBe(renderMain(doc, room));
  },
);

const viewed: PageRoom = { ...room, viewer: { login: 'malfet', roles: ['release-manager'] } };

it('a page has the token of the session in each form that posts', () => {
  const main = withToken(renderMain(release(), viewed), 'tok-en_1');
  const posts = main.match(/<form[^>]*method="post"/gu) ?? [];
  expect(posts.length).toBeGreaterThan(3);
  expect(main.match(/name="form-token" value="tok-en_1"/gu)).toHaveLength(posts.length);
});
