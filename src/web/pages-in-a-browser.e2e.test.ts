import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as inBrowser from '../testing/browser.ts';
import { startDemo, type DemoServer } from '../testing/pages/server.ts';

/** The checks of ux.md 6.1 by their ids, in a real browser, over made-up pages with the real renderers, style and script. */
const MAIN_PAGES = ['/', '/r/2.8.0', '/r/2.8.0/picks', '/r/2.8.0/artifacts', '/calendar', '/support'];
const ALL_PAGES = [
  ...MAIN_PAGES,
  '/r/2.8.0/asks',
  '/r/2.8.0/sync',
  '/r/2.8.0/handover',
  '/kinds',
  '/hostile',
  '/r/2.8.0/artifacts?view=list',
  '/?at=12&said=Done.',
  '/?stale=1&nobody=1',
];

let demo: DemoServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the browser complained of: blocked by the content security policy, thrown by the script. */
let complaints: string[] = [];

beforeAll(async () => {
  demo = await startDemo();
  browser = await inBrowser.openBrowser();
  context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page = await context.newPage();
  complaints = inBrowser.complaintsOf(page);
});

afterAll(async () => {
  await browser.close();
  await demo.close();
});

beforeEach(async () => {
  complaints.length = 0;
  await context.clearCookies();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference', forcedColors: 'none' });
  await page.setViewportSize({ width: 1280, height: 800 });
});

async function open(path: string, on: Page = page): Promise<void> {
  await on.goto(`${demo.origin}${path}`, { waitUntil: 'load' });
}

const ask = <Answer>(expression: string, on: Page = page): Promise<Answer> => inBrowser.ask<Answer>(on, expression);
const until = (expression: string, on: Page = page): Promise<void> => inBrowser.until(on, expression);
const axe = (on: Page = page): Promise<readonly string[]> => inBrowser.axe(on);

