import { defineConfig } from 'vitest/config';

/** The suffix of a test file is its tier: plain tests need nothing but git, contract tests start local services, e2e tests run the built command. */
const CONTRACT = '**/*.contract.test.ts';
const E2E = '**/*.e2e.test.ts';
const LIVE = '**/*.live.test.ts';
const NEVER = ['**/node_modules/**', 'dist/**', '.signalbox/**'];
const ROOTS = '{src,scripts,bench}';

const shared = { pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000, unstubEnvs: true } as const;

/** Tests that need PostgreSQL share one server, those that need S3 another, each started by the first of them and stopped at the end. */
const withServices = { globalSetup: ['src/testing/services-setup.ts'] };

export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: [`${ROOTS}/**/*.test.ts`],
          exclude: [...NEVER, CONTRACT, E2E, LIVE],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
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
          ...withServices,
          name: 'e2e',
          include: [`${ROOTS}/${E2E}`],
          exclude: NEVER,
          // After the others: these start whole worlds, and share the machine badly.
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
