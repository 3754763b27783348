import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** Where the S3 server of the test run answers, and as whom. */
export interface ObjectServer {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** As small as the server takes them here, and held to it; elsewhere it is 5 MiB, which would make every test of parts slow. */
export const SMALLEST_PART: number = 64 * 1024;

const USER = { accessKeyId: 'SIGNALBOXTEST', secretAccessKey: 'a-secret-of-the-tests' };
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
const TRIES = 3;
const PATIENCE = 60_000;
const LOOK_EVERY = 50;

/**
 * One monitor, one store in memory, one gateway, with as few pieces inside as they take: the whole is up in about two seconds. No manager: nothing
 * here asks for its figures.
 */
function configuration(folder: string, fsid: string, monitor: number): string {
  return `[global]
fsid = ${fsid}
mon_host = [v2:127.0.0.1:${monitor}]
mon_initial_members = a
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
public_network = 127.0.0.0/8
ms_bind_msgr1 = false
osd_objectstore = memstore
memstore_device_bytes = 8589934592
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_heartbeat_interval = 60
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
paxos_propose_interval = 0.02
paxos_min_wait = 0.01
run_dir = ${folder}
admin_socket = ${folder}/$name.asok
pid_file =
log_file = ${folder}/$name.log
log_to_stderr = false
mon_data = ${folder}/mon
osd_data = ${folder}/osd
rgw_data = ${folder}/rgw
keyring = ${folder}/keyring
rgw_enable_apis = s3
rgw_enable_usage_log = false
rgw_multipart_min_part_size = ${SMALLEST_PART}
rgw_run_sync_thread = false
rgw_thread_pool_size = 64
rgw_gc_max_objs = 4
rgw_lc_max_objs = 2
rgw_usage_max_shards = 1
rgw_objexp_hints_num_shards = 1
rgw_override_bucket_index_max_shards = 1
rgw_data_log_num_shards = 1
rgw_md_log_max_shards = 1
rgw_num_control_oids = 1
rgw_reshard_num_logs = 1
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function missingPrograms(): readonly string[] {
  return PROGRAMS.filter((program) => spawnSync('which', [program]).status !== 0);
}

/** Whether tests on a real S3 server are left out: on a machine that has none. Where .ci/run has installed it they must run. */
export const WITHOUT_CEPH: boolean = process.env['CI'] !== 'true' && missingPrograms().length > 0;

function checkInstalled(): void {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  throw new Error(
    `These tests need Ceph's S3 server, and ${missing.join(', ')} are not installed. Install the Debian packages radosgw, ceph-mon and ceph-osd; .ci/run does.`,
  );
}

/** Runs one of Ceph's commands to its end. */
function run(folder: string, program: string, args: readonly string[]): void {
  const done = spawnSync(program, ['-c', join(folder, 'ceph.conf'), ...args], { encoding: 'utf8', timeout: PATIENCE });
  if (done.status === 0) return;
  throw new Error(`${program} ${args.join(' ')} failed (${done.status ?? done.signal}): ${done.stderr.slice(-2000)}`);
}

