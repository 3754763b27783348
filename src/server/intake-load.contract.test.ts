import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { githubForge } from '../adapters/github/index.ts';
import { openDatabase, postgresJobs } from '../adapters/postgres/index.ts';
import { Instant } from '../domain/instant.ts';
import { RepoSlug } from '../domain/repo.ts';
import { makeWorldFrom, startSandbox, type Sandbox } from '../sandbox/index.ts';
import { testDatabase, type TestDatabase } from '../testing/postgres.ts';
import { signatureOf } from './signature.ts';

const SECRET = 'a secret of the forge and us';
const REPO = RepoSlug.parse('acme/core');
const COMMANDS = 400;
const DELIVERIES = 500;
const KILLS = 5;
const ISSUES = 20;
const folder = mkdtempSync(join(tmpdir(), 'intake-load-'));
let place: TestDatabase;
let sandbox: Sandbox;
let child: ChildProcess | null = null;
let port = 0;

function git(...args: readonly string[]): void {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', ['-C', join(folder, 'source'), '-c', 'user.name=T', '-c', 'user.email=t@example.test', ...args], {
    env,
  });
}

beforeAll(async () => {
  place = await testDatabase();
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', '--template=', '--', join(folder, 'source')]);
  writeFileSync(join(folder, 'source', 'README.md'), 'core\n');
  git('add', '--', 'README.md');
  git('commit', '--quiet', '-m', 'Start');
  await makeWorldFrom({
    dir: join(folder, 'world'),
    sources: [{ source: join(folder, 'source'), owner: 'acme', name: 'core' }],
    users: [{ login: 'box', name: 'Box', roles: { '*': 'admin' } }],
    now: '2025-06-16T10:00:00Z',
  });
  sandbox = await startSandbox({ dir: join(folder, 'world'), rateLimit: 100_000 });
});

afterAll(async () => {
  await stopChild('SIGKILL');
  await sandbox.stop();
  await place.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function startChild(): Promise<void> {
  const given = { ...place.place, apiUrl: sandbox.apiUrl, token: sandbox.tokens['box'], secret: SECRET, port };
  const program = fileURLToPath(new URL('../testing/intake-child.ts', import.meta.url));
  const started = spawn(process.execPath, [program, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  const said = await new Promise<string>((resolve, reject) => {
    started.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
    started.once('exit', (code) => reject(new Error(`the intake ended with ${code} before it was ready`)));
  });
  port = Number(new URL(said.replace('ready ', '').trim()).port);
}

async function stopChild(signal: NodeJS.Signals): Promise<void> {
  const running = child;
  if (running === null || running.exitCode !== null || running.signalCode !== null) return;
  const ended = new Promise((resolve) => {
    running.once('exit', resolve);
  });
  running.kill(signal);
  await ended;
}

interface Sending {
  readonly id: string;
  readonly body: string;
}

/** 400 commands, 100 of them delivered a second time, in no order: a fixed shuffle, so that a failure can be looked at again. */
function sendings(): readonly Sending[] {
  const all = Array.from({ length: DELIVERIES }, (_unused, index): Sending => {
    const command = index % COMMANDS;
    const payload = {
      action: 'created',
      issue: { number: (command % ISSUES) + 1 },
      comment: { id: 10_000 + command, body: `command ${command}`, user: { login: 'alice' } },
      repository: { full_name: REPO },
      sender: { login: 'alice' },
    };
    return { id: `0000beef-0000-0000-0000-${String(command).padStart(12, '0')}`, body: JSON.stringify(payload) };
  });
  return all
    .map((sending, index) => ({ sending, rank: (index * 7919) % 10_007 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ sending }) => sending);
}

/** As GitHub sends, but sent again until it is answered with 202, as the reconciliation would do days long. */
async function deliver({ id, body }: Sending): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issue_comment',
        'x-github-delivery': id,
        'x-hub-signature-256': signatureOf(SECRET, Buffer.from(body)),
      },
      body,
    }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.status === 202) return tries;
    if (tries > 500) throw new Error(`delivery ${id} never arrived`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

it('acts once on each command and answers it once, whatever comes twice, in any order, and however often it is killed', async () => {
  const forge = githubForge({
    apiUrl: sandbox.apiUrl,
    token: () => sandbox.tokens['box'] ?? null,
    userAgent: 'signalbox-tests',
    now: () => Instant.parse('2025-06-16T12:00:00Z'),
  });
  for (let issue = 0; issue < ISSUES; issue += 1) {
    await forge.issues.create(REPO, {
      title: `Item ${issue}`,
      body: '',
      labels: [],
      milestone: null,
      assignees: [],
    });
  }
  const answered = async (): Promise<readonly string[]> => {
    const comments = await forge.comments.since(REPO, Instant.parse('2020-01-01T00:00:00Z'));
    return comments.flatMap(({ body }) => /<!-- answer:(\d+) -->/.exec(body)?.[1] ?? []);
  };
  await startChild();
  let kills = 0;
  const all = sendings();
  const tries: number[] = [];
  const batch = Math.ceil(all.length / KILLS);
  for (let from = 0; from < all.length; from += batch) {
    const sent = Promise.all(all.slice(from, from + batch).map(deliver));
    // In the middle of taking in and of acting: when some answers of this batch are there and others are not.
    const before = (await answered()).length;
    await expect
      .poll(async () => (await answered()).length, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(before + 3);
    await stopChild('SIGKILL');
    kills += 1;
    await startChild();
    tries.push(...(await sent));
  }
  const again = await Promise.all(all.slice(0, 50).map(deliver));
  await expect
    .poll(async () => (await answered()).length, { timeout: 120_000, interval: 500 })
    .toBeGreaterThanOrEqual(COMMANDS);
  const database = await openDatabase(place.place);
  const jobs = postgresJobs(database);
  await expect
    .poll(() => jobs.counts('deliveries'), { timeout: 60_000, interval: 500 })
    .toEqual({ waiting: 0, running: 0, dead: 0 });
  await jobs.close();
  await database.close();
  const answers = await answered();
  const counts = {
    deliveries: all.length + again.length,
    requests: [...tries, ...again].reduce((sum, count) => sum + count, 0),
    commands: COMMANDS,
    kills,
    answers: answers.length,
    answeredOnce: new Set(answers).size,
  };
  // oxlint-disable-next-line no-console -- the counts are part of what this test is for
  console.info('intake under load:', JSON.stringify(counts));
  expect(counts).toMatchObject({ kills: KILLS, answers: COMMANDS, answeredOnce: COMMANDS });
}, 300_000);
