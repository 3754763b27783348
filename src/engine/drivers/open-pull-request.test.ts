import { describe, expect, it } from 'vitest';
import { BranchName } from '../../domain/git-names.ts';
import type { OpenPullRequestStep } from '../../domain/plan/step.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { fakeId } from '../../testing/memory-git.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { openPullRequestDriver } from './open-pull-request.ts';
import { closeDriver } from './tracker.ts';

const slug = RepoSlug.parse('acme/core');
const step: OpenPullRequestStep = {
  kind: 'open-pull-request',
  key: 'open-pull-request:core:cherry-pick-7-onto-2.8',
  wave: 1,
  reversible: 'yes',
  undo: 'close the pull request',
  repo: RepoKey.parse('core'),
  slug,
  head: BranchName.parse('cherry-pick-7-onto-2.8'),
  base: BranchName.parse('release/2.8'),
  title: 'Fix',
  body: '',
  draft: false,
  milestone: '2.8.0',
};

async function world({ milestones = ['2.8.0'] } = {}) {
  const memory = memoryForge();
  const core = memory.repo(slug);
  for (const branch of [step.head, step.base]) core.branches.set(branch, fakeId(branch));
  for (const title of milestones) await memory.forge.milestones.create(slug, { title, description: '' });
  memory.calls.length = 0;
  const milestoneOf = async (number: number) => (await memory.forge.issues.get(slug, number))?.milestone;
  return { ...memory, core, driver: openPullRequestDriver(memory.forge), milestoneOf };
}

describe('a pull request that belongs to a milestone', () => {
  it('is put into it before anything else is done with it, and is then there', async () => {
    const { driver, calls, milestoneOf } = await world();
    expect(await driver.observe(step)).toEqual({ is: 'absent' });
    await driver.act(step);
    expect(await milestoneOf(1)).toBe('2.8.0');
    expect(calls.filter((call) => /open|set|write|edit|create/.test(call))).toEqual([
      'pulls.open acme/core',
      'items.setMilestone acme/core',
    ]);
    expect(await driver.observe(step)).toMatchObject({ is: 'present', handle: { number: '1' } });
  });

  it('killed between the two, is not opened twice and gets its milestone', async () => {
    const { driver, forge, core, milestoneOf } = await world();
    const killed = openPullRequestDriver({
      ...forge,
      items: { ...forge.items, setMilestone: () => Promise.reject(new Error('killed')) },
    });
    await expect(killed.act(step)).rejects.toThrow('killed');
    expect(await driver.observe(step)).toEqual({ is: 'absent' });
    await driver.act(step);
    expect(core.pulls.length).toBe(1);
    expect(await milestoneOf(1)).toBe('2.8.0');
  });

  it('keeps the milestone that people chose, and one that is merged is left alone', async () => {
    const memory = await world({ milestones: ['2.8.0', '2.8.1'] });
    const { driver, forge, milestoneOf } = memory;
    await driver.act(step);
    await forge.items.setMilestone(slug, 1, '2.8.1');
    expect(await driver.observe(step)).toMatchObject({ is: 'present' });
    await driver.act(step);
    expect(await milestoneOf(1)).toBe('2.8.1');
    await forge.items.setMilestone(slug, 1, null);
    memory.merge(slug, 1, fakeId('merged'));
    expect(await driver.observe(step)).toMatchObject({ is: 'present' });
  });

  it('is not opened when the milestone is gone', async () => {
    const { driver, core } = await world({ milestones: [] });
    const reason: unknown = expect.stringContaining('no milestone 2.8.0');
    expect(await driver.act(step)).toMatchObject({ acted: false, reason });
    expect(core.pulls).toEqual([]);
  });

  it('taken back, is closed and is no closed item of the milestone', async () => {
    const { driver, forge, milestoneOf } = await world();
    await driver.act(step);
    const reverse = driver.reverse(step, { number: '1' });
    if (reverse?.kind !== 'close') throw new Error('no reverse');
    const closing = closeDriver(forge);
    expect(await closing.observe(reverse)).toEqual({ is: 'absent' });
    await forge.pulls.close(slug, 1);
    // Closed, then killed.
    expect(await closing.observe(reverse)).toEqual({ is: 'absent' });
    await closing.act(reverse);
    expect(await closing.observe(reverse)).toMatchObject({ is: 'present' });
    expect(await milestoneOf(1)).toBeNull();
  });

  it('taken back, stays in the milestone that people moved it to', async () => {
    const { driver, forge, milestoneOf } = await world({ milestones: ['2.8.0', '2.9.0'] });
    await driver.act(step);
    await forge.items.setMilestone(slug, 1, '2.9.0');
    const reverse = driver.reverse(step, { number: '1' });
    if (reverse?.kind !== 'close') throw new Error('no reverse');
    await closeDriver(forge).act(reverse);
    expect(await milestoneOf(1)).toBe('2.9.0');
  });
});
