import type { Train } from '../../../domain/train/train.ts';
import type { Option } from './arguments.ts';
import { grammarOf, type CommandSpec } from './grammar.ts';

// argparse: a terminal of 80 columns, less two.
const WIDTH = 78;
const HELP_COLUMN = 24;

/** The program's name in usage texts: `@pytorchbot`. */
function programOf(train: Train): string {
  return `@${train.picks.bot}`;
}

/** The usage of one command in argparse's shape, broken where argparse breaks it. */
export function usageOf(train: Train, spec: CommandSpec): string {
  const head = `usage: ${programOf(train)} ${spec.name} `;
  const words = spec.options.flatMap((option) => {
    const shown = [option.names[0], ...(option.metavar === null ? [] : [option.metavar])];
    return option.required ? shown : [`[${shown.join(' ')}]`];
  });
  return wrapped(head, words);
}

/** The usage of the bot as a whole, for arguments that no command knows. */
export function usageOfAll(train: Train): string {
  const names = [...new Set(grammarOf(train).map(({ name }) => name.split(' ')[0] ?? name))];
  return wrapped(`usage: ${programOf(train)} `, ['[-h]', `{${names.join(',')}}`, '...']);
}

function wrapped(head: string, words: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && head.length + line.length + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += `${word} `;
  }
  return `${head}${[...lines, line.trimEnd()].join(`\n${' '.repeat(head.length)}`)}`.trimEnd();
}

/** The help of one command, line by line as argparse prints it. */
export function helpOf(train: Train, spec: CommandSpec): string {
  const options = spec.options.length === 0 ? [] : ['', 'optional arguments:', ...spec.options.map(optionLines)];
  return [usageOf(train, spec), '', spec.description, ...options].join('\n');
}

function optionLines(option: Option): string {
  const value = option.metavar === null ? '' : ` ${option.metavar}`;
  const head = `  ${option.names.map((name) => `${name}${value}`).join(', ')}`;
  const indent = ' '.repeat(HELP_COLUMN);
  return head.length <= HELP_COLUMN - 2
    ? `${head.padEnd(HELP_COLUMN)}${option.help}`
    : `${head}\n${indent}${option.help}`;
}

/** The help of all commands, as a comment: one fenced text per command. */
export function helpOfAll(train: Train): string {
  const parts = grammarOf(train).map((spec) => `## ${spec.name}\n\`\`\`\n${helpOf(train, spec)}\n\`\`\``);
  return [`# ${programOf(train)}`, '```', usageOfAll(train), '```', ...parts].join('\n');
}
