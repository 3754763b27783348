import {
  pickDutyCommand,
  pickDutyName,
  planDutyCommand,
  planDutyName,
  revertDutyName,
  revertsCommand,
} from '../../app/duty-words.ts';
import { todo, type Duties, type Duty } from '../../app/todo.ts';
import type { Gate } from '../../domain/gate.ts';
import { shortId } from '../../domain/git-names.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import { standInText } from '../../domain/train/stand-in.ts';
import { stateAge } from '../../domain/gate-text.ts';
import { shape, STATES } from '../output/shapes.ts';
import { ago, clockTime } from '../../domain/time-text.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const me = await app.who();
  const all = session.flags.has('all');
  const who = session.flags.text('for') ?? me;
  session.progress.doing(`Reading what waits in ${release} ...`);
  const { people, picksUnread } = await todo(app, all ? { release } : { release, who });
  return {
    schema: 'todo',
    asOf: session.now,
    stale: picksUnread !== null,
    exit: exitCode('done'),
    data: people,
    records: people.flatMap((person) =>
      person.duties.map((duty) => [
        person.who,
        ...recordOf(duty),
        duty.standIn === null ? '' : standInText(duty.standIn, session.now),
      ]),
    ),
    lines: (room) => [
      ...unreadLines(picksUnread, room),
      ...render(people, { release, me, asked: all ? null : who }, room),
    ],
  };
}

function recordOf(duty: Duty): readonly string[] {
  switch (duty.kind) {
    case 'gate':
      return [duty.kind, duty.gate.id, duty.gate.summary, duty.gate.fix ?? ''];
    case 'pick':
      return [duty.kind, pickDutyName(duty), PICK_STATES[duty.pick.state].word, pickDutyCommand(duty) ?? ''];
    case 'revert':
      return [duty.kind, revertDutyName(duty), duty.revert.change.title, revertsCommand(duty)];
    case 'day-step':
      return [duty.kind, duty.step.step.id, duty.step.step.title, duty.step.command ?? ''];
    case 'approval':
    case 'apply':
      return [duty.kind, duty.plan.plan.id, duty.plan.plan.body.title, planDutyCommand(duty)];
  }
}

type PickDuty = Extract<Duty, { readonly kind: 'pick' }>;
type RevertDuty = Extract<Duty, { readonly kind: 'revert' }>;
type DayDuty = Extract<Duty, { readonly kind: 'day-step' }>;
type PlanDuty = Extract<Duty, { readonly kind: 'approval' | 'apply' }>;

interface Asked {
  readonly release: string;
  readonly me: string;
  /** Null for everybody. */
  readonly asked: string | null;
}

function render(people: readonly Duties[], { release, me, asked }: Asked, room: Room): readonly Line[] {
  if (people.length === 0) {
    const person = asked === null ? 'anybody' : asked === me ? 'you' : `@${asked}`;
    return [line(shape('pass'), ` Nothing of ${release} waits for ${person}.`)];
  }
  return people.flatMap((person, index) => {
    const name = person.who === me ? 'You' : `@${person.who}`;
    const count = person.duties.length === 1 ? '1 thing waits' : `${person.duties.length} things wait`;
    return [
      ...(index === 0 ? [] : [BLANK]),
      line(span(`${name}: ${count}`, 'strong')),
      ...person.duties.flatMap((duty) => [...dutyLines(duty, room), ...standInLines(duty, room)]),
    ];
  });
}

/** Says that the list may be too short. */
function unreadLines(picksUnread: string | null, room: Room): readonly Line[] {
  return picksUnread === null
    ? []
    : paragraph(line(shape('no-data'), ` Which picks wait could not be read: ${picksUnread}`), room.width, 0, 2);
}

function standInLines({ standIn }: Duty, room: Room): readonly Line[] {
  return standIn === null ? [] : paragraph(line(standInText(standIn, room.now)), room.width, 6);
}

function dutyLines(duty: Duty, room: Room): readonly Line[] {
  switch (duty.kind) {
    case 'gate':
      return gateLines(duty.gate, room);
    case 'pick':
      return pickLines(duty, room);
    case 'revert':
      return revertLines(duty, room);
    case 'day-step':
      return dayLines(duty, room);
    case 'approval':
    case 'apply':
      return planLines(duty, room);
  }
}

function gateLines(gate: Gate, room: Room): readonly Line[] {
  const head = line(
    shape(gate.verdict),
    ' ',
    span(gate.id, 'strong'),
    '  ',
    span(stateAge(gate, room.now), STATES[gate.verdict].tone),
  );
  return [
    ...paragraph(head, room.width, 2, 4),
    ...paragraph(line(gate.summary), room.width, 6),
    ...(gate.fix === null ? [] : paragraph(line(`fix: ${gate.fix}`), room.width, 6, 5)),
  ];
}

function pickLines(duty: PickDuty, room: Room): readonly Line[] {
  const { record, seen, state } = duty.pick;
  const { word, next, state: looks } = PICK_STATES[state];
  const command = pickDutyCommand(duty);
  const since = ago(record.decided.is === 'open' ? record.askedAt : record.decided.at, room.now);
  return [
    ...paragraph(line(shape(looks), ' ', span(pickDutyName(duty), 'strong'), `  ${word}, ${since}`), room.width, 2, 4),
    ...paragraph(line(`${seen.title}: ${next ?? word}`), room.width, 6),
    ...(command === null ? [] : [line(`      fix: ${command}`)]),
  ];
}

function revertLines(duty: RevertDuty, room: Room): readonly Line[] {
  const { revert, change } = duty.revert;
  return [
    ...paragraph(
      line(shape('failing'), ' ', span(revertDutyName(duty), 'strong'), '  a revert is missing'),
      room.width,
      2,
      4,
    ),
    ...paragraph(line(`${change.title}: main took it back by ${shortId(revert)}`), room.width, 6),
    line(`      fix: ${revertsCommand(duty)}`),
  ];
}

function dayLines({ step: { step, number, state, text, command } }: DayDuty, room: Room): readonly Line[] {
  const head = line(shape(state), ' ', span(`step ${number} of the release day`, 'strong'), `  ${step.title}`);
  return [
    ...paragraph(head, room.width, 2, 4),
    ...paragraph(line(text), room.width, 6),
    ...(command === null ? [] : [line(`      fix: ${command}`)]),
  ];
}

function planLines(duty: PlanDuty, room: Room): readonly Line[] {
  const { plan } = duty.plan;
  return [
    ...paragraph(
      line(shape('needs-you'), ' ', span(planDutyName(duty), 'strong'), `  ${plan.body.title}`),
      room.width,
      2,
      4,
    ),
    ...paragraph(
      line(`good until ${clockTime(duty.plan.goodUntil, room.now)}; fix: ${planDutyCommand(duty)}`),
      room.width,
      6,
      5,
    ),
  ];
}
