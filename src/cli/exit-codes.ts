/**
 * The one table of exit codes (ux.md 3.3). The code, `help exit-codes`, the man page, docs/exit-codes.md and the tests read it; nothing else
 * says what a code means.
 */
export const EXIT_CODES = [
  { code: 0, name: 'done', meaning: 'done; or ready; or nothing to do', next: 'nothing' },
  {
    code: 1,
    name: 'failed',
    meaning: 'failed: network, remote, disk, or a bug',
    next: 'read the cause; run it again, what was done is kept',
  },
  {
    code: 2,
    name: 'usage',
    meaning: 'usage or config error; nothing was run',
    next: 'correct the command, or: signalbox config check',
  },
  { code: 3, name: 'blocked', meaning: 'negative answer: gates block, not ready', next: 'signalbox blockers' },
  {
    code: 4,
    name: 'not-allowed',
    meaning: 'not signed in, or not allowed',
    next: 'ask somebody who has the role that is named',
  },
  {
    code: 5,
    name: 'refused',
    meaning: 'refused by policy: late, not in criteria, not confirmed',
    next: 'read the rule that is named',
  },
  { code: 6, name: 'conflict', meaning: 'conflict, or the plan is out of date', next: 'make the plan again' },
  {
    code: 7,
    name: 'partial',
    meaning: 'partial: some steps are done',
    next: 'signalbox apply PLAN again does only the rest',
  },
  {
    code: 8,
    name: 'running',
    meaning: 'still running: another process is at it, or it is not settled',
    next: 'wait, then ask again',
  },
  {
    code: 9,
    name: 'stale',
    meaning: 'data too old to answer',
    next: 'ask again without --max-age, or once the source answers',
  },
  {
    code: 10,
    name: 'changes',
    meaning: '--dry-run --exit-code: there are changes to make',
    next: 'signalbox apply PLAN',
  },
  { code: 130, name: 'interrupted', meaning: 'interrupted by Ctrl-C', next: 'the printed command continues' },
] as const;

export type ExitName = (typeof EXIT_CODES)[number]['name'];
export type ExitCode = (typeof EXIT_CODES)[number]['code'];

const BY_NAME = new Map<ExitName, ExitCode>(EXIT_CODES.map((row) => [row.name, row.code]));

/** The code of a meaning. */
export function exitCode(name: ExitName): ExitCode {
  return BY_NAME.get(name) ?? 1;
}

const CODES: ReadonlySet<number> = new Set(EXIT_CODES.map(({ code }) => code));

/** Whether a number from elsewhere is one of ours. */
export function isExitCode(code: number): code is ExitCode {
  return CODES.has(code);
}

/** docs/exit-codes.md, whole; a test compares it with the file. */
export function exitCodesMarkdown(): string {
  const rows = EXIT_CODES.map((row) => `| ${row.code} | ${row.name} | ${row.meaning} | ${row.next} |`);
  return [
    '# Exit codes',
    '',
    'Every command of `signalbox` ends with one of these codes, and a code means the same everywhere. Generated from',
    '`src/cli/exit-codes.ts` (`npx vitest run src/cli/exit-codes.test.ts -u`); `signalbox help exit-codes` prints the same table.',
    '',
    '| code | name | means | next |',
    '| ---: | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
