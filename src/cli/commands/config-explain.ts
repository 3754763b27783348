import { allKeys, explainKey, explainUnknownKey, type KeyExplained } from '../../config/explain.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer, Room } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';

export function run(session: Session): Promise<Answer> {
  const asked = session.argument('KEY');
  if (asked === null) return Promise.resolve(answerOf(allKeys(), null));
  const found = explainKey(asked);
  if (!found.ok) throw usage(explainUnknownKey(found.problems[0]), 'all keys: signalbox config explain');
  return Promise.resolve(answerOf([found.value], found.value));
}

/** Every key in a list, or one key at length. */
function answerOf(keys: readonly KeyExplained[], one: KeyExplained | null): Answer {
  return {
    schema: 'config-explain',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: one ?? keys,
    records: keys.map((key) => [key.key, key.required ? 'required' : '', key.type, key.preset ?? '', key.description]),
    lines: (room) => (one === null ? keys.flatMap((key) => keyLines(key, room)) : oneKey(one, room)),
  };
}

function keyLines(key: KeyExplained, room: Room): readonly Line[] {
  return [
    line(span(key.key, 'strong'), key.required ? '  required' : ''),
    ...paragraph(line(key.description), room.width, 4),
  ];
}

function oneKey(key: KeyExplained, room: Room): readonly Line[] {
  const field = (name: string, text: string): readonly Line[] =>
    paragraph(line(`  ${name.padEnd(10)}${text}`), room.width, 0, 12);
  return [
    line(span(key.key === '' ? 'the train file' : key.key, 'strong')),
    ...paragraph(line(key.description), room.width, 2),
    BLANK,
    ...field('takes', key.type),
    ...field('required', key.required ? 'yes' : 'no'),
    ...(key.preset === null ? [] : field('default', key.preset)),
    ...key.kinds.flatMap(({ kind, description }) => field('kind', `${kind}: ${description}`)),
    ...(key.keys.length === 0 ? [] : [BLANK, line(span('  KEYS', 'mute'))]),
    ...key.keys.flatMap((child) => [
      line(`  ${child.key}`),
      ...paragraph(line(span(child.description, 'mute')), room.width, 6),
    ]),
  ];
}
