import { CalendarDate, elapsedMillis, epochMillis, instantOf, Instant } from '../../domain/instant.ts';
import type { PickPhase } from '../../domain/train/picks.ts';
import type { Train } from '../../domain/train/train.ts';
import { patchNumber, type ReleaseVersion } from '../../domain/version.ts';

/**
 * When the milestones of the calendar end that phases name, for one release: a moment, a day (which ends at the train's time of day in its zone),
 * or null where it is not known yet. Stage 01 computes them; the date of a tracker may stand in their place.
 */
export type PhaseEnds = Readonly<Record<string, Instant | CalendarDate | null>>;

/** Where a release is in its phases at a moment. */
export interface PickWindow {
  readonly phase: PickPhase;
  /** The end of this phase; null where it has none, or none is known. */
  readonly closesAt: Instant | null;
  /** The phase has an end, but the calendar does not say when: it counts as open. */
  readonly endUnknown: boolean;
  /** The phase before, where this one takes nothing: what was missed, and when. */
  readonly closed: { readonly phase: PickPhase; readonly at: Instant } | null;
  /** Every later end, in order: what people plan by. */
  readonly later: readonly { readonly phase: PickPhase; readonly closesAt: Instant }[];
}

/** The phase of a release at a moment; null where the train has no phases for this kind of release: then nothing limits picks. */
export function windowAt(train: Train, release: ReleaseVersion, ends: PhaseEnds, at: Instant): PickWindow | null {
  const kind = patchNumber(release) === 0 ? 'minor' : 'patch';
  const phases = train.picks.phases
    .filter((phase) => phase.releases === kind)
    .map((phase) => ({ phase, closesAt: endOf(train, phase, ends) }));
  const isPast = (closesAt: Instant | null): boolean => closesAt !== null && elapsedMillis(closesAt, at) > 0;
  // A phase whose end is not known is over at the latest when one after it is.
  const lastPast = phases.findLastIndex(({ closesAt }) => isPast(closesAt));
  const index = lastPast + 1 < phases.length ? lastPast + 1 : -1;
  const found = phases[index] ?? phases.at(-1);
  if (found === undefined) return null;
  const isOver = index === -1;
  const before = isOver ? found : phases[index - 1];
  const closed =
    before === undefined || before.closesAt === null || (found.phase.classes.length > 0 && !isOver)
      ? null
      : { phase: before.phase, at: before.closesAt };
  const later = phases
    .slice(isOver ? phases.length : index + 1)
    .flatMap(({ phase, closesAt }) => (closesAt === null || phase.classes.length === 0 ? [] : [{ phase, closesAt }]));
  return {
    // After the last end there is no phase any more, and so nothing is taken.
    phase: isOver ? { ...found.phase, classes: [] } : found.phase,
    closesAt: isOver ? null : found.closesAt,
    endUnknown: found.phase.until !== undefined && found.closesAt === null,
    closed,
    later,
  };
}

/** The last moment at which anything is taken for the release, as far as it is known. */
export function lastClose(train: Train, release: ReleaseVersion, ends: PhaseEnds, at: Instant): Instant | null {
  const window = windowAt(train, release, ends, at);
  if (window === null || window.phase.classes.length === 0) return null;
  return window.later.at(-1)?.closesAt ?? window.closesAt;
}

function endOf(train: Train, { until }: PickPhase, ends: PhaseEnds): Instant | null {
  const end = until === undefined ? null : (ends[until] ?? null);
  if (end === null) return null;
  const day = CalendarDate.safeParse(end);
  return day.success ? momentIn(day.data, train.picks.closesAt, train.picks.zone) : Instant.parse(end);
}

/**
 * The moment of a day and a time of day (`17:00`) in a time zone. A time that the zone skips is taken an hour later, and of one that comes twice the
 * later: a deadline is never earlier than people read it.
 */
export function momentIn(day: CalendarDate, time: string, zone: string): Instant {
  const wanted = epochMillis(Instant.parse(`${day}T${time}:00Z`));
  const candidates = [wanted - DAY, wanted + DAY].map((near) => wanted - offsetAt(near, zone));
  const shown = candidates.filter((millis) => millis + offsetAt(millis, zone) === wanted);
  return instantOf(Math.max(...(shown.length === 0 ? candidates : shown)));
}

const DAY = 86_400_000;

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offsetAt(millis: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(millis);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '00';
  const shown = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`;
  return epochMillis(Instant.parse(shown)) - Math.floor(millis / 1000) * 1000;
}

/** `Mon 14 Jul 2025 17:00 UTC`, in the zone's own time. */
export function sayMoment(moment: Instant, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(epochMillis(moment));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month').slice(0, 3)} ${part('year')} ${part('hour')}:${part('minute')} ${zone}`;
}

/** `2 d 3 h`, `3 h 12 min`, `4 min`: the two largest units, never negative. */
export function saySpan(from: Instant, to: Instant): string {
  const minutes = Math.floor(Math.abs(epochMillis(to) - epochMillis(from)) / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
