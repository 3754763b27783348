import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { branchRef, ObjectId, tagRef } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import type { RemoteRepo } from '../../ports/git.ts';
import { GitError } from '../../ports/git.ts';
import { addCommits, makeRepo, refsOf, testGit, treeOf } from '../../testing/git-repos.ts';
import type { MadeRepo } from '../../testing/git-repos.ts';
import { serveGit } from '../../testing/git-server.ts';
import { mirrorName } from './address.ts';
import { gitAdapter } from './index.ts';

const main = branchRef('main');
const date = Instant.parse('2025-03-17T12:00:00Z');
const author = { name: 'Grace Hopper', email: 'grace@example.org' };
const TOKEN = 'ghs_TopSecretTokenOfTheTest';
const run = promisify(execFile);

let root = '';
let mirrors = '';
let repo: MadeRepo;
let at: RemoteRepo;
let tip: ObjectId;
/** Undone after the test, last first. */
let closers: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-git-'));
  mirrors = join(root, 'mirrors');
  const commits = Array.from({ length: 120 }, (_none, index) => ({
    files: { 'a.txt': `${index}\n`, [`d/${index}.yml`]: `${index}\n` },
  }));
  repo = await makeRepo({ dir: join(root, 'remotes', 'core.git'), commits });
  at = { repo: 'core', remote: repo.dir };
  tip = ObjectId.parse(repo.commits.at(-1));
});
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
  closers = [];
  await rm(root, { recursive: true, force: true });
});

async function served(token: string | null = null) {
  const server = await serveGit(join(root, 'remotes'), token);
  closers.push(server.close);
  return server;
}

async function failureOf(attempt: Promise<unknown>): Promise<GitError> {
  const error: unknown = await attempt.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof GitError) return error;
  throw error;
}

/** A PATH on which git is a script that notes its process id and arguments, and becomes git. */
async function notedGit() {
  const bin = join(root, 'bin');
  const notes = join(root, 'notes');
  await mkdir(bin);
  const real = (await run('which', ['git'])).stdout.trim();
  await writeFile(join(bin, 'git'), `#!/bin/sh\necho "$$ $*" >> '${notes}'\nexec '${real}' "$@"\n`);
  await chmod(join(bin, 'git'), 0o755);
  return {
    environment: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    read: () => readFile(notes, 'utf8'),
  };
}

const mirror = (): string => join(mirrors, mirrorName(at));

const packs = async (): Promise<readonly string[]> => {
  const folder = join(mirror(), 'objects', 'pack');
  return (await readdir(folder)).map((name) => join(folder, name));
};

async function packCount(): Promise<number> {
  return (await packs()).filter((name) => name.endsWith('.pack')).length;
}

