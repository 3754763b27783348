import { explainRecord, isExempt, recordHash, type RecordRow } from '../record.ts';
import { found, type Found } from './checks.ts';
import type { WheelFacts } from './facts.ts';

/** RECORD: every file with its hash and size, and nothing else. */
export function checkRecord({ record, distInfo, entries, digests }: WheelFacts): readonly Found[] {
  if (distInfo === null) return [];
  const entry = `${distInfo}/RECORD`;
  if (record === null)
    return [
      found(
        'record-missing',
        `${distInfo} has no RECORD, so nobody can tell whether the wheel is whole. Build it again.`,
        { entry: distInfo },
      ),
    ];
  const rows = new Map(record.value.rows.map((row) => [row.path, row]));
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  return [
    ...(record.text.badLine === null
      ? []
      : [
          found('record-line', 'The line has bytes that are not UTF-8. Write RECORD anew.', {
            entry,
            line: record.text.badLine,
          }),
        ]),
    ...record.value.problems.map((problem) =>
      found('record-line', explainRecord(problem), { entry, line: problem.line }),
    ),
    ...unlisted(
      entries.map(({ path }) => path),
      rows,
      distInfo,
    ),
    ...repeated(record.value.rows, entry),
    ...[...rows.values()].flatMap((row) => checkRow(row, { size: sizes.get(row.path), distInfo, entry })),
    ...checkHashes([...rows.values()], { digests, entry, distInfo }),
  ];
}

function unlisted(paths: readonly string[], rows: ReadonlyMap<string, RecordRow>, distInfo: string): readonly Found[] {
  return paths
    .filter((path) => !rows.has(path) && !isExempt(path, distInfo))
    .map((path) =>
      found(
        'record-unlisted',
        `RECORD does not list ${path}: installers leave the file behind, or refuse the wheel. Write RECORD anew.`,
        {
          entry: path,
        },
      ),
    );
}

function repeated(rows: readonly RecordRow[], entry: string): readonly Found[] {
  const seen = new Set<string>();
  return rows.flatMap(({ path, line }) => {
    if (!seen.has(path)) {
      seen.add(path);
      return [];
    }
    return [found('record-twice', `RECORD lists ${path} a second time. Write RECORD anew.`, { entry, line })];
  });
}

interface RowPlace {
  readonly size: number | undefined;
  readonly distInfo: string;
  readonly entry: string;
}

function checkRow(row: RecordRow, { size, distInfo, entry }: RowPlace): readonly Found[] {
  const place = { entry, line: row.line };
  if (size === undefined) {
    const how = /^\/|\\|(^|\/)\.\.?(\/|$)/.test(row.path)
      ? 'which is no path within the wheel'
      : 'which the wheel does not have';
    return [
      found(
        'record-surplus',
        `RECORD lists ${row.path}, ${how}. The wheel is not whole, or RECORD is of another: build it again.`,
        place,
      ),
    ];
  }
  if (isExempt(row.path, distInfo)) return [];
  const missing = [...(row.hash === null ? ['hash'] : []), ...(row.size === null ? ['size'] : [])];
  if (missing.length > 0)
    return [
      found('record-no-hash', `RECORD has no ${missing.join(' and no ')} of ${row.path}. Write RECORD anew.`, place),
    ];
  return row.size === size
    ? []
    : [
        found(
          'record-size',
          `RECORD says that ${row.path} has ${row.size ?? 0} bytes; it has ${size}. The file was changed after RECORD was written: build the wheel again.`,
          place,
        ),
      ];
}

interface HashPlace {
  readonly digests: WheelFacts['digests'];
  readonly entry: string;
  readonly distInfo: string;
}

function checkHashes(rows: readonly RecordRow[], { digests, entry, distInfo }: HashPlace): readonly Found[] {
  if (digests === null) return [];
  return rows.flatMap((row) => {
    const digest = digests.get(row.path);
    if (digest === undefined || row.hash === null || isExempt(row.path, distInfo)) return [];
    const place = { entry, line: row.line };
    if (row.algorithm !== 'sha256')
      return /^sha(384|512)$/.test(row.algorithm ?? '')
        ? [
            found(
              'record-not-checked',
              `The hash of ${row.path} is by ${row.algorithm ?? ''}, which is not checked here. Write RECORD with sha256, as every tool does.`,
              place,
            ),
          ]
        : [];
    return `sha256=${row.hash}` === recordHash(digest)
      ? []
      : [
          found(
            'record-hash',
            `RECORD has another hash of ${row.path} than the file. The file was changed after RECORD was written, or RECORD lies: build the wheel again.`,
            place,
          ),
        ];
  });
}
