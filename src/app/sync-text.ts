import { ASK_WORDS, type AskStanding } from '../domain/ask.ts';
import { stateAge } from '../domain/gate-text.ts';
import type { Gate } from '../domain/gate.ts';
import { dateOf, type Instant } from '../domain/instant.ts';
import { localTime } from '../domain/local-time.ts';
import { clockTime, dayText, dueDay, weekdayText } from '../domain/time-text.ts';
import { nobodyText, standInText, whoActs } from '../domain/train/stand-in.ts';
import type { Train } from '../domain/train/train.ts';
import type { Deadline } from '../process/01-plan/index.ts';
import { code, inline, mention } from '../process/06-cherry-pick/index.ts';
import { dutyWords } from './duty-words.ts';
import { openAsks, openDecisions, openPicks, waivedGates, type ReleasePapers } from './sync-agenda.ts';
import type { Duty } from './todo.ts';

/** The agenda of the next sync as Markdown, with an empty sheet for its minutes. Text of others links and calls nobody. */
export function agendaMarkdown(papers: ReleasePapers, train: Train): string {
  const { release, status, at } = papers;
  return document([
    `# ${inline(status.title)}: ${meetingTitle(papers)}`,
    ...meetingLines(papers),
    ...standing(papers),
    ...section(
      'Blockers',
      status.blocking.map((gate) => gateLine(gate, at, train)),
    ),
    ...section(
      'Due',
      papers.due.map((one) => deadlineLine(one, papers, train)),
    ),
    ...section('To decide', decisionLines(papers, train)),
    ...section('Asked of others', askLines(papers, train)),
    ...section('Picks and reverts', pickLines(papers)),
    '## Minutes',
    '',
    `Present: ${peopleLine(papers, train)}`,
    '',
    '| What | Decided | Who | Until |',
    '| --- | --- | --- | --- |',
    ...[...status.blocking.map(({ id }) => code(id, 'table')), ''].map((what) => `| ${what} |  |  |  |`),
    '',
    `Decisions count once they are recorded: ${code(`signalbox gate list ${release}`)}`,
  ]);
}

/** What whoever takes the release over has to know, as Markdown: who does what, what is open, what is owed by whom. */
export function handoverMarkdown(papers: ReleasePapers, train: Train): string {
  const { release, status, people, at } = papers;
  const holders = (role: string): string => {
    const logins = people.roles[role] ?? [];
    return logins.length === 0 ? 'nobody is named' : logins.map((login) => mention(login)).join(', ');
  };
  const owed = papers.todo.people.flatMap(({ who, duties }) => [
    `- ${mention(who)}`,
    ...duties.map((duty) => `  ${dutyLine(duty, at)}`),
  ]);
  return document([
    `# ${inline(status.title)}: hand-over, ${clockTime(at, at)} of ${dayText(dateOf(at), at)}`,
    '',
    ...standing(papers),
    '## Who',
    '',
    `- Release managers: ${holders('release-manager')}`,
    `- Approvers: ${holders('approver')}`,
    ...people.workstreams.map(({ title, who, stands }) => {
      const missing = stands === 'all-away' ? 'everybody named is away' : 'nobody is named';
      return `- ${inline(title)}: ${who === null ? missing : mention(who)}${stands === 'deputy' ? ' (stands in)' : ''}`;
    }),
    ...people.away.map(
      ({ login, from, to }) => `- Away: ${mention(login)}, ${dayText(from, at)} to ${dayText(to, at)}`,
    ),
    '',
    ...section(
      'Open now',
      status.blocking.map((gate) => gateLine(gate, at, train)),
    ),
    ...section(
      'Open later',
      status.later.map((gate) => gateLine(gate, at, train)),
    ),
    ...section(
      'Opened by decision',
      waivedGates(papers).map(({ id, waiver }) => {
        const until =
          waiver === null
            ? ''
            : `, by ${mention(waiver.by)} until ${clockTime(waiver.until, at)}: ${inline(waiver.reason)}`;
        return `- ${code(id)}${until}`;
      }),
    ),
    ...section('Owed', [...unreadLines(papers), ...owed]),
    ...section(
      'Due',
      papers.due.map((one) => deadlineLine(one, papers, train)),
    ),
    ...section('Asked of others', askLines(papers, train)),
    '## What was done',
    '',
    `${code(`signalbox log ${release}`)} has it all; ${code(`signalbox plan list ${release}`)} the plans.`,
  ]);
}

function document(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  const count = lines.filter((line) => line.startsWith('- ')).length;
  return [`## ${title}${count === 0 ? '' : ` (${count})`}`, '', ...(lines.length === 0 ? ['None.'] : lines), ''];
}

function meetingTitle({ series, next }: ReleasePapers): string {
  if (!series.known) return 'agenda';
  const { settings, meetings } = series;
  return next === null ? inline(settings.title) : `${inline(settings.title)} ${next.number} of ${meetings.length}`;
}

function meetingLines({ series, next, at }: ReleasePapers): readonly string[] {
  if (!series.known) return ['', `No meeting is planned: ${inline(series.why)}.`, ''];
  if (next === null) return ['', 'The series is over.', ''];
  const { settings } = series;
  const { date, minute } = localTime(settings.zone, next.starts);
  const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const where = settings.link === undefined ? '' : `, ${settings.link}`;
  const tentative = next.tentative ? ', tentative' : '';
  return [
    '',
    `${weekdayText(date, at)} ${clock} ${settings.zone} (${next.starts.slice(11, 16)} UTC), ${settings.minutes} minutes${tentative}${where}`,
    '',
  ];
}

