import { z } from 'zod';

/** Variables of the caller that decide how an answer is shown; no others are taken to the server. */
export const SHOWN_BY = [
  'NO_COLOR',
  'CLICOLOR',
  'CLICOLOR_FORCE',
  'TERM',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'SIGNALBOX_FORCE_TTY',
] as const;

/** A command line that is to be run on the server, and the terminal it is shown on. */
export const CommandRequest = z.strictObject({
  argv: z.array(z.string().max(20_000)).min(1).max(200),
  terminal: z.strictObject({
    columns: z.int().min(1).max(10_000).nullable(),
    rows: z.int().min(1).max(10_000).nullable(),
    stdoutIsTty: z.boolean(),
    stderrIsTty: z.boolean(),
    stdinIsTty: z.boolean(),
    env: z.partialRecord(z.enum(SHOWN_BY), z.string().max(200)),
  }),
});
export type CommandRequest = z.infer<typeof CommandRequest>;

/** What a running command sends, a JSON document a line. */
export const CommandEvent = z.discriminatedUnion('kind', [
  /** The first: what answers and interruptions are sent to. */
  z.strictObject({ kind: z.literal('started'), id: z.string() }),
  z.strictObject({ kind: z.literal('out'), text: z.string() }),
  z.strictObject({ kind: z.literal('err'), text: z.string() }),
  /** Asked of the person; the command waits. */
  z.strictObject({ kind: z.literal('ask'), question: z.string() }),
  /** Nothing happened; the connection lives. */
  z.strictObject({ kind: z.literal('beat') }),
  /** The last. */
  z.strictObject({ kind: z.literal('exit'), code: z.int() }),
]);
export type CommandEvent = z.infer<typeof CommandEvent>;

/** What the caller says to a running command. `text` null: the input ended. */
export const CommandWord = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), text: z.string().max(20_000).nullable() }),
  z.strictObject({ kind: z.literal('interrupt') }),
]);
export type CommandWord = z.infer<typeof CommandWord>;

/** Where commands are run; a word to a running one goes to `/ID` below it. */
export const COMMANDS_PATH = '/api/v1/commands';
