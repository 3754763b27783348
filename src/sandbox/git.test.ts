import { afterEach, expect, test } from 'vitest';

import { isRefName, runGit } from './git.ts';
import { cleanUp, freshFolder, git } from './test-world.ts';

afterEach(cleanUp);

test.each([
  'refs/heads/main',
  'refs/heads/release/2.8',
  'refs/heads/orig/release/2.8',
  'refs/tags/v2.8.0-rc1',
  'refs/heads/ciflow/trunk/123456',
  'refs/heads/a..b',
  'refs/heads/a.lock',
  'refs/heads/a.lock/b',
  'refs/heads/a.locks',
  'refs/heads/.a',
  'refs/heads/a.',
  'refs/heads/a./b',
  'refs/heads/a/',
  'refs/heads//a',
  'refs/heads/a b',
  'refs/heads/-a',
  'refs/heads/a@{1}',
  'refs/heads/a+b',
  'refs/heads/a\n',
  'refs/heads',
  'refs',
  'refs/',
  'heads/main',
])('what is taken for a ref name without git is one to git: %j', async (ref) => {
  const folder = freshFolder();
  git(folder, 'init', '--quiet', '--bare', '.');
  const { code } = await runGit(folder, ['check-ref-format', ref], { allow: [1] });
  expect(await isRefName(folder, ref)).toBe(code === 0 && ref.startsWith('refs/'));
});
