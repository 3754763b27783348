/**
 * A process that appends entries one by one until it has written so many, and says each place on its own line once it is acknowledged.
 * Arguments: folder, database, train, name, count.
 */
import { openDatabase, postgresLedger } from '../adapters/postgres/index.ts';
import { draft } from './ledger-draft.ts';

const [dataDir = '', database = '', train = '', name = '', count = ''] = process.argv.slice(2);
const opened = await openDatabase({ dataDir, database });
const ledger = postgresLedger(opened);
for (let index = 0; index < Number(count); index += 1) {
  const [entry] = await ledger.append(train, [draft(`${name} ${index}`)]);
  process.stdout.write(`${entry?.seq ?? 'none'} ${name} ${index}\n`);
}
await opened.close();
