import { askVerdict, dueText, fixOf, summaryOf } from '../../app/asks.ts';
import { ASK_WORDS, type AskEvidence, type AskStanding } from '../../domain/ask.ts';
import type { State } from '../../domain/state.ts';
import { clockTime } from '../../domain/time-text.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Room } from './answer.ts';
import { BLANK, line, span, type Line } from './line.ts';
import { paragraph } from './paragraph.ts';
import { shape, STATES } from './shapes.ts';

/** Whether it is not known how the ask stands. */
export function isUnread({ state }: AskStanding): boolean {
  return state === 'unknown';
}

/** Name, state, who is asked, day, where it was asked, what is asked. */
export function askRecord({ name, ask, state, due, sent, text }: AskStanding): readonly string[] {
  const day = due.kind === 'day' ? due.day : due.kind === 'span' ? due.latest : '';
  return [name, state, ask.to, day, sent?.link ?? '', text.title];
}

/** Each ask with who is asked, how it stands, and what moves it. */
export function renderAsks(asks: readonly AskStanding[], release: ReleaseVersion, room: Room): readonly Line[] {
  if (asks.length === 0)
    return paragraph(line(`Nothing is asked of others for ${release}. See: signalbox config explain asks`), room.width);
  const done = asks.filter(({ state }) => state === 'done').length;
  return [
    line(span(`Asks of ${release}: ${done} of ${asks.length} done`, 'strong')),
    ...asks.flatMap((ask) => [
      ...paragraph(headOf(ask), room.width, 0, 2),
      ...paragraph(line(summaryOf(ask, room.now)), room.width, 4),
      ...(ask.state === 'done' ? [] : paragraph(line(`fix: ${fixOf(ask, release)}`), room.width, 4, 5)),
    ]),
  ];
}

function headOf(ask: AskStanding): Line {
  const state = askVerdict(ask);
  const late = ask.late ? ', late' : '';
  const [owner] = ask.owners;
  return line(
    shape(state),
    ' ',
    span(ask.name, 'strong'),
    '  ',
    span(`${ASK_WORDS[ask.state]}${late}`, STATES[state].tone),
    owner === undefined ? '' : `  @${owner}`,
  );
}

const SEEN: Record<AskEvidence['state'], State> = { holds: 'pass', open: 'failing', unknown: 'no-data' };

/** One ask: how it stands, what shows it, and the text that is sent, ready to copy. */
export function renderAsk(standing: AskStanding, release: ReleaseVersion, room: Room): readonly Line[] {
  const { ask, text, evidence, due, sent, state, owners } = standing;
  const held = ask.holds === null ? 'nothing waits for it' : HOLDS[ask.holds];
  return [
    ...paragraph(headOf(standing), room.width, 0, 2),
    ...paragraph(line(`${text.title}; asked of ${ask.to}`), room.width, 2, 2),
    ...paragraph(line(`${dueText(due, room.now)}; ${held}; seen to by @${owners.join(', @')}`), room.width, 2, 2),
    ...paragraph(line(sentText(standing, room)), room.width, 2, 2),
    ...[...evidence, ...(standing.links ?? [])].flatMap((seen) =>
      paragraph(line(shape(SEEN[seen.state]), ` ${seen.text}`), room.width, 2, 4),
    ),
    ...(state === 'done' ? [] : paragraph(line(`fix: ${fixOf(standing, release)}`), room.width, 2, 5)),
    ...(sent === null && state !== 'done' ? textLines(standing, room) : []),
  ];
}

const HOLDS: Record<NonNullable<AskStanding['ask']['holds']>, string> = {
  cut: 'the branch cut waits for it',
  final: 'the final candidate waits for it',
  stable: 'the promotion waits for it',
  pypi: 'the upload to the index waits for it',
};

function sentText({ sent }: AskStanding, { now }: Room): string {
  if (sent === null) return 'not asked yet';
  const link = sent.link === null ? '' : `: ${sent.link}`;
  const how =
    sent.how === 'issue' ? `asked in ${sent.text}` : `asked by hand${sent.text === '' ? '' : `, ${sent.text}`}`;
  return `${how} by @${sent.by}, ${clockTime(sent.at, now)}${link}`;
}

function textLines({ text }: AskStanding, { width }: Room): readonly Line[] {
  if (!text.filled)
    return paragraph(
      line(shape('no-data'), ` Its text cannot be written yet: ${text.missing.join('; ')}`),
      width,
      2,
      4,
    );
  return [
    BLANK,
    line(span(text.title, 'strong')),
    BLANK,
    ...text.body
      .trimEnd()
      .split('\n')
      .map((each) => line(each)),
  ];
}
