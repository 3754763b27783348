import type { Instant } from '../domain/instant.ts';
import type { Address } from './address.ts';
import type { Identity } from './guard.ts';
import type { Showing, Shown } from './show.ts';
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

interface Told {
  readonly version: string;
  /** A short hash of all that is in no element of its own, the order of those included. */
  readonly frame: number;
  /** A short hash of each element, by its id. */
  readonly rows: ReadonlyMap<string, number>;
}

/** FNV-1a: two versions of one element are told apart, nothing more rests on it. */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return hash >>> 0;
}

function toldOf(shown: Shown): Told {
  const { frame, rows } = shown.live();
  return {
    version: shown.version,
    frame: hashOf(frame),
    rows: new Map(rows.map(({ id, fact }) => [id, hashOf(fact)])),
  };
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
    const next = toldOf(shown);
    const before = this.#told;
    this.#told = next;
    this.#asOf = snapshot.asOf;
    const facts = { version: shown.version, title: shown.doc.title, asOf: snapshot.asOf, stale: snapshot.stale };
    if (before === null) {
      if (has !== shown.version) send({ event: 'page', id: shown.version, data: { ...facts, main: shown.main() } });
      return;
    }
    if (before.frame !== next.frame) {
      send({ event: 'page', id: shown.version, data: { ...facts, main: shown.main() } });
      return;
    }
    const rows = shown.live().rows.filter(({ id }) => before.rows.get(id) !== next.rows.get(id));
    if (rows.length === 0 && before.version === next.version) return;
    const [first] = rows;
    const said = first === undefined ? null : rows.length === 1 ? textOf(first.html) : `${rows.length} changes`;
    send({
      event: 'rows',
      id: shown.version,
      data: { ...facts, said, rows: rows.map(({ id, html }) => ({ id, html })) },
    });
  }
}
