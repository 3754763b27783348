/** Goes through all pages of a running server in a browser, as a reader would who follows every kind of link once. */
import type { Page } from 'playwright-core';
import { ask, axe, bytesOf, complaintsOf, widthOf } from './browser.ts';

/** What was wrong with one page; a page without faults has none. */
export interface LookedAt {
  readonly path: string;
  readonly faults: readonly string[];
}

/** So much may come over the wire for a page, its style and its script included. */
const MOST_BYTES = 60_000;

const LINKS = `[...document.querySelectorAll('main a[href], nav a[href]')].map((each) => each.getAttribute('href'))`;

/** Addresses that show the same kind of page have the same kind: what is named in them is left out. */
function kindOf({ pathname, searchParams }: URL): string {
  const path = pathname
    .replace(/^\/r\/[^/]+/u, '/r/*')
    .replace(/\/gates\/.+$/u, '/gates/*')
    .replace(/^\/plans\/.+$/u, '/plans/*')
    .replace(/^\/pr\/.+$/u, '/pr/*')
    .replace(/\/diff\/.+$/u, '/diff/*');
  // Members of the query one by one: their combinations are many, and show nothing else.
  return `${path}?${['view', 'kind', 'cell', 'open'].find((name) => searchParams.has(name)) ?? ''}`;
}

/** Whether it is a page, and not a file or a page in another form. */
function isPage({ pathname }: URL): boolean {
  return !/\.(?:json|txt|ics|csv|atom|rss)$/u.test(pathname) && !pathname.startsWith('/assets/');
}

/** Every kind of page that links lead to from `/` and the given others, each looked at in both schemes and at two widths. */
export async function lookAtEveryPage(
  page: Page,
  origin: string,
  also: readonly string[],
): Promise<readonly LookedAt[]> {
  const complaints = complaintsOf(page);
  const waiting = ['/', ...also];
  const known = new Set<string>();
  const looked: LookedAt[] = [];
  for (const path of waiting) {
    const url = new URL(path, origin);
    if (url.origin !== origin || !isPage(url) || known.has(kindOf(url))) continue;
    known.add(kindOf(url));
    const faults = await lookAt(page, url);
    looked.push({ path, faults: [...faults, ...complaints.splice(0)] });
    waiting.push(...(await ask<readonly string[]>(page, LINKS)).map((href) => new URL(href, url).href));
  }
  return looked;
}

async function lookAt(page: Page, url: URL): Promise<readonly string[]> {
  const faults: string[] = [];
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
  const answer = await page.goto(url.href, { waitUntil: 'load' });
  if (answer?.status() !== 200) return [`answered ${answer?.status() ?? 'nothing'}`];
  if (new URL(page.url()).pathname !== url.pathname) return [`led to ${page.url()}`];
  const bytes = await bytesOf(page);
  if (bytes === 0 || bytes > MOST_BYTES) faults.push(`${bytes} bytes came over the wire`);
  // What the bar at the top lies over axe cannot judge.
  await ask(page, 'scrollTo(0, 0)');
  faults.push(...(await axe(page)).map((found) => `light: ${found}`));
  // Of the other scheme only colours are other.
  await page.emulateMedia({ colorScheme: 'dark' });
  faults.push(...(await axe(page, ['color-contrast'])).map((found) => `dark: ${found}`));
  await page.setViewportSize({ width: 320, height: 800 });
  const width = await widthOf(page);
  if (width > 320) faults.push(`is ${width} px wide at 320`);
  return faults;
}
