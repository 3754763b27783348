import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { madePage } from '../testing/made-page.ts';
import { memoryApp } from '../testing/memory-app.ts';
import { pageFinder } from './address.ts';
import { liveRoute, Streams } from './live-route.ts';
import { Showing } from './show.ts';
import { browserSessions } from './sign-in/browser-sessions.ts';
import { signInGuard } from './sign-in/guard.ts';
import { loopbackOutside } from './sign-in/outside.ts';
import { Snapshots } from './snapshots.ts';

/** Beats between two looks at a person's rights. */
const BEATS = 6;

it('ends the stream of somebody whose session is over, and not that of somebody else', async () => {
  const app = memoryApp();
  const outside = loopbackOutside(8787);
  const guard = signInGuard({
    app,
    outside: () => outside,
    link: true,
    html: () => '',
    addressOf: () => '127.0.0.1',
  });
  const streams = new Streams();
  const snapshots = new Snapshots({ app, failed: () => undefined });
  const route = {
    guard,
    find: pageFinder([madePage()]),
    snapshots,
    showing: new Showing(app),
    now: () => app.clock.now(),
  };
  const site = new Hono().get('/live', (context) => liveRoute(context, route, streams));
  const sessions = browserSessions(async () => (await app.sessions()).people, app.clock);
  const open = async (login: string) => {
    const { secret, formKey } = await sessions.begin(login, 'link');
    const cookie = `signalbox-session-8787=${secret}.${formKey}`;
    const answer = await site.request('http://127.0.0.1:8787/live?page=/', { headers: { cookie } });
    expect(answer.status).toBe(200);
    const shown = await sessions.find({ secret, formKey });
    return { text: answer.text(), end: async () => shown !== null && sessions.end(shown) };
  };
  const ana = await open('ana');
  const ben = await open('ben');
  expect(streams.size).toBe(2);
  await ana.end();
  for (let beat = 0; beat < BEATS; beat += 1) streams.beat();
  expect(await ana.text).toContain('event: gone');
  expect(streams.size).toBe(1);
  streams.end();
  expect(await ben.text).not.toContain('event: gone');
});
