/** How long the script of the largest page takes for a row that changed, in Debian's Chromium; bundled, since pages are made by JSX. */
import { chromium } from 'playwright-core';
import { startDemo } from '../../src/testing/pages/server.ts';
import { CHROMIUM } from './chromium.ts';

const LARGE = '/large';
const TURNS = 15;

/** Times what is done with each event of a stream, before the page's own script begins. As text, since this program's types know no document. */
const TIMED = `
  window.took = [];
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (name, handler, ...rest) {
    const timed = (event) => {
      const started = performance.now();
      handler(event);
      document.body.offsetHeight;
      if (name === 'rows') window.took.push(performance.now() - started);
    };
    return listen.call(this, name, timed, ...rest);
  };`;

/** Milliseconds of each of some updates of one row, its new layout included. */
export async function updatesOfOneRow(): Promise<readonly number[]> {
  const demo = await startDemo();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.addInitScript(TIMED);
    const isTold = (count: number) => async (): Promise<boolean> =>
      (await page.evaluate<number>('window.took.length')) >= count;
    await page.goto(`${demo.origin}${LARGE}`);
    while (demo.opened.length === 0) await page.evaluate('new Promise(requestAnimationFrame)');
    for (let turn = 1; turn <= TURNS; turn += 1) {
      demo.turnOne(LARGE, 0, turn);
      while (!(await isTold(turn)())) await page.evaluate('new Promise(requestAnimationFrame)');
    }
    return await page.evaluate<readonly number[]>('window.took');
  } finally {
    await browser.close();
    await demo.close();
  }
}
