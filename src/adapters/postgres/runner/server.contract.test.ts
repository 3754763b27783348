import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, lstat, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { draft } from '../../../testing/ledger-draft.ts';
import { testServerFolder } from '../../../testing/postgres.ts';
import { openDatabase, postgresLeases, postgresLedger, stopDatabase, type Database } from '../index.ts';
import { dataFolder } from './data-folder.ts';
import { isAlive, processesIn } from './process-table.ts';
import { runningServer } from './server.ts';

const INDEX = new URL('../index.ts', import.meta.url).href;
const WRITER = new URL('../../../testing/ledger-writer.ts', import.meta.url).pathname;
const isRoot = process.getuid?.() === 0;

const toRemove: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of toRemove.splice(0).toReversed()) await remove();
});

async function newFolder(): Promise<string> {
  const folder = await testServerFolder();
  toRemove.push(() => folder.remove());
  return folder.dataDir;
}

async function opened(dataDir: string): Promise<Database> {
  const database = await openDatabase({ dataDir });
  toRemove.push(() => database.close());
  return database;
}

async function serverOf(dataDir: string): Promise<number> {
  const pid = await runningServer(await dataFolder(dataDir));
  if (pid === null) throw new Error(`no server runs in ${dataDir}`);
  return pid;
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
}