describe('what is seen', () => {
  it.each(ALL_PAGES.filter((path) => path !== '/hostile'))(
    'B1 axe finds nothing on %s, in light and dark',
    async (path) => {
      await open(path);
      expect(await axe()).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axe()).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it.each(ALL_PAGES)('B2 B20 %s does not scroll sideways at 320 px, which is 1280 px at 400 percent', async (path) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await open(path);
    // With every menu open too.
    await ask('document.querySelectorAll("details.menu").forEach((menu) => menu.setAttribute("open", ""))');
    expect(await ask<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });

  it('B5 no control is under 24 px', async () => {
    for (const path of ['/r/2.8.0', '/kinds', '/r/2.8.0/picks']) {
      await open(path);
      // Links within a sentence are as high as its line (WCAG 2.5.8, inline).
      const small = await ask<
        readonly string[]
      >(`[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')]
        .filter((each) => each.checkVisibility() && !each.classList.contains('skip') && !(each.matches('a:not(.btn)') && each.closest('p:not(.card-title), li:not(.card), dd')))
        .map((each) => [each, each.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24)
        .map(([each, box]) => each.outerHTML.slice(0, 90) + ' ' + box.width + 'x' + box.height)`);
      expect({ path, small }).toEqual({ path, small: [] });
    }
  });

  it('B9 the running ring turns, and stands still for those who want less motion', async () => {
    const moving = 'document.getAnimations().length';
    await open('/');
    expect(await ask<number>(moving)).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await ask<number>(moving)).toBe(0);
  });

  it('B10 every state has a shape and a word, after a live update too', async () => {
    const bare = `[...document.querySelectorAll('main .st')].filter((each) => each.querySelector('svg use') === null || (each.querySelector('.w')?.textContent ?? '') === '').length
      + [...document.querySelectorAll('[role=gridcell]')].filter((each) => (each.querySelector('a') ?? each).getAttribute('aria-label') === null || each.querySelector('svg use, .t') === null).length`;
    await open('/kinds');
    expect(await ask<number>('document.querySelectorAll("main .st").length')).toBeGreaterThan(20);
    expect(await ask<number>(bare)).toBe(0);
    const sent = demo.turn('/kinds', 0, 4);
    expect(sent).toBeGreaterThan(9);
    await until('document.title === "Turn 4"');
    expect(await ask<number>(bare)).toBe(0);
  });

  it('B11 the nine shapes differ without colour', async () => {
    await open('/kinds');
    const bypassing = await browser.newContext({ bypassCSP: true });
    const drawing = await bypassing.newPage();
    await open('/kinds', drawing);
    // Each is drawn black, 32 by 32; the least number of pixels by which two of them differ.
    const least = await ask<number>(
      `(async () => {
      const masks = await Promise.all([...document.querySelectorAll('symbol')].map(async (symbol) => {
        const body = symbol.innerHTML.replaceAll('class="fill"', 'fill="black"').replaceAll('class="cut"', 'fill="none" stroke="white" stroke-width="2"')
          .replace(/class="line[^"]*"/g, (look) => 'fill="none" stroke="black" stroke-width="1.8"' + (look.includes('dashed') ? ' stroke-dasharray="2.6 2"' : ''));
        const image = new Image();
        image.src = 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="32" height="32"><rect width="16" height="16" fill="white"/>' + body + '</svg>');
        await image.decode();
        const canvas = new OffscreenCanvas(32, 32).getContext('2d');
        canvas.drawImage(image, 0, 0);
        return [...canvas.getImageData(0, 0, 32, 32).data].filter((_, at) => at % 4 === 0).map((value) => value < 128);
      }));
      const differ = (one, other) => one.filter((bit, at) => bit !== other[at]).length;
      return Math.min(...masks.flatMap((one, at) => masks.slice(at + 1).map((other) => differ(one, other))));
    })()`,
      drawing,
    );
    await bypassing.close();
    expect(least).toBeGreaterThan(60);
  });

  it('B12 axe would have found what others do: pale colours, a button without a name, no language', async () => {
    await open('/support');
    await ask(`(() => {
      document.documentElement.removeAttribute('lang');
      document.querySelector('main').insertAdjacentHTML('beforeend', '<button type="button" class="btn" id="unnamed"></button><p class="pale">pale</p>');
      document.querySelector('.pale').style.color = '#8fce8f';
    })()`);
    const found = (await axe()).map((each) => each.split(':')[0]);
    expect(found).toEqual(expect.arrayContaining(['button-name', 'html-has-lang', 'color-contrast']));
  });

  it('B14 a page of 300 gates, 4 times 152 cells and 500 picks is small enough, and so are the usual ones', async () => {
    await open('/large');
    expect(await ask<number>('document.querySelectorAll("[role=gridcell]").length')).toBe(608);
    expect(await ask<number>('document.querySelectorAll("#t\\\\:gates tbody tr[data-row]").length')).toBe(300);
    expect(await ask<number>('document.querySelectorAll("#t\\\\:picks tbody tr[data-row]").length')).toBe(500);
    const assets = await Promise.all(
      (
        await ask<readonly string[]>(
          '[...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script")].map((each) => each.href || each.src)',
        )
      ).map(async (address) => gzipSync(Buffer.from(await (await fetch(address)).arrayBuffer())).length),
    );
    const sizes: number[] = [];
    for (const path of MAIN_PAGES) {
      const html = gzipSync(await (await fetch(`${demo.origin}${path}`)).text()).length;
      sizes.push(html + assets.reduce((sum, size) => sum + size, 0));
    }
    expect(Math.max(...sizes)).toBeLessThan(30_000);
  });

  it('B16 the theme follows the system, a choice stays, and the server sends it before the first paint', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor';
    await open('/');
    expect(await ask<string>(ground)).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await ask<string>(ground)).toBe('rgb(13, 17, 23)');
    await page.click('#looks > summary');
    await page.click('[data-theme-to=light]');
    expect(await ask<string>(ground)).toBe('rgb(255, 255, 255)');
    const answer = await page.reload();
    expect(await answer?.text()).toContain('data-theme="light"');
    expect(await ask<string>(ground)).toBe('rgb(255, 255, 255)');
    await page.click('#looks > summary');
    await page.click('[data-density-to=comfortable]');
    expect(await (await page.reload())?.text()).toContain('data-density="comfortable"');
  });

  it('B17 with forced colours every state is drawn and named', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    await open('/kinds');
    const states = await ask<readonly (readonly [string, string, string])[]>(
      `[...document.querySelectorAll('#t\\\\:states tbody .st')].map((each) => [getComputedStyle(each.querySelector('svg')).color, getComputedStyle(document.body).backgroundColor, each.querySelector('.w').textContent])`,
    );
    expect(new Set(states.map(([, , word]) => word)).size).toBe(9);
    expect(states.filter(([color, ground]) => color === ground)).toEqual([]);
  });

  it('B20 with wide spacing of texts nothing is cut off', async () => {
    const bypassing = await browser.newContext({ bypassCSP: true, viewport: { width: 640, height: 800 } });
    const spaced = await bypassing.newPage();
    for (const path of MAIN_PAGES) {
      await open(path, spaced);
      await spaced.addStyleTag({
        content:
          '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }',
      });
      const cut = await ask<readonly string[]>(
        `[...document.querySelectorAll('body *')].filter((each) => each.checkVisibility() && !each.closest('.vh, svg') && getComputedStyle(each).overflowX === 'hidden' && (each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight)).map((each) => each.className)`,
        spaced,
      );
      expect({ path, cut }).toEqual({ path, cut: [] });
      expect(await ask<number>('document.documentElement.scrollWidth', spaced)).toBeLessThanOrEqual(640);
    }
    await bypassing.close();
  });
});

