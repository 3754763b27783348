import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliRun } from '../../testing/cli-terminal.ts';
import { COMMANDS } from '../commands/index.ts';
import { completionScript } from './index.ts';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

describe.runIf(has('bash'))('in a real bash', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-completion-'));
    writeFileSync(join(folder, 'signalbox.bash'), completionScript('bash', COMMANDS));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a Tab offers after these words; `signalbox` itself answers with two releases and two repositories. */
  function complete(...words: readonly string[]): readonly string[] {
    const script = `
      signalbox() { case "$*" in 'config names release') echo '2.8.0 2.7.1' ;; 'config names repo') echo 'core vision' ;; esac; }
      source "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      _signalbox
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const ran = spawnSync(
      'bash',
      ['--norc', '-c', script, 'bash', join(folder, 'signalbox.bash'), 'signalbox', ...words],
      { encoding: 'utf8', cwd: folder },
    );
    expect(ran.stderr).toBe('');
    return ran.stdout
      .split('\n')
      .filter((word) => word !== '')
      .toSorted();
  }

  it.each([
    ['nouns and commands', ['st'], ['status']],
    ['verbs of a noun', ['branch', ''], ['audit', 'changes', 'check', 'cut']],
    ['verbs behind flags', ['--train', 'x.yaml', 'branch', 'cu'], ['cut']],
    ['releases of the train', ['status', '2'], ['2.7.1', '2.8.0']],
    ['repositories and releases', ['branch', 'cut', ''], ['2.7.1', '2.8.0', 'core', 'vision']],
    ['flags of the command', ['branch', 'cut', '--dr'], ['--dry-run']],
    ['flags of every command', ['status', '--js'], ['--json']],
    ['choices of a flag', ['status', '--color', 'al'], ['always']],
    ['topics of help', ['help', 'exi'], ['exit-codes']],
    ['shells', ['completion', ''], ['bash', 'fish', 'zsh']],
  ])('offers %s', (_name, words, offered) => expect(complete(...words)).toEqual(offered));
});

it.each(['bash', 'zsh', 'fish'] as const)(
  'makes a script for %s that its shell can read, where it is installed',
  (shell) => {
    const script = completionScript(shell, COMMANDS);
    for (const command of COMMANDS) for (const word of command.words) expect(script).toContain(word);
    if (!has(shell)) return;
    // As a file: fish reads no script from a pipe.
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-completion-'));
    writeFileSync(join(folder, 'script'), script);
    const parsed = spawnSync(shell, ['-n', join(folder, 'script')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect({ status: parsed.status, said: parsed.stderr }).toEqual({ status: 0, said: '' });
  },
);

it('prints the script', async () => {
  expect((await cliRun(['completion', 'fish'])).out).toContain(
    'complete -c signalbox -n __fish_use_subcommand -a status',
  );
});
