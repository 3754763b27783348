import type { ValidationIssue, ValidationItem } from '../../../domain/train/final.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import type { StandingValidation } from './standing.ts';

/** The hidden marker by which the issue is found; never its title. */
export function validationMarker(release: ReleaseVersion): string {
  return `signalbox:validation ${release}`;
}

const END = '<!-- signalbox:end -->';
const BELOW = `${END} Text below this line is yours and never touched.`;

export interface ValidationView {
  readonly release: ReleaseVersion;
  /** Null while no candidate was recorded. */
  readonly candidate: CandidateVersion | null;
  readonly rule: ValidationIssue;
  readonly standing: readonly StandingValidation[];
}

/** The body of the issue as it has to be. From the marker to the end marker everything is rendered afresh; what people wrote around it is kept as it is. */
export function validationBody(view: ValidationView, existing: string | null): string {
  const marker = `<!-- ${validationMarker(view.release)} -->`;
  const { above, below } = around(existing ?? '', marker);
  return `${above}${[marker, ...linesOf(view), BELOW].join('\n')}${below}`;
}

function around(existing: string, marker: string): { readonly above: string; readonly below: string } {
  const start = existing.indexOf(marker);
  if (start === -1) return { above: '', below: existing.trim() === '' ? '\n' : `\n\n${existing.trim()}\n` };
  const end = existing.indexOf(END, start);
  if (end === -1) return { above: existing.slice(0, start), below: '\n' };
  const after = existing.slice(end);
  return {
    above: existing.slice(0, start),
    below: after.slice(after.startsWith(BELOW) ? BELOW.length : END.length),
  };
}

function linesOf({ candidate, rule, standing }: ValidationView): readonly string[] {
  const done = standing.filter((each) => each.done !== null).length;
  const example = rule.comment
    .replace('{candidate}', candidate ?? 'CANDIDATE')
    .replace('{item}', rule.sections[0]?.items[0]?.id ?? 'ITEM');
  return [
    candidate === null
      ? 'Validations begin once the files of a candidate are recorded.'
      : `**${candidate}**: ${done} of ${standing.length} done.`,
    '',
    `Whoever has done one says so in a comment, and the box is ticked with their name: \`${example}\`. A box ticked by hand has no name and is emptied again. Another candidate asks anew, as far as its files are others.`,
    '',
    ...rule.sections.flatMap(({ title, items }) => [
      `## ${title}`,
      ...items.map((item) => itemLine(item, standing.find((each) => each.item.id === item.id) ?? null)),
      '',
    ]),
  ];
}

function itemLine({ id, text, people }: ValidationItem, standing: StandingValidation | null): string {
  const owners = people.map((login) => `@${login}`).join(' ');
  const head = `\`${id}\` ${text}${owners === '' ? '' : ` ${owners}`}`;
  const done = standing?.done ?? null;
  if (done !== null) return `- [x] ${head}: [@${done.by} on ${done.on}](${done.link})`;
  const older = standing?.older ?? null;
  return `- [ ] ${head}${older === null ? '' : `: only on ${older.on}, by @${older.by}`}`;
}