describe.each(['the file system', 'HTTP'])('a mirror of a remote over %s', (way) => {
  beforeEach(async () => {
    if (way === 'HTTP') at = { repo: 'core', remote: (await served()).urlOf('core.git') };
  });

  it.each<[string, () => Promise<unknown>]>([
    ['deleted', () => rm(mirror(), { recursive: true })],
    ['robbed of its HEAD', () => rm(join(mirror(), 'HEAD'))],
    ['robbed of its objects', () => rm(join(mirror(), 'objects'), { recursive: true })],
    ['robbed of its packs', async () => Promise.all((await packs()).map((pack) => rm(pack)))],
    ['given a configuration that is none', () => writeFile(join(mirror(), 'config'), '[core\nbare')],
    [
      'given truncated packs',
      async () =>
        Promise.all(
          (await packs()).map(async (pack) => {
            await chmod(pack, 0o644);
            await truncate(pack, 300);
          }),
        ),
    ],
    ['given an empty HEAD', () => truncate(join(mirror(), 'HEAD'))],
    [
      'given refs that are none',
      async () => {
        const folder = join(mirror(), 'refs', 'fetched');
        await Promise.all((await readdir(folder)).map((name) => writeFile(join(folder, name), 'nonsense')));
      },
    ],
  ])('is used on, fetched into and pushed from after it was %s', async (_name, damage) => {
    const git = gitAdapter({ mirrors });
    await git.fetch(at, [main]);
    expect(await packs()).not.toEqual([]);
    await damage();
    expect(await git.files(at, tip, ['a.txt'])).toMatchObject([{ text: '119\n' }]);
    await damage();
    expect(await git.push(at, [{ ref: branchRef('orig'), from: null, to: tip }])).toEqual({ pushed: true });
    await damage();
    await git.fetch(at, [main]);
    expect((await git.log(at, { from: null, to: tip, limit: 1 })).count).toBe(120);
    expect((await readdir(mirrors)).length).toBe(1);
  });

  it('has what was pushed to the remote since, each time it is fetched into', async () => {
    const git = gitAdapter({ mirrors });
    for (const text of ['one\n', 'two\n', 'three\n']) {
      await git.fetch(at, [main]);
      const [next = tip] = await addCommits(repo.dir, [{ files: { 'a.txt': text } }]);
      await git.fetch(at, [main]);
      expect(await git.files(at, next, ['a.txt'])).toMatchObject([{ text }]);
      await git.fetch(at, [main]);
    }
  });

  it('is tidied after it has been fetched into many times, and keeps everything', async () => {
    const git = gitAdapter({ mirrors });
    await git.fetch(at, [main]);
    for (const id of repo.commits.slice(0, 60))
      await testGit(mirror(), ['pack-objects', '-q', join(mirror(), 'objects', 'pack', 'pack')], `${id}\n`);
    expect(await packCount()).toBe(61);
    await addCommits(repo.dir, [{ files: { 'a.txt': 'more\n' } }]);
    await git.fetch(at, [main]);
    expect(await packCount()).toBeLessThan(10);
    await testGit(mirror(), ['fsck', '--strict', '--no-dangling', '--connectivity-only']);
    expect((await git.log(at, { from: null, to: tip, limit: 1 })).count).toBe(120);
  });

  it('serves many calls of one process at once', async () => {
    const git = gitAdapter({ mirrors });
    const read = async (index: number): Promise<void> => {
      await git.fetch(at, [main]);
      expect(await git.files(at, tip, [`d/${index}.yml`])).toMatchObject([{ text: `${index}\n` }]);
    };
    await Promise.all(Array.from({ length: 12 }, (_none, index) => read(index)));
  });

  it('serves two processes that fetch and push at once', async () => {
    const script = `
      const { gitAdapter } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
      const git = gitAdapter({ mirrors: ${JSON.stringify(mirrors)} });
      const [name] = process.argv.slice(1);
      const at = ${JSON.stringify(at)};
      let parent = ${JSON.stringify(tip)};
      for (let round = 0; round < 8; round += 1) {
        await git.fetch(at, ['refs/heads/main']);
        const files = [{ path: name, mode: '100644', before: round === 0 ? null : (await git.files(at, parent, [name]))[0].blob, after: String(round) }];
        const id = await git.writeCommit(at, { parent, files, message: 'm', author: ${JSON.stringify(author)}, date: ${JSON.stringify(date)} });
        const answer = await git.push(at, [{ ref: 'refs/heads/' + name, from: round === 0 ? null : parent, to: id }]);
        if (!answer.pushed) throw new Error(JSON.stringify(answer));
        parent = id;
      }`;
    const grow = async (): Promise<void> => {
      for (let index = 0; index < 10; index += 1)
        await addCommits(repo.dir, [{ files: { 'a.txt': `grown ${index}\n` } }]);
    };
    const child = (name: string) => run(process.execPath, ['--input-type=module', '-e', script, name]);
    await Promise.all([child('one'), child('two'), grow()]);
    const refs = await refsOf(repo.dir);
    for (const name of ['one', 'two'])
      expect(await treeOf(repo.dir, refs[`refs/heads/${name}`] ?? '')).toHaveProperty([name]);
    await testGit(repo.dir, ['fsck', '--strict', '--no-dangling']);
  });

  it('is fetched into again after git was killed in the middle of a fetch', async () => {
    const server = await served();
    const noted = await notedGit();
    const git = gitAdapter({ mirrors, environment: noted.environment });
    const web = { repo: 'core', remote: server.urlOf('core.git') };
    const stalled = server.stallNext('git-upload-pack', 2000);
    const attempt = failureOf(git.fetch(web, [main]));
    await stalled;
    const pid = Number(/^(\d+) fetch/m.exec(await noted.read())?.[1]);
    process.kill(-pid, 'SIGKILL');
    expect(await attempt).toMatchObject({ code: 'failed' });
    await git.fetch(web, [main]);
    expect((await git.log(web, { from: null, to: tip, limit: 1 })).count).toBe(120);
  });

  it('is freed of the locks that a killed git left', async () => {
    const git = gitAdapter({ mirrors, limits: { staleLockMillis: 200 } });
    await git.fetch(at, [main]);
    const [kept = ''] = await readdir(join(mirror(), 'refs', 'fetched'));
    const locks = [
      'shallow.lock',
      'packed-refs.lock',
      'index.lock',
      'HEAD.lock',
      'config.lock',
      join('refs', 'fetched', `${kept}.lock`),
    ];
    await Promise.all(locks.map((name) => writeFile(join(mirror(), name), '')));
    const long = new Date(1000);
    await Promise.all(locks.slice(0, 3).map((name) => utimes(join(mirror(), name), long, long)));
    const [next = tip] = await addCommits(repo.dir, [{ files: { 'a.txt': 'next\n' } }]);
    await git.fetch(at, [main]);
    expect(await git.files(at, next, ['a.txt'])).toMatchObject([{ text: 'next\n' }]);
    expect(await git.push(at, [{ ref: branchRef('orig'), from: null, to: next }])).toEqual({ pushed: true });
  });

  it('that cannot be made is told as a failure of the disk', async () => {
    await writeFile(mirrors, 'a file');
    const git = gitAdapter({ mirrors });
    expect((await failureOf(git.fetch(at, [main]))).message).toMatch(
      /^core: fetching refs\/heads\/main failed in the mirror/,
    );
    expect(await failureOf(git.remoteRefs(at, ['refs/heads/*']))).toMatchObject({ code: 'failed' });
  });
});

