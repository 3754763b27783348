import { digestOf, type Digest } from '../../domain/canonical-json.ts';
import { eventText } from '../../domain/event-text.ts';
import { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { changeHref, entryHref, gateHref, planHref, releaseHref } from '../../domain/page-path.ts';
import { STATE_WORDS } from '../../domain/state.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import { foldPlans } from '../../engine/fold.ts';
import { slipsOf, type Slip } from '../../process/01-plan/index.ts';
import type { App } from '../app.ts';
import { headlineOf, isNews, NEWS_TYPES, turnsOf, type Naming, type NewsEvent } from './headline.ts';

/** Something that whoever follows a train or a release wants to hear of. */
export interface News {
  /** The same for ever, wherever the ledger is restored: `urn:uuid:...`. */
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  /** Nothing that people typed is in it. */
  readonly title: string;
  /** What happened at length, as plain text from whoever did it: nothing in it is to be trusted. */
  readonly text: string;
  /** Path of the page about it. */
  readonly path: string;
}

/** What there is to tell of a train, or of one of its releases, newest first. */
export interface Newspaper {
  readonly id: string;
  readonly news: readonly News[];
}

const MOST_NEWS = 50;
/** So many entries are looked through for them: of verdicts that turned not every one is news. */
const MOST_ENTRIES = 500;

/** The newest things that happened, from the ledger and from the moves of the calendar. */
export async function readNews(app: App, release: ReleaseVersion | null): Promise<Newspaper> {
  const { train } = app.loaded.train;
  const ledger = await app.ledger();
  const of = { train, ...(release === null ? {} : { release }) };
  const entries = await ledger.read({ ...of, types: NEWS_TYPES, last: MOST_ENTRIES });
  const isAboutPlans = entries.some(({ event }) => event.type === 'plan-finished');
  const plans = foldPlans(isAboutPlans ? await ledger.read({ ...of, types: ['plan-made'] }) : []);
  const last = app.loaded.train.promotion.pypi === null ? 'stable' : 'pypi';
  const happened = entries.flatMap((entry) => newsOf(entry, { plans, last }));
  const moved = slipsOf(app.loaded.train.calendar, ...(release === null ? [] : [lineOf(release)]))
    .filter((slip) => release === null || slip.release === release)
    .map((slip) => moveNews(train, slip));
  return {
    id: urnOf(digestOf({ feed: train, release })),
    news: [...happened, ...moved].toSorted((one, other) => (one.at < other.at ? 1 : -1)).slice(0, MOST_NEWS),
  };
}

function newsOf({ seq, at, actor, event, hash }: LedgerEntry, naming: Naming): readonly News[] {
  if (!isNews(event)) return [];
  const title = headlineOf(event, naming);
  if (title === null) return [];
  return [{ id: urnOf(hash), at, by: actor, title, text: textOf(event, naming), path: pathOf(event, seq) }];
}

function textOf(event: NewsEvent, { plans }: Naming): string {
  if (event.type === 'gates-judged') {
    return turnsOf(event)
      .map(({ gate, from, to, why }) => `${gate} was ${STATE_WORDS[from].word}, now ${STATE_WORDS[to].word}: ${why}`)
      .join('\n');
  }
  const plan = event.type === 'plan-finished' || event.type === 'apply-ended' ? plans.get(event.plan)?.plan : undefined;
  return `${eventText(event)}${plan === undefined ? '' : ` (${plan.body.title})`}`;
}

function pathOf(event: NewsEvent, seq: number): string {
  if (event.type === 'plan-finished' || event.type === 'apply-ended') return planHref(event.plan);
  if (event.type === 'manifest-recorded') return `${releaseHref(event.release)}/artifacts`;
  if (event.type === 'release-created' || event.type === 'candidate-final') return releaseHref(event.release);
  if (event.type === 'gates-judged') {
    const [first, second] = turnsOf(event);
    return first !== undefined && second === undefined
      ? gateHref(event.release, first.gate)
      : releaseHref(event.release);
  }
  return 'pick' in event ? changeHref(event.pick) : entryHref(seq);
}

const DATES = { cut: 'branch cut', release: 'release day', patch: 'release day' } as const;

function moveNews(train: string, slip: Slip): News {
  const { release, what, on, from, to, by, why } = slip;
  return {
    id: urnOf(digestOf({ moved: train, release, what, on, from, to })),
    at: Instant.parse(`${on}T00:00:00Z`),
    by,
    title: `${release}: the ${DATES[what]} moved from ${from} to ${to}`,
    text: why,
    path: '/calendar',
  };
}

/** A digest as the name of something for ever: a UUID of version 8 (RFC 9562), which is for such. */
function urnOf(digest: Digest): string {
  const hex = digest.replace('sha256:', '').slice(0, 32);
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ];
  return `urn:uuid:${parts.join('-')}`;
}