/** Another process of ours that opens the folder, says the server it found, and ends or stays. */
function opener(dataDir: string, then = 'await database.close();'): ChildProcess {
  const script = `
    import { openDatabase } from ${JSON.stringify(INDEX)};
    const database = await openDatabase({ dataDir: ${JSON.stringify(dataDir)} });
    process.stdout.write('open\\n');
    ${then}`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A process that appends entries until it is killed. */
function writer(
  dataDir: string,
  name: string,
): { readonly child: ChildProcess; readonly hasWritten: Promise<unknown>; readonly said: Promise<string> } {
  const child = spawn(process.execPath, [WRITER, dataDir, 'signalbox', 'load', name, '100000'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const hasWritten = new Promise((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => resolve((said += data.toString())));
    child.once('close', () => reject(new Error(`the writer ended: ${errors}`)));
  });
  return { child, hasWritten, said: once(child, 'close').then(() => said) };
}

describe('the embedded server', () => {
  it('is started by the first, adopted by the next, and outlives both', async () => {
    const dataDir = await newFolder();
    const first = opener(dataDir);
    expect(await once(first, 'close')).toEqual([0, null]);
    const pid = await serverOf(dataDir);
    const before = performance.now();
    await opened(dataDir);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(await serverOf(dataDir)).toBe(pid);
    expect(await stopDatabase(dataDir)).toBe(true);
    expect(await isAlive(pid)).toBe(false);
    expect(await stopDatabase(dataDir)).toBe(false);
  });

  it('is started once when many start at once', async () => {
    const dataDir = await newFolder();
    const openers = Array.from({ length: 4 }, () => opener(dataDir));
    const ends = await Promise.all(openers.map((child) => once(child, 'close')));
    expect(ends.map(([code]: readonly unknown[]) => code)).toEqual([0, 0, 0, 0]);
    const { log, data } = await dataFolder(dataDir);
    expect((await readFile(log, 'utf8')).match(/starting PostgreSQL/g)).toHaveLength(1);
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
    expect(await processesIn(data)).toContain(await serverOf(dataDir));
  });

  it('listens on a socket only its user can reach, and on no network', async () => {
    const dataDir = await newFolder();
    const database = await opened(dataDir);
    const { data, socket } = await dataFolder(dataDir);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect((await lstat(socket)).mode & 0o777).toBe(0o700);
    const client = await database.connect();
    const { rows } = await client.query(
      `SELECT current_setting('listen_addresses') AS addresses, current_setting('data_checksums') AS checksums, current_setting('fsync') AS fsync,
              current_setting('server_encoding') AS encoding, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super`,
    );
    client.release();
    expect(rows).toEqual([{ addresses: '', checksums: 'on', fsync: 'on', encoding: 'UTF8', super: false }]);
  });

  it.runIf(isRoot)('does not run as root, nor with more of root’s powers than to pass and read', async () => {
    const dataDir = await newFolder();
    await opened(dataDir);
    const status = await readFile(`/proc/${await serverOf(dataDir)}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '';
    const uid = (await stat((await dataFolder(dataDir)).data)).uid;
    expect(uid).toBeGreaterThan(0);
    expect(field('Uid').split('\t')).toEqual([`${uid}`, `${uid}`, `${uid}`, `${uid}`]);
    expect(field('Groups').trim()).toBe('');
    const readOnly = 4n;
    expect([0n, readOnly]).toContain(BigInt(`0x${field('CapEff')}`));
    expect([0n, readOnly]).toContain(BigInt(`0x${field('CapPrm')}`));
  });

  it.runIf(isRoot)('keeps none of root’s powers where its user can reach the folder', async () => {
    const dataDir = await newFolder();
    await chmod(dataDir, 0o755);
    await opened(dataDir);
    const status = await readFile(`/proc/${await serverOf(dataDir)}/status`, 'utf8');
    expect(status).toMatch(/^CapEff:\s+0+$/m);
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const dataDir = join(await newFolder(), 'long'.repeat(30), 'as it comes: ü 🚂 "\'$(x)');
    const database = await opened(dataDir);
    const { socketDir } = await dataFolder(dataDir);
    expect((await stat(socketDir)).mode & 0o777).toBe(0o700);
    await postgresLedger(database).append('t', [draft('one')]);
    expect(await stopDatabase(dataDir)).toBe(true);
    await rm(socketDir, { recursive: true });
  });

  it('is not changed by PG variables of the environment', async () => {
    const dataDir = await newFolder();
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { openDatabase } from ${JSON.stringify(INDEX)}; await (await openDatabase({ dataDir: ${JSON.stringify(dataDir)} })).close();`,
      ],
      {
        stdio: 'inherit',
        env: {
          ...process.env,
          PGHOST: 'example.invalid',
          PGPORT: '1',
          PGUSER: 'x',
          PGDATABASE: 'x',
          PGSSLMODE: 'require',
          PGOPTIONS: '-c no.such',
          PGDATA: '/nowhere',
          LC_ALL: 'xx',
        },
      },
    );
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

describe('a killed database', () => {
  it('is started again by the next command, with every acknowledged entry', async () => {
    const dataDir = await newFolder();
    const database = await opened(dataDir);
    await postgresLedger(database).append('t', [draft('one')]);
    await kill(await serverOf(dataDir));
    await postgresLedger(await opened(dataDir)).append('t', [draft('two')]);
    expect(await postgresLedger(database).verify('t')).toMatchObject({ entries: 2, faults: [] });
  });

  it('loses no acknowledged entry when server and writers are killed under load, again and again', async () => {
    const dataDir = await newFolder();
    await opened(dataDir);
    const acknowledged = new Map<number, string>();
    for (let round = 0; round < 6; round += 1) {
      const writers = ['a', 'b', 'c'].map((name) => writer(dataDir, `${name}${round}`));
      // Each has written something: they are in the middle of it.
      await Promise.all(writers.map((one) => one.hasWritten));
      if (round % 2 === 0) await kill(await serverOf(dataDir));
      for (const one of writers) one.child.kill('SIGKILL');
      for (const line of (await Promise.all(writers.map((one) => one.said))).flatMap((said) =>
        said.split('\n').slice(0, -1),
      )) {
        const [seq, ...what] = line.split(' ');
        expect(acknowledged.has(Number(seq)), `place ${seq} was given twice`).toBe(false);
        acknowledged.set(Number(seq), what.join(' '));
      }
    }
    const ledger = postgresLedger(await opened(dataDir));
    const stored = new Map(
      (await ledger.read({ train: 'load' })).map((entry) => [
        entry.seq,
        entry.event.type === 'refused' ? entry.event.reason : '',
      ]),
    );
    expect(acknowledged.size).toBeGreaterThan(20);
    expect([...acknowledged].filter(([seq, what]) => stored.get(seq) !== what)).toEqual([]);
    expect((await ledger.verify('load')).faults).toEqual([]);
  });

  it('tells the holder of a lease, and those who append meanwhile get their answer', async () => {
    const dataDir = await newFolder();
    const database = await opened(dataDir);
    const [ledger, leases] = [postgresLedger(database), postgresLeases(database)];
    const answer = await leases.take('t', 'apply', { holder: 'mona', since: draft('x').at });
    if (!answer.taken) throw new Error('the lease was not free');
    const pid = await serverOf(dataDir);
    const appends = Array.from({ length: 30 }, (_, index) => ledger.append('t', [draft(`${index}`)]));
    const answers = Promise.allSettled(appends);
    await kill(pid);
    const failed = (await answers).flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    for (const reason of failed)
      expect(reason).toMatch(/^LedgerError: Could not .* run the command again|look before you repeat it/);
    expect(await answer.lease.isHeld()).toBe(false);
    await answer.lease.release();
    const { entries, faults } = await ledger.verify('t');
    expect(faults).toEqual([]);
    expect(entries).toBeGreaterThanOrEqual(30 - failed.length);
    const again = await leases.take('t', 'apply', { holder: 'hubot', since: draft('x').at });
    expect(again.taken && (await again.lease.isHeld())).toBe(true);
    if (again.taken) await again.lease.release();
  });

  it('starts where the pid file names a zombie or a stranger', async () => {
    const dataDir = await newFolder();
    await (await opened(dataDir)).stop();
    // A child that ended and is not waited for stays a zombie, as a postmaster does where process 1 does not reap.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 1000'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const said: readonly unknown[] = await once(parent.stdout, 'data');
    const zombie = Number.parseInt(String(said[0]), 10);
    await expect.poll(() => isAlive(zombie)).toBe(false);
    const { data } = await dataFolder(dataDir);
    for (const pid of [zombie, parent.pid, 1, 999_999_999]) {
      await writeFile(
        join(data, 'postmaster.pid'),
        `${pid}\n${data}\n1742200000\n5432\n${data}\n\n  5432001         7\nready\n`,
      );
      const database = await openDatabase({ dataDir });
      expect(await serverOf(dataDir)).not.toBe(pid);
      await database.stop();
    }
    parent.kill('SIGKILL');
  });

  it('is not started beside the left-over processes of a killed one', async () => {
    const dataDir = await newFolder();
    const database = await opened(dataDir);
    const { data } = await dataFolder(dataDir);
    const client = await database.connect();
    const { rows }: { rows: { pid: number }[] } = await client.query('SELECT pg_backend_pid() AS pid');
    const [backend] = rows.map((row) => row.pid);
    // Frozen, it cannot see its server's death: the case in which a second server would destroy data.
    process.kill(backend ?? 0, 'SIGSTOP');
    await kill(await serverOf(dataDir));
    const opening = openDatabase({ dataDir });
    const log = async (): Promise<string> => readFile((await dataFolder(dataDir)).log, 'utf8');
    await expect
      .poll(log, { timeout: 20_000 })
      .toMatch(/pre-existing shared memory block|postmaster\.pid" already exists/);
    // The one that said so takes a moment to end.
    await expect.poll(() => processesIn(data), { timeout: 20_000, interval: 5 }).toEqual([backend]);
    process.kill(backend ?? 0, 'SIGKILL');
    await (await opening).close();
    client.release(true);
  });

  it('is made anew when its making was killed half-way', async () => {
    const dataDir = await newFolder();
    const child = opener(dataDir);
    await expect
      .poll(async () => (await readdir(dataDir)).some((name) => name.startsWith('postgres.new-')), { interval: 2 })
      .toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');
    const database = await opened(dataDir);
    await postgresLedger(database).append('t', [draft('one')]);
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.log']);
  });
});

describe('a folder that will not do is refused with what to do', () => {
  it('a folder of another version of PostgreSQL', async () => {
    const dataDir = await newFolder();
    await (await opened(dataDir)).stop();
    await writeFile(join((await dataFolder(dataDir)).data, 'PG_VERSION'), '15\n');
    await expect(openDatabase({ dataDir })).rejects.toThrow(
      /was made by PostgreSQL 15; this Signalbox brings 18\. Export/,
    );
  });

  it('a folder with something else in it', async () => {
    const dataDir = await newFolder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'holiday.jpg'), 'x');
    await expect(openDatabase({ dataDir })).rejects.toMatchObject({ code: 'damaged' });
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['holiday.jpg']);
  });

  it.each([
    ['pg_control cut short', async (data: string) => truncate(join(data, 'global', 'pg_control'), 10)],
    [
      'pg_control overwritten',
      async (data: string) => writeFile(join(data, 'global', 'pg_control'), Buffer.alloc(8192, 7)),
    ],
    [
      'the write-ahead log lost',
      async (data: string) => {
        for (const name of await readdir(join(data, 'pg_wal')))
          if (/^[0-9A-F]{24}$/.test(name)) await rm(join(data, 'pg_wal', name));
      },
    ],
  ])('damaged data: %s', async (_name, damage) => {
    const dataDir = await newFolder();
    await (await opened(dataDir)).stop();
    await damage((await dataFolder(dataDir)).data);
    // Again and again: the server may end at any moment of our being let in, and each of them has to be told alike.
    for (let time = 0; time < 5; time += 1) {
      await expect(openDatabase({ dataDir })).rejects.toMatchObject({ code: 'damaged' });
    }
    await expect(openDatabase({ dataDir })).rejects.toThrow(/Bring the folder back from a backup, or move it away/);
  });

  it('a file where the folder should be', async () => {
    const dataDir = join(await newFolder(), 'file');
    await writeFile(dataDir, '');
    await expect(openDatabase({ dataDir })).rejects.toThrow(/file is not a folder\. Name another place/);
    await expect(openDatabase({ dataDir: join(dataDir, 'below') })).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it.runIf(isRoot)('takes a copy that root made of the folder, and leaves the original alone', async () => {
    const dataDir = await newFolder();
    const database = await opened(dataDir);
    await postgresLedger(database).append('t', [draft('original')]);
    await stopDatabase(dataDir);
    const copyDir = await newFolder();
    await cp(dataDir, copyDir, { recursive: true });
    const copy = await opened(copyDir);
    await postgresLedger(copy).append('t', [draft('copy')]);
    expect([await postgresLedger(copy).verify('t'), await postgresLedger(database).verify('t')]).toMatchObject([
      { entries: 2 },
      { entries: 1 },
    ]);
  });
});
