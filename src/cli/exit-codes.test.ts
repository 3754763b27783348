import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EXIT_CODES, exitCode, exitCodesMarkdown } from './exit-codes.ts';
import { COMMANDS } from './commands/index.ts';
import { manPage } from './man.ts';
import { topicText } from './topics.ts';

it('keeps docs/exit-codes.md as the table says', async () => {
  await expect(exitCodesMarkdown()).toMatchFileSnapshot(join(import.meta.dirname, '..', '..', 'docs', 'exit-codes.md'));
});

it('tells every code in help, in the man page and in the document by the same words', () => {
  const man = manPage(COMMANDS, '0').replaceAll(String.raw`\-`, '-');
  const help = topicText('exit-codes').replaceAll(/\s+/gu, ' ');
  for (const row of EXIT_CODES) {
    expect(man).toContain(`.B ${row.code}\n${row.meaning}`);
    expect(help).toContain(`${row.code} ${row.meaning}`);
    expect(exitCodesMarkdown()).toContain(`| ${row.code} | ${row.name} | ${row.meaning} |`);
  }
});

it('gives every meaning one code, and every code one meaning', () => {
  expect(new Set(EXIT_CODES.map((row) => row.code)).size).toBe(EXIT_CODES.length);
  expect(EXIT_CODES.map((row) => exitCode(row.name))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130]);
});
