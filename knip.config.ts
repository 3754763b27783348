import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'src/cli/main.ts',
    'scripts/*.{mjs,ts}',
    'bench/*/run.ts',
    'bench/history/{ours,analyzer,find}.ts',
    'bench/wheel/{parts,server}.ts',
    // Bundled by name, or started as processes of their own.
    'bench/server/{bare,ours,probot,updates}.ts',
    'src/programs/starter.ts',
    // In the place of another module, in the tests on the oldest PostgreSQL (vitest.config.ts).
    'src/testing/debian-postgres.ts',
    // Bundled for browsers by scripts/build.mjs.
    'src/web/script/main.ts',
  ],
  project: ['src/**/*.{ts,tsx}', 'scripts/**/*.{mjs,ts}', 'bench/**/*.ts', 'bin/**/*.js'],
  // Started by path, with another TypeScript (scripts/architecture.mjs).
  // Read as a file and put into a page of the browser (src/web/pages-in-a-browser.e2e.test.ts).
  ignoreDependencies: ['dependency-cruiser', 'axe-core'],
  // Used where they are installed: the pager of a terminal, the formatter that a test reads the manual with, what makes a pipe.
  ignoreBinaries: ['groff', 'less', 'mkfifo'],
  // A schema and its type share one name; a type that only its own file uses may still be part of what a function promises.
  ignoreExportsUsedInFile: { interface: true, type: true },
};

export default config;
