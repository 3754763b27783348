import { describe, expect, it } from 'vitest';
import type { Gate } from '../../domain/gate.ts';
import type { GitFile } from '../../ports/git.ts';
import { memoryGit, type GitWorld } from '../../testing/reading-ports.ts';
import { commitId, NOW, RELEASE, smallTrain, worldFailure } from '../../testing/small-train.ts';
import { decideTriggers } from './decide-triggers.ts';
import { readTriggers } from './read-triggers.ts';

const [MAIN, LINE] = [commitId('a'), commitId('b')];
const train = smallTrain({ vision: { binaries: { workflows: ['.github/workflows/build-*.yml'] }, owners: ['vera'] } });

function workflow(name: string, on: string): GitFile {
  return {
    path: `.github/workflows/${name}.yml`,
    mode: '100644',
    blob: commitId('9'),
    text: `on:${on}\njobs: {a: {runs-on: x}}\n`,
  };
}

const RC = '\n  push:\n    branches: [main]\n    tags: ["v[0-9]+.[0-9]+.[0-9]+-rc[0-9]+"]';
const MAIN_ONLY = '\n  push:\n    branches: [main]';

/** The memory git gives every file: what the pattern of the train names is begun with `build-`. */
async function gates(files: readonly GitFile[], world: Partial<GitWorld> = {}): Promise<readonly Gate[]> {
  const git = memoryGit({
    refs: { vision: { 'refs/heads/main': MAIN } },
    files: { [MAIN]: files.filter(({ path }) => path.includes('/build-')) },
    ...world,
  });
  const all = await readTriggers({ train, release: RELEASE, git, forge: null, now: NOW });
  return decideTriggers(all, { train, release: RELEASE, waivers: [], now: NOW });
}

async function only(files: readonly GitFile[], world: Partial<GitWorld> = {}): Promise<Gate> {
  const [gate, ...more] = await gates(files, world);
  if (gate === undefined || more.length > 0) throw new Error('not one gate');
  return gate;
}

describe('rc-trigger-present', () => {
  it('passes where the tag of a candidate starts every build workflow', async () => {
    expect(
      await only([workflow('build-linux', RC), workflow('build-mac', ' push'), workflow('lint', MAIN_ONLY)]),
    ).toMatchObject({
      id: 'rc-trigger-present:vision',
      verdict: 'pass',
      owners: ['vera', 'rita'],
      summary: 'vision main at aaaaaaaaa: v0.23.0-rc1 starts all 2 build workflows',
    });
  });

  it('names each workflow that would not start, with its line', async () => {
    const gate = await only([
      workflow('build-linux', MAIN_ONLY),
      workflow('build-mac', RC),
      workflow('build-win', ' pull_request'),
    ]);
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toBe(
      '.github/workflows/build-linux.yml:2 is started by branches alone, not by v0.23.0-rc1, and 1 more of 3',
    );
    expect(gate.evidence.map(({ text }) => text)[1]).toContain(
      'build-win.yml:1 is not started by pushes (on: pull_request)',
    );
  });

  it('fails for a file that is no workflow, and never passes it over', async () => {
    const broken = { ...workflow('build-mac', RC), text: 'on: [push\n' };
    const binary = { ...workflow('build-win', RC), text: null };
    const gate = await only([workflow('build-linux', RC), broken, binary]);
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toMatch(/build-mac\.yml:\d is no YAML: .*, and 1 more of 3/);
  });

  it('fails for a call that would end the run at its start, and says how many jobs there are otherwise', async () => {
    const calling = {
      ...workflow('build-linux', RC),
      text: `on:${RC}\njobs:\n  a: {uses: ./.github/workflows/build-none.yml}\n`,
    };
    const gate = await only([calling, workflow('build-mac', RC)]);
    expect(gate.verdict).toBe('failing');
    expect(gate.summary).toContain('build-linux.yml:6 a: calls ./.github/workflows/build-none.yml, which is not there');
    const [evidence] = (await only([workflow('build-mac', RC)])).evidence;
    expect(evidence?.text).toBe('.github/workflows/build-mac.yml:2 is started by v0.23.0-rc1: 1 job');
  });

  it('fails where no workflow is what the train names', async () => {
    expect(await only([workflow('lint', RC)])).toMatchObject({
      verdict: 'failing',
      summary: 'vision main at aaaaaaaaa has no workflow .github/workflows/build-*.yml',
    });
  });

  it('looks at the release branch once there is one', async () => {
    const world = {
      refs: { vision: { 'refs/heads/main': MAIN, 'refs/heads/release/0.23': LINE } },
      files: { [MAIN]: [workflow('build-linux', RC)], [LINE]: [workflow('build-linux', MAIN_ONLY)] },
    };
    expect(await only([], world)).toMatchObject({ verdict: 'failing' });
  });

  it('knows nothing where the remote cannot be read, and says when neither branch is there', async () => {
    expect(await only([], { fail: worldFailure('unreachable', 'no route') })).toMatchObject({
      verdict: 'no-data',
      summary: 'could not be read: no route',
    });
    expect(await only([], { refs: { vision: {} } })).toMatchObject({
      verdict: 'failing',
      summary: 'vision has neither release/0.23 nor main',
    });
  });

  it('is asked of no repository whose workflows the train does not name', async () => {
    const git = memoryGit({});
    expect(await readTriggers({ train: smallTrain(), release: RELEASE, git, forge: null, now: NOW })).toEqual([]);
  });
});
