import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { expect, it } from 'vitest';
import type { Json } from '../domain/canonical-json.ts';
import { editYaml, explainYamlEdit, type YamlEdit } from './edit-yaml.ts';
import { shippedPresets } from './sources.ts';

function edited(text: string, ...edits: readonly YamlEdit[]): string {
  const made = editYaml(text, edits);
  if (!made.ok) throw new Error(explainYamlEdit(made.problems[0], 'calendar.yaml'));
  return made.value;
}

function refused(text: string, ...edits: readonly YamlEdit[]): string {
  const made = editYaml(text, edits);
  return made.ok ? `edited:\n${made.value}` : explainYamlEdit(made.problems[0], 'calendar.yaml');
}

const preset = (name: string): string => readFileSync(join(shippedPresets(), 'pytorch', name), 'utf8');

/** Lines of the second text that the first has not, and the other way round: what a reviewer sees. */
function lineChanges(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

const tentative = (on: string) => ({ on, state: 'tentative' });
const builds = (line: string) => ['lines', line, 'builds', 'cuda-stable'];

it('moves a date of the shipped calendar and touches one line', () => {
  const before = preset('calendar.yaml');
  const why = 'ROCm 6.4 is late: "blocker" #1';
  const after = edited(
    before,
    { path: ['cadence', '2.8', 'release', 'on'], value: '2025-08-06' },
    {
      path: ['cadence', '2.8', 'release', 'moved'],
      value: [{ on: '2025-07-10', from: '2025-07', to: '2025-08-06', by: 'rita', why }],
    },
  );
  expect(lineChanges(before, after)).toEqual([
    '-    release: { on: 2025-07 }',
    '+    release: { on: 2025-08-06, moved: [{ on: 2025-07-10, from: 2025-07, to: 2025-08-06, by: rita, why: "ROCm 6.4 is late: \\"blocker\\" #1" }] }',
  ]);
});

it('adds a line to the shipped calendar behind the last one, before what follows', () => {
  const before = preset('calendar.yaml');
  const value = { cut: tentative('2026-06'), release: tentative('2026-07'), patches: [tentative('2026-08')] };
  const after = edited(before, { path: ['cadence', '2.12'], value });
  const at = before.indexOf('\n\nmilestones:');
  expect(after.slice(0, at)).toBe(before.slice(0, at));
  expect(after.slice(at)).toBe(
    [
      '',
      '  "2.12":',
      '    cut: { on: 2026-06, state: tentative }',
      '    release: { on: 2026-07, state: tentative }',
      '    patches: [{ on: 2026-08, state: tentative }]',
      before.slice(at + 1),
    ].join('\n'),
  );
});

it('takes an accelerator out of the shipped matrix: the item where nothing is left, its version otherwise', () => {
  const before = preset('support.yaml');
  const gone = edited(before, { path: builds('2.7'), value: [{ versions: ['12.6'], companion: '9.5.1.17' }] });
  expect(lineChanges(before, gone)).toEqual(['-        - { versions: ["11.8"], companion: 9.1.0.70 }']);
  const less = edited(before, { path: builds('2.6'), value: [{ versions: ['12.4'], companion: '9.1.0.70' }] });
  expect(before.length - less.length).toBe('"11.8", '.length);
  expect(lineChanges(before, less)).toEqual(['-        - { versions: ["11.8", "12.4"], companion: 9.1.0.70 }']);
});

const COMMENTED = [
  '# Dates.',
  'cadence: # of all lines',
  '  "2.8":',
  '    cut: # the branch',
  '      on: 2025-06  # a month',
  '      state: tentative',
  "    release: { on: '2025-07-30' } # public",
  '    patches:',
  '    # The first one.',
  '    - on: 2025-08 # perhaps',
  '    - { state: not-planned }',
  '',
].join('\n');

it('keeps comments, quotes and blocks as they are', () => {
  const after = edited(
    COMMENTED,
    { path: ['cadence', '2.8', 'cut', 'on'], value: '2025-06-24' },
    { path: ['cadence', '2.8', 'cut', 'state'], value: undefined },
    { path: ['cadence', '2.8', 'patches', 0, 'state'], value: 'tentative' },
    { path: ['cadence', '2.8', 'patches', 1, 'on'], value: '2025-09-10' },
    { path: ['cadence', '2.8', 'patches', 1, 'state'], value: 'fixed' },
    { path: ['note'], value: 'yes' },
  );
  expect(after).toBe(
    [
      '# Dates.',
      'cadence: # of all lines',
      '  "2.8":',
      '    cut: # the branch',
      '      on: 2025-06-24  # a month',
      "    release: { on: '2025-07-30' } # public",
      '    patches:',
      '    # The first one.',
      '    - on: 2025-08 # perhaps',
      '      state: tentative',
      '    - { state: fixed, on: 2025-09-10 }',
      'note: yes',
      '',
    ].join('\n'),
  );
});

it('keeps the line endings of a file from Windows, and the byte order mark', () => {
  const before = `\u{FEFF}${COMMENTED.replaceAll('\n', '\r\n')}`;
  const after = edited(before, { path: ['cadence', '2.9', 'cut'], value: { on: '2025-08' } });
  expect(after.startsWith('\u{FEFF}# Dates.\r\n')).toBe(true);
  expect(after).toContain('- { state: not-planned }\r\n  "2.9":\r\n    cut: { on: 2025-08 }\r\n');
  expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

it('writes into a file without its last line break, and into one that holds nothing but a comment', () => {
  const edit = { path: ['cadence', '2.9', 'cut', 'on'], value: '2025-08' };
  expect(edited('note: x', edit)).toBe('note: x\ncadence:\n  "2.9":\n    cut: { on: 2025-08 }');
  expect(edited('# Nothing yet.\n', edit)).toBe('# Nothing yet.\ncadence:\n  "2.9":\n    cut: { on: 2025-08 }\n');
  expect(edited('', edit)).toBe('cadence:\n  "2.9":\n    cut: { on: 2025-08 }\n');
});

it.each([
  ['a colon', 'late: again'],
  ['what looks like a comment', 'see #12 # not a comment'],
  ['what looks like a number', '2.10'],
  ['a word of YAML', 'null'],
  ['quotes and a backslash', `"it's" \\n`],
  ['brackets', '}], by: mallory, why: {'],
  ['a line break', 'first\nsecond: true\n- third'],
  ['a tab and a sign of the terminal', '\t\u001b[31mred'],
  ['an anchor', '&a *a !!str x'],
  ['a document marker', '---'],
  ['signs beyond ASCII', 'Zürich 日本 \u2028 \u{1F600}'],
])('a text with %s stays a text', (_name, why) => {
  const after = edited(COMMENTED, { path: ['cadence', '2.8', 'release', 'why'], value: why });
  expect(parse(after)).toMatchObject({ cadence: { '2.8': { release: { why }, patches: [{}, {}] } } });
  expect(after.split('\n')).toHaveLength(COMMENTED.split('\n').length);
});

it.each([
  ['tabs', 'cadence:\n\t"2.8": {}\n', 'calendar.yaml, line 2: a tab indents this line'],
  ['two documents', 'a: 1\n---\na: 2\n', 'a second document begins here'],
  ['a key twice', 'note: a\nnote: b\n', 'stands here twice'],
  ['half a file', 'cadence: { "2.8": { cut: ', 'calendar.yaml, line 1'],
])('refuses a file with %s, with the line', (_name, text, said) => {
  expect(refused(text, { path: ['note'], value: 'x' })).toContain(said);
});

it('refuses what it could only write by changing another place', () => {
  const shared = 'usual: &usual { on: 2025-06 }\ncadence:\n  "2.8": { cut: *usual }\n';
  expect(refused(shared, { path: ['cadence', '2.8', 'cut', 'on'], value: '2025-07' })).toContain('*usual stands for');
  expect(refused(shared, { path: ['usual', 'on'], value: '2025-07' })).toContain('stands for several');
  const within = 'list: [\n  a, # the best\n  b,\n]\n';
  expect(refused(within, { path: ['list'], value: 'none' })).toContain('a comment within it would go');
  expect(refused('list: []\n', { path: ['list', 0, 'on'], value: 'x' })).toContain('list[0].on is not there');
  expect(refused('list: text\n', { path: ['list', 'on'], value: 'x' })).toContain('list.on is not there');
});

it('changes nothing where nothing changes', () => {
  expect(edited(COMMENTED, { path: ['cadence', '2.8', 'release', 'on'], value: '2025-07-30' })).toBe(COMMENTED);
  expect(edited(COMMENTED, { path: ['cadence', '9.9', 'release', 'on'], value: undefined })).toBe(COMMENTED);
});

const word = fc.constantFrom('on', 'state', '2.8', 'null', 'a b', 'x: y', '#', '-', '3.10', 'é', 'why');
const scalar = fc.oneof(word, fc.integer({ min: -9, max: 99 }), fc.boolean(), fc.string({ maxLength: 12 }));
const list = fc.array(fc.oneof(scalar, fc.dictionary(word, scalar, { maxKeys: 3 })), { maxLength: 4 });
const value: fc.Arbitrary<Json> = fc.oneof(scalar, list, fc.dictionary(word, fc.oneof(scalar, list), { maxKeys: 3 }));

it('made of any data, in blocks or on one line, a file with any edit is the data with the edit', () => {
  let refusals = 0;
  fc.assert(
    fc.property(
      fc.dictionary(word, fc.dictionary(word, value, { maxKeys: 3 }), { minKeys: 1, maxKeys: 4 }),
      value,
      fc.record({
        style: fc.constantFrom('block', 'flow', 'any'),
        deep: fc.boolean(),
        crlf: fc.boolean(),
        at: fc.nat(),
      }),
      (data, put, { style, deep, crlf, at }) => {
        const written = stringify(data, { collectionStyle: style });
        const text = crlf ? written.replaceAll('\n', '\r\n') : written;
        const keys = Object.keys(data);
        const key = keys[at % keys.length] ?? 'on';
        const made = editYaml(text, [{ path: deep ? [key, 'on'] : [key], value: put }]);
        // What has no place to be written without touching others may be refused, and is never written wrongly.
        if (!made.ok) refusals += 1;
        if (!made.ok) return;
        expect(parse(made.value)).toEqual({ ...data, [key]: deep ? { ...data[key], on: put } : put });
      },
    ),
    { numRuns: 1000 },
  );
  expect(refusals).toBeLessThan(50);
});
