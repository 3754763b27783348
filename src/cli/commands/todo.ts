import { todo, type Duties, type Duty } from '../../app/todo.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { stateAge } from '../output/render-gates.ts';
import { shape, STATES } from '../output/shapes.ts';
import { clockTime } from '../output/time.ts';
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
  const people = await todo(app, all ? { release } : { release, who });
  return {
    schema: 'todo',
    asOf: session.now,
    stale: false,
    exit: exitCode('done'),
    data: people,
    records: people.flatMap((person) => person.duties.map((duty) => [person.who, ...recordOf(duty)])),
    lines: (room) => render(people, { release, me, asked: all ? null : who }, room),
  };
}

function recordOf(duty: Duty): readonly string[] {
  return duty.kind === 'gate'
    ? [duty.kind, duty.gate.id, duty.gate.summary, duty.gate.fix ?? '']
    : [duty.kind, duty.plan.plan.id, duty.plan.plan.body.title, commandOf(duty)];
}

function commandOf(duty: Exclude<Duty, { readonly kind: 'gate' }>): string {
  return duty.kind === 'approval' ? `signalbox plan show ${duty.plan.plan.id}` : `signalbox apply ${duty.plan.plan.id}`;
}

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
      ...person.duties.flatMap((duty) => dutyLines(duty, room)),
    ];
  });
}

function dutyLines(duty: Duty, room: Room): readonly Line[] {
  if (duty.kind === 'gate') {
    const { gate } = duty;
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
  const { plan } = duty.plan;
  const what =
    duty.kind === 'approval'
      ? `approve plan ${plan.id}`
      : duty.plan.state === 'partial'
        ? `go on with plan ${plan.id}`
        : `apply plan ${plan.id}`;
  return [
    ...paragraph(line(shape('needs-you'), ' ', span(what, 'strong'), `  ${plan.body.title}`), room.width, 2, 4),
    ...paragraph(
      line(`good until ${clockTime(duty.plan.goodUntil, room.now)}; fix: ${commandOf(duty)}`),
      room.width,
      6,
      5,
    ),
  ];
}
