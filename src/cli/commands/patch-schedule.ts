import { decideSchedule, proposeSchedule, type ProposedSchedule } from '../../app/patch/schedule.ts';
import { patchNamed } from '../../app/patch/named.ts';
import { moveDate } from '../../app/calendar-change.ts';
import { CalendarDate } from '../../domain/instant.ts';
import { MonthOrDay } from '../../domain/month.ts';
import { lineOf } from '../../domain/version.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { calendarChangeAnswer } from './calendar-change.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const { flags } = session;
  const release = valueOf(await patchNamed(app, session.required('REL')));
  const input = { release, from: dayOf(flags.text('from')), weeks: weeksOf(flags.text('weeks')) };
  const isDry = flags.has('dry-run');
  const proposed = valueOf(await proposeSchedule(app, input));
  if (isDry)
    return answer(proposed, app.clock.now(), [line(`Nothing was written down. To do it, leave out --dry-run.`)]);
  const reason = await reasonFor(session);
  if (!flags.has('yes') && session.canAsk) session.say(...scheduleLines(proposed, session.width));
  await confirm(session, `Write these dates of ${release} down?`);
  session.progress.doing('Writing to the ledger ...');
  const decided = valueOf(await decideSchedule(app, input, reason));
  if (flags.has('propose')) {
    const to = MonthOrDay.parse(decided.schedule.day);
    const move = { release, milestone: 'release', to, isFixed: true, reason, dryRun: false };
    const title = `${app.loaded.train.title} ${lineOf(release)}, as it would be`;
    const again = calendarCommand(decided);
    return calendarChangeAnswer(session, valueOf(await moveDate(app, move)), {
      title,
      schema: 'patch-schedule',
      again,
    });
  }
  return answer(decided, app.clock.now(), [line(shape('pass'), ` The dates of ${release} are written down.`)]);
}

function answer(proposed: ProposedSchedule, asOf: Answer['asOf'], tail: readonly Line[]): Answer {
  return {
    schema: 'patch-schedule',
    asOf,
    stale: false,
    exit: exitCode('done'),
    data: proposed,
    records: proposed.schedule.phases.map(({ id, from, to, title }) => [id, from, to, title]),
    lines: (room) => [...scheduleLines(proposed, room.width), BLANK, ...tail],
  };
}

function scheduleLines({ schedule, change }: ProposedSchedule, width: number): readonly Line[] {
  const { release, start, day, weeks, phases, findings } = schedule;
  return [
    line(span(`Schedule of ${release}`, 'strong'), `: ${start} to ${day}, ${weeks} weeks`),
    ...phases.flatMap(({ title, poc, from, to }) =>
      paragraph(
        line(`${from === to ? from.padEnd(24) : `${from} to ${to}`}  ${title}${poc === null ? '' : ` (${poc})`}`),
        width,
        2,
        26,
      ),
    ),
    ...findings.flatMap(({ text, code }) => paragraph(line(shape('needs-you'), ` ${text} [${code}]`), width, 0, 2)),
    ...(change === null
      ? paragraph(line(shape('pass'), ' The calendar of the train file says so already.'), width, 0, 2)
      : [
          BLANK,
          ...paragraph(line(`The calendar of the train file does not say so yet: ${change.path}`), width, 0, 2),
          ...paragraph(line(span(`- ${change.before}`, 'fail')), width, 2, 4),
          ...paragraph(line(span(`+ ${change.after}`, 'pass')), width, 2, 4),
          ...paragraph(line(`Propose it: ${calendarCommand({ schedule })}`), width, 0, 2),
        ]),
  ];
}

/** What proposes the day of the schedule for the calendar of the train file. */
function calendarCommand({ schedule: { release, day } }: Pick<ProposedSchedule, 'schedule'>): string {
  return `signalbox calendar move ${release} release ${day} --fixed --reason "..."`;
}

function dayOf(typed: string | null): CalendarDate | null {
  if (typed === null) return null;
  const parsed = CalendarDate.safeParse(typed);
  if (parsed.success) return parsed.data;
  throw usage(`"${typed.slice(0, 40)}" is no day`, 'write it as 2026-06-03: --from 2026-06-03');
}

function weeksOf(typed: string | null): number | null {
  if (typed === null) return null;
  if (/^[1-9]\d?$/u.test(typed)) return Number(typed);
  throw usage(`"${typed.slice(0, 40)}" is no number of weeks`, '--weeks 5');
}
