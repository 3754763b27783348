import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { artifactApp, type ArtifactApp } from '../../testing/artifact-app.ts';
import { cliRun, type CliRan } from '../../testing/cli-terminal.ts';
import { makeWheel } from '../../testing/make-wheel.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { noStores } from '../../testing/no-stores.ts';
import { StoreKey } from '../../domain/store-key.ts';

const CU126 = 'cu126/small-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl';

let world: ArtifactApp;
let folder: string;
const go = (...argv: readonly string[]): Promise<CliRan> =>
  cliRun(argv, { app: world.app, now: '2025-06-24T14:00:04Z', cwd: folder });
const data = (ran: CliRan): unknown => z.object({ data: z.unknown() }).parse(JSON.parse(ran.out)).data;
const gate = (ran: CliRan) => z.object({ verdict: z.string(), summary: z.string() }).parse(data(ran));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-artifacts-'));
  world = artifactApp();
  await go('release', 'create', '2.8.0', '--yes');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Both repositories at rc1, every file uploaded. */
function candidate(): void {
  for (const repo of ['core', 'vision'] as const) {
    world.tag(repo, 1);
    world.upload(repo, 1);
  }
}

const wheel = (requirement: string): Uint8Array =>
  makeWheel({
    name: 'small',
    version: '2.8.0+cu126',
    tags: 'cp312-cp312-manylinux_2_28_x86_64',
    requiresDist: [requirement, 'numpy >= 1.26'],
  }).bytes;

describe('the gate artifacts-complete', () => {
  it('opens once every file of the candidate is in its channel', async () => {
    world.tag('core', 1);
    expect((await go('gate', 'show', '2.8.0', 'artifacts-complete:core')).code).toBe(3);
    world.upload('core', 1);
    const open = await go('gate', 'show', '2.8.0', 'artifacts-complete:core', '--json');
    expect(open.code).toBe(0);
    expect(data(open)).toMatchObject({
      verdict: 'pass',
      summary: '7 of 7 files of core 2.8.0-rc1 in test, each once and with its digest',
    });
    expect(data(await go('gate', 'show', '2.8.0', 'artifacts-complete:vision', '--json'))).toMatchObject({
      verdict: 'queued',
    });
  });

  it('has no data while the channel cannot be opened, and says why', async () => {
    candidate();
    const why = 'AWS_ACCESS_KEY_ID is not set';
    const closed = artifactApp({
      stores: {
        ...noStores,
        of: () => Promise.resolve({ ok: false, problems: [{ kind: 'usage', code: 'no-key', text: why }] }),
        close: () => undefined,
      },
    });
    closed.tag('core', 1);
    const ran = await cliRun(['gate', 'show', '2.8.0', 'artifacts-complete:core', '--json'], { app: closed.app });
    expect(ran.code).toBe(3);
    expect(gate(ran).verdict).toBe('no-data');
    expect(gate(ran).summary).toContain(why);
  });

  it('is judged for the newest candidate: files of the one before do not count for it', async () => {
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    world.tag('core', 2);
    const stale = await go('gate', 'show', '2.8.0', 'artifacts-complete:core', '--json');
    expect(data(stale)).toMatchObject({
      verdict: 'failing',
      summary: '0 of 7 files of core 2.8.0-rc2 in test; 7 stale',
    });
    world.upload('core', 2);
    expect((await go('gate', 'show', '2.8.0', 'artifacts-complete:core')).code).toBe(0);
  });
});

const staged = async () => gate(await go('gate', 'show', '2.8.0', 'core-rc-staged', '--json'));

