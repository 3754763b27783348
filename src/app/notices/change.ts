import { z } from 'zod';
import { QuietHours, TimeOfDay, TimeZone, Weekday } from '../../domain/local-time.ts';
import { noticesOf, type NoticeChoice } from '../../domain/notice-choice.ts';
import { NoticeChannel, NoticeKind, NoticeWhen } from '../../domain/notice.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { closest } from '../../domain/suggest.ts';
import type { KindRule } from '../../domain/train/notices.ts';
import type { Train } from '../../domain/train/train.ts';
import type { AppProblem } from '../problem.ts';

/** What is to be otherwise, as it was typed; null or empty leaves it as it is, `usual` goes back to what the train file says. */
export interface NoticeChange {
  /** The kind that channel and moment are for; null for every kind that has none of its own. */
  readonly kind: string | null;
  readonly by: string | null;
  readonly when: string | null;
  readonly zone: string | null;
  /** `22:00-07:00`, or `none`. */
  readonly quiet: string | null;
  /** Time of day. */
  readonly digest: string | null;
  /** `mon,tue`. */
  readonly days: string | null;
  readonly room: string | null;
}

export const NO_CHANGE: NoticeChange = {
  kind: null,
  by: null,
  when: null,
  zone: null,
  quiet: null,
  digest: null,
  days: null,
  room: null,
};

const USUAL = 'usual';

type Parsed<Value> = Result<Value, AppProblem>;

function wrong(what: string, typed: string, text: string): Extract<Parsed<never>, { readonly ok: false }> {
  const shown = typed.length > 60 ? `${typed.slice(0, 57)}...` : typed;
  return refuse({ kind: 'usage', code: 'notice-choice', text: `"${shown}" is no ${what}. ${text}` });
}

/** One of a few words, or what was meant. */
function oneOf<Word extends string>(schema: z.ZodEnum<Record<Word, Word>>, what: string, typed: string): Parsed<Word> {
  const parsed = schema.safeParse(typed);
  if (parsed.success) return succeed(parsed.data);
  return wrong(what, typed, `There are: ${schema.options.join(', ')}.`);
}

/** The choice as it is after a change; every mistake is told with what is taken instead. */
export function changeChoice(
  before: NoticeChoice,
  change: NoticeChange,
  train: Pick<Train, 'notices'>,
): Result<NoticeChoice, AppProblem> {
  const typed = said(change);
  if (typed.kind !== null && typed.by === null && typed.when === null) {
    const text = `Say how you want to be told of ${typed.kind}: by mail, slack, mention or none, at-once or in the digest.`;
    return refuse({ kind: 'usage', code: 'notice-choice', text });
  }
  const steps = [changeRule, changeZone, changeQuiet, changeDigest, changeRoom];
  let choice: Result<NoticeChoice, AppProblem> = succeed(before);
  for (const step of steps) if (choice.ok) choice = step(choice.value, typed, train);
  return choice;
}

function of(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text.trim();
}

function said(change: NoticeChange): NoticeChange {
  return {
    kind: of(change.kind),
    by: of(change.by),
    when: of(change.when),
    zone: of(change.zone),
    quiet: of(change.quiet),
    digest: of(change.digest),
    days: of(change.days),
    room: of(change.room),
  };
}

type Step = (choice: NoticeChoice, change: NoticeChange, train: Pick<Train, 'notices'>) => Parsed<NoticeChoice>;

const changeRule: Step = (choice, { kind, by, when }) => {
  const channel = by === null || by === USUAL ? succeed(undefined) : oneOf(NoticeChannel, 'channel', by);
  if (!channel.ok) return channel;
  const moment = when === null || when === USUAL ? succeed(undefined) : oneOf(NoticeWhen, 'moment', when);
  if (!moment.ok) return moment;
  const asked = kind === null ? succeed(null) : oneOf(NoticeKind, 'kind of notice', kind);
  if (!asked.ok) return asked;
  const one = asked.value;
  const kinds = { ...choice.kinds };
  if (when !== null)
    for (const each of one === null ? NoticeKind.options : [one])
      kinds[each] = withRule(kinds[each], { when: moment.value });
  if (by === null) return succeed({ ...choice, kinds });
  // Of every kind without a word of its own the channel is one word.
  if (one === null) return succeed({ ...choice, by: channel.value ?? null, kinds });
  return succeed({ ...choice, kinds: { ...kinds, [one]: withRule(kinds[one], { by: channel.value }) } });
};

/** The rule with a member changed; undefined takes it out. */
function withRule(
  rule: KindRule | undefined,
  change: { readonly by?: KindRule['by']; readonly when?: KindRule['when'] },
): KindRule {
  const { by, when } = { ...rule, ...change };
  return { ...(by === undefined ? {} : { by }), ...(when === undefined ? {} : { when }) };
}

const changeZone: Step = (choice, { zone }) => {
  if (zone === null) return succeed(choice);
  if (zone === USUAL) return succeed({ ...choice, zone: null });
  const parsed = TimeZone.safeParse(zone);
  if (parsed.success) return succeed({ ...choice, zone: parsed.data });
  return wrong('time zone', zone, 'Write it as Europe/Berlin or America/Los_Angeles.');
};

const changeQuiet: Step = (choice, { quiet }) => {
  if (quiet === null) return succeed(choice);
  if (quiet === USUAL) return succeed({ ...choice, quiet: null });
  if (quiet === 'none') return succeed({ ...choice, quiet: 'none' });
  const [from, to] = quiet.split(/\s*(?:-|–|to)\s*/u);
  const parsed = QuietHours.safeParse({ from, to });
  if (parsed.success) return succeed({ ...choice, quiet: parsed.data });
  return wrong('span of hours', quiet, 'Write it as 22:00-07:00, or none.');
};

const changeDigest: Step = (choice, { digest, days }, train) => {
  if (digest === null && days === null) return succeed(choice);
  if (digest === USUAL) return succeed({ ...choice, digest: null });
  const old = choice.digest ?? noticesOf(train).digest;
  const at = digest === null ? succeed(old.at) : parsedTime(digest);
  if (!at.ok) return at;
  if (days === null) return succeed({ ...choice, digest: { ...old, at: at.value } });
  const list = z
    .array(Weekday)
    .min(1)
    .safeParse(days.toLowerCase().split(/[\s,]+/u));
  if (!list.success)
    return wrong('list of days', days, `Write it as mon,wed,fri; there are: ${Weekday.options.join(', ')}.`);
  return succeed({ ...choice, digest: { at: at.value, days: [...new Set(list.data)] } });
};

function parsedTime(typed: string): Parsed<TimeOfDay> {
  const parsed = TimeOfDay.safeParse(typed);
  return parsed.success ? succeed(parsed.data) : wrong('time of day', typed, 'Write it as 09:00.');
}

const changeRoom: Step = (choice, { room }, train) => {
  if (room === null) return succeed(choice);
  if (room === USUAL) return succeed({ ...choice, room: null });
  const rooms = Object.keys(noticesOf(train).slack);
  const name = room.replace(/^#/u, '');
  if (rooms.includes(name)) return succeed({ ...choice, room: name });
  const like = closest(name, rooms);
  const known =
    rooms.length === 0 ? 'The train file names none, under notices.slack.' : `There are: ${rooms.join(', ')}.`;
  return wrong('room', room, like === null ? known : `Did you mean ${like}? ${known}`);
};
