import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKS } from '../src/wheel/check/checks.ts';

it('docs/wheels.md lists every check with its severity, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../docs/wheels.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (error|warning) \| (.+) \|$/gm)].map((row) => row.slice(1));
  expect(rows).toEqual(Object.entries(CHECKS).map(([id, { severity, title }]) => [id, severity, title]));
});
