import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announceWorld, WEBSITE, type AnnounceWorld } from '../../testing/announce-world.ts';
import { PROMOTED } from '../../testing/promotion-app.ts';
import { applyIn, carryOut, markFinal, planIn } from '../../testing/promotion-story.ts';
import { judge } from '../judge.ts';
import { promotePypi } from '../promotion/pypi.ts';
import { promoteStable, STABLE_GATES } from '../promotion/stable.ts';
import { promoteStage } from '../promotion/stage.ts';
import { proposeGetStarted } from './get-started.ts';

const input = { release: PROMOTED, dryRun: false };

// Whole releases on real git: long on a machine that does much else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let world: AnnounceWorld;
beforeEach(async () => {
  world = await announceWorld();
});
afterEach(() => world.end());

async function gates(only?: string) {
  const judged = await judge(
    world.app,
    PROMOTED,
    only === undefined ? { families: ['get-started-matrix'] } : { only: [`get-started-matrix:${only}`] },
  );
  return new Map(judged.gates.map((gate) => [gate.id.split(':')[1], gate]));
}

async function release(): Promise<void> {
  await carryOut(world, planIn(await promoteStage(world.app, input)));
  await world.waive(STABLE_GATES);
  await carryOut(world, planIn(await promoteStable(world.app, input)));
  await world.waive(['artifacts-complete']);
  await carryOut(world, planIn(await promotePypi(world.app, input)));
}

it('opens one pull request with both files, tried against the candidates before, and against stable after; merged on the day', async () => {
  expect([...(await gates()).values()].map(({ verdict }) => verdict)).toEqual(['queued', 'queued', 'queued', 'queued']);
  await world.candidate(3);
  await markFinal(world);
  // Judged with everything else, no installer is started.
  const { gates: all } = await judge(world.app, PROMOTED, {});
  expect(all.find(({ id }) => id === 'get-started-matrix:tested')).toMatchObject({ verdict: 'no-data' });
  expect(world.asked).toEqual([]);
  expect((await gates('tested')).get('tested')).toMatchObject({
    verdict: 'pass',
    summary: '2 of 2 commands install 2.8.0 from test',
  });
  expect(world.asked.map(({ index, requirements }) => [index, requirements.join(' ')])).toEqual([
    ['https://files.example/test/cpu/', 'torch torch_vision'],
    ['https://files.example/test/cu126/', 'torch torch_vision'],
  ]);

  const before = await world.page('published_versions.json');
  await applyIn(world.app, planIn(await proposeGetStarted(world.app, input)));
  const { pulls } = world.forge.repo(WEBSITE);
  expect(pulls).toHaveLength(1);
  expect(pulls[0]).toMatchObject({ title: '[Getting Started Page] 2.8.0', base: 'main', state: 'open' });
  expect(pulls[0]?.body).toContain('Merge this on the release day only');
  expect(await world.page('published_versions.json')).toBe(before);
  expect(await proposeGetStarted(world.app, input)).toMatchObject({ ok: true, value: { kind: 'nothing-to-do' } });
  expect((await gates()).get('proposed')).toMatchObject({
    verdict: 'pass',
    summary: '#1 brings exactly what 2.8.0 needs',
  });
  expect((await gates()).get('merged')).toMatchObject({ verdict: 'queued' });

  await release();
  expect((await gates()).get('merged')).toMatchObject({ verdict: 'needs-you', fix: 'merge #1' });
  await world.merge(1);
  const after = await gates();
  expect(after.get('merged')).toMatchObject({ verdict: 'pass', summary: 'the page shows 2.8.0, as it is' });
  expect(after.get('works')).toMatchObject({ verdict: 'pass', summary: '2 of 2 commands install 2.8.0 from stable' });
  expect(after.get('tested')).toMatchObject({ verdict: 'skipped' });
  expect(world.asked.slice(-2).map(({ index }) => index)).toEqual([
    'https://index.example/simple/',
    'https://files.example/stable/cu126/',
  ]);
  const page: unknown = JSON.parse(await world.page('published_versions.json'));
  expect(page).toMatchObject({
    latest_stable: '2.8.0',
    versions: {
      '2.8.0': {
        linux: {
          pip: {
            accnone: { note: null, command: 'pip3 install torch torch_vision' },
            'cuda.x': {
              note: null,
              command: 'pip3 install torch torch_vision --index-url https://files.example/stable/cu126',
            },
          },
        },
      },
    },
  });
  expect(await world.page('assets/quick-start-module.js')).toContain('let stable_version="Stable (2.8.0)";');
});

it('is closed while the page shows what is not public yet', async () => {
  await world.candidate(3);
  await markFinal(world);
  await applyIn(world.app, planIn(await proposeGetStarted(world.app, input)));
  await world.merge(1);
  expect((await gates()).get('merged')).toMatchObject({
    verdict: 'failing',
    summary: 'the page shows 2.8.0 already, and it is not public yet',
  });
});

it('is closed while a command would install something else, and names it', async () => {
  await world.candidate(3);
  world.instead.set('torch_vision', '0.24.0');
  expect((await gates('tested')).get('tested')).toMatchObject({
    verdict: 'failing',
    summary:
      '0 of 2 commands install 2.8.0 from test; linux accnone (Python 3.13): torch_vision would be 0.24.0, not 0.23.0+cpu; and 1 more',
  });
});

it('does not open again what people closed, and puts what a later candidate lacks on top of what is open', async () => {
  await world.candidate(3);
  await applyIn(world.app, planIn(await proposeGetStarted(world.app, input)));
  await world.candidate(4, ({ cell }) => !cell.includes('/cu126/'));
  expect((await gates()).get('proposed')).toMatchObject({
    verdict: 'failing',
    summary: '#1 is not what 2.8.0 needs any more',
  });
  const plan = planIn(await proposeGetStarted(world.app, input));
  expect(plan.body.steps.map(({ kind, reversible }) => `${kind} ${reversible}`)).toEqual(['push-commit partly']);
  await applyIn(world.app, plan);
  expect((await gates()).get('proposed')).toMatchObject({ verdict: 'pass' });
  await world.forge.forge.pulls.close(WEBSITE, 1);
  const refused = await proposeGetStarted(world.app, input);
  expect(refused.ok ? '' : refused.problems[0].text).toContain('Signalbox does not open it again against people');
});

it('plans nothing on files that were never recorded', async () => {
  const refused = await proposeGetStarted(world.app, input);
  expect(refused.ok ? '' : refused.problems[0]).toMatchObject({ code: 'not-recorded' });
});
