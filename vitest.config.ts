import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The suffix of a test file is its tier: plain tests need nothing but git, contract tests start local services, e2e tests run the built command. */
const CONTRACT = '**/*.contract.test.ts';
const E2E = '**/*.e2e.test.ts';
const LIVE = '**/*.live.test.ts';
const NEVER = ['**/node_modules/**', 'dist/**', '.signalbox/**'];
const ROOTS = '{src,scripts,bench}';

// A slow machine is not a failure: what is waited for by looking again has its time.
const shared = {
  pool: 'forks',
  expect: { poll: { timeout: 20_000 } },
  testTimeout: 30_000,
  hookTimeout: 60_000,
  unstubEnvs: true,
} as const;

/** Two files at once wherever there are two cores: Vitest leaves one of them to itself, and these wait for git, disk and servers half of their time. */
const atOnce = { maxWorkers: Math.max(2, availableParallelism() - 1) } as const;

/** Tests that need PostgreSQL share one server, those that need S3 another, each started by the first of them and stopped at the end. */
const withServices = { globalSetup: ['src/testing/services-setup.ts'] };

/** The oldest PostgreSQL that teams may bring, where Debian's is installed: what is asked of the database is asked of it as well. */
const OLDEST_POSTGRES = '/usr/lib/postgresql/15/bin/postgres';
const onOldestPostgres = {
  // The tests start their servers as always, with these programs instead of the package's.
  resolve: {
    alias: [
      {
        find: /^\.\/binaries\.ts$/u,
        replacement: fileURLToPath(new URL('src/testing/debian-postgres.ts', import.meta.url)),
      },
    ],
  },
  test: {
    ...shared,
    ...atOnce,
    ...withServices,
    name: 'postgres-15',
    include: [`src/adapters/postgres/*.contract.test.ts`, 'src/server/intake.contract.test.ts'],
    exclude: [...NEVER, '**/disk-full.contract.test.ts'],
    env: { SIGNALBOX_TEST_POSTGRES: '15' },
    sequence: { groupOrder: 1 },
  },
};

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          ...shared,
          ...atOnce,
          name: 'unit',
          include: [`${ROOTS}/**/*.test.ts`],
          exclude: [...NEVER, CONTRACT, E2E, LIVE],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          ...atOnce,
          ...withServices,
          name: 'contract',
          include: [`${ROOTS}/${CONTRACT}`],
          exclude: NEVER,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          ...atOnce,
          ...withServices,
          name: 'e2e',
          include: [`${ROOTS}/${E2E}`],
          exclude: NEVER,
          // After the others: these start whole worlds.
          sequence: { groupOrder: 2 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      ...(existsSync(OLDEST_POSTGRES) ? [onOldestPostgres] : []),
    ],
  },
});
