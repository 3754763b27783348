import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draft } from '../../testing/ledger-draft.ts';
import { testDatabase, testServerFolder } from '../../testing/postgres.ts';
import { openDatabase, postgresLedger, stopDatabase } from './index.ts';

/** Letters that do not compress: what is appended takes the room it says. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCodePoint(33 + (state % 90));
  }).join('');
}

describe('a disk that is full as the server reports it', () => {
  it('refuses the append with a clear text, stores none of it, and works again afterwards', async () => {
    const own = await testDatabase();
    const database = await openDatabase(own.place);
    const ledger = postgresLedger(database);
    await ledger.append('t', [draft('before')]);
    await own.asOwner(`
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON signalbox.ledger_entries FOR EACH ROW WHEN (NEW.seq = 3) EXECUTE FUNCTION no_room()`);
    await expect(ledger.append('t', [draft('two'), draft('three')])).rejects.toMatchObject({
      code: 'full',
      maybeStored: false,
    });
    await expect(ledger.append('t', [draft('two'), draft('three')])).rejects.toThrow(
      /No space left on device\. Nothing was stored\. Make room on the disk/,
    );
    expect(await ledger.verify('t')).toMatchObject({ entries: 1, faults: [] });
    await own.asOwner('DROP TRIGGER no_room ON signalbox.ledger_entries');
    await ledger.append('t', [draft('two'), draft('three')]);
    expect(await ledger.verify('t')).toMatchObject({ entries: 3, faults: [] });
    await database.close();
    await own.drop();
  });
});

/** Whether this machine lets us mount a small file system; without that the true full disk is not tried. */
function mounted(path: string, size: string): boolean {
  try {
    mkdirSync(path, { recursive: true });
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', path], { stdio: 'ignore' });
    execFileSync('/bin/umount', [path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const canMount = process.getuid?.() === 0 && mounted(`/tmp/signalbox-mount-${process.pid}`, '1m');
rmSync(`/tmp/signalbox-mount-${process.pid}`, { recursive: true, force: true });

describe.runIf(canMount)('a disk that is truly full: a small file system of its own', () => {
  let folder: Awaited<ReturnType<typeof testServerFolder>>;
  const mount = (size: string): void => {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', folder.dataDir]);
  };
  const fill = (leave: number): void => {
    const { bavail, bsize } = statfsSync(folder.dataDir);
    writeFileSync(join(folder.dataDir, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  };
  beforeAll(async () => {
    folder = await testServerFolder();
  });
  afterAll(() => folder.remove());

  it('refuses to make a database, leaves nothing half-made, and makes it once there is room', async () => {
    mount('12m');
    try {
      await expect(openDatabase({ dataDir: folder.dataDir })).rejects.toMatchObject({ code: 'full' });
      await expect(openDatabase({ dataDir: folder.dataDir })).rejects.toThrow(/The disk is full\. Make room/);
      execFileSync('/bin/mount', ['-o', 'remount,size=200m', folder.dataDir]);
      const database = await openDatabase({ dataDir: folder.dataDir });
      await postgresLedger(database).append('t', [draft('one')]);
      await database.stop();
    } finally {
      await stopDatabase(folder.dataDir);
      execFileSync('/bin/umount', [folder.dataDir]);
    }
  });

  it('keeps every acknowledged entry and no part of another when it fills up while entries are written', async () => {
    mount('200m');
    try {
      const database = await openDatabase({ dataDir: folder.dataDir });
      const ledger = postgresLedger(database);
      fill(6 * 1024 * 1024);
      const big = noise(200_000);
      const acknowledged: number[] = [];
      const failure: unknown = await (async () => {
        for (;;) acknowledged.push((await ledger.append('t', [draft(big), draft(big)])).length);
      })().catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'LedgerError', code: 'full' });
      expect(String(failure)).toMatch(/Make room/);
      await expect(ledger.append('t', [draft(big)]), 'and again').rejects.toMatchObject({ code: 'full' });

      rmSync(join(folder.dataDir, 'ballast'));
      const { entries, faults } = await ledger.verify('t');
      expect(faults).toEqual([]);
      expect(
        [acknowledged.length * 2, acknowledged.length * 2 + 2],
        'an append cut off at its commit may be whole',
      ).toContain(entries);
      await ledger.append('t', [draft('after')]);
      expect((await ledger.verify('t')).faults).toEqual([]);
      await database.stop();
    } finally {
      await stopDatabase(folder.dataDir);
      execFileSync('/bin/umount', [folder.dataDir]);
    }
  });
});
