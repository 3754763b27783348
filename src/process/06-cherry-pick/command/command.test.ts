import { describe, expect, it } from 'vitest';
import { pickTrain } from '../../../testing/pick-train.ts';
import { parseArguments } from './arguments.ts';
import { explainCommand, helpOf, helpOfAll, readComment, grammarOf, type BotCommand } from './index.ts';

const train = pickTrain();

function readAll(comment: string): readonly (BotCommand | string)[] {
  const { commands, problem } = readComment(comment, train, 'created');
  const read = commands.map(({ command }) => (command.ok ? command.value : explainCommand(command.problems[0], train)));
  return problem === null ? read : [...read, explainCommand(problem, train)];
}

function read(comment: string): BotCommand | string | undefined {
  return readAll(comment)[0];
}

/** Words in a text, for a matcher: vitest types its own as any. */
const saying = (words: string): unknown => expect.stringContaining(words);

const PICK = { is: 'cherry-pick', onto: ['release/2.8'], fixes: null, class: 'docs' };

describe('a command that the seed allows', () => {
  it.each([
    ['as the seed writes it', '@pytorchbot cherry-pick --onto release/2.8 -c docs'],
    ['with --into', '@pytorchbot cherry-pick --into release/2.8 -c docs'],
    ['under the other name', '@pytorchmergebot cherry-pick --onto release/2.8 -c docs'],
    ['in another order', '@pytorchbot cherry-pick -c docs --onto release/2.8'],
    ['with equal signs', '@pytorchbot cherry-pick --onto=release/2.8 --classification=docs'],
    ['with abbreviated names', '@pytorchbot cherry-pick --on release/2.8 --class docs'],
    ['with the value at the letter', '@pytorchbot cherry-pick -cdocs --onto release/2.8'],
    ['with an equal sign behind the letter', '@pytorchbot cherry-pick -c=docs --onto release/2.8'],
    ['in quotes', `@pytorchbot cherry-pick --onto 'release/2.8' -c "do"cs`],
    ['with escapes', String.raw`@pytorchbot cherry-pick --onto release\/2.8 -c d\ocs`],
    ['with blanks before and after', '   @pytorchbot   cherry-pick  --onto  release/2.8 -c docs  '],
    ['among other lines', 'Thanks!\r\n@pytorchbot cherry-pick --onto release/2.8 -c docs\r\nBye'],
    ['twice the same value', '@pytorchbot cherry-pick --onto release/2.8 -c docs -c docs --onto release/2.8'],
  ])('is read %s', (_name, comment) => expect(readAll(comment)).toEqual([PICK]));

  it('BOT-07: keeps the link and its case, also for docs', () =>
    expect(
      read('@pytorchbot cherry-pick -c docs --fixes https://x.example/Acme/Issues/1#X --onto release/2.8'),
    ).toEqual({
      ...PICK,
      fixes: 'https://x.example/Acme/Issues/1#X',
    }));

  it('BOT-04: is carried out once for each line, in order', () =>
    expect(readAll('@pytorchbot cherry-pick --onto a -c docs\ntext\n@acmebot where')).toEqual([
      { ...PICK, onto: ['a'] },
      { is: 'where' },
    ]));

  it('BOT-05: goes to every branch that is named', () =>
    expect(read('@pytorchbot cherry-pick --onto release/2.2 --onto release/2.1 -c docs')).toEqual({
      ...PICK,
      onto: ['release/2.2', 'release/2.1'],
    }));

  it.each([
    ['-h', '@pytorchbot cherry-pick -h', { is: 'help', of: 'cherry-pick' }],
    ['--help beside other options', '@pytorchbot cherry-pick --onto x --help', { is: 'help', of: 'cherry-pick' }],
    ['help', '@pytorchbot help', { is: 'help', of: null }],
    ['-h of the bot', '@pytorchbot -h', { is: 'help', of: null }],
    ['a tab after the name', '@pytorchbot\tcherry-pick --onto release/2.8 -c docs', PICK],
    ['an upper-case name', '@PyTorchBot cherry-pick --onto release/2.8 -c docs', PICK],
  ])('BOT-06: takes %s', (_name, comment, expected) => expect(read(comment)).toEqual(expected));
});

