import { VARIABLES } from './environment.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { pair } from './help.ts';
import { STATES } from './output/shapes.ts';
import type { TopicName } from './topic-names.ts';

/** The text of `signalbox help TOPIC`, in 80 columns. */
export function topicText(topic: TopicName): string {
  return `${TOPICS[topic]().join('\n')}\n`;
}

const TOPICS: Readonly<Record<TopicName, () => readonly string[]>> = {
  'exit-codes': exitCodes,
  json,
  environment,
  plans,
  states,
};

function exitCodes(): readonly string[] {
  return [
    'Exit codes: the same meaning for every command.',
    '',
    ...EXIT_CODES.flatMap((row) => [
      ...pair(String(row.code).padStart(3), row.meaning, 4),
      ...pair('', `next: ${row.next}`, 4),
    ]),
  ];
}

function json(): readonly string[] {
  return [
    '--json prints one JSON document on stdout; everything else goes to stderr.',
    '',
    '  {"schema":"signalbox.blockers/1","asOf":"...","stale":false,"data":...}',
    '',
    '  schema   which document it is; the number changes only when a member changes',
    '           its meaning or goes away. New members may come at any time.',
    '  asOf     when the oldest observation in it was read, or null',
    '  stale    whether something in it could not be read, or is too old',
    '  data     the answer',
    '',
    '--json=id,verdict keeps only these members of data, or of each of its items; a',
    'wrong name lists the right ones. Moments are UTC, ISO 8601. The exit code is the',
    'same as without --json.',
    '',
    '--plain prints one record per line, tab-separated, without colour, nothing cut.',
  ];
}

function environment(): readonly string[] {
  return [
    'Variables of the environment that are read:',
    '',
    ...VARIABLES.flatMap((row) => pair(row.name, row.summary, 24)),
  ];
}

function plans(): readonly string[] {
  return [
    'Whatever changes the world is a plan first: steps in order, each with what takes',
    'it back, under one digest. The dry run is the plan.',
    '',
    '  signalbox rc cut 2.8.0 --dry-run     make a plan and show it; nothing is done',
    '  signalbox plan approve p7k2m9        where a step cannot be undone: two people',
    '                                       other than its author, by the digest',
    '  signalbox apply p7k2m9               do exactly that, or refuse and say what',
    '                                       is different now (exit 6)',
    '  signalbox apply p7k2m9               again after a stop or a crash: what is',
    '                                       there is adopted, the rest is done',
    '  signalbox plan stop p7k2m9           in another process: start no further step',
    '  signalbox undo p7k2m9                plan the reverse of what was done',
    '',
    'Without --dry-run, a command that plans shows the plan, asks, and applies it.',
    '--yes answers that question; a step that cannot be undone asks for a phrase,',
    'typed or given with --confirm, and --yes is never enough for it (exit 5).',
    '',
    'Approvals count for as many hours as the train file says, and are counted anew',
    'at each apply. On a frozen train (signalbox release freeze) only what takes back',
    'is carried out.',
    '',
    'Column UNDO: full, taken back wholly; partial, taken back, but somebody may have',
    'seen it; none, it stays for ever.',
  ];
}

function states(): readonly string[] {
  return [
    'A state is a shape and a word; colour only repeats it.',
    '',
    '  SHAPE  ASCII  WORD       MEANS',
    ...Object.values(STATES).map(
      (state) => `  ${state.shape}      ${state.ascii}      ${state.word.padEnd(9)}  ${state.means}`,
    ),
    '',
    'Only pass, waived and skipped let a release through. No data never does.',
  ];
}