describe("the user's own git configuration", () => {
  it('has no influence on what is fetched, written and pushed', async () => {
    const home = join(root, 'home');
    const hooks = join(root, 'hooks');
    await mkdir(home);
    await mkdir(hooks);
    for (const hook of ['pre-push', 'commit-msg', 'reference-transaction', 'post-checkout']) {
      await writeFile(join(hooks, hook), `#!/bin/sh\ntouch '${root}/hook-ran'\nexit 1\n`, { mode: 0o755 });
    }
    await writeFile(
      join(home, '.gitconfig'),
      `[url "${root}/nowhere/"]\n\tinsteadOf = ${root}/remotes/\n[core]\n\thooksPath = ${hooks}\n\tautocrlf = true\n\tquotePath = true\n` +
        `[commit]\n\tgpgSign = true\n[tag]\n\tgpgSign = true\n\tforceSignAnnotated = true\n[push]\n\tgpgSign = true\n\tfollowTags = true\n[user]\n\tname = Somebody\n` +
        `[fetch]\n\tprune = true\n\tfsckObjects = true\n[log]\n\tshowSignature = true\n\tdate = relative\n[protocol]\n\tversion = 0\n[color]\n\tui = always\n`,
    );
    const clean = gitAdapter({ mirrors: join(root, 'clean') });
    const hostile = {
      ...process.env,
      HOME: home,
      GIT_DIR: '/nowhere',
      GIT_INDEX_FILE: '/nowhere/index',
      GIT_AUTHOR_NAME: 'X',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: hooks,
      LC_ALL: 'de_DE.UTF-8',
    };
    const git = gitAdapter({ mirrors, environment: hostile });
    const commit = {
      parent: tip,
      message: 'm',
      author,
      date,
      files: [{ path: 'crlf.txt', mode: '100644', before: null, after: 'a\r\nb\n' }],
    } as const;
    const tag = { tag: 'v1', commit: tip, message: 'v1', tagger: author, date, sign: false };
    await clean.fetch(at, [main]);
    await git.fetch(at, [main]);
    const id = await git.writeCommit(at, commit);
    expect(id).toBe(await clean.writeCommit(at, commit));
    const object = await git.writeTag(at, tag);
    expect(object).toBe(await clean.writeTag(at, tag));
    expect(await git.log(at, { from: null, to: tip, limit: 2 })).toEqual(
      await clean.log(at, { from: null, to: tip, limit: 2 }),
    );
    const updates = [
      { ref: branchRef('release'), from: null, to: id },
      { ref: tagRef('v1'), from: null, to: object },
    ];
    expect(await git.push(at, updates)).toEqual({ pushed: true });
    expect(await readdir(root)).not.toContain('hook-ran');
  });

  it('names the ssh key with which a tag is signed', async () => {
    const home = join(root, 'home');
    await mkdir(home);
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'grace@example.org', '-f', join(home, 'key')]);
    await writeFile(join(home, '.gitconfig'), `[user]\n\tsigningKey = ${home}/key.pub\n[gpg]\n\tformat = ssh\n`);
    const signers = join(home, 'signers');
    await writeFile(signers, `grace@example.org ${await readFile(join(home, 'key.pub'), 'utf8')}`);
    const git = gitAdapter({ mirrors, environment: { ...process.env, HOME: home } });
    await git.fetch(at, [main]);
    const id = await git.writeTag(at, {
      tag: 'v1',
      commit: tip,
      message: 'v1\n# kept\n',
      tagger: author,
      date,
      sign: true,
    });
    expect(await git.push(at, [{ ref: tagRef('v1'), from: null, to: id }])).toEqual({ pushed: true });
    await testGit(repo.dir, [
      '-c',
      `gpg.ssh.allowedSignersFile=${signers}`,
      '-c',
      'gpg.format=ssh',
      'verify-tag',
      'v1',
    ]);
    expect(await testGit(repo.dir, ['cat-file', 'tag', 'v1'])).toMatch(
      /^object .*\ntype commit\ntag v1\ntagger Grace Hopper <grace@example.org> 1742212800 \+0000\n\nv1\n# kept\n-----BEGIN SSH SIGNATURE-----/,
    );
  });

  it('without a key to sign with is told, and what to set', async () => {
    const home = join(root, 'home');
    await mkdir(home);
    await writeFile(join(home, '.gitconfig'), `[user]\n\tsigningKey = ${home}/none.pub\n[gpg]\n\tformat = ssh\n`);
    const git = gitAdapter({ mirrors, environment: { ...process.env, HOME: home } });
    await git.fetch(at, [main]);
    const draft = { tag: 'v1', commit: tip, message: 'v1', tagger: author, date, sign: true };
    expect((await failureOf(git.writeTag(at, draft))).message).toMatch(
      /^core: the tag v1 could not be signed\. Set user\.signingKey/,
    );
    await writeFile(join(home, '.gitconfig'), `[gpg]\n\tprogram = ${home}/no-such-program\n`);
    const other = gitAdapter({ mirrors, environment: { ...process.env, HOME: home } });
    expect((await failureOf(other.writeTag(at, draft))).message).toMatch(/no-such-program/);
  });

  it('that git cannot read is told', async () => {
    await writeFile(join(root, '.gitconfig'), '[broken\n');
    const git = gitAdapter({ mirrors, environment: { ...process.env, HOME: root } });
    expect((await failureOf(git.remoteRefs(at, ['refs/heads/*']))).message).toMatch(/bad config/);
  });
});

