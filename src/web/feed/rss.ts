import { dateOf, type Instant } from '../../domain/instant.ts';
import { FEED_FORMS, updatedAt, type Feed, type FeedItem } from './feed.ts';
import { element, escapeXml, xmlDocument, type Element } from './xml.ts';

/** A feed as RSS 2.0, with the few elements of Atom and Dublin Core that readers know. */
export function rssOf(feed: Feed): string {
  const { title, self, home, items } = feed;
  return xmlDocument(
    element(
      'rss',
      [
        element('channel', [
          element('title', title),
          element('link', home),
          element('description', title),
          element('language', 'en'),
          element('lastBuildDate', rfc822(updatedAt(feed))),
          element('generator', 'Signalbox'),
          element('atom:link', undefined, { rel: 'self', href: self, type: FEED_FORMS.rss.type }),
          ...items.map((item) => itemOf(item)),
        ]),
      ],
      {
        version: '2.0',
        'xmlns:atom': 'http://www.w3.org/2005/Atom',
        'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
      },
    ),
  );
}

function itemOf({ id, at, by, title, text, link }: FeedItem): Element {
  return element('item', [
    element('guid', id, { isPermaLink: 'false' }),
    element('title', title),
    element('link', link),
    element('pubDate', rfc822(at)),
    element('dc:creator', by),
    // Readers take a description for HTML: the text is escaped once as such, and as XML once more.
    element('description', escapeXml(text).replaceAll('\n', '<br>')),
  ]);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12 Jul 2025 14:02:00 +0000`: the day of the week may be left out (RFC 822). */
function rfc822(at: Instant): string {
  const [year = '', month = '', day = ''] = dateOf(at).split('-');
  return `${day} ${MONTHS[Number(month) - 1] ?? ''} ${year} ${at.slice(11, 19)} +0000`;
}
