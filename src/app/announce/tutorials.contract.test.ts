import { afterEach, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { announceSandbox, type AnnounceSandbox } from '../../testing/announce-sandbox.ts';
import { judge } from '../judge.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const CALENDAR = { cadence: { '2.8': { cut: { on: '2025-06-24' }, release: { on: '2025-07-30' } } } };
const WORKSTREAMS = { 'doc-eng': { title: 'Docs', poc: ['dora'] } };

let world: AnnounceSandbox;
afterEach(() => world.end());

async function begin(tutorials: object): Promise<void> {
  const train = { calendar: CALENDAR, workstreams: WORKSTREAMS, tutorials };
  world = await announceSandbox(['guides'], { train, release: RELEASE, at: '2025-07-10T09:00:00Z' });
}

async function gate() {
  const { gates } = await judge(world.appOf('rita'), RELEASE, { only: ['tutorials'] });
  return gates[0];
}

const at = (moment: string): void => world.clock.set(Instant.parse(moment));
const label = (pull: number) =>
  world.call('alice', { method: 'POST', path: `/repos/acme/guides/issues/${pull}/labels`, body: { labels: ['2.8'] } });

async function propose(branch: string, by = 'alice'): Promise<number> {
  const number = await world.propose('guides', { by, title: `About ${branch}`, branch });
  await label(number);
  return number;
}

it('follows the pull requests of a label from the first to the last, on a forge over HTTP', async () => {
  await begin({ repo: 'acme/guides', label: '{line}', owner: 'doc-eng' });
  expect(await gate()).toMatchObject({ verdict: 'queued', owners: ['dora', 'rita'] });
  const one = await propose('one');
  // An issue with the label is no tutorial, and neither is a pull request with another one.
  await world.call('ann', {
    method: 'POST',
    path: '/repos/acme/guides/issues',
    body: { title: 'When?', labels: ['2.8'] },
  });
  await world.propose('guides', { by: 'ann', title: 'Other', branch: 'other' });
  expect(await gate()).toMatchObject({
    verdict: 'queued',
    summary: '0 of 1 tutorial merged; 1 left; due 16 Jul, in 6 d',
  });
  at('2025-07-20T09:00:00Z');
  expect(await gate()).toMatchObject({ verdict: 'running' });
  const two = await propose('two', 'bob');
  expect(await gate()).toMatchObject({
    verdict: 'failing',
    summary: `0 of 2 tutorials merged; 1 late: #${two} @bob`,
    evidence: [
      { text: `late: #${two} About two, by @bob (open, opened 20 Jul)` },
      { text: `to be merged: #${one} About one, by @alice (open, opened 10 Jul)` },
    ],
  });
  const close = { method: 'PATCH', path: `/repos/acme/guides/pulls/${two}`, body: { state: 'closed' } };
  await world.call('stale[bot]', close);
  await world.call('rita', { method: 'PUT', path: `/repos/acme/guides/pulls/${one}/merge`, body: {} });
  expect(await gate()).toMatchObject({
    verdict: 'needs-you',
    summary: `1 of 2 tutorials merged; closed by no person: #${two}`,
  });
  await world.call('bob', { ...close, body: { state: 'open' } });
  await world.call('bob', close);
  expect(await gate()).toMatchObject({ verdict: 'pass', summary: '1 of 1 tutorial merged' });
});

it('follows those of a milestone', async () => {
  await begin({ repo: 'acme/guides', milestone: '{version}' });
  expect(await gate()).toMatchObject({ verdict: 'queued' });
  const number = await world.propose('guides', { by: 'alice', title: 'One', branch: 'one' });
  await world.call('rita', { method: 'POST', path: '/repos/acme/guides/milestones', body: { title: '2.8.0' } });
  const path = `/repos/acme/guides/issues/${number}`;
  await world.call('rita', { method: 'PATCH', path, body: { milestone: 1 } });
  expect((await gate())?.summary).toBe('0 of 1 tutorial merged; 1 left; due 16 Jul, in 6 d');
});

it('knows nothing of a repository that is not there, and there is no gate where nothing tells tutorials apart', async () => {
  await begin({ repo: 'acme/gone', label: '{line}' });
  expect(await gate()).toMatchObject({ verdict: 'no-data' });
  await world.end();
  await begin({ repo: 'acme/guides' });
  expect(await gate()).toBeUndefined();
});
