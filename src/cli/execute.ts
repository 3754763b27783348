import type { App } from '../app/app.ts';
import { nameOf } from './command.ts';
import type { CommandSpec } from './command-spec.ts';
import type { ExitCode } from './exit-codes.ts';
import { failureLines } from './failure.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import type { Answer } from './output/answer.ts';
import { jsonDocument } from './output/json.ts';
import type { Line } from './output/line.ts';
import { progressOn, SILENT, type Progress } from './output/progress.ts';
import { paint, styleFor, widthFor, type Style } from './output/style.ts';
import { foldToAscii, neutral } from './output/text.ts';
import { elapsedMillis } from '../domain/instant.ts';
import { maxAgeOf } from './max-age.ts';
import { parseArguments, type Parsed } from './parse.ts';
import { CommandStop, usage } from './problem.ts';
import { redact } from './redact.ts';
import { asksServer, isHere } from './remote/place.ts';
import type { Flags, Session, Sink, Terminal, TrainPlace } from './session.ts';
import { findCommand } from './words.ts';

export interface Execution {
  readonly commands: readonly CommandSpec[];
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  readonly openApp: (place: TrainPlace) => Promise<App>;
}

const NO_FLAGS: Flags = { has: () => false, text: () => null, list: () => [] };

/** Parses, runs and prints one command; every error ends here, as a text on stderr and a code of the table. */
export async function execute({ commands, argv, terminal, openApp }: Execution): Promise<ExitCode> {
  let flags = flagsOfMistake(argv);
  const ends: (() => Promise<void>)[] = [];
  let progress: Progress = SILENT;
  try {
    const command = commandOf(commands, argv);
    const parsed = parseArguments(command.spec, command.rest);
    flags = parsed.flags;
    if (asksServer(flags, terminal.env) && !isHere(command.spec))
      return await elsewhere(command.spec, { flags, argv }, terminal);
    refuseWithoutMeans(command.spec, flags, terminal);
    progress = progressFor(flags, terminal);
    const session = sessionOf({ spec: command.spec, parsed, terminal, progress, ends, openApp, commands });
    const loaded = await command.spec.load();
    const answer = await loaded.run(session);
    progress.clear();
    refuseOld(answer, flags, terminal);
    await print(answer, flags, terminal);
    return answer.exit;
  } catch (error) {
    progress.clear();
    const style = styleOf(flags, terminal, terminal.stderr);
    const failure = failureLines(error, {
      verbose: flags.has('verbose'),
      debug: flags.has('debug'),
      env: terminal.env,
      width: widthFor(terminal.env, terminal.stderr.columns),
    });
    for (const each of failure.lines) terminal.stderr.write(`${paint(each, style)}\n`);
    return failure.exit;
  } finally {
    for (const end of ends.toReversed()) await end().catch((error: unknown) => warn(terminal, error));
  }
}

/** Loaded only where a server is named. */
async function elsewhere(
  spec: CommandSpec,
  line: { readonly flags: Flags; readonly argv: readonly string[] },
  terminal: Terminal,
): Promise<ExitCode> {
  const { onServer } = await import('./remote/on-server.ts');
  return onServer(spec, line, terminal);
}

/** Before the flags could be read, an error is still shown as they ask. */
function flagsOfMistake(argv: readonly string[]): Flags {
  return {
    ...NO_FLAGS,
    has: (name) => argv.includes(`--${name}`),
    text: (name) => (name === 'color' ? colorOf(argv) : null),
  };
}

function colorOf(argv: readonly string[]): string | null {
  const place = argv.indexOf('--color');
  return place === -1
    ? (argv.find((word) => word.startsWith('--color='))?.slice('--color='.length) ?? null)
    : (argv[place + 1] ?? null);
}

function warn(terminal: Terminal, error: unknown): void {
  terminal.stderr.write(
    `warning: ${neutral(redact(error instanceof Error ? error.message : String(error), terminal.env))}\n`,
  );
}

function commandOf(
  commands: readonly CommandSpec[],
  argv: readonly string[],
): { readonly spec: CommandSpec; readonly rest: readonly string[] } {
  const asked = findCommand(commands, argv, GLOBAL_FLAGS);
  switch (asked.kind) {
    case 'command':
      return { spec: asked.command, rest: asked.rest };
    case 'unknown':
      throw asked.stop;
    case 'noun':
      throw usage(`${asked.noun} needs a verb`, `see: signalbox help ${asked.noun}`);
    case 'nothing':
      // `signalbox --version`, as other programs have it, is the only flag without a command.
      if (argv.includes('--version'))
        return commandOf(commands, ['version', ...argv.filter((word) => word !== '--version')]);
      throw usage('no command given', 'see: signalbox help');
  }
}