function standing({ status, at }: ReleasePapers): readonly string[] {
  const { phases, next, freeze, abandoned } = status;
  const words = { pass: 'done', running: 'now', queued: 'to come', 'no-data': 'not known' } as const;
  return [
    `As of ${clockTime(at, at)}: ${phases.map(({ phase, state }) => `${phase} ${words[state]}`).join(', ')}.`,
    ...(next === null ? [] : ['', `Next: ${inline(next.what)}, ${code(next.command)}`]),
    ...(freeze === null ? [] : ['', `Frozen by ${mention(freeze.by)}: ${inline(freeze.reason)}`]),
    ...(abandoned === null ? [] : ['', `Abandoned by ${mention(abandoned.by)}: ${inline(abandoned.reason)}`]),
    '',
  ];
}

/** Who acts, and for whom; a call to somebody who is away reaches nobody. */
function actingText(train: Train, owners: readonly string[], now: Instant): string {
  const acting = whoActs(train, owners, now);
  if (acting === null) return '';
  if (acting.is === 'there') return `; ${mention(acting.who)}`;
  const until = dayText(acting.until, now);
  if (acting.is === 'nobody') return `; ${mention(acting.for)}, away until ${until}: ${nobodyText(acting.why)}`;
  return `; ${mention(acting.who)} for ${mention(acting.for)} until ${until}`;
}

function gateLine(gate: Gate, now: Instant, train: Train): string {
  const who = actingText(train, gate.owners, now);
  const fix = gate.fix === null ? '' : `; ${code(gate.fix)}`;
  return `- ${code(gate.id)} ${stateAge(gate, now)}: ${inline(gate.summary, 300)}${who}${fix}`;
}

function deadlineLine(one: Deadline, { people, at }: ReleasePapers, train: Train): string {
  const when = one.known
    ? `${clockTime(one.due, at)} (${dueDay(dateOf(one.due), at)})`
    : `between ${dayText(one.earliest, at)} and ${dayText(one.latest, at)}`;
  const contact = people.workstreams.find(({ workstream }) => workstream === one.owner);
  const title = one.owner === null ? null : (train.workstreams[one.owner]?.title ?? one.owner);
  const who =
    title === null
      ? ''
      : `; ${inline(title)}${contact?.who === null || contact === undefined ? '' : ` ${mention(contact.who)}`}`;
  return `- ${when}: ${one.id} ${inline(one.title)}${who}${one.tentative ? ', tentative' : ''}`;
}

function decisionLines(papers: ReleasePapers, train: Train): readonly string[] {
  const { gates, duties } = openDecisions(papers);
  return [
    ...gates.map((gate) => gateLine(gate, papers.at, train)),
    ...duties.map(({ who, duty }) => `${dutyLine(duty, papers.at)}; ${who.map((login) => mention(login)).join(', ')}`),
  ];
}

function dutyLine(duty: Duty, now: Instant): string {
  const { name, word, text, until, command } = dutyWords(duty);
  const end = until === null ? '' : `, until ${clockTime(until, now)}`;
  const stands = duty.standIn === null ? '' : ` (${inline(standInText(duty.standIn, now))})`;
  return `- ${code(name)} ${word}: ${inline(text, 300)}${end}${stands}${command === null ? '' : `; ${code(command)}`}`;
}

function pickLines(papers: ReleasePapers): readonly string[] {
  return [
    ...unreadLines(papers),
    ...openPicks(papers).map(
      ({ who, duty }) => `${dutyLine(duty, papers.at)}; ${who.map((login) => mention(login)).join(', ')}`,
    ),
  ];
}

function unreadLines({ todo: { picksUnread } }: ReleasePapers): readonly string[] {
  return picksUnread === null ? [] : [`Which picks wait could not be read: ${inline(picksUnread)}`, ''];
}

function askLines(papers: ReleasePapers, train: Train): readonly string[] {
  const { asks, at } = papers;
  if (!asks.known) return [`Could not be read: ${inline(asks.reason)}`];
  return openAsks(papers).map((one) => askLine(one, at, train));
}

function askLine({ name, ask, state, due, late, owners, text, sent }: AskStanding, now: Instant, train: Train): string {
  const when = due.kind === 'day' ? `, due ${dayText(due.day, now)}${late ? ', late' : ''}` : '';
  const who = actingText(train, owners, now);
  const where = sent === null ? '' : `, ${inline(sent.text)}`;
  return `- ${code(name)} ${ASK_WORDS[state]}${when}: ${inline(text.title)}, of ${inline(ask.to)}${where}${who}`;
}

function peopleLine({ people, series }: ReleasePapers, train: Train): string {
  const named = series.known ? series.settings.who : [];
  const who = named.length === 0 ? Object.keys(train.workstreams) : named;
  const logins = who.flatMap((each) => {
    const contact = people.workstreams.find(({ workstream }) => workstream === each);
    return contact === undefined ? [each] : contact.who === null ? [] : [contact.who];
  });
  return [...new Set([...(people.roles['release-manager'] ?? []), ...logins])]
    .map((login) => mention(login))
    .join(', ');
}
