import { textOfEntry } from '../domain/ledger-chain.ts';
import { LedgerEntry } from '../domain/ledger-event.ts';
import { refuseOr, type Result } from '../domain/result.ts';
import type { z } from 'zod';

/** A line of an export that is not an entry. Lines are counted from 1. */
export interface LineProblem {
  readonly code: 'ledger-line-invalid';
  readonly line: number;
  readonly why: string;
}

/** More characters than any entry has; a longer line is not looked at. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** Problems told at once: a file of something else has as many as lines. */
const TOLD_AT_ONCE = 20;

/** Entries as an export: the canonical JSON of each, one a line, in the order given. */
export function toJsonLines(entries: readonly LedgerEntry[]): string {
  return entries.map((entry) => `${textOfEntry(entry)}\n`).join('');
}

/**
 * Reads an export; all lines that are no entries are told at once. Empty lines, CR before the end of a line and a byte order mark are let
 * pass, as editors and mail leave them. Whether the entries are one chain is for `Ledger.restore` to say.
 */
export function parseJsonLines(text: string): Result<readonly LedgerEntry[], LineProblem> {
  const entries: LedgerEntry[] = [];
  const problems: LineProblem[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  for (const [index, line] of lines.entries()) {
    if (problems.length >= TOLD_AT_ONCE) break;
    if (line.trim() === '') continue;
    const read = readLine(line);
    if ('why' in read) problems.push({ code: 'ledger-line-invalid', line: index + 1, why: read.why });
    else entries.push(read.entry);
  }
  return refuseOr(problems, () => entries);
}

/** The problem in words, with what to do. */
export function explainLine(problem: LineProblem): string {
  return `Line ${problem.line} of the export is not an entry of a ledger: ${problem.why}. Export the ledger again with signalbox log --json.`;
}

function readLine(line: string): { readonly entry: LedgerEntry } | { readonly why: string } {
  if (line.length > LONGEST_LINE) return { why: `it is longer than ${LONGEST_LINE} characters` };
  const json = parseJson(line);
  if (!json.ok) return { why: json.why };
  const parsed = LedgerEntry.safeParse(json.value);
  return parsed.success ? { entry: parsed.data } : { why: oneLine(parsed.error) };
}

function parseJson(
  line: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string } {
  try {
    return { ok: true, value: JSON.parse(line) };
  } catch {
    // The parser's own words quote the line, which may be long and of any content.
    return { ok: false, why: 'it is not JSON, or was cut off' };
  }
}

function oneLine(error: z.ZodError): string {
  const [first] = error.issues;
  const at = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
  return `${at}${first?.message ?? 'it has another form'}`;
}
