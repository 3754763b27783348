import { describe, expect, it } from 'vitest';
import { draft } from '../testing/ledger-draft.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';
import { explainLine, parseJsonLines, toJsonLines } from './ledger-transfer.ts';

const reasons = ['plain', 'two\nlines\r\n', '\u2028 \u2029 \u0000', '"quoted" \\ {"a":1}', '\ud800', '🚂', ''];

async function exported(): Promise<string> {
  const ledger = memoryLedger();
  await ledger.append(
    'pytorch',
    reasons.map((reason) => draft(reason)),
  );
  return toJsonLines(await ledger.read({ train: 'pytorch' }));
}

function problemsOf(text: string): readonly [number, string][] {
  const read = parseJsonLines(text);
  return read.ok ? [] : read.problems.map((problem) => [problem.line, problem.why]);
}

describe('a ledger as JSON lines', () => {
  it('comes back whole in another ledger, byte for byte', async () => {
    const text = await exported();
    expect(text.split('\n')).toHaveLength(reasons.length + 1);
    const read = parseJsonLines(text);
    const other = memoryLedger();
    if (read.ok) await other.restore('pytorch', read.value);
    expect(toJsonLines(await other.read({ train: 'pytorch' }))).toBe(text);
    expect(await other.verify('pytorch')).toMatchObject({ entries: reasons.length, faults: [] });
  });

  it('reads what editors and mail make of it', async () => {
    const text = await exported();
    const mailed = `\ufeff${text.replaceAll('\n', '\r\n')}\r\n\n`;
    expect(parseJsonLines(mailed)).toEqual(parseJsonLines(text));
  });

  it('reads an empty file as no entries', () => {
    expect(parseJsonLines('')).toEqual({ ok: true, value: [] });
    expect(toJsonLines([])).toBe('');
  });

  it('tells every bad line with its number and why', async () => {
    const [first = '', second = '', third = ''] = (await exported()).split('\n');
    const text = [
      first,
      '{"seq":',
      '',
      second.replace('"seq":2', '"seq":"2"'),
      '[]',
      third,
      third.replace('{', '{"extra":1,'),
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      [2, 'it is not JSON, or was cut off'],
      [4, expect.stringMatching(/^seq: /)],
      [5, expect.stringMatching(/expected object/)],
      [7, expect.stringMatching(/extra/)],
    ]);
  });

  it('says of a cut-off export which line is not whole', async () => {
    const text = await exported();
    expect(problemsOf(text.slice(0, -10)).map(([line]) => line)).toEqual([reasons.length]);
  });

  it('does not tell a thousand problems of a file that is something else', () => {
    expect(problemsOf('not\n'.repeat(1000))).toHaveLength(20);
    expect(problemsOf('\0'.repeat(1_000_000))).toEqual([[1, 'it is not JSON, or was cut off']]);
  });

  it('explains a problem with what to do', () => {
    expect(explainLine({ code: 'ledger-line-invalid', line: 4, why: 'it is not JSON, or was cut off' })).toBe(
      'Line 4 of the export is not an entry of a ledger: it is not JSON, or was cut off. Export the ledger again with signalbox log --json.',
    );
  });
});
