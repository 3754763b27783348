import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';

const root = dirname(import.meta.dirname);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const Versions = z.record(z.string(), z.string());
const Manifest = z.object({ dependencies: Versions, devDependencies: Versions, optionalDependencies: Versions });
const manifest = z.parse(Manifest, JSON.parse(read('package.json')));
const packages = Object.entries({
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
}).map(([name, range]) => [name, range.replace(/^npm:(.*)@/u, '`$1` ')] as const);

it.each(packages)('%s is pinned to one version and has its row in docs/dependencies.md', (name, version) => {
  expect(version).toMatch(/^(?:`[^`]+` )?\d+\.\d+\.\d+(?:-[\w.]+)?$/u);
  expect(read('docs/dependencies.md')).toContain(`| \`${name}\` | ${version} |`);
});

it('the lock file names the packages of all platforms, so that npm ci accepts it everywhere (repair: node scripts/complete-lock.mjs)', () => {
  const { stdout, status } = spawnSync(process.execPath, [join(import.meta.dirname, 'complete-lock.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

it('the lock file names no host: whoever installs says from where', () => {
  expect(read('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/u);
});