describe('a command of ours', () => {
  it.each([
    ['@pytorchbot cherry-pick status', { is: 'pick-status', onto: [] }],
    ['@pytorchbot cherry-pick status --onto release/2.8', { is: 'pick-status', onto: ['release/2.8'] }],
    ['@pytorchbot cherry-pick retry', { is: 'pick-retry', onto: [], lateOk: null }],
    [
      '@pytorchbot cherry-pick retry --late-ok -m "A crash"',
      { is: 'pick-retry', onto: [], lateOk: { reason: 'A crash' } },
    ],
    ['@pytorchbot cherry-pick withdraw', { is: 'pick-withdraw', onto: [], reason: '' }],
    ['@pytorchbot approve', { is: 'approve' }],
    ["@pytorchbot refuse -m 'New feature; it’s late'", { is: 'refuse', reason: 'New feature; it’s late' }],
    ['@pytorchbot needs-info -m "Which issue?"', { is: 'needs-info', question: 'Which issue?' }],
    ['@pytorchbot refuse -m "-1 from me"', { is: 'refuse', reason: '-1 from me' }],
    ['@pytorchbot where', { is: 'where' }],
    ['@pytorchbot blockers', { is: 'blockers' }],
  ])('%s', (comment, expected) => expect(read(comment)).toEqual(expected));
});

describe('what looks like a command and is none', () => {
  const line = '@pytorchbot cherry-pick --onto release/2.8 -c docs';
  it.each([
    ['BOT-03: in a fence of backticks', `\`\`\`\n${line}\n\`\`\``],
    ['BOT-03: in a fence of tildes', `~~~ text\n${line}\n~~~`],
    ['in a longer fence that holds a shorter one', `\`\`\`\`\n\`\`\`\n${line}\n\`\`\`\`\n`],
    ['in a fence that is never closed', `\`\`\`sh\ntext\n${line}`],
    ['in a fence of a list', `- \`\`\`\n  ${line}\n  \`\`\``],
    ['in indented code', `Like so:\n\n    ${line}\n`],
    ['behind a tab', `\t${line}`],
    ['in a quote', `> ${line}`],
    ['in a quote in a quote', `> > ${line}`],
    ['in an HTML comment', `<!--\n${line}\n-->`],
    ['in raw HTML code', `<pre>\n${line}\n</pre>`],
    ['in the middle of a line', `Please ${line}`],
    ['to a longer name', '@pytorchbots where'],
    ['to the name with a colon', '@pytorchbot: where'],
    ['with nothing behind the name', '@pytorchbot   '],
    ['for the other bot of that name', '@pytorchbot merge -f "now"'],
  ])('is ignored %s', (_name, comment) => expect(readAll(comment)).toEqual([]));

  it('is heard again after the fence, the quote and the comment', () =>
    expect(readAll(`\`\`\`\nx\n\`\`\`\n> q\n\n<!-- a -->\n${line}\n<!--\n-->\n@acmebot where`)).toEqual([
      PICK,
      { is: 'where' },
    ]));

  it.each(['edited', 'deleted'] as const)('is ignored when the comment was %s', (action) =>
    expect(readComment(line, train, action)).toEqual({ commands: [], problem: null }),
  );
});

