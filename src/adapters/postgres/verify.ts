import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Digest } from '../../domain/canonical-json.ts';
import {
  checkEntry,
  CHAIN_START,
  type CheckedTo,
  type LedgerFault,
  type StoredEntry,
} from '../../domain/ledger-chain.ts';
import { releaseOfEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import type { LedgerCheck } from '../../ports/ledger.ts';
import { serverError } from './errors.ts';
import { messageOf } from './runner/failures.ts';

/** Entries read with one statement. */
const AT_ONCE = 500;

// As bytes: a driver would repair a byte that is not UTF-8, and a repaired text is not what is stored.
const Row = z.object({
  seq: z.int(),
  entry: z.instanceof(Uint8Array),
  hash: z.string(),
  prev: z.string().nullable(),
  release: z.string().nullable(),
  type: z.string(),
  at: z.string(),
});
type Row = z.infer<typeof Row>;
const Head = z.object({ seq: z.int(), hash: z.string() });
const Seq = z.object({ seq: z.int().nullable() });

const SELECT = `SELECT seq, convert_to(entry, 'UTF8') AS entry, hash, prev, release, type, at FROM signalbox.ledger_entries WHERE train = $1`;

/**
 * Reads every entry of the train as stored and checks it against its hash, the entry before, its columns, and the recorded head. A tail that
 * was cut off together with the head cannot be seen from inside: compare the head with one noted elsewhere (an export, a printed log).
 */
export async function verifyTrain(client: PoolClient, train: string): Promise<LedgerCheck> {
  // Newest first, then the head, which appends only move on: entries up to the head are there whatever is appended meanwhile.
  const newest = await newestSeq(client, train);
  const heads = await client.query('SELECT seq, hash FROM signalbox.ledger_heads WHERE train = $1', [train]);
  const head = z.array(Head).parse(heads.rows)[0] ?? null;
  const upTo = Math.max(newest, head?.seq ?? 0);

  const faults: LedgerFault[] = [];
  let checked: CheckedTo = CHAIN_START;
  let hash: Digest | null = null;
  let entries = 0;
  for (let more = true; more;) {
    const rows = await readSome(client, train, { after: checked.seq, upTo });
    for (const row of rows) {
      const answer = checkEntry(train, checked, 'text' in row ? { seq: row.seq, text: row.text } : row);
      faults.push(...answer.faults);
      if (answer.entry !== null && answer.faults.length === 0 && 'text' in row)
        faults.push(...columnFaults(answer.entry, row.columns));
      hash = answer.entry?.hash ?? null;
      checked = answer.checked;
      entries += 1;
    }
    more = rows.length > 0;
  }
  faults.push(...headFaults(head, { seq: checked.seq, hash }));
  return { entries, head: hash, faults };
}

/** The highest sequence number stored; 0 for none, or when the place where it stands is damaged: the head knows it then. */
async function newestSeq(client: PoolClient, train: string): Promise<number> {
  try {
    const { rows } = await client.query('SELECT max(seq) AS seq FROM signalbox.ledger_entries WHERE train = $1', [
      train,
    ]);
    return Seq.parse(rows[0]).seq ?? 0;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return 0;
  }
}

type Read =
  | { readonly seq: number; readonly text: string; readonly columns: Row }
  | Extract<StoredEntry, { readonly unreadable: string }>;

async function readSome(
  client: PoolClient,
  train: string,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<readonly Read[]> {
  const range = [train, after, upTo];
  try {
    const { rows } = await client.query(`${SELECT} AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT ${AT_ONCE}`, range);
    return z.array(Row).parse(rows).map(decoded);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  // Somewhere in the batch the server itself finds damage (a page's checksum, a byte that is no UTF-8): one by one names the entry.
  const { rows } = await client
    .query(
      `SELECT seq FROM signalbox.ledger_entries WHERE train = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT ${AT_ONCE}`,
      range,
    )
    .catch(async (error: unknown) => {
      if (!isDamage(error)) throw error;
      return {
        rows: Array.from({ length: Math.min(AT_ONCE, upTo - after) }, (_, index) => ({ seq: after + 1 + index })),
      };
    });
  const read: Read[] = [];
  for (const { seq } of z.array(z.object({ seq: z.int() })).parse(rows))
    read.push(...(await readOne(client, train, seq)));
  return read;
}

/** The entry at one place; none when there is none. */
async function readOne(client: PoolClient, train: string, seq: number): Promise<readonly Read[]> {
  try {
    const { rows } = await client.query(`${SELECT} AND seq = $2`, [train, seq]);
    return z.array(Row).parse(rows).map(decoded);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [{ seq, unreadable: `the database says: ${messageOf(error)}` }];
  }
}

function decoded(row: Row): Read {
  try {
    return {
      seq: row.seq,
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(row.entry),
      columns: row,
    };
  } catch {
    return { seq: row.seq, unreadable: 'its text is not UTF-8' };
  }
}

/** Damaged pages and indexes, other inner failures of the server when it reads them, and text that is none. */
function isDamage(error: unknown): boolean {
  const state = serverError(error)?.state ?? '';
  return state.startsWith('XX') || state.startsWith('22');
}

/** The columns repeat parts of the entry for queries; one that differs would hide the entry from them, or show it where it is not. */
function columnFaults(entry: LedgerEntry, row: Row): readonly LedgerFault[] {
  const { seq } = entry;
  const should = {
    hash: entry.hash,
    prev: entry.prev,
    release: releaseOfEvent(entry.event),
    type: entry.event.type,
    at: entry.at,
  };
  const wrong = (['hash', 'prev', 'release', 'type', 'at'] as const).filter((name) => row[name] !== should[name]);
  return wrong.map((name) => ({
    seq,
    fault: name === 'prev' ? 'prev' : 'hash',
    text: `entry ${seq} was changed after it was written: its column ${name} does not fit`,
  }));
}

function headFaults(
  head: { readonly seq: number; readonly hash: string } | null,
  last: { readonly seq: number; readonly hash: string | null },
): readonly LedgerFault[] {
  if (head === null) {
    return last.seq === 0
      ? []
      : [
          {
            seq: last.seq,
            fault: 'sequence',
            text: `the train's recorded head is missing; it should be entry ${last.seq}`,
          },
        ];
  }
  if (head.seq > last.seq) {
    const missing =
      head.seq === last.seq + 1 ? `entry ${head.seq} is missing` : `entries ${last.seq + 1} to ${head.seq} are missing`;
    return [
      {
        seq: last.seq + 1,
        fault: 'sequence',
        text: `${missing} at the end: the train's recorded head is entry ${head.seq}`,
      },
    ];
  }
  if (head.seq < last.seq) {
    return [
      {
        seq: head.seq + 1,
        fault: 'sequence',
        text: `entry ${head.seq + 1} stands after the train's recorded head, entry ${head.seq}`,
      },
    ];
  }
  return last.hash === null || last.hash === head.hash
    ? []
    : [{ seq: head.seq, fault: 'hash', text: `entry ${head.seq} is not the one that the train's recorded head names` }];
}