describe('the gate core-rc-staged', () => {
  it('opens with the last of core’s files in the channel, and not with its tag', async () => {
    expect(await staged()).toMatchObject({ verdict: 'failing', summary: 'core has no candidate of 2.8.0 yet' });
    world.tag('core', 1);
    expect(await staged()).toMatchObject({
      verdict: 'failing',
      summary:
        'core v2.8.0-rc1 is not staged: 0 of 7 files in test; missing: small/wheel/linux-x86_64/cpu/3.12, and 6 more',
    });
    world.upload('core', 1);
    await world.place('test').remove(StoreKey.parse(CU126), null);
    expect(await staged()).toMatchObject({
      verdict: 'failing',
      summary: 'core v2.8.0-rc1 is not staged: 6 of 7 files in test; missing: small/wheel/linux-x86_64/cu126/3.12',
    });
    world.upload('core', 1);
    const open = await staged();
    expect(open.verdict).toBe('pass');
    expect(open.summary).toMatch(/^core v2\.8\.0-rc1 at [0-9a-f]{9} is staged \(7 of 7 files in test\)$/u);
  });

  it('goes on for the candidate before while the newest is built, where it was recorded', async () => {
    candidate();
    world.tag('core', 2);
    expect(await staged()).toMatchObject({
      verdict: 'no-data',
      summary: 'whether core v2.8.0-rc2 is staged: the files may still be those of v2.8.0-rc1, which was not recorded',
    });
    world = artifactApp();
    await go('release', 'create', '2.8.0', '--yes');
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    world.tag('core', 2);
    expect((await staged()).summary).toContain('core v2.8.0-rc1 at ');
    world.place('test').plant(CU126, 'of rc2', sha256Of('of rc2'));
    const mixed = await staged();
    expect(mixed.verdict).toBe('failing');
    expect(mixed.summary).toContain('core v2.8.0-rc2 is not staged: 1 of 7 files in test; stale: ');
    world.upload('core', 2);
    expect((await staged()).summary).toContain('core v2.8.0-rc2 at ');
  });

  it('asks only for the files that the train names, and has no data where none is what it names', async () => {
    const { train } = world.app.loaded;
    const withCells = (cells: readonly string[]): void => {
      const repos = Object.fromEntries(
        Object.entries(train.repos).map(([key, repo]) => [
          key,
          repo.role === 'core' ? { ...repo, staged: { jobs: ['build / *'], cells: [...cells] } } : repo,
        ]),
      );
      world = artifactApp({ loaded: { ...world.app.loaded, train: { ...train, repos } } });
      world.tag('core', 1);
    };
    withCells(['small/wheel/linux-*']);
    expect((await staged()).summary).toContain('0 of 4 files');
    world.upload('core', 1);
    for (const [name, key] of [
      ['libs', 'cpu/libsmall-shared-2.8.0+cpu.zip'],
      ['libs', 'cpu/libsmall-shared-2.8.0.zip'],
    ] as const)
      await world.place(name).remove(StoreKey.parse(key), null);
    expect((await staged()).summary).toContain('4 of 4 files in test');
    withCells(['smaller/*']);
    expect(await staged()).toMatchObject({
      verdict: 'no-data',
      summary: 'whether core v2.8.0-rc1 is staged: no expected file is what repos.*.staged.cells says: smaller/*',
    });
  });

  it('has no data while the channel cannot be opened', async () => {
    const why = 'AWS_ACCESS_KEY_ID is not set';
    world = artifactApp({
      stores: {
        ...noStores,
        of: () => Promise.resolve({ ok: false, problems: [{ kind: 'usage', code: 'no-key', text: why }] }),
        close: () => undefined,
      },
    });
    world.tag('core', 1);
    expect(await staged()).toMatchObject({ verdict: 'no-data' });
  });
});

