import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitAdapter } from '../../../adapters/git/index.ts';
import type { Gate } from '../../../domain/gate.ts';
import { NOW, RELEASE, smallTrain } from '../../../testing/small-train.ts';
import { readGitmodules, submoduleAddress } from './gitmodules.ts';
import { decideSubmodules, readSubmodules } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'submodules-'));
const host = join(folder, 'host');

function git(dir: string, ...args: readonly string[]): string {
  const who = {
    GIT_AUTHOR_NAME: 'T',
    GIT_AUTHOR_EMAIL: 't@x.test',
    GIT_COMMITTER_NAME: 'T',
    GIT_COMMITTER_EMAIL: 't@x.test',
  };
  const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...who };
  return execFileSync('git', ['-C', dir, ...args], { env, encoding: 'utf8' }).trim();
}

function repository(name: string): string {
  const dir = join(host, name);
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '--quiet', '--initial-branch=main', '--template=');
  git(dir, 'commit', '--quiet', '--allow-empty', '-m', 'first');
  return dir;
}

const commit = (dir: string, subject: string): string => {
  git(dir, 'commit', '--quiet', '--allow-empty', '-m', subject);
  return git(dir, 'rev-parse', 'HEAD');
};

let core: string;
/** Commits of the submodule's repository: on main, on its patched branch, only below a tag, and on nothing any more. */
let commits: Record<'main' | 'patched' | 'tagged' | 'lost', string>;

