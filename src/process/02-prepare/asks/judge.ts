import type { AskStanding, AskState, AskText } from '../../../domain/ask.ts';
import { dueBefore, isPastDue } from '../../../domain/due.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { NamedAsk } from '../../../domain/train/asks.ts';
import { fillAsk, type FillFacts } from './fill.ts';
import { sentOf, type AskReading, type AskWorld } from './read.ts';

/** How an ask stands, from what was read of it. */
export function judgeAsk(
  reading: AskReading,
  world: AskWorld,
  { owners, now }: { readonly owners: readonly string[]; readonly now: Instant },
): AskStanding {
  const { named, evidence } = reading;
  const { train, release } = world.fill;
  const due = dueBefore(train.calendar, release, named.ask.due);
  const sent = sentOf(reading);
  const { state, why } = stateOf(reading, world, sent !== null);
  return {
    ...named,
    state,
    why,
    due,
    late: state !== 'done' && isPastDue(due, now),
    owners,
    text: textOf(named, reading.fill),
    sent,
    evidence,
    links: null,
  };
}

type Judged = { readonly state: AskState; readonly why: string | null };

/** What is there counts, whoever saw to it; what is known to be missing is missing, whatever else could not be read. */
function stateOf({ evidence, issue, named }: AskReading, world: AskWorld, isSent: boolean): Judged {
  if (evidence.every(({ state }) => state === 'holds')) return { state: 'done', why: null };
  const unread = evidence.find(({ state }) => state === 'unknown') ?? null;
  const isOpen = evidence.some(({ state }) => state === 'open');
  const waits = isSent ? null : waitsFor(named, world);
  if (waits !== null) return waits;
  if (!isOpen && unread !== null) return { state: 'unknown', why: unread.text };
  if (isSent) return { state: 'sent', why: null };
  if (!issue.known) return { state: 'unknown', why: `whether it was asked: ${issue.reason}` };
  return { state: 'to-send', why: null };
}

/** Why it may not be asked yet; null where it may. */
function waitsFor({ ask: { after } }: NamedAsk, { cut, released, fill: { final, release } }: AskWorld): Judged | null {
  switch (after) {
    case 'at-once':
      return null;
    case 'cut':
      if (!cut.known) return { state: 'unknown', why: `whether the branch is cut: ${cut.reason}` };
      return cut.value ? null : { state: 'not-yet', why: `it is asked once the branch of ${release} is cut` };
    case 'released':
      if (!released.known) return { state: 'unknown', why: `whether ${release} is out: ${released.reason}` };
      return released.value ? null : { state: 'not-yet', why: `it is asked once ${release} is out` };
    case 'final':
      return final !== null ? null : { state: 'not-yet', why: `it is asked once a candidate of ${release} is final` };
  }
}

function textOf({ ask }: NamedAsk, facts: FillFacts): AskText {
  const title = fillAsk(ask.title, facts);
  const template = facts.train.texts[ask.text];
  const body = template === undefined ? null : fillAsk(template, facts);
  if (title.ok && body?.ok === true) return { filled: true, title: title.text, body: body.text };
  const missing = [
    ...(title.ok ? [] : title.missing),
    ...(body === null ? [`the train has no text ${ask.text}`] : body.ok ? [] : body.missing),
  ];
  return { filled: false, title: title.ok ? title.text : ask.title, missing: [...new Set(missing)] };
}
