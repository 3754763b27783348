import { dateOf, type CalendarDate, type Instant } from '../domain/instant.ts';
import { nobodyText, whoActs } from '../domain/train/stand-in.ts';
import type { Train } from '../domain/train/train.ts';
import { contactsOf, type Contact } from '../process/01-plan/index.ts';

/** Who does what on a train, as its file says. */
export interface PeopleOfTrain {
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly workstreams: readonly (Contact & {
    readonly poc: readonly string[];
    readonly deputies: readonly string[];
  })[];
  /** Whoever is away now or will be, the earliest first. */
  readonly away: readonly {
    readonly login: string;
    readonly name: string;
    readonly from: CalendarDate;
    readonly to: CalendarDate;
    /** Of who is away today: who acts for them, or why nobody does. Null of who is away later. */
    readonly acts: string | null;
  }[];
}

export function peopleOf(train: Train, now: Instant): PeopleOfTrain {
  const today = dateOf(now);
  return {
    roles: train.roles,
    workstreams: contactsOf(train, now).map((contact) => {
      const { poc = [], deputies = [] } = train.workstreams[contact.workstream] ?? {};
      return { ...contact, poc, deputies };
    }),
    away: Object.entries(train.people)
      .flatMap(([login, { name, away }]) =>
        away.map(({ from, to }) => ({
          login,
          name,
          from,
          to,
          acts: from <= today ? actsFor(train, login, now) : null,
        })),
      )
      .filter(({ to }) => to >= today)
      .toSorted((left, right) => (left.from < right.from ? -1 : 1)),
  };
}

function actsFor(train: Train, login: string, now: Instant): string | null {
  const acting = whoActs(train, [login], now);
  if (acting === null || acting.is === 'there') return null;
  return acting.is === 'stands-in' ? acting.who : nobodyText(acting.why);
}
