import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { programs } from './index.ts';
import { runHere, type ProgramCall, type ProgramEnd } from './run.ts';

let folder = '';
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'programs-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const sh = (script: string, more: Partial<ProgramCall> = {}): ProgramCall => ({
  program: 'sh',
  args: ['-c', script],
  cwd: folder,
  environment: { PATH: process.env['PATH'] ?? '' },
  ...more,
});

/** Whether a process runs; one that only nobody has asked after yet does not. */
async function isThere(pid: string): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tZ');
  return !state.includes('State:\tZ');
}

type Programs = ReturnType<typeof programs>;

/** Its starter is there once the first call was made and it said so. */
async function withStarter(own: Programs): Promise<Programs> {
  await own.run(sh(''));
  await vi.waitUntil(() => own.starter() !== null, { timeout: 20_000 });
  return own;
}

const started = programs(0);
beforeAll(() => withStarter(started));

describe.each([
  { by: 'itself', run: runHere },
  { by: 'a starter', run: started.run },
])('a program run by $by', ({ run }) => {
  it('is given its arguments, folder, environment and input, and nothing of ours', async () => {
    const end = await run({
      program: 'sh',
      args: ['-c', 'printf "%s|%s|%s|" "$1" "$NAME" "$(env | grep -c "^HOME=")"; cat', 'sh', 'a "b" $c'],
      environment: { PATH: process.env['PATH'] ?? '', NAME: 'ü\nx' },
      input: Buffer.from([0, 255, 10]),
    });
    expect(end.code).toBe(0);
    expect(Buffer.isBuffer(end.stdout)).toBe(true);
    expect(end.stdout).toEqual(Buffer.concat([Buffer.from('a "b" $c|ü\nx|0|'), Buffer.from([0, 255, 10])]));
    expect(
      (await run(sh('pwd -P'))).stdout
        .toString()
        .trim()
        .endsWith(folder.split('/').at(-1) ?? '?'),
    ).toBe(true);
  });

  it('tells its exit code, its signal and what it complained about, of which it keeps the beginning', async () => {
    expect(await run(sh('echo oh >&2; exit 3'))).toMatchObject({
      code: 3,
      signal: null,
      stderr: 'oh\n',
      stopped: null,
    });
    expect(await run(sh('kill -USR1 $$'))).toMatchObject({ code: null, signal: 'SIGUSR1' });
    expect((await run(sh('head -c 100000 /dev/zero >&2'))).stderr).toHaveLength(32 * 1024);
  });

  it('comes with all of a long input and a long output', async () => {
    const input = Buffer.alloc(3_000_000, 'abcdefg');
    expect((await run(sh('cat', { input }))).stdout.equals(input)).toBe(true);
  });

  it('is ended with all it started when its time is over', async () => {
    const end = await run(
      sh('trap "" TERM; (trap "" TERM; sleep 600 & echo $! > child; wait) & wait', { millis: 200 }),
    );
    expect(end).toMatchObject({ code: null, signal: 'SIGKILL', stopped: 'time' });
    const child = (await run(sh('cat child'))).stdout.toString().trim();
    await expect.poll(() => isThere(child)).toBe(false);
  }, 20_000);

  it('is ended when it prints more than allowed', async () => {
    expect(await run(sh('while :; do echo much; done', { maxBytes: 10_000 }))).toMatchObject({ stopped: 'output' });
  });

  it('does not care whether its input is read', async () => {
    expect(await run(sh('exit 0', { input: Buffer.alloc(1_000_000) }))).toMatchObject({ code: 0 });
  });

  it('says why it could not be started', async () => {
    await expect(run({ ...sh(''), program: 'no-such-program' })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(run(sh('', { cwd: join(folder, 'gone') }))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('runs beside others', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, (_none, index) => run(sh(`echo ${index}`))));
    expect(all.map(({ stdout }) => Number(stdout.toString()))).toEqual(all.map((_end, index) => index));
  });
});

describe('the starter', () => {
  it('is there only once many programs were run', async () => {
    const few = programs(2);
    await few.run(sh(''));
    await few.run(sh(''));
    expect(few.starter()).toBeNull();
    await withStarter(few);
    expect(few.starter()).toBeGreaterThan(0);
  });

  it('takes what it ran with it when it is killed, and another one takes its place', async () => {
    const own = await withStarter(programs(0));
    const first = own.starter() ?? 0;
    const ended: ProgramEnd[] = [];
    const asked = own.run(sh('read line', { input: 'x' })).then((end) => void ended.push(end));
    const waiting = own.run(sh('sleep 5; echo late'));
    await asked;
    process.kill(first, 'SIGKILL');
    expect(await waiting).toMatchObject({ code: null, signal: 'SIGKILL', stopped: null });
    expect((await own.run(sh('echo again'))).stdout.toString()).toBe('again\n');
    await withStarter(own);
    expect(own.starter()).not.toBe(first);
  });

  it('goes when whoever started it is gone', async () => {
    const script = `
      import { programs } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const own = programs(0);
      while (own.starter() === null) await own.run({ program: 'true', args: [], environment: { PATH: process.env.PATH } });
      console.log(own.starter());
    `;
    const end = await runHere({
      program: process.execPath,
      args: ['--input-type=module', '--eval', script],
      environment: { PATH: process.env['PATH'] ?? '' },
    });
    // That it came to its end at all says that the starter did not hold it.
    expect(end).toMatchObject({ code: 0, stderr: '' });
    const pid = Number(end.stdout.toString());
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isThere(String(pid))).toBe(false);
  });
});
