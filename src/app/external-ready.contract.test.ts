import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ObjectId } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { addCommits } from '../testing/git-repos.ts';
import { fixedClock } from '../testing/fixed-clock.ts';
import { pickWorld, type PickWorld } from '../testing/pick-app.ts';
import { judge } from './judge.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');

let folder = '';
let world: PickWorld;

/** The made commits are of the first of January 2025; the train asks for the pin two days before the cut. */
const CUT = '2025-01-10';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'external-'));
  world = await pickWorld(folder, {
    dependencies: { compiler: { repo: 'vision', pinFile: 'pins/compiler.txt', ready: { days: 2 } } },
    calendar: { cadence: { '2.8': { cut: { on: CUT }, release: { on: '2025-02-10' } } } },
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function compilerCommit(branch: string): Promise<ObjectId> {
  const [id] = await addCommits(join(folder, 'vision.git'), [
    { branch, message: 'Compile', files: { 'c.txt': branch } },
  ]);
  if (id === undefined) throw new Error('the commit was not made');
  return id;
}
const pin = (text: string) =>
  world.commit([{ branch: 'viable/strict', message: 'Pin', files: { 'pins/compiler.txt': `${text}\n` } }]);
const gate = async (now = '2025-01-05T00:00:00Z') => {
  const app = { ...world.appOf('rita'), clock: fixedClock(Instant.parse(now)) };
  const [found] = (await judge(app, RELEASE, { families: ['external-ready'] })).gates;
  if (found === undefined) throw new Error('it was not judged');
  return found;
};
const LATE = '2025-01-09T00:00:00Z';

it('waits for the branch, then for the pin, and says until when', async () => {
  await pin('nothing yet');
  expect(await gate()).toMatchObject({
    id: 'external-ready:compiler',
    verdict: 'needs-you',
    summary: 'acme/vision has no release/0.23; to be merged until 8 Jan',
  });
  const commit = await compilerCommit('release/0.23');
  expect(await gate()).toMatchObject({
    verdict: 'needs-you',
    summary: 'pins/compiler.txt holds no commit of compiler; to be merged until 8 Jan',
  });
  expect(await gate(LATE)).toMatchObject({ verdict: 'failing' });
  await pin(commit);
  expect(await gate()).toMatchObject({ verdict: 'pass' });
  expect((await gate(LATE)).summary).toMatch(
    /^vision has release\/0\.23 at [0-9a-f]{9}; the pin is [0-9a-f]{9} on it, as on 2025-01-08$/u,
  );
});

it.each([
  ['of another branch', async () => compilerCommit('other')],
  ['that is nowhere', async () => 'a'.repeat(40)],
])('does not take a pin %s', async (_name, commit) => {
  await compilerCommit('release/0.23');
  await pin(await commit());
  expect((await gate()).summary).toMatch(/^the pin [0-9a-f]{9} is not on release\/0\.23; to be merged until 8 Jan$/u);
});

it('is no data where the repository cannot be reached, and no gate where the train does not ask', async () => {
  await pin('a'.repeat(40));
  await rm(join(folder, 'vision.git'), { recursive: true });
  expect(await gate()).toMatchObject({ verdict: 'no-data' });
  const app = (await pickWorld(join(folder, 'other'))).appOf('rita');
  expect((await judge(app, RELEASE, { families: ['external-ready'] })).gates).toEqual([]);
});
