#!/usr/bin/env node
// The entry of the command. It must parse on old Nodes, because telling those apart is its first duty; the command itself is
// dist/cli/main.js (bundled) or src/cli/main.ts (a checkout that was not built).
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  // Compiled code is kept between runs: a third of the start-up time.
  module.enableCompileCache();
  const bundled = join(packageRoot, 'dist', 'cli', 'main.js');
  const main = existsSync(bundled) ? bundled : join(packageRoot, 'src', 'cli', 'main.ts');
  await import(pathToFileURL(main).href);
} else {
  const newer = findNewerNode(packageRoot);
  if (newer === undefined) {
    process.stderr.write(
      `signalbox needs Node ${NEEDED} or newer, and this is Node ${process.versions.node}.\n` +
        `The package brings its own Node, but its install script did not run.\n` +
        `Run: npm rebuild node   (in ${packageRoot}), or install again without --ignore-scripts.\n`,
    );
    process.exitCode = 1;
  } else {
    await runWith(newer);
  }
}

/** The Node that npm installed beside this package (dependency `node`), looked for in every node_modules above us. */
function findNewerNode(start) {
  for (let folder = start; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', 'node');
    const binary = join(home, 'bin', 'node');
    if (existsSync(binary)) {
      const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
      if (Number.parseInt(version, 10) >= NEEDED) return binary;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** Runs this very command on the newer Node: same streams, same signals, same exit. */
async function runWith(binary) {
  const { spawn } = await import('node:child_process');
  const child = spawn(binary, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes: the child decides what it means, we only wait.
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', () => {});
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  child.on('error', (error) => {
    process.stderr.write(`signalbox: cannot start ${binary}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
