import type { Instant } from '../../domain/instant.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Line } from './line.ts';

/** What a renderer may know of where it is shown. */
export interface Room {
  /** Columns. */
  readonly width: number;
  readonly now: Instant;
}

/** What a command answers, once, in all forms that can be asked for; run.ts prints the one that was. */
export interface Answer {
  /** Name of the JSON document without the product, `blockers`; its version is 1 until a member changes its meaning. */
  readonly schema: string;
  /** When the oldest of what it rests on was read. Null for what rests on nothing outside the command. */
  readonly asOf: Instant | null;
  readonly stale: boolean;
  readonly exit: ExitCode;
  /** For `--json`. */
  readonly data: unknown;
  /** For `--plain`: one record per line, fields without tabs. */
  readonly records: readonly (readonly string[])[];
  /** For people. */
  readonly lines: (room: Room) => readonly Line[];
  /** A document in a format of its own (Markdown, iCalendar, a script): printed as it is instead of `lines`. */
  readonly document?: string;
}
