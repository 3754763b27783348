import type { Pool } from 'pg';
import { z } from 'zod';
import { LedgerError } from '../../ports/ledger.ts';
import { serverError } from './errors.ts';
import { grantTo, migrate, schemaState } from './schema.ts';

/** The role whose rights our sessions take on a team's server: it may append to the ledger and read it, no more. */
const WRITER = 'signalbox_writer';

// Asked first, so that the log of a team's server does not fill with refusals.
const RIGHTS = `
  SELECT rolsuper OR rolcreaterole AS maker,
         EXISTS (SELECT FROM pg_roles AS writer WHERE writer.rolname = $1 AND pg_has_role(writer.oid, 'MEMBER')) AS member
    FROM pg_roles WHERE rolname = current_user`;
const Rights = z.object({ maker: z.boolean(), member: z.boolean() });

/** Something that runs SQL: a connection of the pool or one alone. */
interface Session {
  query(text: string): Promise<unknown>;
}

/** Brings the schema of a team's server up to date and finds out as whom to work. Ends the given pool. */
export async function openServer(
  owner: Pool,
): Promise<{ readonly appendOnly: 'role' | 'trigger'; readonly enter: (session: Session) => Promise<void> }> {
  try {
    if ((await schemaState(owner)) === 'behind') await migrate(owner);
    const { rows } = await owner.query(RIGHTS, [WRITER]);
    const rights = Rights.parse(rows[0]);
    const mayBeWriter = (rights.member && (await canEnter(owner))) || (rights.maker && (await makeWriter(owner)));
    if (!mayBeWriter) return { appendOnly: 'trigger', enter: async () => {} };
    const enter = async (session: Session): Promise<void> => {
      await session.query(`SET ROLE ${WRITER}`);
    };
    return { appendOnly: 'role', enter };
  } finally {
    await owner.end();
  }
}

/** Whether the role exists, is ours to take, and has its rights here. */
async function canEnter(owner: Pool): Promise<boolean> {
  const client = await owner.connect();
  try {
    await client.query(`SET ROLE ${WRITER}`);
    // Of the oldest and of the newest migration: a role that was made before may lack rights on what came since.
    await client.query('SELECT FROM signalbox.ledger_heads LIMIT 0');
    await client.query('SELECT FROM signalbox.job_keys LIMIT 0');
    return true;
  } catch (error) {
    if (serverError(error)?.fatal === false) return false;
    throw error;
  } finally {
    client.release(true);
  }
}

/** Makes the role and gives it its rights; false where we may not. */
async function makeWriter(owner: Pool): Promise<boolean> {
  for (const statement of [`CREATE ROLE ${WRITER} NOLOGIN`, `GRANT ${WRITER} TO CURRENT_USER`]) {
    try {
      await owner.query(statement);
    } catch (error) {
      // There already, made at this moment by another, or not ours to make: whether it will do is seen below.
      if (serverError(error)?.fatal !== false) throw error;
    }
  }
  try {
    await grantTo(owner, WRITER);
  } catch (error) {
    if (serverError(error)?.fatal === false) return false;
    throw error;
  }
  return canEnter(owner);
}

/** A database URL for people: no password, no options. Throws `invalid` for what is none, without repeating it. */
export function describeUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    throw new LedgerError(
      'invalid',
      'DATABASE_URL is not the address of a PostgreSQL database. It looks like postgresql://user:password@host:5432/database; ' +
        'letters of the password that mean something in an address are written %XX.',
    );
  }
  const user = parsed.username === '' ? '' : `${parsed.username}@`;
  return `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}`;
}
