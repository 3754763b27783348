/** Debian's Chromium for tests: asks pages, lets axe look at them, and hears what the browser complains of. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** What the browser complains of from here on: blocked by the content security policy, thrown by the script, not found. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}

/** Asks the page; expressions are text, since this program's types know no document. */
export function ask<Answer>(page: Page, expression: string): Promise<Answer> {
  return page.evaluate<Answer>(expression);
}

/** Waits until the expression holds. Not by `waitForFunction`, which evaluates in the page, where its policy forbids that. */
export async function until(page: Page, expression: string): Promise<void> {
  await expect.poll(() => ask<boolean>(page, expression), { timeout: 20_000 }).toBe(true);
}

/**
 * Everything axe objects to or cannot decide, as `rule: selector`. Left out: the contrast of text in pictures, of which axe never knows the
 * ground; src/web/html/palette.test.ts reckons it. With `rules` only those are asked.
 */
export async function axe(page: Page, rules: readonly string[] | null = null): Promise<readonly string[]> {
  const runOnly = rules === null ? { type: 'tag', values: AXE_TAGS } : { type: 'rule', values: rules };
  if (!(await ask<boolean>(page, '"axe" in window'))) {
    const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.evaluate(source);
  }
  return ask<readonly string[]>(
    page,
    `axe.run(document, { runOnly: ${JSON.stringify(runOnly)} }).then(({ violations, incomplete }) =>
      [...violations, ...incomplete].flatMap((found) => found.nodes.filter((node) => !(found.id === 'color-contrast' && document.querySelector(node.target[0])?.closest('svg'))).map((node) => found.id + ': ' + node.target.join(' '))))`,
  );
}

/** Bytes that came over the wire for the page and all it loaded, as the browser counted them. */
export function bytesOf(page: Page): Promise<number> {
  return ask<number>(page, 'performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0)');
}

/** The width that the page needs at this width of the window. */
export function widthOf(page: Page): Promise<number> {
  return ask<number>(page, 'document.documentElement.scrollWidth');
}
