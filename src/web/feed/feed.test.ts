import { expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { HOSTILE } from '../../testing/pages/hostile.ts';
import { WITHOUT_DEBIAN_PYTHON } from '../../testing/debian-tools.ts';
import { diceOf } from '../../testing/mutate.ts';
import { childrenNamed, readXml, type ReadElement } from '../../testing/xml-oracle.ts';
import { atomOf } from './atom.ts';
import type { Feed, FeedItem } from './feed.ts';
import { rssOf } from './rss.ts';
import { escapeXml } from './xml.ts';

const ATOM = 'http://www.w3.org/2005/Atom';

function itemOf(text: string, changes: Partial<FeedItem> = {}): FeedItem {
  return {
    id: 'urn:uuid:00000000-0000-8000-8000-000000000001',
    at: Instant.parse('2025-07-12T14:02:03Z'),
    by: text,
    title: text,
    text,
    link: 'https://box.example/r/2.8.0/gates/ci?a=1&b=2',
    ...changes,
  };
}

function feedOf(items: readonly FeedItem[]): Feed {
  return {
    id: 'urn:uuid:00000000-0000-8000-8000-000000000000',
    title: 'Torch & friends: releases',
    self: 'https://box.example/feed.atom',
    home: 'https://box.example/',
    items,
  };
}

const WORST = [
  ...HOSTILE,
  ']]>',
  '<![CDATA[ x ]]> <!-- -- --> <?php ?> <!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  '\0\u0001\u0008\u000b\u000c\u001f\u007f\u0085\ufffe\uffff',
  '\ud800 half \udfff \ud83d\ude82',
  'line one\nline two\r\nline three',
  '&amp; &#0; &lt;',
  '\u202eevil\u2066',
];

const only = (element: ReadElement, name: string): ReadElement => {
  const found = childrenNamed(element, name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${name}`);
  return found[0];
};

it.skipIf(WITHOUT_DEBIAN_PYTHON)('is well-formed whatever people typed, and keeps it as text', () => {
  const feed = feedOf(WORST.map((text) => itemOf(text)));
  const [atom, rss] = readXml([atomOf(feed), rssOf(feed)]);
  if (atom === undefined || rss === undefined) throw new Error('both were read');
  const entries = childrenNamed(atom, 'entry');
  expect(entries).toHaveLength(WORST.length);
  entries.forEach((entry, index) => {
    const { text } = only(entry, 'content');
    expect(entry.children.map(({ children }) => children.length)).toEqual([0, 0, 0, 0, 1, 0, 0]);
    expect(only(entry, 'title').text).toBe(text);
    expect(text.isWellFormed()).toBe(true);
    const plain = (WORST[index] ?? '').replaceAll(/[^!-~]/gu, '');
    expect(text.replaceAll(/[^!-~]/gu, '')).toBe(plain);
  });
  const titles = entries.map((entry) => only(entry, 'title').text);
  const items = childrenNamed(only(rss, 'channel'), 'item');
  items.forEach((item, index) => {
    // A reader takes it for HTML: nothing in it is markup but the ends of lines.
    const { text } = only(item, 'description');
    expect(text.replaceAll('<br>', '')).not.toMatch(/[<>]/u);
    expect(only(item, 'title').text).toBe(titles[index]);
  });
});

it.skipIf(WITHOUT_DEBIAN_PYTHON)(
  'has what Atom and RSS ask for: ids, dates, addresses, who, in their namespaces',
  () => {
    const feed = feedOf([itemOf('one'), itemOf('two', { at: Instant.parse('2025-01-02T03:04:05.678Z') })]);
    const [atom, rss] = readXml([atomOf(feed), rssOf(feed)]);
    if (atom === undefined || rss === undefined) throw new Error('both were read');
    expect(atom.name).toBe(`{${ATOM}}feed`);
    expect(only(atom, 'id').text).toBe(feed.id);
    expect(only(atom, 'updated').text).toBe('2025-07-12T14:02:03Z');
    expect(childrenNamed(atom, 'link').map(({ attributes }) => [attributes['rel'], attributes['href']])).toEqual([
      ['self', feed.self],
      ['alternate', feed.home],
    ]);
    const [entry] = childrenNamed(atom, 'entry');
    if (entry === undefined) throw new Error('there is an entry');
    expect(only(only(entry, 'author'), 'name').text).toBe('one');
    expect(only(entry, 'link').attributes['href']).toBe('https://box.example/r/2.8.0/gates/ci?a=1&b=2');
    expect(rss.attributes['version']).toBe('2.0');
    const channel = only(rss, 'channel');
    expect(
      childrenNamed(channel, 'link').map(({ name, text, attributes }) => [name, text, attributes['href']]),
    ).toEqual([
      ['link', feed.home, undefined],
      [`{${ATOM}}link`, '', feed.self],
    ]);
    expect(childrenNamed(channel, 'item').map((item) => only(item, 'pubDate').text)).toEqual([
      '12 Jul 2025 14:02:03 +0000',
      '02 Jan 2025 03:04:05 +0000',
    ]);
    const [guid] = childrenNamed(channel, 'item').map((item) => only(item, 'guid'));
    expect([guid?.text, guid?.attributes['isPermaLink']]).toEqual([feed.items[0]?.id, 'false']);
  },
);

it.skipIf(WITHOUT_DEBIAN_PYTHON)('is well-formed of random UTF-16, and of nothing at all', () => {
  const dice = diceOf(7);
  const texts = Array.from({ length: 60 }, () =>
    Array.from({ length: 40 }, () => String.fromCharCode(dice(3) === 0 ? dice(128) : dice(0x10000))).join(''),
  );
  const feeds = [feedOf([]), feedOf(texts.map((text) => itemOf(text)))];
  const read = readXml(feeds.flatMap((feed) => [atomOf(feed), rssOf(feed)]));
  expect(read.map((root) => childrenNamed(root, 'entry').length)).toEqual([0, 0, 60, 0]);
});

it('writes the same text twice alike, so that what has not changed is not sent again', () => {
  expect(atomOf(feedOf([itemOf('one')]))).toBe(atomOf(feedOf([itemOf('one')])));
  expect(escapeXml(`a"b'c<d>&\u0000`)).toBe('a&quot;b&apos;c&lt;d&gt;&amp;\ufffd');
});
