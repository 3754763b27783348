import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { App } from '../app/app.ts';
import { savePlan } from '../app/plans.ts';
import { createRelease } from '../app/releases.ts';
import { createToken } from '../app/sign-in/tokens.ts';
import { Verdict } from '../domain/gate.ts';
import { addSeconds } from '../domain/instant.ts';
import { STATE_WORDS } from '../domain/state.ts';
import { Train } from '../domain/train/train.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { axe, complaintsOf, openBrowser, until } from '../testing/browser.ts';
import { cutStep, NOW, planOf, smallTrain, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { serving, signedInAt } from '../testing/serving.ts';
import { startServer, type Server } from './serve.ts';

/** The checks of ux.md 6.1 that need a server behind the pages, in a real browser over a real connection, on a world in memory. */
const RELEASE = ReleaseVersion.parse('2.8.0');
const plan = planOf([cutStep('core'), cutStep('vision')]);

let browser: Browser;
let app: ReturnType<typeof memoryApp>;
let server: Server;
/** While true, the remotes do not answer. */
let isSilent = false;
/** What silent remotes wait for. */
let silence = Promise.withResolvers<void>();
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  isSilent = false;
  silence = Promise.withResolvers();
  const train = Train.parse({
    ...smallTrain,
    // So that one gate passes in this world.
    workstreams: { docs: { title: 'Docs', poc: ['dora'] } },
  });
  const made = memoryApp({ loaded: { train, digest: TRAIN_DIGEST } });
  const remoteRefs: App['git']['remoteRefs'] = (...given) =>
    isSilent ? silence.promise.then(() => made.git.remoteRefs(...given)) : made.git.remoteRefs(...given);
  app = { ...made, git: { ...made.git, remoteRefs } };
  await createRelease(app, RELEASE);
  await savePlan(app, plan);
  server = await startServer(serving(app, { port: 0, behindProxy: false, works: true }));
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  // The server ends what is under way, and that may be a look at remotes that never say anything.
  silence.resolve();
  await server.stop();
});

/** A browser of its own in which somebody is signed in. */
async function browserOf(login: string): Promise<Page> {
  const { cookie } = await signedInAt(server.url, app, login);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  contexts.push(context);
  await context.addCookies([{ ...cookie, url: server.url }]);
  return context.newPage();
}

const rows = (on: Page): Promise<number> => on.locator('#t\\:gates tbody tr[data-row]').count();
const squeezed = (text: string): string => text.replaceAll(/\s+/gu, '');
const open = (page: Page, path: string) => page.goto(`${server.url}${path}`, { waitUntil: 'load' });
const words = async (page: Page): Promise<string> => ((await page.textContent('main')) ?? '').replaceAll(/\s+/gu, ' ');

