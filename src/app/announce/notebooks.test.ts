import { afterEach, expect, it, vi } from 'vitest';
import { announceWorld, type AnnounceWorld } from '../../testing/announce-world.ts';
import { PROMOTED } from '../../testing/promotion-app.ts';
import { markFinal } from '../../testing/promotion-story.ts';
import { showAsk } from '../asks.ts';

// Recorded candidates on real git: long on a machine that does much else.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ASK = {
  title: 'Upgrading {upgrades}',
  text: 'request',
  to: 'the host',
  platform: 'linux-x86_64',
  sent: { way: 'hand' },
  after: 'final',
  due: { before: 'release', days: 0 },
  done: [{ by: 'sent' }],
};
const REQUEST =
  'Similar to {previous}\n{install}\nPython {pythons}, {accelerator}; {requires}\nNotes: {notes}\nOf {candidate}';

let world: AnnounceWorld;
afterEach(() => world.end());

async function textOf(ask: object = ASK) {
  world = await announceWorld({ asks: { notebooks: ask }, texts: { request: REQUEST } });
  return async () => {
    const shown = await showAsk(world.app, { release: PROMOTED, ask: 'notebooks' });
    if (!shown.ok) throw new Error(shown.problems[0].text);
    return shown.value.text;
  };
}

it('is written from the final candidate as it was recorded, and not before (DAY-03)', async () => {
  const read = await textOf();
  await world.candidate(3);
  expect(await read()).toMatchObject({ filled: false, missing: ['no candidate of 2.8.0 is final yet'] });
  await markFinal(world);
  expect(await read()).toEqual({
    filled: true,
    title: 'Upgrading torch to v2.8.0, torch_vision to v0.23.0',
    body: [
      'Similar to none that is known',
      'pip3 install torch==2.8.0 torch_vision==0.23.0',
      'Python 3.12, 3.13, CPU; nothing else by a fixed version',
      'Notes: not published on a forge',
      'Of v2.8.0-rc3',
    ].join('\n'),
  });
});

it('asks for no package that the manifest has not (DAY-03)', async () => {
  const read = await textOf();
  await world.candidate(3, ({ cell }) => !cell.startsWith('torch_vision/'));
  await markFinal(world);
  const text = await read();
  expect(text.title).toBe('Upgrading torch to v2.8.0');
  expect(JSON.stringify(text)).not.toContain('torch_vision');
});

it('says what is not known where the platform has nothing on the package index', async () => {
  const read = await textOf({ ...ASK, platform: 'plan9' });
  await world.candidate(3);
  await markFinal(world);
  expect(await read()).toMatchObject({
    filled: false,
    missing: ["the final candidate's manifest has no package for plan9 that goes to the package index"],
  });
});