describe('the keyboard', () => {
  const focused = '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim())';

  it('B3 arrows move in the grid, and each cell says what it is', async () => {
    await open('/r/2.8.0/artifacts');
    await page.focus('[role=gridcell] a[tabindex="0"]');
    expect(await ask<string>(focused)).toContain('torch, Python 3.9, linux x86_64, cpu:');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    expect(await ask<string>(focused)).toContain('torch, Python 3.10, linux x86_64, 128:');
    await page.keyboard.press('End');
    expect(await ask<string>(focused)).toContain('torch, Python 3.10, macos, cpu:');
    await page.keyboard.press('Home');
    expect(await ask<string>(focused)).toContain('torch, Python 3.10, linux x86_64, cpu:');
    expect(await ask<number>('document.querySelectorAll(".grid [tabindex=\\"0\\"]").length')).toBe(1);
    await page.keyboard.press('Enter');
    await page.waitForURL(/cell=torch-19$/u);
  });

  it('B4 / goes to Find, and single keys can be switched off', async () => {
    await open('/');
    await page.keyboard.press('/');
    expect(await ask<string>('document.activeElement.id')).toBe('find');
    await context.addCookies([{ name: 'keys', value: 'off', url: demo.origin }]);
    await open('/');
    await page.keyboard.press('/');
    expect(await ask<string>('document.activeElement.id')).toBe('');
  });

  it('? helps, g goes, j walks, Enter opens, c copies', async () => {
    await open('/');
    await page.keyboard.press('?');
    expect(await ask<string>('document.querySelector("dialog[open]").textContent')).toContain('Find a release');
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await until('document.getElementById("live").textContent === "Copied: signalbox status 2.8.0"');
    expect(await ask<string>('navigator.clipboard.readText()')).toBe('signalbox status 2.8.0');
    await page.keyboard.press('j');
    expect(await ask<string>(focused)).toBe('Details of docs-build');
    await page.keyboard.press('Enter');
    expect(await ask<boolean>('document.querySelector("tr.more").hidden')).toBe(false);
    expect(page.url()).toContain('open=docs-build');
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/\/r\/2\.8\.0$/u);
  });

  it('B13 Tab reaches every control in turn, and Enter works on it', async () => {
    await open('/r/2.8.0?open=docs-build');
    const controls = await ask<number>(`(() => {
      window.reached = new Set();
      addEventListener('focusin', (event) => window.reached.add(event.target));
      window.controls = [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')].filter((each) => each.checkVisibility());
      return window.controls.length;
    })()`);
    expect(controls).toBeGreaterThan(25);
    for (let at = 0; at < controls + 3; at += 1) await page.keyboard.press('Tab');
    expect(
      await ask<readonly string[]>(
        'window.controls.filter((each) => !window.reached.has(each)).map((each) => each.outerHTML.slice(0, 80))',
      ),
    ).toEqual([]);
    expect(
      await ask<number>('document.querySelectorAll("[onclick], div[role=button], span[role=button]").length'),
    ).toBe(0);
    await page.focus('[data-act="act:waive-docs-build"]');
    await page.keyboard.press('Enter');
    expect(await ask<string>('document.activeElement.name')).toBe('reason');
    await page.keyboard.press('Escape');
    expect(await ask<string>('document.activeElement.dataset.act')).toBe('act:waive-docs-build');
  });
});

