/**
 * `npm run check`: format, types, lint, architecture, dead code, then the unit and contract tests; with `--all` (`npm test`) the
 * end-to-end tests too. Everything is run even when something failed. Other arguments go to vitest. The last line is
 * `N passed, N failed`: tests, and one failure for each other check that failed. SIGNALBOX_SUMMARY names a file to write that line to.
 */
import { existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { countTests, VitestReport } from './count-tests.ts';

const root = dirname(import.meta.dirname);
const module_ = (path: string): string => join(root, 'node_modules', path);

type Check = { readonly name: string; readonly command: readonly string[] };

/** Each runs on this Node, from the package's root. */
const CHECKS: readonly Check[] = [
  { name: 'format', command: [module_('oxfmt/bin/oxfmt'), '--check', '.'] },
  { name: 'types', command: [module_('typescript/bin/tsc'), '--noEmit'] },
  { name: "types of the pages' script", command: [module_('typescript/bin/tsc'), '--noEmit', '-p', 'src/web/script'] },
  { name: 'lint', command: [module_('oxlint/bin/oxlint'), '--deny-warnings', '--format=unix', '.'] },
  { name: 'architecture', command: [join(root, 'scripts', 'architecture.mjs')] },
  { name: 'dead code', command: [module_('knip/bin/knip.js'), '--no-progress'] },
];

type Outcome = { readonly code: number; readonly output: string };

function run(command: readonly string[], show: boolean): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    const pieces: Buffer[] = [];
    child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr?.on('data', (piece: Buffer) => pieces.push(piece));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    // Ended by a signal is a failure too.
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(pieces).toString('utf8') }));
  });
}

async function runCheck(check: Check): Promise<boolean> {
  const started = performance.now();
  const { code, output } = await run(check.command, false);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name} (${seconds} s)`);
  if (code !== 0) console.log(output);
  return code === 0;
}

/** Runs vitest and counts; a run that fails without a failed test (an error outside of any, no report) counts as one failure. */
async function runTests(
  projects: readonly string[],
  args: readonly string[],
): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
  try {
    const file = join(folder, 'report.json');
    const { code } = await run(
      [
        module_('vitest/vitest.mjs'),
        'run',
        ...projects.flatMap((project) => ['--project', project]),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
        ...args,
      ],
      true,
    );
    const text = await readFile(file, 'utf8').catch(() => undefined);
    const counts = text === undefined ? { passed: 0, failed: 0 } : countTests(z.parse(VitestReport, JSON.parse(text)));
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const all = process.argv.includes('--all');
const rest = process.argv.slice(2).filter((argument) => argument !== '--all');

let failedChecks = 0;
for (const check of CHECKS) {
  if (!(await runCheck(check))) failedChecks += 1;
}
/** Where it is installed, as `.ci/run` has it: the oldest PostgreSQL that teams may bring (vitest.config.ts). */
const oldest = existsSync('/usr/lib/postgresql/15/bin/postgres') ? ['postgres-15'] : [];
const tests = await runTests(all ? ['unit', 'contract', ...oldest, 'e2e'] : ['unit', 'contract'], rest);
const failed = tests.failed + failedChecks;
const summary = `${tests.passed} passed, ${failed} failed`;
const summaryFile = process.env['SIGNALBOX_SUMMARY'];
if (summaryFile !== undefined) await writeFile(summaryFile, `${summary}\n`);
console.log(summary);
process.exitCode = failed === 0 ? 0 : 1;
