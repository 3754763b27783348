/**
 * Pictures of a running server's pages, to look at: light and dark, 1280x800 and 320 wide, and what the browser measured of each.
 *   node scripts/screenshots.ts FOLDER http://127.0.0.1:8080/ http://127.0.0.1:8080/r/2.8.0 ...
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const [folder, ...addresses] = process.argv.slice(2);
if (folder === undefined || addresses.length === 0) {
  console.error('usage: node scripts/screenshots.ts FOLDER URL...');
  process.exit(2);
}

const SIZES = [
  { name: 'wide', width: 1280, height: 800 },
  { name: 'narrow', width: 320, height: 800 },
];

function fileName(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`.replace(/[^A-Za-z0-9.]+/gu, '-').replace(/^-|-$/gu, '') || 'index';
}

/** Milliseconds until something was painted, and bytes over the wire, compressed. */
async function measure(page: Page): Promise<string> {
  const { paint, bytes } = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    bytes: performance
      .getEntries()
      .reduce((sum, entry) => sum + ('transferSize' in entry ? Number(entry.transferSize) : 0), 0),
  }));
  return `first paint ${Math.round(paint)} ms, ${(bytes / 1000).toFixed(1)} kB`;
}

async function shoot(browser: Browser, address: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const { name, width, height } of SIZES) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height } });
      const page = await context.newPage();
      await page.goto(address, { waitUntil: 'load' });
      const path = join(folder ?? '.', `${fileName(address)}-${colorScheme}-${name}.png`);
      await page.screenshot({ path, fullPage: name === 'narrow' });
      console.log(`${path}: ${await measure(page)}`);
      await context.close();
    }
  }
}

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const address of addresses) await shoot(browser, address);
} finally {
  await browser.close();
}
