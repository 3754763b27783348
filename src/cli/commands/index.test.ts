import { expect, it } from 'vitest';
import { nameOf } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { GLOBAL_FLAGS } from '../flags.ts';
import { COMMANDS } from './index.ts';

it('lets a flag take a value everywhere or nowhere, so that words can be told from values', () => {
  const forms = new Map<string, boolean>();
  for (const flag of [...GLOBAL_FLAGS, ...COMMANDS.flatMap((command) => command.flags)]) {
    const takes = flag.value !== undefined && flag.valueOptional !== true;
    for (const form of [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])]) {
      expect(forms.get(form) ?? takes).toBe(takes);
      forms.set(form, takes);
    }
  }
});

it('gives no command a flag twice, nor one of every command', () => {
  for (const command of COMMANDS) {
    const forms = [...GLOBAL_FLAGS, ...command.flags].flatMap((flag) => [
      flag.name,
      ...(flag.short === undefined ? [] : [flag.short]),
    ]);
    expect(new Set(forms).size).toBe(forms.length);
  }
});

it('names each command once, and each noun is never a command of its own', () => {
  const names = COMMANDS.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  const bare = COMMANDS.filter((command) => command.words.length === 1).map((command) => command.words[0]);
  expect(COMMANDS.filter((command) => command.words.length === 2 && bare.includes(command.words[0]))).toEqual([]);
});

it('gives examples of every command that begin with it', () => {
  for (const command of COMMANDS) {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) expect(example).toContain(`signalbox ${nameOf(command)}`);
  }
});

it('ends commands only with codes of the table', () => {
  const known = EXIT_CODES.map((row) => row.name);
  for (const command of COMMANDS) for (const exit of command.exits) expect(known).toContain(exit);
});