describe('a command that is not understood', () => {
  it.each([
    [
      'BOT-06: an unclosed quote',
      "@pytorchbot cherry-pick --onto release/2.8 -c docs --fixes it's broken",
      "the quote ' at column 50 is not closed",
    ],
    [
      'BOT-02: typographic quotes',
      '@pytorchbot cherry-pick --onto “release/2.2” -c docs',
      'Write it with plain quotes',
    ],
    ['typographic quotes behind an equal sign', '@pytorchbot cherry-pick --onto=“release/2.2” -c docs', 'plain quotes'],
    ['a typographic dash', '@pytorchbot cherry-pick —onto release/2.2 -c docs', 'begins with the dash —'],
    ['a backslash at the end', '@pytorchbot where \\', 'ends with a backslash'],
    ['a right-to-left mark', '@pytorchbot cherry-pick --onto release/\u202e8.2 -c docs', 'invisible character U+202E'],
    ['a zero-width blank', '@pytorchbot cherry\u200b-pick', 'invisible character U+200B'],
    ['a control character', '@pytorchbot where \u0007', 'invisible character U+0007'],
    ['a very long line', `@pytorchbot where ${'x'.repeat(5000)}`, 'more than 4000'],
    [
      'nothing required',
      '@pytorchbot cherry-pick',
      'the following arguments are required: --onto/--into, -c/--classification',
    ],
    [
      'a missing class',
      '@pytorchbot cherry-pick --onto release/2.8',
      'the following arguments are required: -c/--classification',
    ],
    [
      'a strange class',
      '@pytorchbot cherry-pick --onto release/2.8 -c urgent',
      "argument -c/--classification: invalid choice: 'urgent' (choose from 'regression', 'critical', 'fixnewfeature', 'docs', 'release')",
    ],
    ['a class in capitals', '@pytorchbot cherry-pick --onto release/2.8 -c Docs', "invalid choice: 'Docs'"],
    [
      'an option without its value',
      '@pytorchbot cherry-pick -c docs --onto',
      'argument --onto/--into: expected one argument',
    ],
    [
      'an option in place of a value',
      '@pytorchbot cherry-pick --onto --fixes x -c docs',
      'argument --onto/--into: expected one argument',
    ],
    [
      'two classes',
      '@pytorchbot cherry-pick --onto release/2.8 -c docs -c critical',
      "given twice, as 'docs' and as 'critical'",
    ],
    [
      'words that nobody asked for',
      '@pytorchbot cherry-pick --onto release/2.8 -c docs please now',
      'unrecognized arguments: please now',
    ],
    [
      'an unknown option',
      '@pytorchbot cherry-pick --onto release/2.8 -c docs --force',
      'unrecognized arguments: --force',
    ],
    [
      'what follows two dashes',
      '@pytorchbot cherry-pick --onto release/2.8 -c docs -- --help',
      'unrecognized arguments: --help',
    ],
    ['an empty reason', '@pytorchbot refuse -m " "', 'argument -m/--message: must not be empty'],
    ['late without a reason', '@pytorchbot cherry-pick retry --late-ok', 'argument -m/--message: must not be empty'],
    ['a slip of the finger', '@pytorchbot chery-pick --onto x', 'Did you mean @pytorchbot cherry-pick ?'],
    ['a word of a command', '@pytorchbot pick', 'Did you mean @pytorchbot cherry-pick ?'],
    ['something else', '@pytorchbot is great', "invalid choice: 'is'"],
  ])('is answered: %s', (_name, comment, expected) => expect(read(comment)).toContain(expected));

  it('names the command or the bot as argparse does, with the usage', () =>
    expect(read('@pytorchbot cherry-pick')).toBe(
      `@pytorchbot cherry-pick: error: the following arguments are required: --onto/--into, -c/--classification

usage: @pytorchbot cherry-pick --onto ONTO [--fixes FIXES] -c
                               {regression,critical,fixnewfeature,docs,release}`,
    ));

  it('is ambiguous when an abbreviation fits two options', () =>
    expect(
      parseArguments(
        ['--f', 'x'],
        ['--fixes', '--force'].map((name) => ({
          names: [name],
          metavar: 'X',
          required: false,
          choices: null,
          repeats: false,
          help: '',
        })),
      ),
    ).toEqual({ is: 'error', message: 'ambiguous option: --f could match --fixes, --force' }));

  it('does not answer more than ten commands of a comment', () => {
    const answers = readAll('@acmebot where\n'.repeat(12));
    expect(answers).toHaveLength(11);
    expect(answers[10]).toContain('the last 2 were not carried out');
  });

  it('does not read a comment of more than a megabyte, and reads one below it at once', () => {
    expect(readAll('@acmebot where\n'.repeat(80_000))).toEqual([saying('nothing of it was read')]);
    expect(readAll(`${'`'.repeat(1_000_000)}\n@acmebot where`)).toEqual([]);
    expect(readAll(`${'<!-- '.repeat(200_000)}\n@acmebot where`)).toEqual([]);
    expect(readAll(`${'<pre '.repeat(150_000)}\n-->\n</pre>\n@acmebot where`)).toEqual([{ is: 'where' }]);
    expect(readAll(`${' '.repeat(900_000)}\n@acmebot where`)).toEqual([{ is: 'where' }]);
    expect(readAll(`@acmebot${' '.repeat(900_000)}`)).toEqual([]);
  });
});

describe('help', () => {
  it('is what the seed shows', () => {
    const spec = grammarOf(train)[0];
    expect(spec === undefined ? '' : helpOf(train, spec)).toBe(
      `usage: @pytorchbot cherry-pick --onto ONTO [--fixes FIXES] -c
                               {regression,critical,fixnewfeature,docs,release}

Cherry pick a pull request onto a release branch for inclusion in a release

optional arguments:
  --onto ONTO, --into ONTO
                        Branch you would like to cherry pick onto (Example: release/2.2)
  --fixes FIXES         Link to the issue that your PR fixes (i.e. https://forge.example/acme/core/issues/110666)
  -c {regression,critical,fixnewfeature,docs,release}, --classification {regression,critical,fixnewfeature,docs,release}
                        A machine-friendly classification of the cherry-pick reason.`,
    );
  });

  it('names every command', () => {
    const help = helpOfAll(train);
    for (const { name } of grammarOf(train)) expect(help).toContain(`## ${name}\n`);
  });
});
