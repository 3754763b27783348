import { expect, it } from 'vitest';
import { memoryApp } from '../../testing/memory-app.ts';
import { entriesOf } from '../../app/record.ts';
import { ACTIONS } from './index.ts';

type App = ReturnType<typeof memoryApp>;

async function run(app: App, name: string, params: Record<string, string>, input: Record<string, string> = {}) {
  const action = ACTIONS.find((each) => each.name === name);
  if (action === undefined) throw new Error(`there is no action ${name}`);
  return action.run({ app, params, input });
}

it('takes the lock of a release away, for a reason that is kept, for release managers only', async () => {
  const app = memoryApp();
  const leases = await app.leases();
  await leases.take(app.loaded.train.train, 'release:2.8.0', { holder: 'a dead process', since: app.clock.now() });
  const other = { ...app, who: () => Promise.resolve('mallory') };
  expect(await run(other, 'release-unlock', { release: '2.8.0' }, { reason: 'mine' })).toMatchObject({
    problems: [{ code: 'role-missing' }],
  });
  expect(await run(app, 'release-unlock', { release: '2.8.0' }, { reason: 'its machine is gone' })).toMatchObject({
    value: { to: '/system', said: 'The lock of 2.8.0 was taken from a dead process.' },
  });
  const broken = (await entriesOf(app)).find(({ event }) => event.type === 'lease-broken');
  expect(broken?.event).toMatchObject({ reason: 'its machine is gone' });
  expect(await run(app, 'release-unlock', { release: '2.8.0' }, { reason: 'again' })).toMatchObject({
    value: { said: 'Nobody holds the lock of 2.8.0.' },
  });
});

it('revives no job that is not dead, and none for who is no release manager', async () => {
  const app = memoryApp();
  expect(await run(app, 'job-revive', { id: '<b>' })).toMatchObject({ problems: [{ code: 'no-such-job' }] });
  const other = { ...app, who: () => Promise.resolve('mallory') };
  expect(await run(other, 'job-revive', { id: 'x' })).toMatchObject({ problems: [{ code: 'role-missing' }] });
});

it('has each action once, by name and by path', () => {
  expect(new Set(ACTIONS.map(({ name }) => name)).size).toBe(ACTIONS.length);
  expect(new Set(ACTIONS.map(({ path }) => path)).size).toBe(ACTIONS.length);
});
