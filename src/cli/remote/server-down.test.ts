import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRelease } from '../../app/releases.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { cliRun, type CliRan } from '../../testing/cli-terminal.ts';
import { startCommandServer, type CommandServer } from '../../testing/cli-on-server.ts';
import { memoryApp } from '../../testing/memory-app.ts';

let home = '';
let server: CommandServer;
const BLOCKERS = ['blockers', '2.8.0'];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-down-'));
  const app = memoryApp();
  await createRelease(app, ReleaseVersion.parse('2.8.0'));
  server = await startCommandServer(app, '2025-06-24T14:05:00Z');
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true, force: true });
});

const run = (argv: readonly string[], now: string, changes: Record<string, string> = {}): Promise<CliRan> =>
  cliRun(argv, { now, env: { HOME: home, SIGNALBOX_SERVER: server.url, SIGNALBOX_TOKEN: 'token', ...changes } });

it('T13 answers from what it heard last, with its age, once the server is stopped; by --max-age it ends with 9', async () => {
  const before = await run(BLOCKERS, '2025-06-24T14:05:00Z');
  expect(before.code).toBe(3);
  await server.close();
  const after = await run(BLOCKERS, '2025-06-24T14:17:00Z');
  expect({ code: after.code, out: after.out }).toEqual({ code: 3, out: before.out });
  expect(after.err).toContain('cannot be reached');
  expect(after.err).toContain('This is its answer of 14:05 UTC, 12 min old.');
  const young = await run([...BLOCKERS, '--max-age', '15m'], '2025-06-24T14:17:00Z');
  expect({ code: young.code, out: young.out }).toEqual({ code: 3, out: before.out });
  const old = await run([...BLOCKERS, '--max-age', '10m'], '2025-06-24T14:17:00Z');
  expect({ code: old.code, out: old.out }).toEqual({ code: 9, out: '' });
  expect(old.err).toContain('older than 10m');
});

it('marks the document of an old answer as stale for programs', async () => {
  const before = await run([...BLOCKERS, '--json'], '2025-06-24T14:05:00Z');
  await server.close();
  const after = await run([...BLOCKERS, '--json'], '2025-06-24T15:05:00Z');
  expect(JSON.parse(after.out)).toEqual({ ...JSON.parse(before.out), stale: true });
});

it('keeps answers of one person and one line apart, where only the user reads them, and none of what acts or is to look now', async () => {
  await run(BLOCKERS, '2025-06-24T14:05:00Z');
  await run(['gate', 'run', '2.8.0', 'people'], '2025-06-24T14:05:00Z');
  await run(['release', 'freeze', '-m', 'stop', '--yes'], '2025-06-24T14:05:00Z');
  const folder = join(home, '.cache/signalbox/answers');
  const files = await readdir(folder);
  expect(files).toHaveLength(1);
  const file = join(folder, files[0] ?? '');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(`${files.join()} ${await readFile(file, 'utf8')}`).not.toContain('"token"');
  await server.close();
  for (const [argv, changes] of [
    [['status', '2.8.0'], {}],
    [BLOCKERS, { SIGNALBOX_TOKEN: 'another' }],
    [['release', 'freeze', '-m', 'stop', '--yes'], {}],
    [['gate', 'run', '2.8.0', 'people'], {}],
  ] as const) {
    const { code, out } = await run(argv, '2025-06-24T14:06:00Z', changes);
    expect({ argv, code, out }).toEqual({ argv, code: 1, out: '' });
  }
});
