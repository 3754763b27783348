import { eventText } from '../../domain/event-text.ts';
import type { Instant } from '../../domain/instant.ts';
import { pickName } from '../../domain/pick.ts';
import { many } from '../../domain/words.ts';
import { code, inline, type PickRecord } from '../../process/06-cherry-pick/index.ts';
import type { PlanTold, ReleaseReport, Told, TrainReport } from './release-report.ts';

/** The report as Markdown: a part per release. Texts of others link and call nobody; logins stand without their sign. */
export function reportMarkdown({ title, span, entries, head, freezes, releases }: TrainReport): string {
  const lines = [
    `# ${inline(title)}: what was decided and done`,
    '',
    span === null
      ? 'The ledger is empty.'
      : `From the ledger alone: ${entries} entries, ${minuteOf(span.from)} to ${minuteOf(span.to)}; its head is ${code((head ?? '').slice(0, 19))}. What the world shows is not in it.`,
    '',
    '| Release | Opened | Days | Candidates | Plans carried out | Picks | Waivers | Refusals | Ended |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...releases.map((release) => rowOf(release)),
    '',
    ...(freezes.length === 0 ? [] : [`The whole train:`, '', ...freezes.map((one) => eventLine(one)), '']),
    ...releases.flatMap((release) => releaseLines(release)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function rowOf(report: ReleaseReport): string {
  const { release, opened, days, candidates, plans, picks, waivers, refusals } = report;
  const cells = [
    release,
    opened.at.slice(0, 10),
    days,
    candidates.length,
    plans.filter(({ state }) => state === 'finished').length,
    picks.length,
    waivers.filter(({ event }) => event.type === 'gate-waived').length,
    refusals.length,
    endText(report),
  ];
  return `| ${cells.join(' | ')} |`;
}

function endText({ closed }: ReleaseReport): string {
  return closed === null ? 'live' : `${closed.how} ${closed.at.slice(0, 10)}: ${inline(closed.reason)}`;
}

function releaseLines(report: ReleaseReport): readonly string[] {
  const { release, opened, people, plans } = report;
  const made = plans.filter(({ state }) => state === 'finished');
  return [
    `## ${release}`,
    '',
    `Opened by ${inline(opened.by)}, ${minuteOf(opened.at)}; ${endText(report)}. By ${people.map((who) => inline(who)).join(', ')}.`,
    '',
    ...section('Decisions', eventLines(report.decisions)),
    ...section(
      'Candidates recorded',
      report.candidates.map(
        ({ candidate, files, digest, by, at }) =>
          `- ${code(candidate)}, ${many(files, 'file')} as ${code(digest.slice(0, 19))}: ${who(by, at)}`,
      ),
    ),
    ...section('Plans carried out', planLines(made)),
    ...section('Plans not carried out', planLines(plans.filter((plan) => !made.includes(plan)))),
    ...section('Gates opened by decision', eventLines(report.waivers)),
    ...section('Signed', eventLines(report.signOffs)),
    ...pickSections(report),
    ...section('Release day, as people said', eventLines(report.day)),
    ...section('Asked of others, as people said', eventLines(report.asks)),
    ...section('Refused', eventLines(report.refusals)),
  ];
}

function planLines(plans: readonly PlanTold[]): readonly string[] {
  return plans.map((plan) => {
    const { id, title, by, madeAt, approvals, appliedBy, finishedAt, state, steps, done, tags } = plan;
    const approved =
      approvals.length === 0
        ? 'asked for no approval'
        : `approved by ${approvals.map((one) => `${inline(one.by)} (${inline(one.role)})`).join(', ')}`;
    const end =
      finishedAt === null
        ? `${state}, ${done} of ${many(steps, 'step')}`
        : `carried out by ${appliedBy.map((login) => inline(login)).join(', ')}, ${minuteOf(finishedAt)}, ${many(steps, 'step')}`;
    const tagged = tags.length === 0 ? '' : `; tags ${tags.map((tag) => code(tag)).join(', ')}`;
    return `- ${code(id)} ${inline(title)}: made by ${who(by, madeAt)}; ${approved}; ${end}${tagged}`;
  });
}

/** Picks by what people last said of them, and what was taken back. */
function pickSections({ picks, plans, keptReverts }: ReleaseReport): readonly string[] {
  const verdicts = [...new Set(picks.map(({ decided }) => decided.is))].toSorted();
  return [
    ...verdicts.flatMap((verdict) =>
      section(
        `Picks: ${verdict === 'open' ? 'asked for, nothing decided since' : verdict}`,
        picks.filter(({ decided }) => decided.is === verdict).map((pick) => pickLine(pick)),
      ),
    ),
    ...section('Reverts that followed', planLines(plans.filter(({ reverts }) => reverts))),
    ...section('Reverts that main has and the line has not', eventLines(keptReverts)),
  ];
}

function pickLine({ pick, class: name, fixes, askedBy, askedAt, decided, dispensation }: PickRecord): string {
  const asked = `${code(pickName(pick))} as ${inline(name)}, asked for by ${who(askedBy, askedAt)}`;
  const why = fixes === null ? '' : `, fixes ${inline(fixes)}`;
  const said = decided.is === 'open' ? '' : `; ${who(decided.by, decided.at)}`;
  const text = 'text' in decided && decided.text !== '' ? `: ${inline(decided.text)}` : '';
  const letIn =
    dispensation === null ? '' : `; let in by ${who(dispensation.by, dispensation.at)}: ${inline(dispensation.text)}`;
  return `- ${asked}${why}${said}${text}${letIn}`;
}

function eventLines(all: readonly Told[]): readonly string[] {
  return all.map((one) => eventLine(one));
}

function eventLine({ by, at, event }: Told): string {
  return `- ${minuteOf(at)} ${inline(by)} ${inline(eventText(event), 400)}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title} (${lines.length})`, '', ...lines, ''];
}

function who(by: string, at: Instant): string {
  return `${inline(by)}, ${minuteOf(at)}`;
}

/** `2025-07-01 14:00 UTC`. */
function minuteOf(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
