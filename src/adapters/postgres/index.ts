export { openDatabase, stopDatabase, type Database, type DatabasePlace } from './database.ts';
export { postgresJobs, type JobsOptions } from './jobs.ts';
export { postgresLeases } from './leases.ts';
export { postgresLedger } from './ledger.ts';
export { postgresNotices } from './notices.ts';
export { postgresSignals } from './signals.ts';
export { postgresViewHistory } from './view-history.ts';
export { postgresSessions } from './sessions.ts';
