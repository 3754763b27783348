import { expect, it } from 'vitest';
import { COMMANDS } from '../commands/index.ts';
import { notForServers } from './place.ts';

const ADDRESS = 'http://169.254.169.254/latest/meta-data';

// What a server ran for somebody, it would ask from where it stands (docs/decisions/0215).
it.each([
  [['wheel', 'show', ADDRESS]],
  [['wheel', 'check', ADDRESS]],
  [['wheel', 'reversion', ADDRESS, '--version', '2.8.0']],
  [['status', '--train', ADDRESS]],
])('a server runs no command that reads from an address of its caller: %s', (argv) => {
  expect(notForServers(COMMANDS, argv)?.message).toContain('is about this machine');
});

it('what a server runs takes no address to read from', () => {
  const taking = COMMANDS.filter(({ here }) => here !== true).flatMap(({ words, arguments: given, flags }) =>
    [...given, ...flags]
      .filter(({ kind, summary }) => kind !== 'file' && kind !== 'folder' && /address|URL/u.test(summary))
      .map(({ name }) => `${words.join(' ')} ${name}`),
  );
  // Each takes an address for the name of a change or an issue on the forge of the train, and asks the forge by its number.
  expect(taking).toMatchInlineSnapshot(`
    [
      "find CHANGE",
      "milestone validate ITEM",
      "pick request PR",
      "pick request fixes",
      "pick retry PR",
      "pick show PR",
      "pick approve PR",
      "pick refuse PR",
      "pick ask PR",
      "pick reopen PR",
      "pick withdraw PR",
      "pick dispense PR",
    ]
  `);
});
