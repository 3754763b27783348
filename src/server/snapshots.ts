import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { elapsedMillis, type Instant } from '../domain/instant.ts';
import type { Result } from '../domain/result.ts';
import type { App } from '../app/app.ts';
import type { AppProblem } from '../app/problem.ts';
import type { Address } from './address.ts';
import type { Page } from './page.ts';

/** What was last read for a page. Immutable: a new reading is a new snapshot. */
export interface Snapshot {
  readonly data: unknown;
  readonly asOf: Instant;
  readonly stale: boolean;
  /** Of the data alone: the same facts read again have the same version. */
  readonly version: string;
  readonly readAt: Instant;
  /** Why the last reading failed, after which this older one is still shown. */
  readonly failure: { readonly text: string; readonly at: Instant } | null;
  /** Since when it is too old to be believed: its verdicts are not known any more. Absent while it is not. */
  readonly outdatedAt?: Instant;
  /** Something happened since it was read, and it is being read again: shown to whoever would have to wait, never as fresh. */
  readonly overtaken?: true;
}

export type Reading = Result<Snapshot, AppProblem>;

/** Told when the snapshot of a page is another one. */
export type Watcher = (snapshot: Snapshot) => void;

export interface SnapshotsOptions {
  readonly app: App;
  /** A reading that threw: a bug, or a failure of the world that no use case took for one. */
  readonly failed: (page: string, error: unknown) => void;
  /** Kept at most; those that nobody watches go first. */
  readonly most?: number;
  /** How long somebody who looks waits for a new reading where there is one before it; a tenth of a second unless told. */
  readonly patience?: () => Promise<unknown>;
  /** Called for each new version of a page's data. */
  readonly changed?: (key: string, page: Page, snapshot: Snapshot) => void;
}

interface Entry {
  readonly address: Pick<Address, 'page' | 'params' | 'query'>;
  readonly state: {
    snapshot: Snapshot | null;
    /** Something happened since it was read. */
    dirty: boolean;
    /** The reading under way. */
    reading: Promise<Reading> | null;
    /** That reading was begun because something happened: what was shown before it is not shown any more. */
    isAwaited: boolean;
  };
  readonly watchers: Set<Watcher>;
}

const MOST = 400;
/** Half of what nobody notices as waiting; most pages are read within it. */
const PATIENCE_MILLIS = 100;

/** So long after it was read a verdict is believed where it could not be read again (ux.md 2.2). */
const BELIEVED_MILLIS = 15 * 60_000;

/** What of an address decides on what is read. */
export function keyOf({ page, params, query }: Pick<Address, 'page' | 'params' | 'query'>): string {
  const read = page.reads.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]]));
  return JSON.stringify([page.name, Object.entries(params).toSorted(([one], [other]) => (one < other ? -1 : 1)), read]);
}