describe('live', () => {
  it('B6 a change is on the page as it is sent, with one sentence; what was opened and focused stays', async () => {
    await open('/kinds');
    await page.click('#r\\:states\\:gate-0 .opens');
    await page.focus('#r\\:states\\:gate-0 .opens');
    expect(await page.textContent('#r\\:states\\:gate-0')).toContain('evidence 0');
    demo.turn('/kinds', 0, 1, 'gate-0 is failing.');
    demo.turn('/kinds', 1, 2, 'gate-1 is running.');
    await until('document.title === "Turn 2"');
    expect(await page.textContent('#r\\:states\\:gate-0')).toContain('evidence 2');
    expect(await page.textContent('#live')).toBe('gate-0 is failing.');
    expect(await ask<boolean>('document.getElementById("r:states:gate-0:d").hidden')).toBe(false);
    expect(await ask<string>('document.activeElement.dataset.key')).toBe('gate-0');
    expect(await ask<number>('document.querySelectorAll("#r\\\\:states\\\\:gate-0.changed").length')).toBe(1);
  });

  it('a page that came whole keeps focus, an open dialog with what is written in it, and its forms have the token', async () => {
    await open('/kinds');
    await page.click('#r\\:states\\:gate-1 .opens');
    await page.click('[data-act="act:waive-gate-1"]');
    await page.fill('dialog textarea', 'half a reason');
    demo.turnWhole('/kinds', 3);
    await until('document.title === "Whole 3"');
    expect(await page.textContent('#lead')).toContain('turn 3');
    expect(await page.inputValue('dialog[open] textarea')).toBe('half a reason');
    await page.keyboard.press('Escape');
    expect(await ask<boolean>('document.getElementById("r:states:gate-1:d").hidden')).toBe(false);
    expect(
      await ask<number>(
        '[...document.querySelectorAll("main input[name=form-token]")].filter((each) => each.value !== "token-1").length',
      ),
    ).toBe(0);
  });

  it('B7 B8 a lost stream is told, actions are off with that reason, and all comes back without a reload', async () => {
    const timed = await browser.newContext();
    const watching = await timed.newPage();
    await watching.clock.install();
    await open('/kinds', watching);
    await ask('window.notReloaded = true', watching);
    demo.turn('/kinds', 0, 1);
    await until('document.title === "Turn 1"', watching);
    demo.setStreams(false);
    await watching.clock.runFor(12_000);
    expect(await watching.textContent('#banner')).toBe(
      'Data is from 14:02 UTC. Reconnecting. Actions are off until data is fresh.',
    );
    expect(await watching.getAttribute('#banner', 'role')).toBe('status');
    const on = 'document.querySelectorAll("main [data-act]:not([aria-disabled=true])").length';
    expect(await ask<number>('document.querySelectorAll("main [data-act]").length', watching)).toBeGreaterThan(5);
    expect(await ask<number>(on, watching)).toBe(0);
    expect(
      await ask<number>('document.querySelectorAll("main [data-act]:not([aria-describedby=banner])").length', watching),
    ).toBe(0);
    const opened = demo.opened.length;
    demo.setStreams(true);
    // Back-off goes up to 30 s; an attempt that was refused a moment ago may still be under way.
    await expect
      .poll(
        async () => {
          await watching.clock.runFor(5_000);
          return watching.textContent('#banner');
        },
        { timeout: 60_000, interval: 200 },
      )
      .toBe('');
    expect(demo.opened.length).toBeGreaterThan(opened);
    expect(Number(demo.opened.at(-1)?.get('has'))).toBeGreaterThan(1);
    expect(await ask<number>(on, watching)).toBeGreaterThan(5);
    demo.turn('/kinds', 1, 5);
    await until('document.title === "Turn 5"', watching);
    expect(await ask<boolean>('window.notReloaded', watching)).toBe(true);
    await timed.close();
  });
});

