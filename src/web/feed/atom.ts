import { FEED_FORMS, updatedAt, type Feed, type FeedItem } from './feed.ts';
import { element, xmlDocument, type Element } from './xml.ts';

/** A feed as Atom (RFC 4287). */
export function atomOf(feed: Feed): string {
  const { id, title, self, home, items } = feed;
  return xmlDocument(
    element(
      'feed',
      [
        element('id', id),
        element('title', title),
        element('updated', updatedAt(feed)),
        element('link', undefined, { rel: 'self', href: self, type: FEED_FORMS.atom.type }),
        element('link', undefined, { rel: 'alternate', href: home, type: 'text/html' }),
        element('author', [element('name', 'Signalbox')]),
        element('generator', 'Signalbox'),
        ...items.map((item) => entryOf(item)),
      ],
      { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'en' },
    ),
  );
}

function entryOf({ id, at, by, title, text, link }: FeedItem): Element {
  return element('entry', [
    element('id', id),
    element('title', title),
    element('updated', at),
    element('published', at),
    element('author', [element('name', by)]),
    element('link', undefined, { rel: 'alternate', href: link, type: 'text/html' }),
    element('content', text, { type: 'text' }),
  ]);
}
