import { placeText, type ToldHow } from '../../app/notices/choices.ts';
import { forWhom, type KeptNotice } from '../../app/notices/told.ts';
import { NOTICE_KINDS } from '../../domain/notice.ts';
import type { Answer, Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { table } from './table.ts';

/** How somebody is told, as the answer of a command; of a code that is awaited only the address. */
export function noticesAnswer(schema: string, told: ToldHow): Answer {
  const { login, choice, hours, kinds, recent } = told;
  return {
    schema,
    asOf: null,
    stale: false,
    exit: 0,
    data: {
      login,
      mail: choice.mail,
      unproven: choice.unproven?.mail ?? null,
      room: choice.room,
      hours,
      kinds,
      recent: recent.map(({ notice, address, state, why, notBefore, settledAt }) => {
        return { ...notice, to: placeText(address), state, why, notBefore, settledAt };
      }),
    },
    records: kinds.map(({ kind, by, when, isChosen }) => [kind, by, when, isChosen ? 'chosen' : 'usual']),
    lines: (room) => renderNotices(told, room),
  };
}

/** What was told to everybody: by which channel, and of a mail address nothing. */
export function toldAnswer(told: readonly KeptNotice[]): Answer {
  const rows = told.map((one) => {
    const { notice, address, state, why, notBefore, settledAt } = one;
    const { id, kind, headline, at } = notice;
    return {
      id,
      kind,
      headline,
      at,
      who: forWhom(one),
      by: address?.channel ?? null,
      state,
      why,
      notBefore,
      settledAt,
    };
  });
  return {
    schema: 'notify-list-all',
    asOf: null,
    stale: false,
    exit: 0,
    data: rows,
    records: rows.map(({ who, by, state, settledAt, notBefore, headline, why }) => [
      who,
      by ?? '',
      state,
      settledAt ?? notBefore,
      headline,
      why ?? '',
    ]),
    lines: (room) =>
      rows.length === 0
        ? paragraph(line('Nobody was told anything yet.'), room.width)
        : table({
            columns: [
              { title: 'WHEN, UTC', whole: true },
              { title: 'WHO' },
              { title: 'BY', optional: true },
              { title: 'STATE' },
              { title: 'WHAT' },
            ],
            rows: rows.map(({ who, by, state, settledAt, notBefore, headline, why }) => [
              line((settledAt ?? notBefore).slice(0, 16).replace('T', ' ')),
              line(who),
              line(by ?? '-'),
              line(state),
              line(why === null ? headline : `${headline} (${why})`),
            ]),
            width: room.width,
          }),
  };
}

function renderNotices({ login, choice, hours, kinds, recent }: ToldHow, room: Room): readonly Line[] {
  const { zone, quiet, digest } = hours;
  const asleep = quiet === null ? 'at any hour' : `not between ${quiet.from} and ${quiet.to}`;
  const unproven = choice.unproven === null ? [] : [` (${choice.unproven.mail} waits for its code)`];
  const facts: readonly (readonly [string, string])[] = [
    ['mail', `${choice.mail ?? 'no address'}${unproven.join('')}`],
    ['hours', `${asleep}, on the clock of ${zone}`],
    ['digest', `${digest.at} on ${digest.days.join(', ')}`],
    ...(choice.room === null ? [] : [['room', `#${choice.room}`] as const]),
  ];
  return [
    line(span(`How ${login} is told`, 'strong')),
    ...facts.flatMap(([name, text]) => paragraph(line(`${name.padEnd(8)}${text}`), room.width, 2, 8)),
    BLANK,
    ...table({
      columns: [{ title: 'KIND', whole: true }, { title: 'BY' }, { title: 'WHEN' }, { title: 'TELLS', optional: true }],
      rows: kinds.map(({ kind, by, when, isChosen }) => [
        line(kind),
        line(isChosen ? by : `${by} (usual)`),
        line(by === 'none' ? '-' : when),
        line(NOTICE_KINDS[kind].tells),
      ]),
      width: room.width,
    }),
    ...recentLines(recent, room),
  ];
}

function recentLines(recent: ToldHow['recent'], room: Room): readonly Line[] {
  if (recent.length === 0) return [BLANK, ...paragraph(line('Nothing was told yet.'), room.width)];
  return [
    BLANK,
    ...table({
      columns: [{ title: 'WHEN, UTC', whole: true }, { title: 'STATE' }, { title: 'WHERE' }, { title: 'WHAT' }],
      rows: recent.map(({ notice, address, state, why, notBefore, settledAt }) => [
        line((settledAt ?? notBefore).slice(0, 16).replace('T', ' ')),
        line(state),
        line(placeText(address)),
        line(why === null ? notice.headline : `${notice.headline} (${why})`),
      ]),
      width: room.width,
    }),
  ];
}
