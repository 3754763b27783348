import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopLocalDatabase } from '../../../app/compose.ts';
import type { PackageIndex, Sandbox } from '../../../sandbox/index.ts';
import { line, span, type Line } from '../../output/line.ts';
import { paragraph } from '../../output/paragraph.ts';
import { paint, styleFor, type Style } from '../../output/style.ts';
import { CommandStop } from '../../problem.ts';
import type { Session, Sink, Terminal } from '../../session.ts';
import type { StoryClock } from './clock.ts';
import { hasPip } from './has-pip.ts';

/** The world of a rehearsal: a folder with a train, a sandbox GitHub that runs, and people who type commands. */
export interface Theatre {
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** The package index of the world; null in a world of copies. */
  readonly packageIndex: PackageIndex | null;
  /** Whether the release can be installed here as users do. */
  readonly hasPip: boolean;
  readonly clock: StoryClock;
  /** Starts a part of the story; it gets the next number. */
  readonly chapter: (title: string) => Promise<void>;
  /** Something that people do outside of Signalbox. */
  readonly tell: (text: string) => void;
  /** A command that is not one of ours, shown as it is typed. */
  readonly aside: (text: string) => void;
  /** Days go by, for people and for the forge. */
  readonly later: (days: number) => void;
  /** Somebody types a command; it must end with the expected code, or the rehearsal stops. */
  readonly types: (person: string, argv: readonly string[], expected?: number) => Promise<string>;
  /** The terminal of one of the people as the story left it, for what goes on after it: their token, and the later clock. */
  readonly seat: (person: string) => Terminal;
  /** A machine of the project asks Signalbox something, out of sight; it answers what was printed. */
  readonly asks: (person: string, argv: readonly string[]) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** What `openTheatre` is given: the train file's text is made once the sandbox's address is known. */
export interface Production {
  readonly session: Session;
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly packageIndex: PackageIndex | null;
  readonly clock: StoryClock;
  readonly trainFile: (sandbox: Sandbox) => string;
  /** Files beside the train file, by name. */
  readonly beside?: Readonly<Record<string, string>>;
}

/** Where the world of the rehearsal lies below its folder. */
export function worldFolder(folder: string): string {
  return join(folder, 'world');
}

/** Empties the rehearsal's folder; its database server is ended first. */
export async function clearFolder(folder: string): Promise<void> {
  await stopLocalDatabase(join(folder, 'train.yaml'));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/** Writes the train file, with what lies beside it, and opens the stage. */
export async function openTheatre(production: Production): Promise<Theatre> {
  const { folder, sandbox, trainFile, beside = {} } = production;
  await writeFile(join(folder, 'train.yaml'), trainFile(sandbox));
  for (const [name, text] of Object.entries(beside)) await writeFile(join(folder, name), text);
  return theatreOf(production);
}

function theatreOf({ session, folder, sandbox, packageIndex, clock }: Production): Theatre {
  const print = printer(session);
  const style = styleOf(session);
  let chapters = 0;
  const upload = Object.values(packageIndex?.tokens ?? {})[0] ?? null;
  const seatOf = (person: string): Seat => ({ token: sandbox.tokens[person] ?? '', upload, heard: [], clock });
  return {
    folder,
    sandbox,
    packageIndex,
    hasPip: hasPip(),
    clock,
    aside: (text) =>
      print(...paragraph(line(span('you$ ', 'run'), span(text, 'strong')), session.width, 0, 4), line('')),
    async chapter(name) {
      chapters += 1;
      const title = `${chapters}. ${name}`;
      if (session.flags.has('step')) await session.terminal.ask('\nPress Enter to go on ');
      const rule = '-'.repeat(Math.max(2, session.width - title.length - 4));
      print(line(''), line(span(`-- ${title} ${rule}`, 'strong')), line(''));
    },
    tell(text) {
      print(...paragraph(line(span(`(${text})`, 'mute')), session.width, 0, 1), line(''));
    },
    later: clock.later,
    async types(person, argv, expected = 0) {
      print(
        ...paragraph(
          line(span(`${person}$ `, 'run'), span(`signalbox ${argv.map(quoted).join(' ')}`, 'strong')),
          session.width,
          0,
          4,
        ),
      );
      const heard: string[] = [];
      const code = await session.runAnother(
        ['-C', folder, '--quiet', ...(style.ascii ? ['--ascii'] : []), ...argv],
        terminalOf(session, { ...seatOf(person), heard }, aloud(session)),
      );
      print(line(''));
      if (code !== expected) {
        throw new CommandStop(
          'failed',
          `the rehearsal left its story: signalbox ${argv.join(' ')} ended with ${code} and not with ${expected}`,
          {
            next: [`its world is kept in ${folder}`],
          },
        );
      }
      return heard.join('');
    },
    seat: (person) => terminalOf(session, seatOf(person), aloud(session)),
    asks: (person, argv) => asked(session, { folder, argv, token: sandbox.tokens[person] ?? '', upload, clock }),
    async close() {
      await sandbox.stop();
      await packageIndex?.stop();
      await stopLocalDatabase(join(folder, 'train.yaml'));
    },
  };
}

interface Question {
  readonly folder: string;
  readonly argv: readonly string[];
  readonly token: string;
  readonly upload: string | null;
  readonly clock: StoryClock;
}

/** What a command prints, out of sight. */
async function asked(session: Session, { folder, argv, token, upload, clock }: Question): Promise<string> {
  const heard: string[] = [];
  const code = await session.runAnother(
    ['-C', folder, '--quiet', ...argv],
    terminalOf(session, { token, upload, heard, clock }, () => {}),
  );
  if (code === 0) return heard.join('');
  throw new CommandStop('failed', `signalbox ${argv.join(' ')} ended with ${code}: ${heard.join('')}`);
}

function aloud({ terminal }: Session): (text: string) => void {
  return (text) => {
    terminal.stdout.write(text);
  };
}

/** Prints to the rehearsal's own output: narration and commands are one text. */
export function printer(session: Session): (...lines: readonly Line[]) => void {
  const style = styleOf(session);
  return (...lines) => {
    for (const each of lines) session.terminal.stdout.write(`${paint(each, style)}\n`);
  };
}

function styleOf({ terminal, flags }: Session): Style {
  const wish = { color: flags.text('color'), ascii: flags.has('ascii') };
  return styleFor(wish, terminal.env, terminal.stdout.isTty);
}

interface Seat {
  readonly token: string;
  /** What files are uploaded to the package index with. */
  readonly upload: string | null;
  readonly heard: string[];
  readonly clock: StoryClock;
}

/** The terminal of one of the people: everything goes to the rehearsal's own output, and the token is that person's. */
function terminalOf(session: Session, { token, upload, heard, clock }: Seat, show: (text: string) => void): Terminal {
  const { terminal } = session;
  const sink: Sink = {
    write(text) {
      heard.push(text);
      show(text);
    },
    isTty: false,
    columns: session.width,
    rows: undefined,
  };
  const { DATABASE_URL: _own, SIGNALBOX_GITHUB_TOKEN: _token, ...rest } = terminal.env;
  const style = styleOf(session);
  const index = upload === null ? {} : { SIGNALBOX_INDEX_PYPI_TOKEN: upload };
  const colour = style.color ? { CLICOLOR_FORCE: '1' } : { NO_COLOR: '1' };
  return {
    ...terminal,
    stdout: sink,
    stderr: sink,
    stdinIsTty: false,
    now: clock.now,
    env: { ...rest, ...colour, SIGNALBOX_FORCE_TTY: String(session.width), SIGNALBOX_GITHUB_TOKEN: token, ...index },
  };
}

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `"${word}"`;
}