describe('a remote', () => {
  it('that never answers is given up after the time limit, and nothing is left running', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const ended = new Promise<void>((resolve) =>
      silent.on('connection', (socket) =>
        socket
          .on('close', resolve)
          .on('error', () => undefined)
          .resume(),
      ),
    );
    closers.push(() => new Promise((resolve) => silent.close(resolve)));
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const git = gitAdapter({ mirrors, limits: { listMillis: 400, transferMillis: 400 } });
    const web = { repo: 'core', remote: `http://127.0.0.1:${port}/core.git` };
    const error = await failureOf(git.remoteRefs(web, ['refs/heads/*']));
    expect(error).toMatchObject({ code: 'timeout' });
    expect(error.message).toMatch(/^core: listing .* within 0\.4 s/);
    await ended;
    expect(await failureOf(git.fetch(web, [main]))).toMatchObject({ code: 'timeout' });
  });

  it('that prints more than the limit is stopped', async () => {
    const lines = Array.from({ length: 2000 }, (_none, index) => `create refs/heads/b${index} ${tip}\n`);
    await testGit(repo.dir, ['update-ref', '--stdin'], lines.join(''));
    const git = gitAdapter({ mirrors, limits: { outputBytes: 2000 } });
    expect((await failureOf(git.remoteRefs(at, ['refs/heads/*']))).message).toMatch(/more than 2000 bytes/);
    await git.fetch(at, [main]);
    expect(await failureOf(git.files(at, tip, ['**']))).toMatchObject({ code: 'failed' });
  });

  it.each([
    ['301', 'gone'],
    ['404', 'gone'],
    ['410', 'gone'],
    ['401', 'denied'],
    ['403', 'denied'],
    ['429', 'unreachable'],
    ['500', 'unreachable'],
    ['503', 'unreachable'],
  ])('that answers %s is %s, and the text holds no token', async (status, code) => {
    const server = await served();
    const git = gitAdapter({ mirrors, token: () => TOKEN });
    const error = await failureOf(
      git.fetch({ repo: 'core', remote: server.urlOf(`status-${status}/core.git`) }, [main]),
    );
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(/^core: fetching refs\/heads\/main \(http:/);
  });

  it('that nobody listens at, or whose name nobody knows, is unreachable', async () => {
    const server = await serveGit(root);
    const dead = server.urlOf('core.git');
    await server.close();
    const git = gitAdapter({ mirrors });
    expect(await failureOf(git.remoteRefs({ repo: 'core', remote: dead }, ['refs/heads/*']))).toMatchObject({
      code: 'unreachable',
    });
    const unknown = { repo: 'core', remote: 'https://no-such-host.invalid/core.git' };
    expect(await failureOf(git.remoteRefs(unknown, ['refs/heads/*']))).toMatchObject({ code: 'unreachable' });
  });

  it('is shown the token in a header only; arguments, texts, causes and the mirror never hold it', async () => {
    const server = await served(TOKEN);
    const noted = await notedGit();
    const encoded = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
    const web = { repo: 'core', remote: server.urlOf('core.git') };
    const good = gitAdapter({ mirrors, environment: noted.environment, token: () => TOKEN });
    await good.fetch(web, [main]);
    expect(await good.push(web, [{ ref: branchRef('orig'), from: null, to: tip }])).toEqual({ pushed: true });
    const bad = gitAdapter({
      mirrors,
      environment: { ...noted.environment, GIT_CURL_VERBOSE: '1', GIT_TRACE: '1' },
      token: () => `${TOKEN}-wrong`,
    });
    const error = await failureOf(bad.remoteRefs(web, ['refs/heads/*']));
    expect(error).toMatchObject({ code: 'denied' });
    const bare = await failureOf(gitAdapter({ mirrors }).remoteRefs(web, ['refs/heads/*']));
    expect(bare).toMatchObject({ code: 'denied' });
    const told = [await noted.read(), error.message, String(error.cause), error.stack ?? ''].join('\n');
    const kept = await run('grep', ['-rlE', `${TOKEN}|${encoded}`, mirrors]).catch(() => ({ stdout: '' }));
    expect(told).not.toContain(TOKEN);
    expect(told).not.toContain(encoded);
    expect(kept.stdout).toBe('');
    expect(server.requests.some(({ authorization }) => authorization === `Basic ${encoded}`)).toBe(true);
  });

  it('that redirects gets the token, and where it points to does not', async () => {
    const server = await served();
    const git = gitAdapter({ mirrors, token: () => TOKEN });
    const error = await failureOf(
      git.remoteRefs({ repo: 'core', remote: server.urlOf('status-302/core.git') }, ['refs/heads/*']),
    );
    expect(error).toMatchObject({ code: 'gone' });
    expect(error.message).toMatch(/has moved/);
    expect(server.requests.every(({ url }) => url.startsWith('/status-302/'))).toBe(true);
  });

  it('is listed with one request over HTTP, and a fetch that finds nothing new is one more', async () => {
    const server = await served(TOKEN);
    const noted = await notedGit();
    const git = gitAdapter({ mirrors, environment: noted.environment, token: () => TOKEN });
    const web = { repo: 'core', remote: server.urlOf('core.git') };
    const list = await git.remoteRefs(web, ['refs/heads/main', 'refs/tags/*']);
    expect(list).toEqual([{ ref: main, id: tip, peeled: null }]);
    expect(server.requests.map(({ url }) => url)).toEqual(['/core.git/git-upload-pack']);
    await git.fetch(web, [main]);
    const before = server.requests.length;
    await git.fetch(web, [main]);
    expect(server.requests.length).toBe(before + 1);
    expect((await noted.read()).match(/^\d+ (?!config )\S+/gm)?.map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'fetch',
    ]);
  });

  it.each([
    ['that speaks only the old protocol', 0, {}],
    ['that is reached by a proxy', 2, { http_proxy: 'http://127.0.0.1:1', no_proxy: '127.0.0.1' }],
  ] as const)('%s is listed by git itself', async (_name, protocol, more) => {
    const server = await serveGit(join(root, 'remotes'), null, protocol);
    closers.push(server.close);
    const noted = await notedGit();
    const git = gitAdapter({ mirrors, environment: { ...noted.environment, ...more } });
    const web = { repo: 'core', remote: server.urlOf('core.git') };
    await testGit(repo.dir, [
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.org',
      'tag',
      '-a',
      '-m',
      'rc',
      'v1',
      tip,
    ]);
    const tag = (await refsOf(repo.dir))['refs/tags/v1'];
    expect(await git.remoteRefs(web, ['refs/heads/main', 'refs/tags/*'])).toEqual([
      { ref: main, id: tip, peeled: null },
      { ref: 'refs/tags/v1', id: tag, peeled: tip },
    ]);
    expect(await noted.read()).toMatch(/ ls-remote /);
    await git.fetch(web, [main]);
    await git.fetch(web, [main]);
    expect(await git.files(web, tip, ['a.txt'])).toMatchObject([{ text: '119\n' }]);
  });

  it('cannot be asked for when git is not installed, and the text says so', async () => {
    const git = gitAdapter({ mirrors, environment: { PATH: join(root, 'empty') } });
    expect((await failureOf(git.fetch(at, [main]))).message).toMatch(/Install git/);
  });

  it('may write nothing to the terminal of the one who pushes', async () => {
    await mkdir(join(repo.dir, 'hooks'));
    await writeFile(
      join(repo.dir, 'hooks', 'pre-receive'),
      "#!/bin/sh\nprintf '\\033[2Jgone \\007 https://a:b@c/\\n' >&2\nexit 1\n",
      { mode: 0o755 },
    );
    const git = gitAdapter({ mirrors });
    await git.fetch(at, [main]);
    const answer = await git.push(at, [{ ref: branchRef('x'), from: null, to: tip }]);
    const reason = answer.pushed ? '' : (answer.rejected[0]?.reason ?? '');
    expect(reason).toMatch(/pre-receive hook declined.*gone.*https:\/\/\*\*\*@c/);
    // oxlint-disable-next-line no-control-regex -- that none is left is what is tested
    expect(reason).not.toMatch(/[\x00-\x1f\x7f]/);
  });
});

it('a fetch works beside a git that a killed process left behind', async () => {
  const server = await served();
  const noted = await notedGit();
  const script = `
    const { gitAdapter } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
    await gitAdapter({ mirrors: ${JSON.stringify(mirrors)} }).fetch({ repo: 'core', remote: ${JSON.stringify(server.urlOf('core.git'))} }, ['refs/heads/main']);`;
  const stalled = server.stallNext('git-upload-pack', 2000);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: noted.environment,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await stalled;
  child.kill('SIGKILL');
  await ended;
  const pid = Number(/^(\d+) fetch/m.exec(await noted.read())?.[1]);
  closers.push(async () => process.kill(-pid, 'SIGKILL'));
  const git = gitAdapter({ mirrors });
  await git.fetch({ repo: 'core', remote: server.urlOf('core.git') }, [main]);
  expect(await git.files({ repo: 'core', remote: server.urlOf('core.git') }, tip, ['a.txt'])).toMatchObject([
    { text: '119\n' },
  ]);
});
