import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { RepoKey } from '../../domain/repo.ts';
import { RepoEntry } from '../../domain/train/repo-entry.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { announceSandbox, type AnnounceSandbox } from '../../testing/announce-sandbox.ts';
import { addCommits, makeRepo, type MadeFile } from '../../testing/git-repos.ts';
import { judge } from '../judge.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const DOCS = RepoKey.parse('docs');
const FILES: Readonly<Record<string, MadeFile>> = {
  '2.7/index.html': '2.7',
  '2.8/index.html': '2.8',
  stable: { link: '2.7' },
  'versions.html': '<a href="2.7/">v2.7.0 (stable)</a>\n',
};
const MOVED = { stable: { link: '2.8' }, 'versions.html': '<a href="2.8/">v2.8.0 (stable)</a> <a href="2.7/">' };

let world: AnnounceSandbox;
let folder = '';
afterEach(async () => {
  await world.end();
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

async function begin(): Promise<void> {
  const train = { releaseDay: { docs: { repo: 'docs' } } };
  world = await announceSandbox(['docs'], { train, release: RELEASE, at: '2025-07-30T09:00:00Z' });
}

/** The gate, with the documentation at this place. */
async function gate(place: object, login = 'rita') {
  const entry = RepoEntry.parse({ role: 'external', source: 'main', owners: ['dora'], ...place });
  const app = world.appOf(login, (train) => ({ ...train, repos: { ...train.repos, [DOCS]: entry } }));
  const { gates } = await judge(app, RELEASE, { only: ['docs-pointer'] });
  return gates[0];
}

async function tagCore(version: string): Promise<void> {
  const [commit] = await world.own.commit([{ files: { 'version.txt': version } }]);
  if (commit === undefined) throw new Error('nothing was committed');
  await world.own.tag(`v${version}`, commit);
}

it('follows a link and a menu on a forge over HTTP, without fetching the repository', async () => {
  await begin();
  await world.push('docs', [{ files: FILES }]);
  await tagCore('2.7.0');
  const place = { slug: 'acme/docs' };
  expect(await gate(place)).toMatchObject({
    verdict: 'queued',
    summary: 'moved once 2.8.0 is out; stable leads to 2.7',
    owners: ['dora', 'rita'],
  });
  await tagCore('2.8.0');
  expect(await gate(place)).toMatchObject({
    verdict: 'failing',
    summary: 'stable leads to 2.7, not to 2.8; versions.html does not have 2.8',
  });
  await world.push('docs', [{ files: MOVED }]);
  expect(await gate(place)).toMatchObject({ verdict: 'pass', summary: 'stable leads to 2.8; versions.html has 2.8' });
  // Somebody takes it for a folder.
  await world.push('docs', [{ files: { stable: null, 'stable/index.html': 'docs' } }]);
  expect(await gate(place)).toMatchObject({
    verdict: 'failing',
    summary: 'stable is neither a link nor a text, not to 2.8',
  });
  await world.push('docs', [{ files: { 'stable/index.html': null, stable: '<meta content="0; url=/2.8/">' } }]);
  expect(await gate(place)).toMatchObject({ verdict: 'pass' });
});

it('knows nothing of a repository that is not there or hidden', async () => {
  await begin();
  await tagCore('2.8.0');
  expect(await gate({ slug: 'acme/gone' })).toMatchObject({ verdict: 'no-data' });
});

it('reads a repository that is on no forge by git', async () => {
  await begin();
  await tagCore('2.8.0');
  folder = await mkdtemp(join(tmpdir(), 'docs-pointer-'));
  const remote = join(folder, 'docs.git');
  await makeRepo({ dir: remote, commits: [{ files: FILES }] });
  expect(await gate({ remote })).toMatchObject({
    verdict: 'failing',
    summary: 'stable leads to 2.7, not to 2.8; versions.html does not have 2.8',
  });
  await addCommits(remote, [{ files: { ...MOVED, 'versions.html': Buffer.from([0xff, 0xfe]) } }]);
  expect(await gate({ remote })).toMatchObject({
    verdict: 'failing',
    summary: 'versions.html cannot be read as text',
  });
  await addCommits(remote, [{ files: MOVED }]);
  expect(await gate({ remote })).toMatchObject({ verdict: 'pass' });
  await rm(remote, { recursive: true });
  expect(await gate({ remote })).toMatchObject({ verdict: 'no-data' });
});
