import type { Brief } from '../../app/patch/brief.ts';
import { briefParts, type BriefRow } from '../../app/patch/brief-parts.ts';
import type { Instant } from '../../domain/instant.ts';
import { many } from '../../domain/words.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, spread, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { freshness } from './render-gates.ts';
import { unreadLines } from './reports.ts';
import { shape } from './shapes.ts';

/** The case for go or no-go on one page of 80 columns: it is printed and taken to the meeting. */
export function renderBrief(brief: Brief, room: Room & { readonly asOf: Instant }): readonly Line[] {
  const { release, product, accepted, counts, unread } = brief;
  return [
    ...spread(line(span(`Go or no-go: ${product} ${release}`, 'strong')), freshness(room.asOf, room.now), room.width),
    ...paragraph(
      line(`${many(accepted.length, 'candidate')} accepted, ${counts.declined} declined, ${counts.open} undecided`),
      room.width,
    ),
    ...unreadLines(unread, room.width),
    ...briefParts(brief).flatMap(({ head, rows }) => [
      BLANK,
      line(span(head, 'strong')),
      ...rows.flatMap((row) => rowLines(row, room)),
    ]),
    BLANK,
    line(span('Decision', 'strong')),
    ...decisionLines(brief, room),
  ];
}

function rowLines({ state, text, more }: BriefRow, room: Room): readonly Line[] {
  const head = state === null ? line(`- ${text}`) : line(shape(state), ` ${text}`);
  return [...paragraph(head, room.width, 2, 2), ...(more === undefined ? [] : paragraph(line(more), room.width, 4, 0))];
}

function decisionLines({ decision, goPeople, release, digest }: Brief, room: Room): readonly Line[] {
  if (decision.is === 'open') {
    const needed = goPeople === 1 ? 'a release manager' : `${goPeople} release managers`;
    return [
      ...rowLines({ state: 'needs-you', text: `open; ${needed} must say go` }, room),
      ...paragraph(line(`signalbox patch decide ${release} --go|--no-go -m WHY --with LOGIN`), room.width, 4, 2),
    ];
  }
  const state = decision.is === 'go' ? 'pass' : decision.is === 'no-go' ? 'failing' : 'needs-you';
  const head = decision.is === 'agreeing' ? `${decision.words.length} of ${goPeople} said go` : decision.is;
  const isSame = decision.words.every(({ brief }) => brief === digest);
  return [
    ...rowLines({ state, text: head }, room),
    ...decision.words.flatMap(({ by, people, reason, at }) => {
      const others = people.length === 0 ? '' : ` with ${people.map((login) => `@${login}`).join(', ')}`;
      return paragraph(line(`${at.slice(0, 10)} @${by}${others}: ${reason}`), room.width, 4, 2);
    }),
    ...(isSame ? [] : rowLines({ state: 'needs-you', text: 'candidates were accepted or declined since' }, room)),
  ];
}