describe('artifact matrix and list', () => {
  it('show every cell of a candidate at 80 columns, and what is wrong with it', async () => {
    candidate();
    await world.place('test').remove(StoreKey.parse(CU126), null);
    world.place('test').plant('cpu/small_vision-0.23.0-cp313-cp313-macosx_11_0_arm64.whl', 'x');
    const ran = await go('artifact', 'matrix', '2.8.0-rc1');
    expect(ran.code).toBe(3);
    expect(ran.out).toMatchSnapshot();
    expect(Math.max(...ran.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('show the files that were chosen, one to a line', async () => {
    candidate();
    const ran = await go('artifact', 'list', '2.8.0-rc1', '--package', 'small', '--python', '3.12', '--kind', 'wheel');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatchSnapshot();
    const plain = await go('artifact', 'list', '2.8.0-rc1', '--plain');
    expect(plain.out.trimEnd().split('\n')).toHaveLength(13);
  });

  it('show an older candidate as it was recorded, and refuse one that was not', async () => {
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    world.tag('core', 2);
    const old = await go('artifact', 'matrix', '2.8.0-rc1', '--json');
    expect(old.code).toBe(0);
    expect(data(old)).toMatchObject({ from: 'record', candidate: '2.8.0-rc1' });
    world.tag('core', 3);
    const lost = await go('artifact', 'matrix', '2.8.0-rc2');
    expect(lost).toMatchObject({ code: 2, out: '' });
    expect(lost.err.replaceAll(/\s+/gu, ' ')).toContain(
      '2.8.0-rc2 was not recorded, and channel test holds the files of 2.8.0-rc3.',
    );
  });

  it('refuse what is no candidate', async () => {
    expect((await go('artifact', 'matrix', '2.8.0')).err).toContain('2.8.0 is not a candidate');
    expect((await go('artifact', 'list', '2.8.0-rc1')).err.replaceAll(/\s+/gu, ' ')).toContain(
      'core has none of 2.8.0 yet',
    );
    candidate();
    expect((await go('artifact', 'list', '2.8.0-rc1', '--platform', 'plan9')).err).toContain('no platform "plan9"');
  });
});

describe('artifact record', () => {
  it('records what a candidate consists of, once', async () => {
    candidate();
    const ran = await go('artifact', 'record', '2.8.0-rc1', '--yes', '--json');
    expect(ran.code).toBe(0);
    expect(data(ran)).toMatchObject({
      recorded: 'now',
      proof: 'told',
      without: [],
      manifest: { files: { length: 13 } },
    });
    expect(data(await go('artifact', 'record', '2.8.0-rc1', '--yes', '--json'))).toMatchObject({ recorded: 'before' });
    const log = await go('log', '2.8.0', '--plain');
    expect(log.out.match(/recorded 13 files of 2\.8\.0-rc1/gu)).toHaveLength(1);
    expect((await go('log', '--verify')).code).toBe(0);
  });

  it('records core alone while vision has no candidate, and the whole later', async () => {
    world.tag('core', 1);
    world.upload('core', 1);
    expect(data(await go('artifact', 'record', '2.8.0-rc1', '--yes', '--json'))).toMatchObject({
      without: ['vision'],
      manifest: { files: { length: 7 } },
    });
    world.tag('vision', 1);
    world.upload('vision', 1);
    expect(data(await go('artifact', 'record', '2.8.0-rc1', '--yes', '--json'))).toMatchObject({
      without: [],
      voided: [],
      manifest: { files: { length: 13 } },
    });
  });

  it('is refused while a file is missing, without the right, and without a yes', async () => {
    candidate();
    expect((await go('artifact', 'record', '2.8.0-rc1')).code).toBe(2);
    await world.place('test').remove(StoreKey.parse(CU126), null);
    const short = await go('artifact', 'record', '2.8.0-rc1', '--yes');
    expect(short).toMatchObject({ code: 3, out: '' });
    expect(short.err).toContain('[GATE_CLOSED]');
    const other = { ...world.app, who: () => Promise.resolve('mallory') };
    const denied = await cliRun(['artifact', 'record', '2.8.0-rc1', '--yes'], { app: other });
    expect(denied.code).toBe(4);
    expect((await go('log', '--plain')).out).toContain('was refused artifact record 2.8.0-rc1');
  });

  it('takes digests from the bytes where the store tells none, and refuses where it tells another', async () => {
    candidate();
    for (const place of ['test', 'mirror'] as const)
      world.place(place).plant(CU126, 'bytes', place === 'test' ? null : sha256Of('bytes'));
    expect((await go('gate', 'show', '2.8.0', 'artifacts-complete:core', '--json')).code).toBe(3);
    expect((await go('artifact', 'record', '2.8.0-rc1', '--yes')).code).toBe(3);
    const read = await go('artifact', 'record', '2.8.0-rc1', '--read', '--yes', '--json');
    expect(data(read)).toMatchObject({ proof: 'read' });
    expect(data(await go('artifact', 'show', CU126, '--json'))).toMatchObject([
      { file: { digest: sha256Of('bytes') } },
    ]);
    for (const place of ['test', 'mirror'] as const)
      world.place(place).plant(CU126, 'bytes', sha256Of('something else'));
    const lie = await go('artifact', 'record', '2.8.0-rc1', '--read', '--replace', '-m', 'rebuilt', '--yes');
    expect(lie.code).toBe(6);
    expect(lie.err.replaceAll(/\s+/gu, ' ')).toContain(
      `${CU126} is stored with ${sha256Of('something else')}, but its bytes are`,
    );
  });

  it('voids what was proved of a file that another takes the place of, and only that, and lists it', async () => {
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    const proved = await go('artifact', 'verify', '2.8.0-rc1', '--record', '--yes');
    expect(proved.code).toBe(0);
    for (const place of ['test', 'mirror'] as const) world.place(place).plant(CU126, 'again', sha256Of('again'));
    const refused = await go('artifact', 'record', '2.8.0-rc1', '--yes');
    expect(refused).toMatchObject({ code: 6, out: '' });
    expect(refused.err).toContain('[WOULD_CHANGE]');
    const replaced = await go(
      'artifact',
      'record',
      '2.8.0-rc1',
      '--replace',
      '-m',
      'the runner lost its disk',
      '--yes',
      '--json',
    );
    expect(data(replaced)).toMatchObject({
      recorded: 'now',
      voided: [
        { gate: 'artifacts-complete:core', void: ['small/wheel/linux-x86_64/cu126/3.12'], holds: { length: 6 } },
      ],
    });
    const shown = data(await go('artifact', 'show', CU126, '--json'));
    expect(shown).toMatchObject([
      { replaced: true, evidence: [{ gate: 'artifacts-complete:core' }] },
      { replaced: false, evidence: [] },
    ]);
  });
});

describe('artifact show', () => {
  it('says which candidate a file is of, by its bytes, digest, name and cell', async () => {
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    const path = join(folder, 'renamed.bin');
    await writeFile(path, `${CU126.replace('cu126/', '')} of rc1`);
    const byBytes = await go('artifact', 'show', 'renamed.bin');
    expect(byBytes.code).toBe(0);
    expect(byBytes.out).toMatchSnapshot();
    for (const asked of [
      sha256Of(`${CU126.replace('cu126/', '')} of rc1`),
      CU126.replace('cu126/', ''),
      'small/wheel/linux-x86_64/cu126/3.12',
    ])
      expect(data(await go('artifact', 'show', asked, '--json'))).toMatchObject([
        { candidate: '2.8.0-rc1', file: { key: CU126 } },
      ]);
  });

  it('answers 3 for a file of no candidate', async () => {
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    expect(await go('artifact', 'show', sha256Of('nothing'))).toMatchObject({ code: 3, out: '' });
  });
});

describe('artifact verify', () => {
  it('reads every byte of every channel, and names what differs or is absent', async () => {
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    expect((await go('artifact', 'verify', '2.8.0-rc1')).code).toBe(0);
    // The store still tells the old digest: only the bytes give it away.
    const size = `${CU126.replace('cu126/', '')} of rc1`;
    world.place('test').plant(CU126, size.replace('rc1', 'rcX'), sha256Of(size));
    world.place('stable').plant(CU126, size, sha256Of(size));
    expect((await go('artifact', 'verify', '2.8.0-rc1', '--told')).code).toBe(0);
    await world.place('mirror').remove(StoreKey.parse('cpu/small-2.8.0-cp312-cp312-macosx_11_0_arm64.whl'), null);
    const ran = await go('artifact', 'verify', '2.8.0-rc1');
    expect(ran.code).toBe(3);
    expect(ran.out).toMatchSnapshot();
  });

  it('answers 9 where a channel cannot be read, and 2 for what was not recorded', async () => {
    candidate();
    expect(await go('artifact', 'verify', '2.8.0-rc1')).toMatchObject({ code: 2 });
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    const { stores } = world.app;
    const half = {
      ...world.app,
      stores: {
        ...noStores,
        of: (channel: string) =>
          channel === 'stable'
            ? Promise.reject(Object.assign(new Error('503'), { code: 'unreachable' }))
            : stores.of(channel),
        close: () => undefined,
      },
    };
    const ran = await cliRun(['artifact', 'verify', '2.8.0-rc1'], { app: half });
    expect(ran.code).toBe(9);
    expect(ran.out).toContain('channel stable could not be read: 503');
  });
});

describe('artifact diff', () => {
  it('tells which files differ between two candidates, and by how much they grew', async () => {
    candidate();
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    world.tag('core', 2);
    world.upload('core', 2);
    const longer = 'x'.repeat(5000);
    for (const place of ['test', 'mirror'] as const) world.place(place).plant(CU126, longer, sha256Of(longer));
    expect((await go('artifact', 'record', '2.8.0-rc2', '--yes')).code).toBe(0);
    const ran = await go('artifact', 'diff', '2.8.0-rc1', '2.8.0-rc2');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatchSnapshot();
    expect(data(await go('artifact', 'diff', '2.8.0-rc1', '2.8.0', '--json'))).toMatchObject({
      same: 6,
      changed: { length: 7 },
      added: [],
      removed: [],
    });
  });

  it('tells which requirements came and went', async () => {
    const put = (bytes: Uint8Array): void => {
      for (const place of ['test', 'mirror'] as const) world.place(place).plant(CU126, bytes, sha256Of(bytes));
    };
    candidate();
    put(wheel('Triton==3.3.0'));
    expect((await go('artifact', 'record', '2.8.0-rc1', '--yes')).code).toBe(0);
    world.tag('core', 2);
    world.upload('core', 2);
    put(wheel('triton == 3.3.1'));
    await go('artifact', 'record', '2.8.0-rc2', '--yes');
    const ran = await go('artifact', 'diff', '2.8.0-rc1', '2.8.0-rc2');
    expect(ran.out).toContain('Requirements\n  - triton==3.3.0 (1 file)\n  + triton==3.3.1 (1 file)\n');
  });

  it('refuses what is neither candidate nor release, and what was not recorded', async () => {
    expect((await go('artifact', 'diff', 'main', '2.8.0')).err).toContain(
      '"main" is neither a candidate nor a release',
    );
    expect((await go('artifact', 'diff', '2.8.0-rc1', '2.8.0')).err).toContain('2.8.0-rc1 was not recorded');
  });
});
