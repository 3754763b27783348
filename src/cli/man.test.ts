import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cliRun } from '../testing/cli-terminal.ts';
import { nameOf } from './command.ts';
import { COMMANDS } from './commands/index.ts';

const hasGroff = spawnSync('groff', ['--version']).status === 0;

describe('the manual page', () => {
  it('names every command and every flag', async () => {
    const { code, out } = await cliRun(['man']);
    const text = out.replaceAll(String.raw`\-`, '-');
    expect(code).toBe(0);
    for (const command of COMMANDS) {
      expect(text).toContain(`.B ${nameOf(command)}`);
      for (const flag of command.flags) expect(text).toContain(`--${flag.name}`);
    }
  });

  it.runIf(hasGroff)('is set by groff without a warning, and reads as it should', async () => {
    const { out } = await cliRun(['man']);
    const set = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-cbou'], { input: out, encoding: 'utf8' });
    expect({ status: set.status, warnings: set.stderr }).toEqual({ status: 0, warnings: '' });
    expect(set.stdout).toContain('branch cut [REPO] REL');
  });

  it('lets no text begin a line as an order of troff', async () => {
    const { out } = await cliRun(['man']);
    const orders = out.split('\n').filter((line) => /^[.']/u.test(line));
    expect(orders.filter((line) => !/^\.(TH|SH|SS|TP|B|I|RI|RS|RE|EX|EE)\b/u.test(line))).toEqual([]);
  });
});
