/** The stream of what changes: one per tab, its silence is told, and it comes back by itself. */
import { setActions } from './actions.ts';
import { all, byId } from './find.ts';
import { say } from './say.ts';
import { swapMain, swapRows, tickTimes, type SentRow } from './swap.ts';

/** Without anything for so long the data is not called live any more; the server sends a beat every 5 s. */
const SILENCE = 10_000;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** How long a new order of rows waits while somebody points at one. */
const LONGEST_HOLD = 30_000;

interface Sent {
  readonly version?: string;
  readonly title?: string;
  /** Null: nothing worth saying. */
  readonly said?: string | null;
  readonly asOf?: string | null;
  readonly stale?: boolean;
  readonly main?: string;
  readonly rows?: readonly SentRow[];
}

let source: EventSource | null = null;
let version = '';
let asOf = '';
let heard = 0;
let wait = FIRST_WAIT;
let isLost = false;
/** A source of what is shown could not be read. */
let isStale: boolean | null = null;
let again: ReturnType<typeof setTimeout> | null = null;
let held: { readonly main: string; readonly since: number } | null = null;

function isSent(value: unknown): value is Sent {
  return typeof value === 'object' && value !== null;
}

function read(event: Event): Sent {
  const data: unknown = event instanceof MessageEvent ? event.data : '';
  if (typeof data !== 'string' || data === '') return {};
  const value: unknown = JSON.parse(data);
  return isSent(value) ? value : {};
}

function showFreshness(): void {
  for (const time of all('#fresh time')) {
    time.setAttribute('datetime', asOf);
    time.textContent = `${asOf.slice(11, 16)} UTC`;
  }
  const shown = byId('fresh');
  if (shown === null || isStale === null) return;
  shown.className = isStale ? 'fresh st st-no-data' : 'fresh st st-pass';
  shown.querySelector('use')?.setAttribute('href', isStale ? '#s-no-data' : '#s-pass');
  shown.querySelector('svg')?.setAttribute('class', isStale ? 'i i-no-data' : 'i i-pass');
  const word = shown.querySelector('.w > span');
  if (word !== null) word.textContent = isStale ? 'Stale' : 'Live';
}

/** Something was heard: the data is fresh again. */
function hear(sent: Sent): void {
  heard = Date.now();
  wait = FIRST_WAIT;
  if (sent.version !== undefined) version = sent.version;
  if (typeof sent.asOf === 'string') asOf = sent.asOf;
  if (sent.stale !== undefined) isStale = sent.stale;
  showFreshness();
  if (!isLost) return;
  isLost = false;
  const banner = byId('banner');
  if (banner !== null) banner.textContent = '';
  setActions(true);
  say('Data is live again.');
}

function lose(): void {
  isLost = true;
  const banner = byId('banner');
  const text = `Data is from ${asOf.slice(11, 16)} UTC. Reconnecting. Actions are off until data is fresh.`;
  if (banner !== null) banner.textContent = text;
  setActions(false);
}

function isPointedAt(): boolean {
  return document.querySelector('main tbody:hover, main .card:hover') !== null;
}

/** A new order of rows waits until nobody points at one, or acts, or half a minute has passed. */
function showHeld(force: boolean): void {
  if (held === null) return;
  if (!force && isPointedAt() && Date.now() - held.since < LONGEST_HOLD) return;
  const { main } = held;
  held = null;
  swapMain(main);
}

function onSent(event: Event): void {
  const sent = read(event);
  hear(sent);
  if (sent.main !== undefined) {
    held = { main: sent.main, since: Date.now() };
    showHeld(false);
  }
  if (sent.rows !== undefined) swapRows(sent.rows);
  if (sent.title !== undefined) document.title = sent.title;
  if (typeof sent.said === 'string') say(sent.said);
}

function connect(address: string): void {
  again = null;
  const url = new URL(address, location.href);
  // A new EventSource has no Last-Event-ID of its own.
  url.searchParams.set('has', version);
  source = new EventSource(url);
  for (const name of ['rows', 'page', 'beat']) source.addEventListener(name, onSent);
  // Whoever looks may not look any more: the server says where to go.
  source.addEventListener('gone', () => location.reload());
  source.addEventListener('error', () => reconnect(address));
}

/** Twice as long each time, and never two tabs at the same moment. */
function reconnect(address: string): void {
  source?.close();
  source = null;
  if (again !== null) return;
  again = setTimeout(() => connect(address), wait * (0.5 + Math.random() / 2));
  wait = Math.min(LONGEST_WAIT, wait * 2);
}

function watch(address: string): void {
  if (Date.now() - heard <= SILENCE) return;
  if (!isLost) {
    lose();
    reconnect(address);
  }
}

export function startStream(): void {
  setInterval(tickTimes, 30_000);
  const { stream } = document.body.dataset;
  version = document.body.dataset['version'] ?? '';
  asOf = document.body.dataset['asOf'] ?? '';
  if (stream === undefined || stream === '') return;
  heard = Date.now();
  connect(stream);
  setInterval(() => {
    watch(stream);
    showHeld(false);
  }, 1000);
  // After the reader's own action has been handled.
  for (const name of ['click', 'keydown']) document.addEventListener(name, () => setTimeout(() => showHeld(true), 0));
  window.addEventListener('pagehide', () => source?.close());
}