describe('actions', () => {
  it('B18 what cannot be undone waits for its phrase, and nothing is sent before', async () => {
    await open('/r/2.8.0');
    const before = demo.posted.length;
    await page.click('[data-act="act:promote-pypi"]');
    expect(await page.textContent('dialog')).toContain('Cannot be undone.');
    expect(await page.isDisabled('dialog button[type=submit]')).toBe(true);
    await page.evaluate('navigator.clipboard.writeText("torch 2.8")');
    await page.focus('dialog input[name=phrase]');
    await page.keyboard.press('Control+V');
    expect(await page.inputValue('dialog input[name=phrase]')).toBe('torch 2.8');
    expect(await page.isDisabled('dialog button[type=submit]')).toBe(true);
    await page.keyboard.press('Enter');
    expect(demo.posted.length).toBe(before);
    await page.fill('dialog input[name=phrase]', 'torch 2.8.0');
    await page.click('dialog button[type=submit]');
    await page.waitForURL(/said=Done/u);
    expect(demo.posted.length).toBe(before + 1);
    expect(Object.fromEntries(demo.posted.at(-1)?.body ?? [])).toEqual({
      'form-token': 'token-1',
      phrase: 'torch 2.8.0',
    });
  });

  it('what is barred is shown with its reason, and does nothing', async () => {
    await open('/');
    const before = demo.posted.length;
    await page.click('#act\\:freeze', { force: true });
    expect(await page.textContent('#live')).toBe('Needs role release-manager; ask @atalman, @malfet');
    expect(await ask<boolean>('document.querySelector("dialog[open]") === null')).toBe(true);
    expect(demo.posted.length).toBe(before);
  });

  it('B22 without a script everything is read, rows open, and forms post', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const reading = await plain.newPage();
    for (const path of MAIN_PAGES) {
      await open(path, reading);
      expect(await reading.locator('h1').count()).toBe(1);
      expect(await reading.locator('main table, main figure, main .board').count()).toBeGreaterThan(0);
    }
    await open('/r/2.8.0', reading);
    await reading.click('#r\\:gates\\:docs-build .opens');
    expect(reading.url()).toContain('open=docs-build');
    expect(await reading.isVisible('#r\\:gates\\:docs-build\\:d')).toBe(true);
    await reading.click('#act\\:waive-docs-build summary');
    await reading.fill('#act\\:waive-docs-build textarea', 'infra outage');
    await reading.click('#act\\:waive-docs-build button[type=submit]');
    expect(reading.url()).toContain('said=Done.');
    expect(Object.fromEntries(demo.posted.at(-1)?.body ?? [])).toEqual({
      'form-token': 'token-1',
      reason: 'infra outage',
      until: '2025-07-18',
    });
    await plain.close();
  });
});

describe('texts of outsiders', () => {
  it('stay texts: no script runs, no element comes of them, no address of theirs is a link', async () => {
    await open('/hostile');
    expect(
      await ask<number>('document.querySelectorAll("main img, main script, [autofocus], [onerror], [onfocus]").length'),
    ).toBe(0);
    const links = await ask<readonly string[]>(
      '[...document.querySelectorAll("main a[href], main form[action]")].map((each) => each.getAttribute("href") ?? each.getAttribute("action"))',
    );
    expect(links.filter((href) => !/^(?:[?#]|\/(?![/\\]))/u.test(href))).toEqual([]);
    // All that is shown or read out; values of inputs go back to the server as they came.
    const shown = await ask<string>(
      `document.title + document.body.textContent + [...document.querySelectorAll('[aria-label], [title], [placeholder]')].map((each) => each.getAttribute('aria-label') + each.title + each.placeholder).join()`,
    );
    expect(shown).toContain('\ufffd');
    expect(/[\p{Cc}\u202a-\u202e\u200b\ufeff]/u.test(shown.replaceAll('\n', ''))).toBe(false);
    expect(complaints).toEqual([]);
  });
});
