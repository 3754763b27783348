import { neutral, wrapText } from '../../domain/plain-text.ts';
import { clockTime } from '../../domain/time-text.ts';
import type { Doc, PageRoom } from '../doc.ts';
import { plainText } from '../words.ts';
import { blockLines } from './block.ts';

/** The same facts as the page, as plain text of so many columns; tables of many columns may be wider. */
export function renderText(doc: Doc, room: PageRoom, width = 80): string {
  const lead = doc.lead === undefined ? [] : wrapText(plainText(doc.lead, room), width);
  const past = room.past === null ? [] : [`As it was at ${clockTime(room.past, room.now)}.`];
  const lines = [
    neutral(doc.heading),
    ...lead,
    ...past,
    '',
    ...blockLines(doc.blocks, { room, width }),
    ...(doc.command === null ? [] : ['', `$ ${neutral(doc.command)}`]),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
