import type { Instant } from '../domain/instant.ts';
import type { Address } from './address.ts';
import type { Identity } from './guard.ts';
import type { Marks, Showing, Shown } from './show.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

/** One event of a stream, as server-sent events have it. */
export interface LiveEvent {
  /** `rows` swaps elements, `page` swaps all, `beat` says that nothing happened, `gone` that the viewer may not look any more. */
  readonly event: 'rows' | 'page' | 'beat' | 'gone';
  /** The version that is shown once the event was taken; null leaves it as it was. */
  readonly id: string | null;
  readonly data: unknown;
}

export interface LiveParts {
  readonly snapshots: Snapshots;
  readonly showing: Showing;
  readonly now: () => Instant;
}

/** What one open page is told. */
export interface LiveStream {
  readonly address: Address;
  /** The version that the page has, as it says itself; null for one that says nothing. */
  readonly has: string | null;
  readonly identity: Identity | null;
  readonly send: (event: LiveEvent) => void;
}

/** What a page was last told, by which what differs is found. */
interface Told {
  readonly version: string;
  readonly marks: Marks;
}

/** What a row says, for the one sentence that is read out. */
function textOf(html: string): string {
  return html
    .replaceAll(/<(title|svg)\b[\s\S]*?<\/\1>/gu, ' ')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .slice(0, 120);
}

/**
 * Keeps one open page as the server would show it now. The page says what it has; whatever it missed, in whichever process, comes with the next
 * event, since an event holds what is, never what has changed since.
 */
export class LiveSession {
  readonly #parts: LiveParts;
  readonly #stream: LiveStream;
  #told: Told | null = null;
  #asOf: Instant | null = null;
  #end: () => void = () => undefined;

  constructor(parts: LiveParts, stream: LiveStream) {
    this.#parts = parts;
    this.#stream = stream;
  }

  async open(): Promise<void> {
    const { snapshots } = this.#parts;
    const { address } = this.#stream;
    this.#end = snapshots.watch(address, (snapshot) => this.#tell(snapshot));
    const reading = await snapshots.get(address);
    if (reading.ok) this.#tell(reading.value);
    this.beat();
  }

  /** Nothing happened, but the stream lives. */
  beat(): void {
    this.#stream.send({ event: 'beat', id: null, data: { asOf: this.#asOf, now: this.#parts.now() } });
  }

  close(): void {
    this.#end();
  }

  #tell(snapshot: Snapshot): void {
    const { address, identity, has, send } = this.#stream;
    const shown = this.#parts.showing.show(address, snapshot, identity);
    const before = this.#told;
    this.#told = { version: shown.version, marks: shown.marks() };
    this.#asOf = snapshot.asOf;
    if (before === null && has === shown.version) return;
    const event = eventFor(snapshot, shown, before);
    if (event !== null) send(event);
  }
}

/** Events by what was shown before and is shown now. */
const made = new WeakMap<Snapshot, WeakMap<Shown, Map<string, LiveEvent | null>>>();
const names = new WeakMap<Marks, string>();
let lastName = 0;

function nameOf(marks: Marks): string {
  const name = names.get(marks) ?? String((lastName += 1));
  names.set(marks, name);
  return name;
}

/** One event for all pages that showed the same and now show the same: two hundred open pages make one text. Null: nothing is to be said. */
function eventFor(snapshot: Snapshot, shown: Shown, before: Told | null): LiveEvent | null {
  const ofSnapshot = made.get(snapshot) ?? new WeakMap<Shown, Map<string, LiveEvent | null>>();
  made.set(snapshot, ofSnapshot);
  const ofShown = ofSnapshot.get(shown) ?? new Map<string, LiveEvent | null>();
  ofSnapshot.set(shown, ofShown);
  const isWhole = before === null || before.marks.frame !== shown.marks().frame;
  const key = isWhole ? 'page' : `${nameOf(before.marks)} ${before.version}`;
  const known = ofShown.get(key);
  if (known !== undefined) return known;
  const event = isWhole ? pageEvent(snapshot, shown) : rowsEvent(snapshot, shown, before);
  ofShown.set(key, event);
  return event;
}

function factsOf({ asOf, stale }: Snapshot, { version, doc }: Shown) {
  return { version, title: doc.title, asOf, stale };
}

function pageEvent(snapshot: Snapshot, shown: Shown): LiveEvent {
  return { event: 'page', id: shown.version, data: { ...factsOf(snapshot, shown), main: shown.main() } };
}

function rowsEvent(snapshot: Snapshot, shown: Shown, before: Told): LiveEvent | null {
  const marks = shown.marks();
  const rows = shown.rows().filter(({ id }) => before.marks.rows.get(id) !== marks.rows.get(id));
  if (rows.length === 0 && before.version === shown.version) return null;
  const [first] = rows;
  const said = first === undefined ? null : rows.length === 1 ? textOf(first.html) : `${rows.length} changes`;
  return { event: 'rows', id: shown.version, data: { ...factsOf(snapshot, shown), said, rows } };
}
