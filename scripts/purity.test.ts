import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = dirname(import.meta.dirname);
const PURE = ['src/domain', 'src/process/03-cut', 'src/history', 'src/wheel'];

/** A line of code for each thing that a pure folder may not do, and the rule that says so. */
const IMPURE: readonly (readonly [what: string, line: string, rule: string])[] = [
  ['asks the time', 'export const now = Date.now();', 'no-restricted-globals'],
  ['makes a date of now', 'export const now = new Date();', 'no-restricted-globals'],
  ['measures time', 'export const now = performance.now();', 'no-restricted-globals'],
  ['asks the network', 'export const answer = fetch("http://127.0.0.1");', 'no-restricted-globals'],
  ['reads the environment', 'export const home = process.env;', 'no-restricted-globals'],
  ['waits', 'setTimeout(() => {}, 1);', 'no-restricted-globals'],
  ['repeats', 'setInterval(() => {}, 1);', 'no-restricted-globals'],
  ['defers', 'setImmediate(() => {});', 'no-restricted-globals'],
  ['throws dice', 'export const dice = Math.random();', 'no-restricted-properties'],
  ['draws an id', 'export const id = crypto.randomUUID();', 'no-restricted-globals'],
  ['reaches round the back', 'export const now = globalThis.Date.now();', 'no-restricted-globals'],
  [
    'imports randomness',
    'import { randomBytes } from "node:crypto";\nexport const bytes = randomBytes(1);',
    'no-restricted-imports',
  ],
  [
    'imports all of crypto',
    'import * as everything from "node:crypto";\nexport const bytes = everything.randomBytes(1);',
    'no-restricted-imports',
  ],
  [
    'unpacks beside itself',
    'import { inflateRaw } from "node:zlib";\ninflateRaw(new Uint8Array(), () => undefined);',
    'no-restricted-imports',
  ],
  ['logs', 'console.log("cut");', 'no-console'],
];

const Config = z.looseObject({ options: z.unknown() });
const Report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

let folder: string;
let found: readonly string[];

/** Lints a tree with the rules of this house, without those that need types: none of the purity rules does. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-purity-'));
  const config = z.parse(Config, JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')));
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, options: {} }));
  for (const room of [...PURE, 'src/adapters/system']) {
    mkdirSync(join(folder, room), { recursive: true });
    IMPURE.forEach(([, line], index) => writeFileSync(join(folder, room, `line-${index}.ts`), `${line}\n`));
  }
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const run = spawnSync(process.execPath, [oxlint, '--format=json', '.'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = z.parse(Report, JSON.parse(run.stdout));
  found = diagnostics.map((each) => `${each.filename}: ${each.code}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(PURE)('the linter refuses that %s', (room) => {
  it.each(IMPURE.map(([what, , rule], index) => [what, rule, index] as const))('%s (%s)', (_, rule, index) => {
    expect(found).toContain(`${room}/line-${index}.ts: eslint(${rule})`);
  });
});

it('lets an adapter do all of it but log', () => {
  const inAdapter = found.filter((each) => each.startsWith('src/adapters/') && /restricted/u.test(each));
  expect(inAdapter).toEqual([]);
});
