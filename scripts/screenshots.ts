/**
 * Pictures of a running server's pages, to look at: light and dark, 1280 and 320 wide, and on paper; with what the browser measured of each
 * against its limits. Ends with 1 where a page is over one.
 *   node scripts/screenshots.ts FOLDER [--sign-in LINK] http://127.0.0.1:8080/ http://127.0.0.1:8080/r/2.8.0 ...
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** Of a main page: milliseconds until something is seen, and kilobytes over the wire with nothing kept from before. */
const LIMITS = { paint: 300, kilobytes: 60 } as const;

const LOOKS: readonly (BrowserContextOptions & { readonly name: string })[] = [
  { name: 'light-wide', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-wide', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { name: 'light-narrow', colorScheme: 'light', viewport: { width: 320, height: 800 } },
  { name: 'dark-narrow', colorScheme: 'dark', viewport: { width: 320, height: 800 } },
];

const { values, positionals } = parseArgs({ options: { 'sign-in': { type: 'string' } }, allowPositionals: true });
const [folder, ...addresses] = positionals;
if (folder === undefined || addresses.length === 0) {
  console.error('usage: node scripts/screenshots.ts FOLDER [--sign-in LINK] URL...');
  process.exit(2);
}

function fileName(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`.replace(/[^A-Za-z0-9.]+/gu, '-').replace(/^-|-$/gu, '') || 'index';
}

interface Measured {
  readonly paint: number;
  readonly kilobytes: number;
}

/** Asked as text, since this program's types know no document. What is painted first may come after the page was loaded. */
const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((seen) => {
    const [first] = seen.getEntriesByName('first-contentful-paint');
    if (first !== undefined) resolve(first.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;
const LOADED = 'performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0)';

async function measure(page: Page): Promise<Measured> {
  const [paint, bytes] = [await page.evaluate<number>(PAINTED), await page.evaluate<number>(LOADED)];
  return { paint: Math.round(paint), kilobytes: Math.round(bytes / 100) / 10 };
}

function limit(value: number, most: number): string {
  return value <= most ? `under ${most}` : `OVER ${most}`;
}

function told({ paint, kilobytes }: Measured): string {
  return `first paint ${paint} ms (${limit(paint, LIMITS.paint)}), ${kilobytes} kB (${limit(kilobytes, LIMITS.kilobytes)})`;
}

function isOver({ paint, kilobytes }: Measured): boolean {
  return paint > LIMITS.paint || kilobytes > LIMITS.kilobytes;
}

type Cookies = Awaited<ReturnType<ReturnType<Browser['contexts']>[number]['cookies']>>;

/** The cookies of whoever the link signs in; it can be used once. */
async function signedIn(browser: Browser, link: string | undefined): Promise<Cookies> {
  if (link === undefined) return [];
  const context = await browser.newContext();
  await (await context.newPage()).goto(link);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

/** Takes every look of one page; whether it was over a limit. */
async function shoot(browser: Browser, address: string, cookies: Cookies): Promise<boolean> {
  const over: boolean[] = [];
  for (const { name, ...look } of LOOKS) {
    const context = await browser.newContext(look);
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.goto(address, { waitUntil: 'load' });
    const measured = await measure(page);
    const path = join(folder ?? '.', `${fileName(address)}-${name}.png`);
    await page.screenshot({ path, fullPage: true });
    console.log(`${path}: ${told(measured)}`);
    over.push(isOver(measured));
    if (name === 'light-wide') await page.pdf({ path: path.replace(/\.png$/u, '.pdf'), format: 'A4' });
    await context.close();
  }
  return over.includes(true);
}

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const cookies = await signedIn(browser, values['sign-in']);
  const over: boolean[] = [];
  for (const address of addresses) over.push(await shoot(browser, address, cookies));
  process.exitCode = over.includes(true) ? 1 : 0;
} finally {
  await browser.close();
}