/** Starts one of its servers, which outlives this process; what it prints goes to a file. */
async function serve(folder: string, program: string, args: readonly string[]): Promise<number> {
  const output = openSync(join(folder, `${program}.out`), 'a');
  try {
    const child = spawn(program, ['-c', join(folder, 'ceph.conf'), '-f', ...args], {
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.unref();
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const pid = child.pid ?? 0;
    await writeFile(join(folder, `${program}.pid`), String(pid));
    return pid;
  } finally {
    closeSync(output);
  }
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

async function answers(endpoint: string, pid: number): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end && isRunning(pid)) {
    const response = await fetch(endpoint).catch(() => null);
    if (response?.ok === true) return;
    await pause(LOOK_EVERY);
  }
  throw new Error(`the S3 server at ${endpoint} did not answer within ${PATIENCE / 1000} seconds`);
}

async function startAt(folder: string): Promise<ObjectServer> {
  const [monitor, gateway] = [await freePort(), await freePort()];
  const fsid = randomUUID();
  const endpoint = `http://127.0.0.1:${gateway}`;
  for (const name of ['mon', 'osd', 'rgw']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'ceph.conf'), configuration(folder, fsid, monitor));
  const map = join(folder, 'monmap');
  run(folder, 'monmaptool', ['--create', '--clobber', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monitor}]`, map]);
  run(folder, 'ceph-mon', ['-i', 'a', '--mkfs', '--monmap', map]);
  await serve(folder, 'ceph-mon', ['-i', 'a']);
  const osd = randomUUID();
  run(folder, 'ceph', ['--connect-timeout', '30', 'osd', 'new', osd]);
  run(folder, 'ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', osd]);
  await serve(folder, 'ceph-osd', ['-i', '0']);
  const pid = await serve(folder, 'radosgw', [
    '-n',
    'client.rgw',
    `--rgw-frontends=beast endpoint=127.0.0.1:${gateway} tcp_nodelay=1`,
    // It asks for keys unless told on its command line: the file does not suffice.
    '--auth_client_required=none',
    '--auth_supported=none',
    '--ms_mon_client_mode=crc secure',
  ]);
  await answers(endpoint, pid);
  const { accessKeyId, secretAccessKey } = USER;
  const keys = ['--access-key', accessKeyId, '--secret-key', secretAccessKey];
  run(folder, 'radosgw-admin', ['user', 'create', '--uid', 'tests', '--display-name', 'Tests', ...keys]);
  return { endpoint, ...USER };
}

/** The last lines of everything that was logged: what a person needs to see why it did not start. */
async function lastWords(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /\.(log|out)$/.test(name));
  const texts = await Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
      return `--- ${name}\n${lines.slice(-15).join('\n')}`;
    }),
  );
  return texts.join('\n');
}

/** Starts a server in the folder; what is in its way (a port that somebody took meanwhile) is tried again. */
export async function startObjectServer(folder: string): Promise<ObjectServer> {
  checkInstalled();
  for (let count = 1; ; count += 1) {
    await mkdir(folder, { recursive: true });
    try {
      return await startAt(folder);
    } catch (error) {
      const words = await lastWords(folder);
      await stopObjectServer(folder);
      if (count < TRIES) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Ceph did not start in ${TRIES} tries: ${reason}\n${words}`, { cause: error });
    }
  }
}

/** Ends what was started in the folder, and removes it. */
export async function stopObjectServer(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.pid')) continue;
    const pid = Number(await readFile(join(folder, name), 'utf8'));
    // The number may be another process's by now.
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (pid > 0 && command.includes(folder)) process.kill(pid, 'SIGKILL');
  }
  await rm(folder, { recursive: true, force: true });
}

const Outcome = z.object({
  server: z.object({ endpoint: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() }).nullable(),
  failure: z.string().nullable(),
});

/** The run's one S3 server; the first test that asks for it starts it, the others wait. Stopped by the global setup. */
export async function objectServer(): Promise<ObjectServer> {
  const home = process.env['SIGNALBOX_TEST_HOME'];
  if (home === undefined) throw new Error('src/testing/services-setup.ts must be a globalSetup of this vitest project');
  const answer = join(home, 'ceph.answer');
  const claim = join(home, 'ceph.starting');
  if (await isFirst(claim)) {
    const outcome: z.infer<typeof Outcome> = await startObjectServer(join(home, 'ceph')).then(
      (server) => ({ server, failure: null }),
      (error: unknown) => ({ server: null, failure: error instanceof Error ? error.message : String(error) }),
    );
    await writeFile(`${answer}.new`, JSON.stringify(outcome));
    await rename(`${answer}.new`, answer);
  }
  while (!existsSync(answer)) {
    const starter = Number(await readFile(claim, 'utf8'));
    if (starter > 0 && !isRunning(starter))
      throw new Error('the test that was starting the S3 server was ended; run again');
    await pause(LOOK_EVERY);
  }
  const { server, failure } = Outcome.parse(JSON.parse(await readFile(answer, 'utf8')));
  if (server === null) throw new Error(failure ?? 'the S3 server did not start');
  return server;
}

async function isFirst(claim: string): Promise<boolean> {
  try {
    await writeFile(claim, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
