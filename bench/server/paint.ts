/** When something is seen of a page, in Debian's Chromium that is open already and has kept nothing of the site. */
import { chromium, type Browser } from 'playwright-core';
import { beside, median } from '../quiet.ts';
import { tellTimed } from '../report.ts';
import type { Child } from './child.ts';
import { CHROMIUM } from './chromium.ts';
import { PAGE_NAMES } from './pages.ts';

const LOADS = 7;
/** Of a main page, and of the largest. */
const [MOST, MOST_LARGE] = [300, 1_000] as const;
/** Of the script and the layout, for a row of the largest page. */
const MOST_UPDATE = 100;

/** As text, since this program's types know no document. What is painted first may come after the page was loaded. */
const PAINTED = `new Promise((resolve) => {
  new PerformanceObserver((seen) => {
    const [first] = seen.getEntriesByName('first-contentful-paint');
    if (first !== undefined) resolve(first.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

interface Site {
  readonly url: string;
  readonly cookies: readonly string[];
}

async function paintOf(browser: Browser, { url, cookies: [cookie = ''] }: Site, name: string): Promise<number> {
  const context = await browser.newContext();
  const [key = '', value = ''] = cookie.split('=', 2);
  await context.addCookies([{ name: key, value, url }]);
  const page = await context.newPage();
  // The browser has a process for the site then, as it has for whoever comes from another page of it; starting one is not the page's. It has to be a
  // document with the headers of pages (COOP): coming from one without them, the browser takes another process.
  await page.goto(`${url}/api/v1/openapi.json`);
  await page.goto(`${url}/${name}`);
  const paint = await page.evaluate<number>(PAINTED);
  await context.close();
  return paint;
}

/** Others can only make it later: where it holds, it holds. */
function judged(
  name: string,
  millis: readonly number[],
  limit: { readonly most: number; readonly outside: number },
): void {
  const middle = median(millis);
  const holds = middle <= limit.most;
  const text = `${middle.toFixed(0)} ms (${Math.min(...millis).toFixed(0)} to ${Math.max(...millis).toFixed(0)}), limit ${limit.most}`;
  tellTimed(name, text, { holds, outside: holds ? 0 : limit.outside });
}

/** The first paint of each main page and of the largest, and the update of one of its rows (B14 of ux.md). */
export async function measurePaint(child: Child, site: Site, updates: () => Promise<readonly number[]>): Promise<void> {
  const server = await chromium.launchServer({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const ours = [child.pid, server.process().pid ?? child.pid];
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    await paintOf(browser, site, PAGE_NAMES[0]);
    for (const name of ['', ...PAGE_NAMES]) {
      const { value, outside } = await beside(async () => {
        const paints: number[] = [];
        for (let load = 0; load < LOADS; load += 1) paints.push(await paintOf(browser, site, name));
        return paints;
      }, ours);
      judged(`first paint of the ${name === '' ? 'largest page' : `page ${name}`}`, value, {
        most: name === '' ? MOST_LARGE : MOST,
        outside,
      });
    }
  } finally {
    await server.close();
  }
  const { value, outside } = await beside(updates);
  judged('one row of the largest page, script and layout', value, { most: MOST_UPDATE, outside });
}
