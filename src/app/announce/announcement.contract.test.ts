import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { httpLinks } from '../../adapters/links/index.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { announceSandbox, type AnnounceSandbox } from '../../testing/announce-sandbox.ts';
import { applyIn, planIn } from '../../testing/promotion-story.ts';
import type { App } from '../app.ts';
import { recordAsk, sendAsk, showAsk } from '../asks.ts';
import { judge } from '../judge.ts';
import { approvePlan } from '../plans.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const SLUG = RepoSlug.parse('acme/vision');

let world: AnnounceSandbox;
let server: Server;
let host = '';
/** What the pages that are linked answer, by path; 404 for any other. */
let pages: Record<string, number>;

beforeEach(async () => {
  pages = {};
  server = createServer((request, response) => response.writeHead(pages[request.url ?? ''] ?? 404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await world.end();
});

async function begin(text: string, { way = 'issue' }: { readonly way?: 'issue' | 'hand' } = {}): Promise<void> {
  const announcement = {
    title: 'Acme {version} is out',
    text: 'announcement',
    to: 'everybody',
    sent: way === 'issue' ? { way, repo: 'vision' } : { way },
    due: { before: 'release', days: 0 },
    done: [{ by: 'sent' }],
    permanent: true,
    checkLinks: true,
  };
  const place = { holds: 'wheel', store: 'package-index', address: `http://${host}/` };
  const train = {
    asks: { announcement },
    texts: { announcement: text },
    channels: { index: { title: 'Index', write: 'once', places: [place] } },
  };
  world = await announceSandbox(['vision'], { train, release: RELEASE, at: '2025-07-30T09:00:00Z' });
}

const as = (login: string): App => ({ ...world.appOf(login), links: httpLinks() });
const send = () => sendAsk(as('rita'), { release: RELEASE, ask: 'announcement', dryRun: false });
const issues = () => as('rita').forge?.issues.findByMarker(SLUG, 'signalbox:ask announcement 2.8.0');
async function gate() {
  const { gates } = await judge(as('rita'), RELEASE, { only: ['ask:announcement'] });
  return gates[0];
}

it('is held back by a link that leads nowhere, agreed on by two others, sent once, and seen', async () => {
  await begin(`Read the notes (http://${host}/notes), and [start](http://${host}/start).`);
  pages['/start'] = 200;
  const refused = await send();
  expect(refused.ok ? '' : refused.problems[0].text).toBe(
    `announcement is not sent: 1 of 2 links in its text lead nowhere that is known: http://${host}/notes answers 404. Mend the link, or the text, and send it again.`,
  );
  expect(await gate()).toMatchObject({ verdict: 'failing' });
  pages['/notes'] = 200;
  const plan = planIn(await send());
  expect(plan.body).toMatchObject({ phrase: 'acme 2.8.0', steps: [{ kind: 'create-issue', reversible: 'never' }] });
  await expect(applyIn(as('rita'), plan)).rejects.toThrow('2 people other than its author must approve it');
  for (const login of ['ann', 'bob']) await approvePlan(as(login), plan.id);
  expect(await issues()).toEqual([]);
  await applyIn(as('rita'), plan);
  expect(await issues()).toMatchObject([{ title: 'Acme 2.8.0 is out' }]);
  expect(await gate()).toMatchObject({ verdict: 'pass', summary: 'asked of everybody: #1' });
  expect(await send()).toMatchObject({ ok: true, value: { kind: 'nothing-to-do' } });
  // Whoever applies it once more finds it by its marker.
  await applyIn(as('rita'), plan).catch(() => undefined);
  expect(await issues()).toHaveLength(1);
});

it('is not taken for sent because an outsider wrote one with its marker', async () => {
  await begin('Hello.');
  const body = '<!-- signalbox:ask announcement 2.8.0 --> Buy this.';
  await world.call('mallory', { method: 'POST', path: `/repos/${SLUG}/issues`, body: { title: 'Out!', body } });
  expect(await gate()).toMatchObject({ verdict: 'needs-you' });
});

it.each([
  ['the address of a machine of ours', 'http://127.0.0.1:9/admin'],
  ['the service of a cloud', 'http://169.254.169.254/latest/meta-data/'],
  ['a name of this machine', 'http://localhost:9/'],
])('calls nothing that is not public: %s', async (_name, link) => {
  await begin(`See ${link}.`);
  expect(await gate()).toMatchObject({ verdict: 'no-data' });
  const refused = await send();
  expect(refused.ok ? '' : refused.problems[0].code).toBe('ask-links-bad');
});

it('looks at no more links than a text has, and holds back what was not looked at', async () => {
  await begin(Array.from({ length: 60 }, (_none, index) => `http://${host}/page-${index}`).join('\n'));
  for (let index = 0; index < 60; index += 1) pages[`/page-${index}`] = 200;
  expect((await gate())?.summary).toContain('10 of 60 links in its text lead nowhere that is known');
});

it('is recorded with its link where people send it, its links looked at before', async () => {
  await begin(`See http://${host}/notes.`, { way: 'hand' });
  const shown = await showAsk(as('rita'), { release: RELEASE, ask: 'announcement' });
  expect(shown).toMatchObject({
    ok: true,
    value: { links: [{ state: 'open', text: `http://${host}/notes answers 404` }] },
  });
  pages['/notes'] = 200;
  expect(await gate()).toMatchObject({ verdict: 'needs-you' });
  const sent = { release: RELEASE, ask: 'announcement', what: 'sent', note: 'on the forum' } as const;
  const refused = await recordAsk(as('rita'), { ...sent, link: null });
  expect(refused.ok ? '' : refused.problems[0].code).toBe('ask-without-link');
  await recordAsk(as('rita'), { ...sent, link: 'https://forum.example/t/1' });
  expect(await gate()).toMatchObject({ verdict: 'pass', evidence: [{ link: 'https://forum.example/t/1' }, {}] });
});
