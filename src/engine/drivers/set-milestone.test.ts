import { expect, it } from 'vitest';
import type { SetMilestoneStep } from '../../domain/plan/step.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { setMilestoneDriver } from './set-milestone.ts';

const slug = RepoSlug.parse('acme/core');

async function world() {
  const memory = memoryForge();
  memory.repo(slug);
  for (const title of ['2.8.1', '2.9.0']) await memory.forge.milestones.create(slug, { title, description: '' });
  const item = memory.writeIssue(slug, 'alice', { title: 'It crashes', body: '' });
  const step: SetMilestoneStep = {
    kind: 'set-milestone',
    key: `set-milestone:core:${item}`,
    wave: 1,
    reversible: 'yes',
    undo: 'take it out of the milestone',
    repo: RepoKey.parse('core'),
    slug,
    item,
    from: null,
    to: '2.8.1',
  };
  const milestoneOf = async () => (await memory.forge.issues.get(slug, item))?.milestone;
  return { ...memory, driver: setMilestoneDriver(memory.forge), step, milestoneOf };
}

it('puts an item into its milestone once, adopts one that is there, and takes it back', async () => {
  const { driver, step, milestoneOf } = await world();
  expect(await driver.observe(step)).toEqual({ is: 'absent' });
  await driver.act(step);
  expect(await milestoneOf()).toBe('2.8.1');
  const state = await driver.observe(step);
  expect(state).toMatchObject({ is: 'present', text: `#${step.item} is in milestone 2.8.1` });
  const reverse = driver.reverse(step, { number: String(step.item) });
  expect(reverse).toMatchObject({ from: '2.8.1', to: null });
  if (reverse?.kind !== 'set-milestone') throw new Error('no reverse');
  await driver.act(reverse);
  expect(await milestoneOf()).toBeNull();
  expect(await driver.observe(reverse)).toMatchObject({ is: 'present' });
});

it('stops where somebody put it into another milestone meanwhile, or where it is not there', async () => {
  const { driver, step, forge } = await world();
  await forge.items.setMilestone(slug, step.item, '2.9.0');
  const textOf = async (of: SetMilestoneStep) => {
    const state = await driver.observe(of);
    return state.is === 'other' ? state.text : state.is;
  };
  expect(await textOf(step)).toContain('milestone 2.9.0');
  expect(await textOf({ ...step, item: 4711 })).toContain('does not exist');
});
