import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draft, frozen } from '../../testing/ledger-draft.ts';
import { ledgerContract } from '../../testing/ledger-contract.ts';
import { testDatabase, testServerFolder, type TestDatabase } from '../../testing/postgres.ts';
import type { LedgerFault } from '../../domain/ledger-chain.ts';
import { openDatabase, postgresLeases, postgresLedger, type Database, type DatabasePlace } from './index.ts';
import { grantTo } from './schema.ts';

const WRITER = fileURLToPath(new URL('../../testing/ledger-writer.ts', import.meta.url));

async function under(place: DatabasePlace, drop: () => Promise<void>) {
  const database = await openDatabase(place);
  return {
    ledger: postgresLedger(database),
    leases: postgresLeases(database),
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

describe('the ledger in the embedded PostgreSQL', () => {
  ledgerContract(async () => {
    const own = await testDatabase();
    return under(own.place, own.drop);
  });
});

describe('the ledger in a team’s PostgreSQL, as a user who may make roles', () => {
  ledgerContract(async () => {
    const own = await testDatabase();
    return under({ url: own.url('signalbox_owner') }, own.drop);
  });
});

const teamUrl = process.env['SIGNALBOX_TEST_DATABASE_URL'];
describe.runIf(teamUrl !== undefined)('the ledger in the PostgreSQL of SIGNALBOX_TEST_DATABASE_URL', () => {
  ledgerContract(() => under({ url: teamUrl ?? '' }, async () => {}));
});

describe('the ledger keeps what it was given', () => {
  let own: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    own = await testDatabase();
    database = await openDatabase(own.place);
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  it.each([
    ['UPDATE', "UPDATE signalbox.ledger_entries SET entry = '{}'"],
    ['DELETE', 'DELETE FROM signalbox.ledger_entries'],
    ['TRUNCATE', 'TRUNCATE signalbox.ledger_entries'],
    ['TRUNCATE of the heads', 'TRUNCATE signalbox.ledger_heads'],
    ['UPDATE of the heads', 'UPDATE signalbox.ledger_heads SET seq = 1'],
    ['DROP', 'DROP TABLE signalbox.ledger_entries'],
    ['switching off the trigger', 'ALTER TABLE signalbox.ledger_entries DISABLE TRIGGER ALL'],
    ['making itself the owner', 'SET ROLE signalbox_owner'],
  ])('refuses %s to the role of the product', async (_name, sql) => {
    await postgresLedger(database).append('rights', [draft('one')]);
    const client = await database.connect();
    try {
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
    } finally {
      client.release();
    }
    expect((await postgresLedger(database).verify('rights')).faults).toEqual([]);
  });

  it.each([
    ['UPDATE', "UPDATE signalbox.ledger_entries SET entry = '{}'"],
    ['DELETE', 'DELETE FROM signalbox.ledger_entries'],
    ['TRUNCATE', 'TRUNCATE signalbox.ledger_entries'],
  ])('refuses %s even to the owner, by a trigger', async (_name, sql) => {
    await expect(own.asOwner(sql)).rejects.toThrow(/append-only/);
  });

  it('refuses an entry that does not follow, whoever inserts it', async () => {
    await postgresLedger(database).append('follow', [draft('one')]);
    const insert = `INSERT INTO signalbox.ledger_entries VALUES ('follow', $1, '{}', 'h', $2, '2.7.0', 'refused', 'x')`;
    await expect(own.asOwner(insert, [3, null])).rejects.toMatchObject({ code: '23000' });
    await expect(own.asOwner(insert, [2, 'sha256:other'])).rejects.toMatchObject({ code: '23000' });
    await expect(own.asOwner(insert, [1, null])).rejects.toMatchObject({ code: '23505' });
  });

  it('keeps to the trigger, and says so, where it may not make a role', async () => {
    const alone = await testDatabase();
    await alone.asOwner('CREATE ROLE plain_user LOGIN; DROP SCHEMA signalbox, signalbox_jobs CASCADE');
    await alone.asOwner(
      `DO $$ BEGIN EXECUTE 'GRANT CREATE ON DATABASE ' || quote_ident(current_database()) || ' TO plain_user'; END $$`,
    );
    const plain = await openDatabase({ url: alone.url('plain_user') });
    expect(plain.appendOnly).toBe('trigger');
    await postgresLedger(plain).append('t', [draft('one')]);
    const client = await plain.connect();
    await expect(client.query('DELETE FROM signalbox.ledger_entries')).rejects.toThrow(/append-only/);
    client.release();
    const leases = postgresLeases(plain);
    const answer = await leases.take('t', 'apply', { holder: 'mona', since: draft('x').at });
    expect([answer.taken, await leases.breakLease('t', 'apply')]).toEqual([true, true]);
    await plain.close();
    await alone.drop();
  });

  it('takes the writer’s rights on a team’s server, also the second time', async () => {
    for (let times = 0; times < 2; times += 1) {
      const team = await openDatabase({ url: own.url('signalbox_owner') });
      expect(team.appendOnly).toBe('role');
      const client = await team.connect();
      await expect(client.query('DELETE FROM signalbox.ledger_entries')).rejects.toMatchObject({ code: '42501' });
      client.release();
      await team.close();
    }
  });

  it('gives its rights once when many open a new database at once', async () => {
    const pool = new Pool({ connectionString: own.url('signalbox_owner'), max: 40 });
    const before = await own.asOwner(`SELECT relacl::text FROM pg_class WHERE relname = 'ledger_entries'`);
    await Promise.all(Array.from({ length: 20 }, () => grantTo(pool, 'signalbox')));
    expect(await own.asOwner(`SELECT relacl::text FROM pg_class WHERE relname = 'ledger_entries'`)).toEqual(before);
    await pool.end();
  });

  it('refuses a database made by a newer Signalbox, and says what to do', async () => {
    const newer = await testDatabase();
    await newer.asOwner(`INSERT INTO signalbox.migrations (name, timestamp) VALUES ('9999-from-the-future', 'x')`);
    await expect(openDatabase(newer.place)).rejects.toThrow(/newer Signalbox.*9999-from-the-future.*Use that version/);
    await newer.drop();
  });

  it('reads a ledger of before there were entries about the whole train, and takes such entries from then on', async () => {
    const old = await testDatabase();
    const before = await openDatabase(old.place);
    await postgresLedger(before).append('old', [draft('one'), draft('two')]);
    await before.close();
    await old.asOwner(
      `ALTER TABLE signalbox.ledger_entries ALTER COLUMN release SET NOT NULL;
       DO $$ DECLARE later text; BEGIN
         FOR later IN SELECT tablename FROM pg_tables WHERE schemaname = 'signalbox'
           AND tablename NOT IN ('ledger_entries', 'ledger_heads', 'leases', 'job_keys') AND tablename NOT LIKE 'migrations%'
         LOOP EXECUTE format('DROP TABLE signalbox.%I CASCADE', later); END LOOP;
       END $$;
       DROP TRIGGER tell ON signalbox.ledger_entries;
       DROP FUNCTION signalbox.ledger_tell;
       DELETE FROM signalbox.migrations WHERE name >= '0003-entries-of-the-train'`,
    );
    const after = await openDatabase(old.place);
    const ledger = postgresLedger(after);
    expect(await ledger.append('old', [frozen('the key leaked')])).toMatchObject([{ seq: 3 }]);
    expect((await ledger.read({ train: 'old', release: '2.7.0' })).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await ledger.verify('old')).toMatchObject({ entries: 3, faults: [] });
    await after.close();
    await old.drop();
  });

  it('makes one gapless chain of what several processes append at once', async () => {
    const writers = ['a', 'b', 'c'].map(async (name) => {
      const child = spawn(process.execPath, [WRITER, own.place.dataDir, own.place.database, 'many', name, '150']);
      const [said, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
      expect(errors).toBe('');
      return said
        .trim()
        .split('\n')
        .map((line) => Number.parseInt(line, 10));
    });
    const places = (await Promise.all(writers)).flat();
    expect(places.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 450 }, (_, index) => index + 1),
    );
    expect(await postgresLedger(database).verify('many')).toMatchObject({ entries: 450, faults: [] });
  });

  it('frees the lease of a process that was killed at once', async () => {
    const script = `
      import { openDatabase, postgresLeases } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const leases = postgresLeases(await openDatabase(${JSON.stringify(own.place)}));
      await leases.take('killed', 'apply', { holder: 'the child', since: '2025-03-17T09:00:00Z' });
      process.stdout.write('taken');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const leases = postgresLeases(database);
    const mona = { holder: 'mona', since: draft('x').at };
    expect(await leases.take('killed', 'apply', mona)).toMatchObject({ taken: false, by: { holder: 'the child' } });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => leases.holders('killed')).toEqual([]);
    const answer = await leases.take('killed', 'apply', mona);
    expect(answer.taken).toBe(true);
    if (answer.taken) await answer.lease.release();
  });
});

const set = (what: string): string => `UPDATE ENTRIES SET ${what} WHERE train = $1 AND seq = 3`;

describe('verify finds what was changed behind its back', () => {
  let own: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    own = await testDatabase();
    database = await openDatabase(own.place);
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  let trains = 0;
  /** A train with five entries, then the SQL as the superuser with all triggers off; `$1` is the train. */
  const tampered = async (...statements: readonly string[]): Promise<readonly Omit<LedgerFault, 'text'>[]> => {
    trains += 1;
    const train = `tampered ${trains}`;
    await postgresLedger(database).append(
      train,
      ['one', 'two', 'three', 'four', 'five'].map((reason) => draft(reason)),
    );
    for (const statement of statements) {
      const sql = statement.replaceAll('$1', `'${train}'`).replaceAll('ENTRIES', 'signalbox.ledger_entries');
      await own.asOwner(`SET session_replication_role = replica; ${sql}`);
    }
    const { faults } = await postgresLedger(database).verify(train);
    expect(faults.every((fault) => fault.text.includes(`${fault.seq}`))).toBe(true);
    return faults.map(({ seq, fault }) => ({ seq, fault }));
  };

  it.each([
    ['one letter of the text', set(`entry = replace(entry, 'three', 'thrae')`), [{ seq: 3, fault: 'hash' }]],
    ['a space that changes nothing in its meaning', set(`entry = entry || ' '`), [{ seq: 3, fault: 'hash' }]],
    [
      'a member added',
      set(`entry = replace(entry, '{"actor"', '{"aaa":1,"actor"')`),
      [{ seq: 3, fault: 'unreadable' }],
    ],
    ['the text emptied', set(`entry = ''`), [{ seq: 3, fault: 'unreadable' }]],
    ['the column hash', set(`hash = replace(hash, '0', '1') || '0'`), [{ seq: 3, fault: 'hash' }]],
    ['the column prev', set(`prev = NULL`), [{ seq: 3, fault: 'prev' }]],
    ['the column release', set(`release = '2.7.1'`), [{ seq: 3, fault: 'hash' }]],
    ['the column release emptied', set(`release = NULL`), [{ seq: 3, fault: 'hash' }]],
    ['the column type', set(`type = 'plan-made'`), [{ seq: 3, fault: 'hash' }]],
    ['the column at', set(`at = '2025-03-17T09:00:01Z'`), [{ seq: 3, fault: 'hash' }]],
    ['an entry removed', 'DELETE FROM ENTRIES WHERE train = $1 AND seq = 3', [{ seq: 3, fault: 'sequence' }]],
    ['the first one removed', 'DELETE FROM ENTRIES WHERE train = $1 AND seq = 1', [{ seq: 1, fault: 'sequence' }]],
    ['the tail cut off', 'DELETE FROM ENTRIES WHERE train = $1 AND seq >= 4', [{ seq: 4, fault: 'sequence' }]],
    ['all removed', 'DELETE FROM ENTRIES WHERE train = $1', [{ seq: 1, fault: 'sequence' }]],
    ['an entry moved to another train', set(`train = 'elsewhere'`), [{ seq: 3, fault: 'sequence' }]],
    [
      'two entries exchanged',
      'UPDATE ENTRIES AS a SET entry = b.entry, hash = b.hash, prev = b.prev FROM ENTRIES AS b WHERE a.train = $1 AND b.train = $1 AND a.seq IN (2, 3) AND b.seq = 5 - a.seq',
      [
        { seq: 2, fault: 'sequence' },
        { seq: 3, fault: 'sequence' },
      ],
    ],
    ['the recorded head', `UPDATE signalbox.ledger_heads SET hash = 'x' WHERE train = $1`, [{ seq: 5, fault: 'hash' }]],
    [
      'the recorded head set back',
      'UPDATE signalbox.ledger_heads SET seq = 4 WHERE train = $1',
      [{ seq: 5, fault: 'sequence' }],
    ],
    [
      'the recorded head removed',
      'DELETE FROM signalbox.ledger_heads WHERE train = $1',
      [{ seq: 5, fault: 'sequence' }],
    ],
  ])('%s', async (_name, sql, faults) => {
    expect(await tampered(sql)).toEqual(faults);
  });

  it('finds any one flipped bit of an entry', async () => {
    const train = 'every bit';
    const [entry] = await postgresLedger(database).append(train, [draft('a')]);
    const [stored] = await own.asOwner(
      'SELECT octet_length(entry) AS bytes FROM signalbox.ledger_entries WHERE train = $1',
      [train],
    );
    expect(stored).toEqual({ bytes: JSON.stringify(entry).length });
    // Every byte of the text in turn, its lowest bit: done in the database so that each is truly stored before it is verified.
    for (let at = 0; at < JSON.stringify(entry).length; at += 1) {
      const flip = `UPDATE signalbox.ledger_entries SET entry = convert_from(set_byte(convert_to(entry, 'UTF8'), ${at}, get_byte(convert_to(entry, 'UTF8'), ${at}) # 1), 'UTF8') WHERE train = '${train}'`;
      await own.asOwner(`SET session_replication_role = replica; ${flip}`);
      const { faults } = await postgresLedger(database).verify(train);
      expect(
        faults.map((fault) => fault.seq),
        `byte ${at}`,
      ).toContain(1);
      await own.asOwner(`SET session_replication_role = replica; ${flip}`);
    }
    expect((await postgresLedger(database).verify(train)).faults).toEqual([]);
  });

  it('names the entries that a byte flipped on the disk makes unreadable', async () => {
    const folder = await testServerFolder();
    const before = await openDatabase({ dataDir: folder.dataDir });
    const bulk = 'x'.repeat(1000);
    for (let index = 1; index <= 40; index += 1)
      await postgresLedger(before).append('t', [draft(`${bulk} needle ${index} `)]);
    await before.stop();
    const files = await readdir(join(folder.dataDir, 'postgres', 'base'), { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile())) {
      const path = join(file.parentPath, file.name);
      const content = await readFile(path);
      const at = content.indexOf('needle 20 ');
      if (at === -1) continue;
      content.writeUInt8(content.readUInt8(at) ^ 1, at);
      await writeFile(path, content);
    }
    const after = await openDatabase({ dataDir: folder.dataDir });
    const { faults, entries } = await postgresLedger(after).verify('t');
    expect(faults.map((fault) => fault.seq)).toContain(20);
    expect(faults.map((fault) => fault.seq)).not.toContain(1);
    expect(faults.length, 'those of its page, no others').toBeLessThan(9);
    expect(faults.every((fault) => fault.fault === 'unreadable' && /invalid page/.test(fault.text))).toBe(true);
    expect(entries).toBe(40);
    await expect(postgresLedger(after).read({ train: 't' })).rejects.toMatchObject({ code: 'damaged' });
    await after.close();
    await folder.remove();
  });

  it('does not read a changed entry as if it were good', async () => {
    const train = 'read';
    await postgresLedger(database).append(train, [draft('one'), draft('two')]);
    await own.asOwner(
      `SET session_replication_role = replica; UPDATE signalbox.ledger_entries SET entry = replace(entry, 'two', 'tvo') WHERE train = 'read'`,
    );
    await expect(postgresLedger(database).read({ train })).rejects.toThrow(/entry 2 .*signalbox log --verify/);
  });
});
