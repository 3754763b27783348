/**
 * What `npm start`, `npm test`, `npm run check` and `npm run bench` go through, so that each works on a fresh clone with only git and an
 * older Node: installs what is missing, makes sure of the Node the package brings, builds the command, runs the target on that Node.
 * Plain JavaScript for Node 18 and later, without any package.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** What each target runs on Node 24, given the rest of the command line. Builds first unless told not to. */
const TARGETS = {
  start: { command: (rest) => ['bin/signalbox.js', 'rehearse', '--serve', ...rest], whereCalled: true },
  test: { command: (rest) => ['scripts/check.ts', '--all', ...rest] },
  check: { command: (rest) => ['scripts/check.ts', ...rest] },
  bench: { command: (rest) => ['scripts/bench.mjs', ...rest] },
};

const [name = '', ...rest] = process.argv.slice(2);
const target = TARGETS[name];
if (target === undefined) fail(`bootstrap: no target “${name}”; there are ${Object.keys(TARGETS).join(', ')}`);

if (!isInstalled()) {
  say('Installing the dependencies (npm ci), once …');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { output: 'stderr' });
  if (code !== 0)
    fail(`npm ci failed with exit code ${code}. Is the network there? Run it by hand to see more: npm ci`);
}

const node = newerNode();
if (node === undefined) {
  fail(
    `Signalbox needs Node ${NEEDED}; this is Node ${process.versions.node}, and the one that the package “node” brings is not there.\n` +
      'Its install script did not run: run `npm rebuild node`, or `npm ci` without --ignore-scripts.',
  );
}

if (existsSync(join(root, 'src', 'cli', 'main.ts'))) {
  const code = await run(node, [join(root, 'scripts', 'build.mjs')], { output: 'stderr' });
  if (code !== 0) fail(`The build failed with exit code ${code}.`);
}

const [script, ...args] = target.command(rest);
process.exitCode = await run(node, [join(root, script), ...args], {
  cwd: target.whereCalled ? process.env.INIT_CWD : root,
});

/** Whether node_modules holds what the lock file names; npm writes its own copy of it last, so a broken install counts as none. */
function isInstalled() {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const have = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

/** The Node to run on: the package's, else the present one when it is new enough. */
function newerNode() {
  const home = join(modules, 'node');
  const binary = join(home, 'bin', 'node');
  if (existsSync(binary)) {
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    if (Number.parseInt(version, 10) >= NEEDED) return binary;
  }
  return Number.parseInt(process.versions.node, 10) >= NEEDED ? process.execPath : undefined;
}

/** Runs a command with our streams and signals, and answers with its exit code (128 + n when a signal ended it). */
function run(command, args, { cwd = root, output = 'stdout' } = {}) {
  const env = { ...process.env, PATH: pathFor(command) };
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['inherit', output === 'stderr' ? 2 : 'inherit', 'inherit'],
    });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', letTheChildDecide).on('SIGTERM', forward).on('SIGHUP', forward);
    const done = (code) => {
      process.off('SIGINT', letTheChildDecide).off('SIGTERM', forward).off('SIGHUP', forward);
      resolve(code);
    };
    child.on('error', (error) => {
      say(`cannot run ${command}: ${error.message}`);
      done(127);
    });
    child.on('exit', (code, signal) => done(signal === null ? code : 128 + constants.signals[signal]));
  });
}

/** A terminal sends Ctrl-C to the child too. */
function letTheChildDecide() {}

/** npm replaces node_modules under itself, so it must not run on the Node in there; everything else must. */
function pathFor(command) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(modules + sep));
  return (command === 'npm' ? folders : [join(modules, '.bin'), ...folders]).join(delimiter);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
