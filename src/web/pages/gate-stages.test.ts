import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GATE_FAMILIES } from '../../app/judge.ts';
import { stageOf } from './gate-stages.ts';

it.each(GATE_FAMILIES)('%s stands in a stage, and in the table of what works', (family) => {
  expect(stageOf(`${family}:vision`)).not.toBe('Other');
  const status = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'status.md'), 'utf8');
  expect(status).toContain(`\`${family}\``);
});