const Release = z.object({
  stale: z.boolean(),
  data: z.object({
    blocking: z.array(z.string()),
    gates: z.array(z.object({ id: z.string(), verdict: Verdict, summary: z.string() })),
    repos: z.array(z.object({ repo: z.string(), branch: z.string() })),
    plans: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
});

it('B15 an hour after the remotes fell silent a gate says No data, open page and API alike, and the release is not ready', async () => {
  const page = await browserOf('ana');
  await open(page, '/r/2.8.0');
  const row = '#r\\:gates\\:people .st .w';
  expect(await page.textContent(row)).toBe('pass');
  isSilent = true;
  app.clock.set(addSeconds(NOW, 3600));
  await until(page, `document.querySelector(${JSON.stringify(row)}).textContent === 'no data'`);
  expect(await words(page)).toContain('Not read since 2025-06-24 14:00 UTC, when it was pass');
  expect(await page.textContent('.fresh')).toContain('Stale');
  const answer = await page.request.get(`${server.url}/r/2.8.0.json`);
  const { data, stale } = Release.parse(await answer.json());
  expect({ stale, people: data.gates.find(({ id }) => id === 'people')?.verdict }).toEqual({
    stale: true,
    people: 'no-data',
  });
  expect(data.blocking).toContain('people');
  expect(data.gates.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
  expect(await axe(page)).toEqual([]);
});

it('B19 of two browsers that apply one plan one does it, and the other sees who, and goes on from there', async () => {
  const [anas, bens] = [await browserOf('ana'), await browserOf('ben')];
  await open(anas, `/plans/${plan.id}`);
  await open(bens, `/plans/${plan.id}`);
  // Ben's page hears nothing while he reads the dialog.
  await bens.context().setOffline(true);
  await bens.click('[data-act="act:apply"]');
  await anas.click('[data-act="act:apply"]');
  await anas.click('dialog button[type=submit]');
  await anas.waitForURL(/said=/u);
  expect(await anas.textContent('.band-said')).toContain(`Plan ${plan.id} will be carried out in your name.`);
  await until(anas, `document.querySelector('main').textContent.includes('finished')`);
  await bens.context().setOffline(false);
  const answered = bens.waitForResponse((response) => response.request().method() === 'POST');
  await bens.click('dialog button[type=submit]');
  expect((await answered).status()).toBe(422);
  await until(bens, `document.querySelector('h1').textContent === 'This was not done'`);
  expect(await words(bens)).toContain(`ana carried plan ${plan.id} out wholly at`);
  expect(await axe(bens)).toEqual([]);
  await bens.click('main a:has-text("See how it stands now")');
  await bens.waitForURL(`**/plans/${plan.id}`);
  expect(await words(bens)).toContain('finished');
  expect(app.git.pushes()).toBe(2);
  // And he can plan what is next.
  await bens.click('[data-act="act:undo"]');
  await bens.click('dialog button[type=submit]');
  await bens.waitForURL(/\/plans\/p[^/]*said=/u);
  expect(new URL(bens.url()).pathname).not.toBe(`/plans/${plan.id}`);
});

it('B21 a pasted link brings back the filter, the opened row and the moment', async () => {
  const page = await browserOf('ana');
  await open(page, '/r/2.8.0');
  await page.selectOption('select[name=state]', 'no-data');
  await page.click('form.filter button');
  await page.waitForURL(/state=/u);
  const [filtered, key] = [await rows(page), await page.getAttribute('#t\\:gates .opens', 'data-key')];
  await page.click('#t\\:gates .opens');
  await until(page, 'location.search.includes("open=")');
  const link = page.url();
  const pasted = await browserOf('ben');
  await pasted.goto(link);
  expect(await rows(pasted)).toBe(filtered);
  expect(await pasted.inputValue('select[name=state]')).toBe('no-data');
  const opened = `#r\\:gates\\:${(key ?? '').replaceAll(':', '\\:')}`;
  expect(await pasted.locator('tr.more:not([hidden])').count()).toBe(1);
  expect(await pasted.getAttribute(`${opened} .opens`, 'aria-expanded')).toBe('true');
  const then = new URL(link);
  then.searchParams.set('at', app.clock.now());
  app.clock.move(7200);
  await pasted.goto(then.href);
  expect(await pasted.textContent('.band-past')).toContain('14:00 UTC');
  expect(await rows(pasted)).toBe(filtered);
  expect(await pasted.locator('main [data-act]:not([aria-disabled=true])').count()).toBe(0);
  expect(await axe(pasted)).toEqual([]);
});

describe('B23 the same facts in every form', () => {
  it('of a release: page, .txt, Accept: text/plain and .json', async () => {
    const page = await browserOf('ana');
    const complaints = complaintsOf(page);
    await open(page, '/r/2.8.0');
    const get = async (path: string, accept = '*/*'): Promise<string> =>
      (await page.request.get(`${server.url}${path}`, { headers: { accept } })).text();
    const [text, plain, json] = [
      await get('/r/2.8.0.txt'),
      await get('/r/2.8.0', 'text/plain'),
      await get('/r/2.8.0.json'),
    ];
    expect(plain).toBe(text);
    const { data } = Release.parse(JSON.parse(json));
    expect(data.gates.length).toBeGreaterThan(5);
    const shown = await words(page);
    const facts = [
      ...data.gates.flatMap(({ id, verdict, summary }) => [id, STATE_WORDS[verdict].word, summary]),
      ...data.repos.flatMap(({ repo, branch }) => [repo, branch]),
      ...data.plans.map(({ id, title }) => `Plan ${id} ${title}`),
    ];
    expect(facts.filter((fact) => !shown.includes(fact))).toEqual([]);
    // Text is cut into lines, the words of a cell one under the other.
    const inText = facts.flatMap((fact) => fact.split(/\s+/u)).filter((word) => !squeezed(text).includes(word));
    expect(inText).toEqual([]);
    // No gate is in one form and not in the other.
    const rows = await page.locator('#t\\:gates tbody tr[data-row] th').allTextContents();
    expect(rows.map((row) => row.trim()).toSorted()).toEqual(data.gates.map(({ id }) => id).toSorted());
    expect(complaints).toEqual([]);
  });
});

describe('B24 rights', () => {
  it('an author sees what may not be done with the reason, and the API says 403 to it', async () => {
    const page = await browserOf('alice');
    await open(page, `/plans/${plan.id}`);
    const apply = '#act\\:apply';
    expect(await page.getAttribute(apply, 'aria-disabled')).toBe('true');
    const why = await page.getAttribute(apply, 'aria-describedby');
    expect(await page.textContent(`[id="${why ?? ''}"]`)).toContain('Needs role release-manager');
    await page.click(apply, { force: true });
    expect(await page.locator('dialog[open]').count()).toBe(0);
    const made = await createToken(
      { ...app, who: () => Promise.resolve('alice') },
      { name: 'hers', scope: 'write', days: 1 },
    );
    const secret = made.ok ? made.value.secret : '';
    const before = (await (await app.ledger()).read({ train: 'small' })).length;
    const answers = await Promise.all(
      [`/api/v1/plans/${plan.id}/apply`, '/api/v1/freeze', '/api/v1/r/2.8.0/gates/people/waive'].map((path) =>
        fetch(`${server.url}${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
          body: JSON.stringify({ reason: 'I want to', until: '7d' }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await answers[0]?.text()).toContain('release-manager');
    // What a refusal leaves is its record.
    const after = (await (await app.ledger()).read({ train: 'small' })).slice(before);
    expect(after.map(({ event }) => event.type).filter((type) => type !== 'refused')).toEqual([]);
    expect(app.git.pushes()).toBe(0);
  });
});
