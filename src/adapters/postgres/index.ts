export { openDatabase, stopDatabase, type Database, type DatabasePlace } from './database.ts';
export { postgresLeases } from './leases.ts';
export { postgresLedger } from './ledger.ts';
