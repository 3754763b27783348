import { expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import type { Answer } from './answer.ts';
import { jsonDocument } from './json.ts';

const answer = (data: unknown): Answer => ({
  schema: 'blockers',
  asOf: Instant.parse('2025-07-12T14:02:00Z'),
  stale: false,
  exit: 0,
  data,
  records: [],
  lines: () => [],
});
const form = { ascii: false, pretty: false };

it('is one document with schema, asOf, stale and data', () => {
  expect(jsonDocument(answer([{ id: 'a' }]), [], form)).toBe(
    '{"schema":"signalbox.blockers/1","asOf":"2025-07-12T14:02:00Z","stale":false,"data":[{"id":"a"}]}\n',
  );
});

it('keeps the chosen fields of each item, and names the known ones for a wrong one', () => {
  expect(jsonDocument(answer([{ id: 'a', verdict: 'pass' }]), ['verdict'], form)).toContain(
    '"data":[{"verdict":"pass"}]',
  );
  expect(() => jsonDocument(answer([{ id: 'a', verdict: 'pass' }]), ['verdct'], form)).toThrow('no field verdct');
  expect(() => jsonDocument(answer('text'), ['id'], form)).toThrow('no fields to choose');
  expect(() => jsonDocument(answer({ a: 1 }), ['__proto__'], form)).toThrow('no field __proto__');
});

it('escapes what would act on a terminal, and stays the same value', () => {
  const hostile = { title: 'x\u001b[2J\u009b31m\u202Eabc\u2028\ud800é日🚀' };
  for (const ascii of [false, true]) {
    const text = jsonDocument(answer(hostile), [], { ascii, pretty: false });
    // oxlint-disable-next-line no-control-regex -- the controls are what must not be there
    expect(text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028]/u);
    expect(JSON.parse(text)).toMatchObject({ data: hostile });
  }
  expect(
    Buffer.from(jsonDocument(answer(hostile), [], { ascii: true, pretty: false })).every((byte) => byte < 128),
  ).toBe(true);
});
