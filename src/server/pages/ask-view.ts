import type { AskView } from '../../api/views/asks.ts';
import { askVerdict, fixOf, summaryOf } from '../../app/asks.ts';
import type { AskStanding } from '../../domain/ask.ts';
import { lastDay } from '../../domain/due.ts';
import type { Instant } from '../../domain/instant.ts';
import { whoActs } from '../../domain/train/stand-in.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

interface AskRoom {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly now: Instant;
}

/** An ask for pages: state, summary and what moves it are those of its gate and of `ask list`. */
export function askView(standing: AskStanding, { train, release, now }: AskRoom): AskView {
  const { name, ask, state, due, late, owners, text, sent, evidence, links } = standing;
  return {
    name,
    title: text.title,
    to: ask.to,
    state,
    verdict: askVerdict(standing),
    summary: summaryOf(standing, now),
    fix: state === 'done' ? null : fixOf(standing, release),
    due: lastDay(due),
    late,
    owners,
    acts: actsOf(train, owners, now),
    sent,
    holds: ask.holds,
    evidence: [...evidence, ...(links ?? [])],
    body: text.filled ? text.body : null,
    missing: text.filled ? [] : text.missing,
  };
}

function actsOf(train: Train, owners: readonly string[], now: Instant): AskView['acts'] {
  const acting = whoActs(train, owners, now);
  if (acting === null || acting.is === 'nobody') return null;
  return acting.is === 'there'
    ? { who: acting.who, for: null, until: null }
    : { who: acting.who, for: acting.for, until: acting.until };
}

/** An ask that was read too long ago: whether it is done is not known any more. */
export function outdatedAsk(ask: AskView, release: string, readAt: Instant): AskView {
  if (ask.verdict === 'no-data') return ask;
  return {
    ...ask,
    verdict: 'no-data',
    summary: `Not read since ${readAt.slice(0, 16).replace('T', ' ')} UTC, when it was: ${ask.summary}`,
    fix: `signalbox gate run ${release} ask:${ask.name}`,
  };
}
