/** Two hundred open pages: what they cost, how soon a webhook's change is on all of them, and what those miss that lost their stream. */
import { get, type ClientRequest } from 'node:http';
import { z } from 'zod';
import { beside } from '../quiet.ts';
import { tell, tellTimed } from '../report.ts';
import type { Child } from './child.ts';
import { withConnections } from './connection.ts';
import { pageOf, pageRequest } from './pages.ts';
import { turnId } from './turn.ts';
import { delivering, type deliveries } from './webhooks.ts';

const MOST_BYTES = 150_000_000;
const MOST_MILLIS = 2_000;
const CHANGES = 8;
/** As many before, with the page loaded after each and no stream open: what that costs is no cost of streams. */
const WITHOUT = 8;
/** Of those who look, one of each that sees another page: two whom it is about, one more with a role, one without. */
const VIEWERS = [0, 1, 2, 100] as const;
/** Of 200, how many lose their streams. */
const LOST = 40;
const MEGA = 1_000_000;

const Versioned = z.object({ version: z.string() });

/** One open page, as far as it is told. */
class OpenPage {
  version: string;
  readonly #url: string;
  readonly #cookie: string;
  #request: ClientRequest | null = null;
  #rest = '';
  #waiting: (() => void) | null = null;

  constructor(url: string, cookie: string, version: string) {
    [this.#url, this.#cookie, this.version] = [url, cookie, version];
  }

  /** Opens the stream, and resolves once the server has said something on it. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const address = `${this.#url}/live?page=%2F&has=${encodeURIComponent(this.version)}`;
      const request = get(address, { headers: { cookie: this.#cookie, accept: 'text/event-stream' } }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`a stream was answered with ${answer.statusCode}`));
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => {
          this.#take(text);
          resolve();
        });
        answer.on('error', () => undefined);
      });
      request.on('error', reject);
      this.#request = request;
    });
  }

  lose(): void {
    this.#request?.removeAllListeners('error').on('error', () => undefined);
    this.#request?.destroy();
    this.#request = null;
    this.#rest = '';
  }

  /** Resolves at the next version. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #take(text: string): void {
    const events = (this.#rest + text).split('\n\n');
    this.#rest = events.pop() ?? '';
    for (const event of events) {
      if (!/^event: (?:rows|page)$/mu.test(event)) continue;
      const data = event
        .split('\n')
        .flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
        .join('\n');
      this.version = Versioned.parse(JSON.parse(data)).version;
      this.#waiting?.();
      this.#waiting = null;
    }
  }
}

export interface StreamsGround {
  readonly child: Child;
  readonly url: string;
  readonly cookies: readonly string[];
  readonly deliver: ReturnType<typeof deliveries>;
  readonly helpers: readonly number[];
}

/** The version that the page has as HTML now. */
async function versionNow({ url, cookies }: StreamsGround, cookie = cookies[0] ?? ''): Promise<string> {
  const request = pageRequest(url, { cookie, encodings: 'gzip, br' });
  const answer = await withConnections(url, 1, ([connection]) => {
    if (connection === undefined) throw new Error('no connection');
    return connection.ask(request);
  });
  const version = /data-version="([^"]+)"/u.exec(pageOf(answer))?.[1];
  if (version === undefined) throw new Error('the page has no version');
  return version;
}

async function deliverOnce({ url, deliver }: StreamsGround, id: string): Promise<void> {
  await withConnections(url, 1, async ([connection]) => {
    if (connection !== undefined) await delivering(() => deliver(id))(connection, 0);
  });
}

/** Sends the webhook, and takes the time until all pages have another version. */
async function change(ground: StreamsGround, pages: readonly OpenPage[], id: string) {
  const { value, outside } = await beside(async () => {
    const started = performance.now();
    const told = Promise.all(pages.map((page) => page.next()));
    await deliverOnce(ground, id);
    await told;
    return performance.now() - started;
  }, [ground.child.pid, ...ground.helpers]);
  return { millis: value, outside };
}

export async function measureStreams(ground: StreamsGround): Promise<void> {
  const { child, url, cookies } = ground;
  for (let turn = 0; turn < WITHOUT; turn += 1) {
    await deliverOnce(ground, turnId('row', CHANGES + 3 + turn));
    for (const viewer of VIEWERS) await versionNow(ground, cookies[viewer]);
  }
  const version = await versionNow(ground);
  const before = child.resident();
  const pages = cookies.map((cookie) => new OpenPage(url, cookie, version));
  for (const page of pages) await page.open();
  const opened = child.resident();
  const changes = [];
  let most = opened;
  for (let turn = 0; turn < CHANGES; turn += 1) {
    changes.push(await change(ground, pages, turnId('row', turn)));
    most = Math.max(most, child.resident());
  }
  const cost = most - before;
  const [mega, atOnce] = [(cost / MEGA).toFixed(0), ((opened - before) / MEGA).toFixed(0)];
  tell(
    `${pages.length} open streams of as many people`,
    `${mega} MB (${(before / MEGA).toFixed(0)} before, ${atOnce} more once open), limit ${MOST_BYTES / MEGA}`,
    cost < MOST_BYTES,
  );
  const slowest = Math.max(...changes.map(({ millis }) => millis));
  const outside = Math.min(...changes.map((one) => one.outside));
  tellTimed(`a webhook's change on all ${pages.length}`, `${slowest.toFixed(0)} ms at most, limit ${MOST_MILLIS}`, {
    holds: slowest <= MOST_MILLIS,
    // Others can only make it longer.
    outside: slowest <= MOST_MILLIS ? 0 : outside,
  });
  const whole = await change(ground, pages, turnId('all', 0));
  tell(
    'a change of every row of it',
    `${whole.millis.toFixed(0)} ms, ${((child.resident() - before) / MEGA).toFixed(0)} MB`,
    null,
  );
  await loseAndFind(ground, pages);
  for (const page of pages) page.lose();
}

/** Some lose their streams, things change meanwhile, and they come back. */
async function loseAndFind(ground: StreamsGround, pages: readonly OpenPage[]): Promise<void> {
  const lost = pages.slice(0, LOST);
  for (const page of lost) page.lose();
  for (let turn = 0; turn < 3; turn += 1) await change(ground, pages.slice(LOST), turnId('row', CHANGES + turn));
  const back = Promise.all(lost.map((page) => page.next()));
  for (const page of lost) await page.open();
  await back;
  const version = await versionNow(ground);
  const behind = pages.filter((page) => page.version !== version).length;
  tell(`of ${LOST} streams lost and back, and the others`, `${behind} pages lack something`, behind === 0);
}
