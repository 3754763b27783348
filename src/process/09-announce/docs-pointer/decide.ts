import { emptyGate, GateId, withWaiver, type Gate, type Waiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import { listed } from '../../../domain/listed.ts';
import type { Evidence, Observed } from '../../../domain/observation.ts';
import { cutEnd, neutral } from '../../../domain/plain-text.ts';
import type { DocsPointer } from '../../../domain/train/docs-pointer.ts';
import { compareVersions, Line, lineOf, tagOf, type ReleaseVersion } from '../../../domain/version.ts';
import { namedBy, namesLine } from './named.ts';
import type { DocsShown, Found } from './read.ts';

/** What the gate `docs-pointer` rests on. */
export interface PointerToJudge {
  readonly release: ReleaseVersion;
  readonly settings: DocsPointer;
  readonly shown: Observed<DocsShown>;
  /** Releases that are out. */
  readonly released: Observed<readonly ReleaseVersion[]>;
  readonly owners: readonly string[];
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const ID = GateId.parse('docs-pointer');

/**
 * The gate `docs-pointer`: stable leads to the line, and the menu of versions has it, once it is out and not before. A release of a line that is not the newest one
 * must not have taken it back.
 */
export function decidePointer(judged: PointerToJudge): Gate {
  const { owners, waivers, now } = judged;
  return withWaiver({ ...emptyGate(ID, owners), ...said(judged) }, waivers, now);
}

type Said = Partial<Gate> & Pick<Gate, 'summary'>;

function said(judged: PointerToJudge): Said {
  const { release, shown, released, settings } = judged;
  const rerun = `signalbox gate run ${release} ${ID}`;
  for (const read of [shown, released]) {
    if (read.known) continue;
    const { reason, source, at } = read;
    const evidence = [{ text: reason, source, at }];
    return { summary: `could not be read: ${reason}`, evidence, fix: `make it readable, then ${rerun}` };
  }
  if (!shown.known || !released.known) return { summary: 'could not be read', fix: rerun };
  const line = lineOf(release);
  const lines = released.value.map(lineOf);
  const newest = lines.toSorted(compareVersions).at(-1) ?? line;
  const pointer = pointed(settings.stable, shown.value.stable);
  const menu = menuFault(settings.menu, shown.value.menu, line);
  const evidence = evidenceOf(judged, shown, { pointer, menu });
  const wanted = compareVersions(newest, line) > 0 ? newest : line;
  const isOut = lines.includes(line);
  if (!isOut)
    return pointer.line === line
      ? {
          verdict: 'failing',
          summary: `${pointer.text} already, and ${release} is not out: there is no tag ${tagOf(release)}`,
          evidence,
          fix: `point it back until it is; then ${rerun}`,
        }
      : { verdict: 'queued', summary: `moved once ${release} is out; ${pointer.text}`, evidence, fix: rerun };
  const faults = [...pointerFault(pointer, { line, wanted }), ...(menu === null ? [] : [menu])];
  if (faults.length > 0)
    return {
      verdict: 'failing',
      summary: faults.join('; '),
      evidence,
      fix: `mend ${settings.branch} of ${settings.repo}, then ${rerun}`,
    };
  return { verdict: 'pass', summary: `${pointer.text}; ${settings.menu} has ${line}`, evidence };
}

interface Pointed {
  /** The line it leads to; null where it leads to none, or to more than one. */
  readonly line: Line | null;
  readonly text: string;
}

function pointed(path: string, found: Found): Pointed {
  if (found.is === 'none') return { line: null, text: `there is no ${path}` };
  if (found.is === 'other') return { line: null, text: `${path} is neither a link nor a text` };
  const names = namedBy(found);
  const [only] = names;
  if (only === undefined) {
    const holds = found.is === 'link' ? found.to : found.text;
    return { line: null, text: `${path} leads to no version: "${short(holds)}"` };
  }
  if (names.length > 1) return { line: null, text: `${path} names more than one version: ${short(listed(names))}` };
  const line = Line.safeParse(only);
  return { line: line.success ? line.data : null, text: `${path} leads to ${short(only)}` };
}

function short(text: string): string {
  return cutEnd(neutral(text.slice(0, 400)).trim(), 80);
}

function pointerFault(
  { line: at, text }: Pointed,
  { line, wanted }: { readonly line: Line; readonly wanted: Line },
): readonly string[] {
  if (at === null) return [`${text}, not to ${wanted}`];
  if (wanted === line) return at === line ? [] : [`${text}, not to ${line}`];
  return compareVersions(at, wanted) >= 0 ? [] : [`${text}, although ${wanted} is out`];
}

function menuFault(path: string, menu: Found, line: Line): string | null {
  if (menu.is === 'none') return `there is no ${path}`;
  if (menu.is !== 'text') return `${path} cannot be read as text`;
  return namesLine(menu.text, line) ? null : `${path} does not have ${line}`;
}

function evidenceOf(
  { settings: { repo, branch, menu: path } }: PointerToJudge,
  { at, source, value: { link } }: Extract<Observed<DocsShown>, { known: true }>,
  { pointer, menu }: { readonly pointer: Pointed; readonly menu: string | null },
): readonly Evidence[] {
  const where = { ...(link === null ? {} : { link }), source, at };
  return [`${repo} ${branch}: ${pointer.text}`, menu ?? `${path} has it`].map((text) => ({ text, ...where }));
}
