import { describe } from 'vitest';
import { ledgerContract } from './ledger-contract.ts';
import { memoryLeases, memoryLedger } from './memory-ledger.ts';

describe('the ledger in memory', () => {
  ledgerContract(async () => ({ ledger: memoryLedger(), leases: memoryLeases(), close: async () => {} }));
});
