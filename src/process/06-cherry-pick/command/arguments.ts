/** An option of a command, as argparse knows it. */
export interface Option {
  /** Short and long names, in the order in which they are shown: `-c`, `--classification`. */
  readonly names: readonly [string, ...string[]];
  /** What its value is called in usage texts; null for an option without one. */
  readonly metavar: string | null;
  readonly required: boolean;
  /** The only values it takes, or null for any. */
  readonly choices: readonly string[] | null;
  /** Whether it may be given more than once, each value counting. */
  readonly repeats: boolean;
  readonly help: string;
}

/** What was given: values by the first name of the option, in order; an option without a value has an empty one. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** `error` is worded as argparse words it; `unrecognized` is told by the program, not by the command, as argparse does. */
export type Parsed =
  | { readonly is: 'given'; readonly given: Given }
  | { readonly is: 'help' }
  | { readonly is: 'error'; readonly message: string }
  | { readonly is: 'unrecognized'; readonly message: string };

const HELP: Option = {
  names: ['-h', '--help'],
  metavar: null,
  required: false,
  choices: null,
  repeats: true,
  help: '',
};

/** Options argparse shows by the names people gave them: `-c/--classification`. */
function nameOf(option: Option): string {
  return option.names.join('/');
}

type Token =
  | { readonly is: 'value'; readonly text: string }
  | { readonly is: 'option'; readonly option: Option; readonly name: string; readonly explicit: string | null }
  | { readonly is: 'strange'; readonly text: string };

type Read = Token | { readonly is: 'error'; readonly message: string };

/** Reads arguments as Python's argparse does: abbreviated long names, `--name=value`, `-cvalue`, any order, `--`. */
export function parseArguments(words: readonly string[], declared: readonly Option[]): Parsed {
  const options = [...declared, HELP];
  const given = new Map<string, string[]>();
  const strange: string[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') {
      strange.push(...queue.splice(0));
      break;
    }
    const token = readToken(word, options);
    if (token.is === 'error') return token;
    if (token.is !== 'option') {
      strange.push(token.text);
      continue;
    }
    const taken = take(token, queue, options);
    if ('is' in taken) return taken;
    if (taken.option === HELP) return { is: 'help' };
    const problem = keep(given, taken);
    if (problem !== null) return { is: 'error', message: problem };
    if (taken.rest !== null) queue.unshift(taken.rest);
  }
  const missing = declared.filter((option) => option.required && !given.has(option.names[0]));
  if (missing.length > 0)
    return { is: 'error', message: `the following arguments are required: ${missing.map(nameOf).join(', ')}` };
  if (strange.length > 0) return { is: 'unrecognized', message: `unrecognized arguments: ${strange.join(' ')}` };
  return { is: 'given', given };
}

/** Whether a word is an option, and which: the rules of argparse in its order. */
function readToken(word: string, options: readonly Option[]): Read {
  if (!word.startsWith('-') || word === '-') return { is: 'value', text: word };
  const exact = options.find(({ names }) => names.includes(word));
  if (exact !== undefined) return { is: 'option', option: exact, name: word, explicit: null };
  const equals = word.indexOf('=');
  const [head, explicit] = equals === -1 ? [word, null] : [word.slice(0, equals), word.slice(equals + 1)];
  const matches = options.flatMap((option) =>
    option.names.flatMap((name) => {
      if (name === head || (head.startsWith('--') && name.startsWith(head))) return [{ option, name, explicit }];
      const isShort = !word.startsWith('--') && name.length === 2 && word.startsWith(name);
      return isShort ? [{ option, name, explicit: word.slice(2) }] : [];
    }),
  );
  const whole = matches.find(({ name }) => name === head);
  const [first, ...more] = whole === undefined ? matches : [whole];
  if (more.some(({ option }) => option !== first?.option)) {
    const names = matches.map(({ name }) => name).join(', ');
    return { is: 'error', message: `ambiguous option: ${word} could match ${names}` };
  }
  if (first !== undefined) return { is: 'option', ...first };
  // A number, or a sentence in quotes, that begins with a dash is a value.
  return /^-\d+$|^-\d*\.\d+$/.test(word) || word.includes(' ')
    ? { is: 'value', text: word }
    : { is: 'strange', text: word };
}

interface Taken {
  readonly option: Option;
  readonly value: string;
  /** The other short options of `-hc`. */
  readonly rest: string | null;
}

function take(
  { option, name, explicit }: Extract<Token, { readonly is: 'option' }>,
  queue: string[],
  options: readonly Option[],
): Taken | Extract<Parsed, { readonly is: 'error' }> {
  const wrong = (message: string) => ({ is: 'error' as const, message: `argument ${nameOf(option)}: ${message}` });
  if (option.metavar === null) {
    if (explicit === null) return { option, value: '', rest: null };
    const isShort = name.length === 2 && options.some(({ names }) => names.includes(`-${explicit.charAt(0)}`));
    return isShort ? { option, value: '', rest: `-${explicit}` } : wrong(`ignored explicit argument '${explicit}'`);
  }
  if (explicit !== null) return { option, value: explicit, rest: null };
  const following = queue[0];
  if (following === undefined || following === '--' || readToken(following, options).is !== 'value')
    return wrong('expected one argument');
  queue.shift();
  return { option, value: following, rest: null };
}

function keep(given: Map<string, string[]>, { option, value }: Taken): string | null {
  const { choices, names, repeats } = option;
  if (choices !== null && !choices.includes(value)) {
    const list = choices.map((choice) => `'${choice}'`).join(', ');
    return `argument ${nameOf(option)}: invalid choice: '${value}' (choose from ${list})`;
  }
  const before = given.get(names[0]) ?? [];
  const other = before.find((one) => one !== value);
  // argparse lets the last one win without a word; here nothing that was said is dropped.
  if (!repeats && other !== undefined)
    return `argument ${nameOf(option)}: given twice, as '${other}' and as '${value}'`;
  given.set(names[0], [...before.filter((one) => one !== value), value]);
  return null;
}
