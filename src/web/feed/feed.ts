import { Instant } from '../../domain/instant.ts';

/** What a feed reader is told, before it is Atom or RSS: both have the same facts. Texts are plain; nothing in them is markup. */
export interface Feed {
  /** A URI that stays the same. */
  readonly id: string;
  readonly title: string;
  /** Addresses of the feed itself, and of the page it belongs to. */
  readonly self: string;
  readonly home: string;
  /** Newest first. */
  readonly items: readonly FeedItem[];
}

export interface FeedItem {
  /** A URI that stays the same. */
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  readonly title: string;
  readonly text: string;
  readonly link: string;
}

/** The forms of a feed: how the file is called, and what it is. */
export const FEED_FORMS = {
  atom: { type: 'application/atom+xml', name: 'Atom' },
  rss: { type: 'application/rss+xml', name: 'RSS' },
} as const;
export type FeedForm = keyof typeof FEED_FORMS;
export const FEED_NAMES: readonly FeedForm[] = ['atom', 'rss'];

/** The path of a feed: of the train, or of what lies at `home`. */
export function feedPath(form: FeedForm, home = ''): string {
  return `${home}/feed.${form}`;
}

const NEVER = Instant.parse('1970-01-01T00:00:00Z');

/** When something was last added; a feed without anything has never been. */
export function updatedAt({ items }: Feed): Instant {
  return items.map(({ at }) => at).reduce((last, at) => (at > last ? at : last), NEVER);
}
