import { z } from 'zod';
import type { Instant } from '../domain/instant.ts';
import { succeed } from '../domain/result.ts';
import type { Page } from '../server/page.ts';
import type { Doc } from '../web/doc.ts';
import { NOW } from './engine-world.ts';

/** A document with one table of words. */
function madeDoc(heading: string, words: readonly string[]): Doc {
  return {
    title: heading,
    heading,
    tab: 'train',
    release: null,
    command: 'signalbox status',
    blocks: [
      {
        kind: 'table',
        id: 'words',
        caption: 'Words',
        columns: [{ key: 'word', name: 'Word' }],
        groups: [{ name: null, rows: words.map((word, index) => ({ key: `w${index}`, cells: [word] })) }],
        empty: 'There are no words. Say one.',
      },
    ],
  };
}

/** A page that reads what it is told, for tests of what is around pages. */
export function madePage(
  changes: Partial<Page> & { readonly words?: () => readonly string[]; readonly at?: () => Instant } = {},
): Page {
  const { words = () => ['one'], at = () => NOW, ...rest } = changes;
  return {
    name: 'made',
    path: '/',
    summary: 'a page of a test',
    schema: z.object({ words: z.array(z.string()) }),
    reads: [],
    budget: 60_000,
    read: () => Promise.resolve(succeed({ view: { words: words() }, asOf: at(), stale: false })),
    outdated: (data) => data,
    doc: (data) => madeDoc('Made', z.object({ words: z.array(z.string()) }).parse(data).words),
    ...rest,
  };
}
