import type { Instant } from '../domain/instant.ts';
import type { App } from '../app/app.ts';
import type { Block, Doc, PageRoom } from '../web/doc.ts';
import { renderLive, wholeOf } from '../web/html/main.tsx';
import type { Address } from './address.ts';
import type { Identity } from './guard.ts';
import { keyOf, type Snapshot } from './snapshots.ts';

/** An element that can be swapped alone, as it stands in a page. */
export interface ShownRow {
  readonly id: string;
  readonly html: string;
}

/** By what two renderings of a page are told apart: a short hash of each element, by its id, and one of all that is in none of them. */
export interface Marks {
  readonly frame: number;
  readonly rows: ReadonlyMap<string, number>;
}

/** A page as somebody sees it now; rendered when it is asked for, and then kept. */
export interface Shown {
  readonly doc: Doc;
  readonly room: PageRoom;
  /** Of what is shown, not only of what was read: two people may see different versions of one snapshot. */
  readonly version: string;
  /** The content of `main`; forms in it have no token. */
  main(): string;
  marks(): Marks;
  rows(): readonly ShownRow[];
  /** Characters that are kept of it. */
  size(): number;
}

/** Kept at most: so many, and so many characters of them, besides the newest. */
const KEPT = 300;
const KEPT_CHARS = 24_000_000;
/** Stands for whoever nothing on the page is about. No login has a space. */
const ANYBODY = ' ';

/** What a page is shown in, for whoever looks. */
export function roomOf(
  app: App,
  identity: Pick<Identity, 'login' | 'roles'> | null,
  at: { readonly now: Instant; readonly query: Address['query']; readonly past?: Instant },
): PageRoom {
  return {
    now: at.now,
    viewer: identity === null ? null : { login: identity.login, roles: identity.roles },
    holders: app.loaded.train.roles,
    query: at.query,
    past: at.past ?? null,
  };
}

/**
 * Documents and their HTML, made once for all who see the same: people whom nothing on a page is about see what anybody with their roles sees, so that
 * a hundred open pages of readers cost one. Ages are told to the minute, so what was made in this minute is still right.
 */
export class Showing {
  readonly #app: App;
  /** By page and viewer, the newest of each. */
  readonly #kept = new Map<string, { readonly stamp: string; readonly shown: Shown }>();
  /** What a page's data says, for finding whom it is about. */
  readonly #texts = new WeakMap<Snapshot, string>();

  constructor(app: App) {
    this.#app = app;
  }

  show(address: Address, snapshot: Snapshot, identity: Identity | null): Shown {
    const now = this.#app.clock.now();
    const viewer = identity === null ? null : this.#viewerOf(address, snapshot, identity);
    const failure = snapshot.failure?.at ?? '';
    const version = `${snapshot.version}.${failure}${snapshot.overtaken === true ? '.overtaken' : ''}`;
    const key = JSON.stringify([keyOf(address), address.query, viewer]);
    // Of when it was read a page says something only where it could not be read again, or is not yet.
    const saysWhen = snapshot.failure !== null || snapshot.overtaken === true;
    const stamp = [version, saysWhen ? snapshot.asOf : '', now.slice(0, 16)].join(' ');
    const found = this.#kept.get(key);
    // The order of the map is that of the last use.
    this.#kept.delete(key);
    if (found?.stamp === stamp) {
      this.#kept.set(key, found);
      return found.shown;
    }
    const room = roomOf(this.#app, viewer, { now, query: address.query });
    const shown = shownOf(marked(address.page.doc(snapshot.data, room), snapshot), room, version);
    this.#makeRoom();
    this.#kept.set(key, { stamp, shown });
    return shown;
  }

  /** Who looks, as far as it matters: pages compare a login with what was read and with what the address asks, and with nothing else. */
  #viewerOf({ query }: Address, snapshot: Snapshot, { login, roles }: Identity): Pick<Identity, 'login' | 'roles'> {
    let text = this.#texts.get(snapshot);
    if (text === undefined) {
      text = JSON.stringify(snapshot.data).toLowerCase();
      this.#texts.set(snapshot, text);
    }
    const name = JSON.stringify(login.toLowerCase()).slice(1, -1);
    const isMeant = text.includes(name) || JSON.stringify(query).toLowerCase().includes(name);
    return { login: isMeant ? login : ANYBODY, roles };
  }

  #makeRoom(): void {
    let chars = [...this.#kept.values()].reduce((sum, { shown }) => sum + shown.size(), 0);
    for (const [key, { shown }] of this.#kept) {
      if (this.#kept.size < KEPT && chars <= KEPT_CHARS) return;
      chars -= shown.size();
      this.#kept.delete(key);
    }
  }
}

/** FNV-1a: two versions of one element are told apart, nothing more rests on it. */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return hash >>> 0;
}

interface Rendered {
  readonly frame: string;
  readonly rows: readonly ShownRow[];
  readonly marks: Marks;
  readonly size: number;
}

/** The same text in one piece: one that was put together holds on to each of its thousand pieces, three times as much memory. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

function render(doc: Doc, room: PageRoom): Rendered {
  const { frame, rows } = renderLive(doc, room);
  return {
    frame: flat(frame),
    rows: rows.map(({ id, html }) => ({ id, html: flat(html) })),
    marks: { frame: hashOf(frame), rows: new Map(rows.map(({ id, fact }) => [id, hashOf(fact)])) },
    size: rows.reduce((sum, { html }) => sum + html.length, frame.length),
  };
}

/** The document of one person's room. */
export function shownOf(doc: Doc, room: PageRoom, version: string): Shown {
  let made: Rendered | null = null;
  const rendered = (): Rendered => (made ??= render(doc, room));
  return {
    doc,
    room,
    version,
    main: () => wholeOf(rendered()),
    marks: () => rendered().marks,
    rows: () => rendered().rows,
    size: () => made?.size ?? 0,
  };
}

/** Old data stays visible, and says why it is old (ux.md 2.2). */
function marked(doc: Doc, { failure, overtaken, asOf }: Snapshot): Doc {
  const at = { kind: 'time', at: asOf, form: 'minute' } as const;
  const notices: readonly Block[] = [
    ...(overtaken === true
      ? [
          {
            kind: 'notice',
            tone: 'warn',
            text: [
              'Something happened since this was read at ',
              at,
              '. It is being read again: what is new comes by itself.',
            ],
          } as const,
        ]
      : []),
    ...(failure === null
      ? []
      : [
          {
            kind: 'notice',
            tone: 'warn',
            text: [`This could not be read again: ${failure.text} What you see is from `, at, '.'],
          } as const,
        ]),
  ];
  return notices.length === 0 ? doc : { ...doc, blocks: [...notices, ...doc.blocks] };
}
