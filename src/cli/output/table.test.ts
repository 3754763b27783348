import { expect, it } from 'vitest';
import { line, lineColumns, lineText } from './line.ts';
import { table } from './table.ts';

const columns = [{ title: 'ID', whole: true }, { title: 'WHAT' }, { title: 'OWNER', optional: true }];
const rows = [
  [
    line('nightlies-green:torchvision'),
    line('37 of 40 jobs done, none failed, about 18 min left'),
    line('@somebody-with-a-long-login'),
  ],
  [line('docs'), line('日本語のとても長い説明がここにあります'), line('@b')],
];

it.each([60, 80, 132])('fits %d columns with ids whole', (width) => {
  const lines = table({ columns, rows, width });
  for (const each of lines) expect(lineColumns(each)).toBeLessThanOrEqual(width);
  expect(lineText(lines[1] ?? [])).toContain('nightlies-green:torchvision');
});

it('gives up an optional column before a text says nothing', () => {
  expect(lineText(table({ columns, rows, width: 44 })[0] ?? [])).not.toContain('OWNER');
});

it('cuts a sentence at its end and a name in its middle', () => {
  const both = [{ title: 'NAME' }, { title: 'WHAT', prose: true }];
  const text = '37 of 40 jobs done, none failed';
  const [, row = []] = table({ columns: both, rows: [[line('nightlies-green:vision'), line(text)]], width: 40 });
  expect(lineText(row)).toBe('nightlie...n:vision  37 of 40 jobs do...');
});

it('lines up columns behind wide letters', () => {
  const [, first = [], second = []] = table({
    columns: [{ title: 'A' }, { title: 'B', whole: true }],
    rows: [
      [line('日本'), line('x')],
      [line('abcd'), line('x')],
    ],
    width: 80,
  });
  expect([lineText(first), lineText(second)]).toEqual(['日本  x', 'abcd  x']);
});
