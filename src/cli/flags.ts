import type { FlagSpec } from './command.ts';

/** Flags of every command (ux.md 3.2). */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  {
    name: 'json',
    value: 'FIELDS',
    valueOptional: true,
    summary: 'one JSON document on stdout, with only these fields of data',
  },
  { name: 'plain', summary: 'one record per line, tab-separated, no colour, nothing cut' },
  { name: 'max-age', value: 'DUR', summary: 'refuse data older than this, for example 15m (exit 9)' },
  { name: 'no-input', summary: 'never prompt; missing input is exit 2 with the flag to pass' },
  { name: 'directory', short: 'C', value: 'DIR', kind: 'folder', summary: 'work in this folder' },
  {
    name: 'train',
    value: 'NAME',
    kind: 'file',
    summary: 'train file, or the name of a preset; else found upwards from here',
  },
  { name: 'server', value: 'URL', summary: 'run it on that server; also SIGNALBOX_SERVER, with SIGNALBOX_TOKEN' },
  { name: 'quiet', short: 'q', summary: 'no progress' },
  { name: 'verbose', short: 'v', summary: 'the causes of an error too' },
  { name: 'debug', summary: 'the traces of an error too, secrets removed' },
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    summary: 'auto, always or never; also NO_COLOR, CLICOLOR',
  },
  { name: 'ascii', summary: 'only ASCII; also a locale without UTF-8, as LANG=C' },
  { name: 'help', short: 'h', summary: 'what a command does, its flags and exit codes' },
];

export const YES: FlagSpec = {
  name: 'yes',
  short: 'y',
  summary: 'skip the y/N prompt; never enough for a permanent step',
};
export const CONFIRM: FlagSpec = { name: 'confirm', value: 'TEXT', summary: 'the typed phrase for a permanent step' };
export const REASON: FlagSpec = { name: 'reason', short: 'm', value: 'TEXT', summary: 'why; kept in the log' };

/** Flags of a command that plans and, once confirmed, applies. */
export const PLAN_FLAGS: readonly FlagSpec[] = [
  { name: 'dry-run', short: 'n', summary: 'plan only, exit 0' },
  { name: 'exit-code', summary: 'with --dry-run: exit 10 if there is work' },
  { name: 'out', value: 'FILE', kind: 'file', summary: 'save the plan as JSON' },
  YES,
  CONFIRM,
];
