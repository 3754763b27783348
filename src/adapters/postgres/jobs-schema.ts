/** The schema that pg-boss has for itself. */
export const JOBS_SCHEMA = 'signalbox_jobs';

/** The version of that schema which the pinned pg-boss works with; another one needs a migration of its own. */
const BOSS_SCHEMA = 46;

/** pg-boss makes its tables; ours remembers what was taken in. Made by the owner, since the product's role may not create anything. */
export async function jobsSchema(): Promise<string> {
  const { getConstructionPlans } = await import('pg-boss');
  const plans = getConstructionPlans(JOBS_SCHEMA);
  if (!plans.includes(`version) VALUES ('${BOSS_SCHEMA}')`)) {
    throw new Error(`pg-boss has another schema than ${BOSS_SCHEMA}: write a migration that brings it up to date`);
  }
  // The migrator has its transaction already; one inside would end it.
  const withoutTransaction = plans.replace(/^\s*BEGIN;/u, '').replace(/COMMIT;\s*$/u, '');
  return `${withoutTransaction}
CREATE TABLE signalbox.job_keys (
  queue    text        NOT NULL,
  key      text        NOT NULL,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (queue, key)
);
COMMENT ON TABLE signalbox.job_keys IS 'What every job that was taken in is known by (delivery ids, comments), so that nothing is done twice.';
CREATE INDEX job_keys_age ON signalbox.job_keys (queue, added_at);
`;
}

/**
 * Each job costs two keys: compared by their bytes, and with their age in an index of ranges, since what is forgotten lies together. A second tree of all
 * keys and the words' own order took half of the time of taking a webhook in.
 */
export const CHEAPER_KEYS = `
DROP INDEX signalbox.job_keys_age;
ALTER TABLE signalbox.job_keys ALTER COLUMN queue TYPE text COLLATE "C", ALTER COLUMN key TYPE text COLLATE "C";
CREATE INDEX job_keys_age ON signalbox.job_keys USING brin (added_at);
`;

/**
 * What was taken in and is not in its queue yet: a row for all that came at one moment. A job of its own has a row of pg-boss with six indexes, and its
 * keys; storing those before a webhook is answered took more than everything else that is done with it.
 */
export const JOB_POSTS = `
CREATE TABLE signalbox.job_posts (
  seq    bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue  text    NOT NULL,
  count  integer NOT NULL CHECK (count > 0),
  drafts jsonb   NOT NULL
);
COMMENT ON TABLE signalbox.job_posts IS 'Jobs that are safely stored and soon put into their queue: lists of id, keys, data. A row here is work that is not done.';
`;

/** What the product's role may do with jobs. */
export const jobsGrants = (role: string): string => `
    GRANT USAGE ON SCHEMA ${JOBS_SCHEMA} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOBS_SCHEMA} TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${JOBS_SCHEMA} TO ${role};
    GRANT SELECT, INSERT, DELETE ON signalbox.job_keys TO ${role};
    GRANT SELECT, INSERT, DELETE ON signalbox.job_posts TO ${role};
  `;
