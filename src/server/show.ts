import type { Doc, PageRoom } from '../web/doc.ts';
import { renderLive, renderMain, type LivePage } from '../web/html/main.tsx';
import type { Instant } from '../domain/instant.ts';
import type { App } from '../app/app.ts';
import type { Address } from './address.ts';
import type { Identity } from './guard.ts';
import { keyOf, type Snapshot } from './snapshots.ts';

/** A page as one person sees it now. */
export interface Shown {
  readonly doc: Doc;
  readonly room: PageRoom;
  /** Of what is shown, not only of what was read: two people may see different versions of one snapshot. */
  readonly version: string;
  /** The content of `main`. */
  main(): string;
  /** The same in parts that can be swapped alone. */
  live(): LivePage;
}

const KEPT = 300;

/** What a page is shown in, for whoever looks. */
export function roomOf(
  app: App,
  identity: Identity | null,
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
 * Documents and their HTML, made once for all who see the same: a hundred open pages of people without a role cost one. Ages are told to the
 * minute, so what was made in this minute is still right.
 */
export class Showing {
  readonly #app: App;
  readonly #kept = new Map<string, Shown>();

  constructor(app: App) {
    this.#app = app;
  }

  show(address: Address, snapshot: Snapshot, identity: Identity | null): Shown {
    const now = this.#app.clock.now();
    const who = identity === null ? '' : `${identity.login} ${identity.roles.join(' ')}`;
    const failure = snapshot.failure?.at ?? '';
    const version = `${snapshot.version}.${failure}`;
    const key = JSON.stringify([keyOf(address), address.query, version, snapshot.asOf, who, now.slice(0, 16)]);
    const found = this.#kept.get(key);
    if (found !== undefined) return found;
    const room = roomOf(this.#app, identity, { now, query: address.query });
    const shown = shownOf(withFailure(address.page.doc(snapshot.data, room), snapshot), room, version);
    this.#kept.set(key, shown);
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(old);
    }
    return shown;
  }
}

/** The document of one person's room, rendered when it is asked for and then kept. */
export function shownOf(doc: Doc, room: PageRoom, version: string): Shown {
  let main: string | null = null;
  let live: LivePage | null = null;
  return {
    doc,
    room,
    version,
    main: () => (main ??= renderMain(doc, room)),
    live: () => (live ??= renderLive(doc, room)),
  };
}

/** Old data stays visible, and says why it is old (ux.md 2.2). */
function withFailure(doc: Doc, { failure, asOf }: Snapshot): Doc {
  if (failure === null) return doc;
  const text = [
    `This could not be read again: ${failure.text} What you see is from `,
    { kind: 'time', at: asOf, form: 'minute' },
    '.',
  ] as const;
  return { ...doc, blocks: [{ kind: 'notice', tone: 'warn', text }, ...doc.blocks] };
}
