import type { WheelSummary } from '../../app/wheel-show.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { labelled } from './labelled.ts';
import { many } from '../../domain/words.ts';
import { sizeText } from './size.ts';

const LABEL = 18;

/** What a wheel says of itself, a line for each thing it says. */
export function renderWheel(wheel: WheelSummary, room: Room): readonly Line[] {
  const rows: readonly (readonly [label: string, text: string | null])[] = [
    ['Name', wheel.name],
    ['Version', wheel.version],
    ['Summary', wheel.summary],
    ['Tags', wheel.tags.join(', ')],
    ['Build tag', wheel.build],
    ['Variant', wheel.variant],
    ['Made by', wheel.generator],
    ['Metadata version', wheel.metadataVersion],
    ['Licence', wheel.license],
    ['Requires Python', wheel.requiresPython],
    ['Extras', wheel.extras.join(', ')],
    ['Top level', wheel.topLevel.join(', ')],
    ['Size', `${sizeText(wheel.size)}, unpacked ${sizeText(wheel.unpacked)} in ${many(wheel.files, 'file')}`],
  ];
  return [
    ...labelled([], wheel.fileName, room.width).map((each) => each.map((part) => span(part.text, 'strong'))),
    ...rows.flatMap(([label, text]) => (text === null || text === '' ? [] : rowLines(label, text, room))),
    ...listLines('Requires', wheel.requiresDist, room),
    ...listLines(
      'Entry points',
      wheel.entryPoints.map(({ group, name, target }) => `${group}: ${name} = ${target}`),
      room,
    ),
    ...listLines(
      'Largest files',
      wheel.largest.map(({ path, size }) => `${sizeText(size)}  ${path}`),
      room,
    ),
    ...(wheel.mistakes === 0
      ? []
      : [
          BLANK,
          line(`${many(wheel.mistakes, 'thing')} could not be read as it should be. See: signalbox wheel check`),
        ]),
  ];
}

function rowLines(label: string, text: string, room: Room): readonly Line[] {
  return labelled(line(span(label.padEnd(LABEL), 'mute')), text, room.width);
}

function listLines(label: string, texts: readonly string[], room: Room): readonly Line[] {
  return texts.flatMap((text, index) => rowLines(index === 0 ? label : '', text, room));
}
