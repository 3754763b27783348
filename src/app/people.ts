import { dateOf, type CalendarDate, type Instant } from '../domain/instant.ts';
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
      .flatMap(([login, { name, away }]) => away.map(({ from, to }) => ({ login, name, from, to })))
      .filter(({ to }) => to >= today)
      .toSorted((left, right) => (left.from < right.from ? -1 : 1)),
  };
}
