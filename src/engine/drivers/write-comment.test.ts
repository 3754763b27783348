import { expect, it } from 'vitest';
import type { WriteCommentStep } from '../../domain/plan/step.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { writeCommentDriver } from './write-comment.ts';

const slug = RepoSlug.parse('acme/core');

function world() {
  const memory = memoryForge();
  const repo = memory.repo(slug);
  const item = memory.writeIssue(slug, 'alice', { title: 'It crashes', body: '' });
  const step: WriteCommentStep = {
    kind: 'write-comment',
    key: `write-comment:core:${item}`,
    wave: 0,
    reversible: 'partly',
    undo: 'edit the comment',
    repo: RepoKey.parse('core'),
    slug,
    item,
    marker: 'signalbox:owed 2.8.1 core/7',
    trusted: ['rita'],
    body: 'Please post it.',
  };
  const written = (author: string, body: string) => {
    const at = repo.items[0]?.openedAt;
    if (at === undefined) throw new Error('no item');
    const id = repo.comments.length + 1;
    repo.comments.push({ id, item, author, body, writtenAt: at, editedAt: at, link: 'https://forge.example/c' });
  };
  return { ...memory, repo, driver: writeCommentDriver(memory.forge), step, written };
}

it('writes the comment with its marker once', async () => {
  const { driver, step, repo } = world();
  expect(await driver.observe(step)).toEqual({ is: 'absent' });
  await driver.act(step);
  expect(repo.comments[0]?.body).toBe('<!-- signalbox:owed 2.8.1 core/7 -->\nPlease post it.');
  expect(await driver.observe(step)).toMatchObject({ is: 'present', handle: { comment: '1' } });
  expect(driver.reverse(step, {})).toBeNull();
});

it('adopts one that somebody the train trusts wrote, and no outsider’s copy of the marker', async () => {
  const { driver, step, written } = world();
  written('mallory', `<!-- ${step.marker} -->`);
  expect(await driver.observe(step)).toEqual({ is: 'absent' });
  written('rita', `<!-- ${step.marker} --> asked by hand`);
  expect(await driver.observe(step)).toMatchObject({ is: 'present', handle: { comment: '2' } });
});