/** A command that changes something must be able to ask, or be told: found out before anything is read (ux.md 3.2). */
function refuseWithoutMeans(spec: CommandSpec, flags: Flags, terminal: Terminal): void {
  const asks = spec.flags.some((flag) => flag.name === 'yes') && spec.asks !== false;
  const told = flags.has('yes') || flags.has('dry-run') || flags.has('confirm');
  if (!asks || told || (terminal.stdinIsTty && !flags.has('no-input'))) return;
  const has = (name: string): boolean => spec.flags.some((flag) => flag.name === name);
  // What cannot be taken back and is no plan asks for its phrase, whatever else was said.
  const phrase = has('confirm') ? '--confirm TEXT is' : '--yes is';
  const flag = has('dry-run') ? '--yes (or --dry-run) is' : phrase;
  throw usage(
    `${flag} required when not running interactively: signalbox ${nameOf(spec)}`,
    `see: signalbox help ${nameOf(spec)}`,
  );
}

interface SessionParts {
  readonly spec: CommandSpec;
  readonly parsed: Parsed;
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly ends: (() => Promise<void>)[];
  readonly openApp: Execution['openApp'];
  readonly commands: readonly CommandSpec[];
}

function sessionOf({ spec, parsed, terminal, progress, ends, openApp, commands }: SessionParts): Session {
  let app: Promise<App> | undefined;
  const folder = parsed.flags.text('directory') ?? terminal.cwd;
  const style = styleOf(parsed.flags, terminal, terminal.stderr);
  return {
    command: spec,
    commands,
    runAnother: (argv, other, own) =>
      execute({ commands, argv, terminal: other, openApp: own === undefined ? openApp : () => Promise.resolve(own) }),
    argument: (name) => parsed.values.get(name)?.[0] ?? null,
    all: (name) => parsed.values.get(name) ?? [],
    required(name) {
      const value = parsed.values.get(name)?.[0];
      if (value === undefined) throw usage(`${name} missing`, `see: signalbox help ${nameOf(spec)}`);
      return value;
    },
    flags: parsed.flags,
    terminal,
    folder,
    now: terminal.now(),
    canAsk: terminal.stdinIsTty && !parsed.flags.has('no-input'),
    progress,
    say(...lines: readonly Line[]) {
      progress.clear();
      for (const each of lines) terminal.stderr.write(`${paint(each, style)}\n`);
    },
    width: widthFor(terminal.env, terminal.stdout.columns),
    app() {
      const place = { folder, train: parsed.flags.text('train'), env: terminal.env, now: () => terminal.now() };
      app ??= openApp(place).then((opened) => {
        ends.push(() => opened.close());
        return opened;
      });
      return app;
    },
    atEnd: (action) => void ends.push(action),
  };
}

function styleOf(flags: Flags, terminal: Terminal, sink: Sink): Style {
  const forced = terminal.env['SIGNALBOX_FORCE_TTY'] !== undefined;
  return styleFor({ color: flags.text('color'), ascii: flags.has('ascii') }, terminal.env, sink.isTty || forced);
}

function progressFor(flags: Flags, terminal: Terminal): Progress {
  if (flags.has('quiet')) return SILENT;
  const style = styleOf(flags, terminal, terminal.stderr);
  const rewrites = terminal.stderr.isTty && terminal.env['TERM'] !== 'dumb';
  return progressOn({
    isTty: rewrites,
    columns: widthFor(terminal.env, terminal.stderr.columns),
    write: (text) => terminal.stderr.write(text),
    paint: (of) => paint(of, style),
  });
}

function refuseOld(answer: Answer, flags: Flags, terminal: Terminal): void {
  const limit = maxAgeOf(flags);
  if (limit === null) return;
  if (answer.asOf !== null && elapsedMillis(answer.asOf, terminal.now()) > limit.millis) {
    throw new CommandStop('stale', `the oldest of the data is from ${answer.asOf}, older than ${limit.typed}`, {
      next: ['ask again once the source answers, or leave --max-age out'],
    });
  }
}

async function print(answer: Answer, flags: Flags, terminal: Terminal): Promise<void> {
  const { stdout } = terminal;
  const style = styleOf(flags, terminal, stdout);
  if (flags.has('json')) {
    const fields = (flags.text('json') ?? '')
      .split(',')
      .map((field) => field.trim())
      .filter((field) => field !== '');
    stdout.write(jsonDocument(answer, fields, { ascii: style.ascii, pretty: stdout.isTty }));
    return;
  }
  if (flags.has('plain')) {
    const records = answer.records.map((record) => record.map((field) => neutral(field)).join('\t'));
    stdout.write(records.map((record) => `${style.ascii ? foldToAscii(record) : record}\n`).join(''));
    return;
  }
  if (answer.document !== undefined) {
    stdout.write(answer.document);
    return;
  }
  const room = { width: widthFor(terminal.env, stdout.columns), now: terminal.now() };
  const lines = answer.lines(room).map((each) => paint(each, style));
  await show(`${lines.join('\n')}${lines.length === 0 ? '' : '\n'}`, lines.length, terminal);
}

async function show(text: string, lines: number, terminal: Terminal): Promise<void> {
  const { stdout, env, stdinIsTty } = terminal;
  const paged =
    stdout.isTty &&
    stdinIsTty &&
    stdout.rows !== undefined &&
    lines > stdout.rows &&
    env['PAGER'] !== 'cat' &&
    env['PAGER'] !== '';
  if (paged) await terminal.page(text);
  else stdout.write(text);
}
