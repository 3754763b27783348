import { describe, expect, it } from 'vitest';
import { openDatabase } from './index.ts';
import { schemaState } from './schema.ts';
import { describeUrl } from './team-server.ts';

describe('DATABASE_URL', () => {
  it.each([
    ['postgresql://mona:s3cret@db.example:5432/team', 'postgresql://mona@db.example:5432/team'],
    ['postgres://db.example/team?user=mona&password=s3cret&sslpassword=s3cret', 'postgres://db.example/team'],
    ['postgresql://mona:s3cret%20%zz@db.example/team#s3cret', 'postgresql://mona@db.example/team'],
  ])('is shown without its secrets', (url, shown) => {
    expect(describeUrl(url)).toBe(shown);
  });

  it.each([
    [''],
    ['s3cret'],
    ['mysql://mona:s3cret@db.example/team'],
    ['postgresql://mona:s3cret:@:@db/team'],
    ['postgresql://mona:s3cret@127.0.0.1:1/team'],
    ['postgresql://mona:s3cret%zz@127.0.0.1:1/team'],
    ['postgresql:///team?host=/nowhere/s0cket&user=mona&password=s3cret'],
  ])('%s is refused or not reached, without a word of its secrets', async (url) => {
    const failure: unknown = await openDatabase({ url }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'LedgerError' });
    expect(String(failure)).not.toContain('s3cret');
    expect(failure instanceof Error ? failure.message : '').toMatch(/DATABASE_URL|run the command again/);
  });
});

describe('the version of the server', () => {
  it('is told when it is too old', async () => {
    const old = {
      query: async () => ({ rows: [{ version: 140_011, name: '14.11 (Debian 14.11-1)', migrated: false }] }),
    };
    await expect(schemaState(old)).rejects.toThrow(
      'The database is PostgreSQL 14.11 (Debian 14.11-1); Signalbox needs 15 or later.',
    );
  });

  it('asks for the schema where there is none', async () => {
    const fresh = { query: async () => ({ rows: [{ version: 150_000, name: '15.0', migrated: false }] }) };
    expect(await schemaState(fresh)).toBe('behind');
  });
});