/**
 * The pages as they were last read, one reading for everybody who looks. Nothing here is truth: all of it may be dropped at any time and is
 * read again. What has been changed since is read before it is given, or (`soon`) given as overtaken while it is read; what has only grown old is shown
 * with its age while it is read again, as long as it is young enough to be believed.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /** What there is of a page: read now where there is nothing, or something happened since. */
  async get(address: Pick<Address, 'page' | 'params' | 'query'>): Promise<Reading> {
    const entry = this.#entryOf(address);
    const { snapshot, dirty, reading, isAwaited } = entry.state;
    if (snapshot === null || dirty || (reading !== null && isAwaited)) return this.#read(entry);
    if (snapshot.outdatedAt === undefined && this.#isBeyondBelief(snapshot)) return this.#read(entry);
    if (this.#isOld(entry, snapshot)) void this.#read(entry);
    return { ok: true, value: snapshot };
  }

  /**
   * The same for somebody who looks and is told of what comes later: what would have to be waited for long is there as it was last read, said to be
   * overtaken, and without its verdicts where they are too old to be believed (docs/decisions/0244).
   */
  async soon(address: Pick<Address, 'page' | 'params' | 'query'>): Promise<Reading> {
    const entry = this.#entryOf(address);
    const { snapshot } = entry.state;
    const reading = this.get(address);
    if (snapshot === null) return reading;
    const patience = this.#options.patience ?? (() => delay(PATIENCE_MILLIS, null, { ref: false }));
    const first = await Promise.race([reading, patience().then(() => null)]);
    if (first !== null) return first;
    return { ok: true, value: { ...this.#believed(entry, snapshot), stale: true, overtaken: true } };
  }

  /** Tells of every later snapshot, until the returned function is called. */
  watch(address: Pick<Address, 'page' | 'params' | 'query'>, watcher: Watcher): () => void {
    const entry = this.#entryOf(address);
    entry.watchers.add(watcher);
    return () => void entry.watchers.delete(watcher);
  }

  /** Something happened: what is watched is read again at once, all else before it is shown. */
  changed(): void {
    for (const entry of this.#entries.values()) {
      entry.state.dirty = true;
      if (entry.watchers.size > 0) void this.#read(entry);
    }
  }

  /** Reads again what is watched and older than its budget; to be called every second or so. */
  refresh(): void {
    for (const entry of this.#entries.values()) {
      const { watchers } = entry;
      const { snapshot } = entry.state;
      if (watchers.size === 0 || snapshot === null) continue;
      // A reading that does not end must not leave a verdict on open pages for ever.
      const believed = this.#believed(entry, snapshot);
      if (believed !== snapshot) this.#settle(entry, believed);
      if (this.#isOld(entry, snapshot)) void this.#read(entry);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  #isOld({ address }: Entry, { readAt, failure }: Snapshot): boolean {
    return elapsedMillis(failure?.at ?? readAt, this.#options.app.clock.now()) > address.page.budget;
  }

  #isBeyondBelief({ readAt }: Snapshot): boolean {
    return elapsedMillis(readAt, this.#options.app.clock.now()) > BELIEVED_MILLIS;
  }

  /** The snapshot, without its verdicts where they are too old. */
  #believed({ address }: Entry, snapshot: Snapshot): Snapshot {
    if (snapshot.outdatedAt !== undefined || !this.#isBeyondBelief(snapshot)) return snapshot;
    const data: unknown = address.page.outdated(snapshot.data, snapshot.readAt);
    const version = versionOf(JSON.stringify(data));
    return { ...snapshot, data, version, stale: true, outdatedAt: this.#options.app.clock.now() };
  }

  #entryOf(address: Pick<Address, 'page' | 'params' | 'query'>): Entry {
    const key = keyOf(address);
    const found = this.#entries.get(key);
    if (found !== undefined) {
      // The order of the map is that of the last use.
      this.#entries.delete(key);
      this.#entries.set(key, found);
      return found;
    }
    this.#makeRoom();
    const { page, params, query } = address;
    const entry: Entry = {
      address: { page, params, query },
      state: { snapshot: null, dirty: false, reading: null, isAwaited: false },
      watchers: new Set(),
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #makeRoom(): void {
    const most = this.#options.most ?? MOST;
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size < most) return;
      if (entry.watchers.size === 0 && entry.state.reading === null) this.#entries.delete(key);
    }
  }

  /** One reading at a time; what happens while it is under way makes it be done once more. */
  #read(entry: Entry): Promise<Reading> {
    const { state } = entry;
    if (state.reading !== null) {
      return state.dirty ? state.reading.then(() => this.#read(entry)) : state.reading;
    }
    state.isAwaited = state.dirty;
    state.dirty = false;
    const reading = this.#readOnce(entry).finally(() => {
      state.reading = null;
      if (state.dirty && entry.watchers.size > 0) void this.#read(entry);
    });
    state.reading = reading;
    return reading;
  }

  async #readOnce(entry: Entry): Promise<Reading> {
    const { page, params, query } = entry.address;
    const { app, failed } = this.#options;
    const read = Object.fromEntries(
      page.reads.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])),
    );
    try {
      const viewed = await page.read({ app, params, query: read });
      if (!viewed.ok) return this.#refused(entry, viewed);
      const { view, asOf, stale } = viewed.value;
      const text = JSON.stringify(view);
      // As the API gives it: what is shown rests on nothing else.
      const data: unknown = JSON.parse(text);
      this.#settle(entry, { data, asOf, stale, version: versionOf(text), readAt: app.clock.now(), failure: null });
    } catch (error) {
      failed(page.name, error);
      const { snapshot } = entry.state;
      if (snapshot === null) return { ok: false, problems: [unread(error)] };
      const failure = { text: error instanceof Error ? error.message : String(error), at: app.clock.now() };
      this.#settle(entry, this.#believed(entry, { ...snapshot, stale: true, failure }));
    }
    return entry.state.snapshot === null
      ? { ok: false, problems: [unread(null)] }
      : { ok: true, value: entry.state.snapshot };
  }

  /**
   * What was shown so far stays visible, marked with why it is not read any more. Only what could not be read now is shown again later; of what is not there,
   * or may not be asked, the no is the answer from here on.
   */
  #refused(entry: Entry, refusal: Extract<Reading, { readonly ok: false }>): Reading {
    const { state } = entry;
    if (state.snapshot === null) return refusal;
    const [{ kind, text }] = refusal.problems;
    const failure = { text, at: this.#options.app.clock.now() };
    const failed = this.#believed(entry, { ...state.snapshot, stale: true, failure });
    this.#settle(entry, failed);
    if (kind === 'no-data') return { ok: true, value: failed };
    state.snapshot = null;
    return refusal;
  }

  #settle(entry: Entry, snapshot: Snapshot): void {
    const { state } = entry;
    const before = state.snapshot;
    state.snapshot = snapshot;
    if (before?.version !== snapshot.version)
      this.#options.changed?.(keyOf(entry.address), entry.address.page, snapshot);
    for (const watcher of entry.watchers) watcher(snapshot);
  }
}

function unread(error: unknown): AppProblem {
  const why = error instanceof Error ? error.message : 'nothing was read';
  return {
    kind: 'no-data',
    code: 'page-unread',
    text: `This page could not be read: ${why}. Try again; the log of the server says more.`,
  };
}

/** Twelve signs are enough to tell the versions of one page apart. */
function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