beforeAll(() => {
  const fmt = repository('other/fmt');
  const main = git(fmt, 'rev-parse', 'HEAD');
  commit(fmt, 'second');
  git(fmt, 'checkout', '--quiet', '-b', 'patched');
  const patched = commit(fmt, 'patch');
  git(fmt, 'checkout', '--quiet', '--detach', 'main');
  const tagged = commit(fmt, 'release');
  git(fmt, 'tag', '-a', '-m', 'v1', 'v1');
  git(fmt, 'checkout', '--quiet', '--detach', 'main');
  const lost = commit(fmt, 'lost');
  git(fmt, 'checkout', '--quiet', 'main');
  commits = { main, patched, tagged, lost };
  core = repository('acme/core');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Given {
  readonly gitmodules: string;
  readonly links?: Readonly<Record<string, string>>;
  readonly rules?: Record<string, unknown>;
}

async function gateOf({ gitmodules, links = { fmt: commits.main }, rules = {} }: Given): Promise<Gate> {
  git(core, 'checkout', '--quiet', '-B', 'release/2.8', 'main');
  writeFileSync(join(core, '.gitmodules'), gitmodules);
  git(core, 'add', '.gitmodules');
  for (const [path, id] of Object.entries(links))
    git(core, 'update-index', '--add', '--cacheinfo', `160000,${id},${path}`);
  git(core, 'commit', '--quiet', '-m', 'submodules');
  git(core, 'checkout', '--quiet', '--force', 'main');
  const train = smallTrain({ core: { remote: core, submodules: rules } });
  const adapter = gitAdapter({ mirrors: join(folder, 'mirrors') });
  const facts = await readSubmodules({ train, release: RELEASE, git: adapter, now: NOW, inFull: true });
  const [gate, ...more] = decideSubmodules(facts, { train, waivers: [], now: NOW });
  if (gate === undefined || more.length > 0) throw new Error('not one gate');
  return gate;
}

const section = (more = '', url = '../../other/fmt'): string =>
  `[submodule "fmt"]\n\tpath = fmt\n\turl = ${url}\n${more}`;
const texts = (gate: Gate): readonly string[] => gate.evidence.map(({ text }) => text);

describe('submodules-pinned', () => {
  it('passes for a commit that is behind the head of its recorded branch, and for one that is its head', async () => {
    const gate = await gateOf({ gitmodules: section('\tbranch = main\n') });
    expect(gate).toMatchObject({ id: 'submodules-pinned:core', verdict: 'pass' });
    expect(texts(gate)).toEqual([`fmt at ${commits.main.slice(0, 9)}, on branch main of ../../other/fmt`]);
    const head = await gateOf({ gitmodules: section('\tbranch = patched\n'), links: { fmt: commits.patched } });
    expect(head.verdict).toBe('pass');
  });

  it('fails for a commit of another branch than the recorded one, and for a branch that is not there', async () => {
    const other = await gateOf({ gitmodules: section('\tbranch = main\n'), links: { fmt: commits.patched } });
    expect(other).toMatchObject({ verdict: 'failing' });
    expect(other.summary).toContain(`fmt at ${commits.patched.slice(0, 9)} is not on main`);
    const none = await gateOf({ gitmodules: section('\tbranch = release/9\n') });
    expect(none.summary).toContain('its remote has no branch release/9');
  });

  it('takes main or a tag where none is recorded, and fails for what nothing holds', async () => {
    expect((await gateOf({ gitmodules: section() })).verdict).toBe('pass');
    const tagged = await gateOf({ gitmodules: section(), links: { fmt: commits.tagged } });
    expect(texts(tagged)[0]).toContain('on tag v1');
    const lost = await gateOf({ gitmodules: section(), links: { fmt: commits.lost } });
    expect(lost).toMatchObject({ verdict: 'failing' });
    expect(lost.summary).toContain('is no tag and not on main or master; .gitmodules records no branch');
  });

  it('wants what is patched from the fork of the organisation', async () => {
    const rules = { organisation: 'https://forge.example/acme', patched: ['fmt'] };
    expect((await gateOf({ gitmodules: section(), rules })).summary).toContain(
      'fmt is patched and from ../../other/fmt, not from the fork below https://forge.example/acme',
    );
    const missing = await gateOf({ gitmodules: section(), rules: { ...rules, patched: ['kineto'] } });
    expect(missing.summary).toContain('kineto is to be patched and is no submodule');
  });

  it('fails where .gitmodules and the tree do not agree', async () => {
    const untold = await gateOf({ gitmodules: section(), links: { fmt: commits.main, other: commits.main } });
    expect(untold.summary).toContain('.gitmodules does not tell where it is from');
    const gone = await gateOf({
      gitmodules: section() + section().replaceAll('fmt', 'gone'),
      links: { fmt: commits.main },
    });
    expect(gone.summary).toContain('gone is in .gitmodules and no submodule');
  });

  it('knows nothing of a remote that does not answer, and leaves out what the train excepts, with why', async () => {
    const dark = await gateOf({ gitmodules: section('', '../../other/nothing') });
    expect(dark.verdict).toBe('no-data');
    const left = await gateOf({
      gitmodules: section('', '../../other/nothing'),
      rules: { except: { fmt: 'moved to pip' } },
    });
    expect(left).toMatchObject({ verdict: 'skipped' });
    expect(texts(left)).toEqual(['fmt is not looked at: moved to pip']);
  });

  it('asks no address that a file of a repository has no business to name', async () => {
    const gate = await gateOf({ gitmodules: section('', 'http://127.0.0.1:9/admin') });
    expect(gate.summary).toContain('has an address that is not fetched from: http://127.0.0.1:9/admin');
  });
});

describe('an address of a submodule', () => {
  it.each([
    ['../fmt.git', 'https://x.test/a/core.git', 'https://x.test/a/fmt.git'],
    ['../../b/fmt', 'https://x.test/a/core', 'https://x.test/b/fmt'],
    ['./fmt', 'http://127.0.0.1:80/a/core', 'http://127.0.0.1:80/a/core/fmt'],
    ['https://y.test/fmt', 'http://127.0.0.1:80/a/core', 'https://y.test/fmt'],
    ['../../../../etc', 'https://x.test/a/core', null],
    ['http://127.0.0.1:81/x', 'http://127.0.0.1:80/a/core', null],
    ['/etc/passwd', 'https://x.test/a/core', null],
    ['ext::sh -c id', 'https://x.test/a/core', null],
    ['--upload-pack=id', 'https://x.test/a/core', null],
    ['file:///srv/x', '/srv/git/a/core', null],
  ])('%s of %s is %s', (url, parent, address) => {
    expect(submoduleAddress(url, parent)).toBe(address);
  });
});

describe('.gitmodules', () => {
  it('is read as git reads it', () => {
    const text =
      '[submodule "a b"]\r\n  path = "x y"\r\n  URL = https://x.test/a # why\r\n[other]\n path = z\n[submodule "c"]\n path = c\n';
    expect(readGitmodules(text)).toEqual([{ name: 'a b', path: 'x y', url: 'https://x.test/a', branch: null }]);
  });
});
