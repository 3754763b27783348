import type { Migration } from 'kysely/migration';
import { CHEAPER_KEYS, JOB_POSTS, jobsSchema } from './jobs-schema.ts';
import { NOTICES } from './notices-schema.ts';
import { SIGN_IN } from './sign-in-schema.ts';

/**
 * The schema's history, in order of name. Forward only; what was released is never edited. The SQL is spoken in full, so that an
 * operator can read what will be done to the team's database.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-ledger-and-leases': { up: async (db) => run(db, LEDGER_AND_LEASES) },
  '0002-jobs': { up: async (db) => run(db, await jobsSchema()) },
  '0003-entries-of-the-train': { up: async (db) => run(db, ENTRIES_OF_THE_TRAIN) },
  '0005-view-history': { up: async (db) => run(db, VIEW_HISTORY) },
  '0006-sign-in': { up: async (db) => run(db, SIGN_IN) },
  '0007-notices': { up: async (db) => run(db, NOTICES) },
  '0008-cheaper-keys': { up: async (db) => run(db, CHEAPER_KEYS) },
  '0009-job-posts': { up: async (db) => run(db, JOB_POSTS) },
};

async function run(db: Parameters<Migration['up']>[0], script: string): Promise<void> {
  const { sql } = await import('kysely');
  await sql.raw(script).execute(db);
}

const LEDGER_AND_LEASES = `
CREATE TABLE signalbox.ledger_entries (
  train   text    NOT NULL,
  seq     integer NOT NULL CHECK (seq > 0),
  entry   text    NOT NULL,
  hash    text    NOT NULL,
  prev    text,
  release text    NOT NULL,
  type    text    NOT NULL,
  at      text    NOT NULL,
  PRIMARY KEY (train, seq)
);
COMMENT ON TABLE signalbox.ledger_entries IS
  'Append-only. entry is the canonical JSON of the whole entry; the other columns repeat parts of it for queries.';
CREATE INDEX ledger_entries_release ON signalbox.ledger_entries (train, release, seq);

CREATE TABLE signalbox.ledger_heads (
  train text    PRIMARY KEY,
  seq   integer NOT NULL,
  hash  text    NOT NULL
);
COMMENT ON TABLE signalbox.ledger_heads IS 'The newest entry of each train, kept by a trigger: a cut-off tail is found by it.';

CREATE FUNCTION signalbox.ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signalbox.ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.ledger_refuse();

-- Runs as the tables' owner: who appends may not write heads.
CREATE FUNCTION signalbox.ledger_follow() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (
      SELECT added.seq, added.prev,
             coalesce(lag(added.seq) OVER chain, head.seq, 0) AS last_seq,
             coalesce(lag(added.hash) OVER chain, head.hash) AS last_hash
        FROM added LEFT JOIN signalbox.ledger_heads head ON head.train = added.train
      WINDOW chain AS (PARTITION BY added.train ORDER BY added.seq)
    ) link
    WHERE link.seq <> link.last_seq + 1 OR link.prev IS DISTINCT FROM link.last_hash
  ) THEN
    RAISE EXCEPTION 'an entry does not follow the newest one of its train' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO signalbox.ledger_heads (train, seq, hash)
    SELECT DISTINCT ON (train) train, seq, hash FROM added ORDER BY train, seq DESC
    ON CONFLICT (train) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
  RETURN NULL;
END $$;

CREATE TRIGGER follow AFTER INSERT ON signalbox.ledger_entries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.ledger_follow();

CREATE TABLE signalbox.leases (
  train   text    NOT NULL,
  key     text    NOT NULL,
  holder  text    NOT NULL,
  since   text    NOT NULL,
  lock    bigint  NOT NULL,
  backend integer NOT NULL,
  PRIMARY KEY (train, key)
);
COMMENT ON TABLE signalbox.leases IS
  'Who holds a lease, to be shown. The lease itself is the advisory lock (lock) of the session (backend): a row without it means nothing.';
`;

const ENTRIES_OF_THE_TRAIN = `
ALTER TABLE signalbox.ledger_entries ALTER COLUMN release DROP NOT NULL;
COMMENT ON COLUMN signalbox.ledger_entries.release IS 'Null for an entry about the whole train.';
`;

const VIEW_HISTORY = `
CREATE TABLE signalbox.view_history (
  train   text    NOT NULL,
  page    text    NOT NULL,
  at      text    NOT NULL,
  as_of   text    NOT NULL,
  stale   boolean NOT NULL,
  version text    NOT NULL,
  data    json    NOT NULL,
  PRIMARY KEY (train, page, at)
);
COMMENT ON TABLE signalbox.view_history IS
  'What pages showed, for looking back; page is a digest of what it is read by. May be emptied at any time.';

-- Whoever listens looks again: the word carries no facts.
CREATE FUNCTION signalbox.ledger_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('signalbox', train) FROM (SELECT DISTINCT train FROM added) told;
  RETURN NULL;
END $$;

CREATE TRIGGER tell AFTER INSERT ON signalbox.ledger_entries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION signalbox.ledger_tell();
`;
