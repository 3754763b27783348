import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cliDecisionsSuite } from '../testing/cli-decisions-suite.ts';
import { cliRunOnServer } from '../testing/cli-on-server.ts';

cliDecisionsSuite(cliRunOnServer);

function snapshots(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, '__snapshots__', `${name}.test.ts.snap`), 'utf8');
}

it('says there, word for word, what it says here', async () => {
  expect(await snapshots('decisions-on-server')).toBe(await snapshots('decisions'));
});
