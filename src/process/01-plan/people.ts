import { GateId, type Gate } from '../../domain/gate.ts';
import type { CalendarDate, Instant } from '../../domain/instant.ts';
import { dayText } from '../../domain/time-text.ts';
import { isAway, type Workstream } from '../../domain/train/people.ts';
import { rolesOf } from '../../domain/train/roles.ts';
import { nobodyText, whoActs } from '../../domain/train/stand-in.ts';
import type { Train } from '../../domain/train/train.ts';

/** Who answers for a workstream on a day. */
export interface Contact {
  readonly workstream: string;
  readonly title: string;
  /** The point of contact that is asked first; null where none is named. */
  readonly first: string | null;
  /** The first point of contact who is there, or has a deputy of their own who is; else the first deputy of the workstream who is; null when nobody is. */
  readonly who: string | null;
  /** The last day on which somebody stands in, or nobody does; null while the first point of contact is there. */
  readonly until: CalendarDate | null;
  readonly stands: 'poc' | 'deputy' | 'nobody-named' | 'all-away';
  /** Why nobody stands in; null where somebody answers. */
  readonly why: string | null;
}

/** The contact of every workstream at a moment. */
export function contactsOf(train: Train, now: Instant): readonly Contact[] {
  return Object.entries(train.workstreams).map(([key, workstream]) => ({
    workstream: key,
    title: workstream.title,
    ...contactOf(train, workstream, now),
  }));
}

type Standing = Omit<Contact, 'workstream' | 'title'>;

function contactOf(train: Train, { poc, deputies }: Workstream, now: Instant): Standing {
  const [first] = poc;
  const acting = first === undefined ? null : whoActs(train, [...poc, ...deputies], now);
  if (first === undefined || acting === null)
    return { first: null, who: null, stands: 'nobody-named', until: null, why: 'nobody is named' };
  switch (acting.is) {
    case 'there':
      return { first, who: acting.who, stands: 'poc', until: null, why: null };
    case 'stands-in': {
      const { who, until } = acting;
      return { first, who, stands: poc.includes(who) ? 'poc' : 'deputy', until, why: null };
    }
    case 'nobody':
      return { first, who: null, stands: 'all-away', until: acting.until, why: nobodyText(acting.why) };
  }
}

/** What keeps the gate shut, and what ends it. */
interface Finding {
  readonly text: string;
  readonly fix: string;
  /** It is not known, rather than missing. */
  readonly isUnknown: boolean;
}

/** A team of the forge, `org/team`, that has the role, and why its members could not be read. */
export interface UnreadTeam {
  readonly team: string;
  readonly reason: string;
}

/**
 * Gate `people`: before the cut every workstream has a point of contact who is there, or a deputy; some release manager is there; and whoever stands in for one may do
 * what they may. Of a team whose members could not be read nobody is known to be there.
 */
export function decidePeople(train: Train, now: Instant, unread: readonly UnreadTeam[] = []): Gate {
  const contacts = contactsOf(train, now);
  const findings = managerFindings(train, now, unread);
  const open = contacts.filter(({ who }) => who === null);
  const evidence = [...contacts.map((contact) => contactText(contact, now)), ...findings.map(({ text }) => text)].map(
    (text) => ({ text, source: 'train file', at: now }),
  );
  const common = { id: GateId.parse('people'), evidence, since: null, waiver: null };
  const [first] = open;
  const [finding] = findings;
  if (first === undefined && finding === undefined) {
    const isNone = contacts.length === 0;
    const summary = isNone
      ? 'the train names no workstreams'
      : `all ${contacts.length} workstreams have a point of contact`;
    return { ...common, verdict: isNone ? 'skipped' : 'pass', summary, owners: [], fix: null };
  }
  const named = open.map(({ title }) => title).join(', ');
  const missing =
    first === undefined
      ? []
      : [`${open.length} of ${contacts.length} workstreams without a point of contact: ${named}`];
  return {
    ...common,
    verdict: first === undefined && findings.every(({ isUnknown }) => isUnknown) ? 'no-data' : 'needs-you',
    summary: [...missing, ...findings.map(({ text }) => text)].join('; '),
    owners: train.roles['release-manager'],
    fix: first === undefined ? (finding?.fix ?? null) : fixOf(first),
  };
}

function fixOf({ workstream, stands }: Contact): string {
  return `name somebody in the train file: workstreams.${workstream}.${stands === 'all-away' ? 'deputies' : 'poc'}: [LOGIN]`;
}

/** Of the release managers, for whom most of a release waits: whether any of them is there, and whether their deputies may do it. */
function managerFindings(train: Train, now: Instant, unread: readonly UnreadTeam[]): readonly Finding[] {
  const people = train.roles['release-manager'];
  const [team] = unread;
  const acting = whoActs(train, people, now);
  const isThere = acting !== null && acting.is !== 'nobody';
  if (!isThere && team !== undefined) {
    const text = `who of @${team.team}, that release managers are in, is there is not known: ${team.reason}`;
    return [{ text, fix: 'look again once the forge answers: signalbox doctor', isUnknown: true }];
  }
  if (acting?.is === 'nobody') {
    const text = `every release manager is away until ${dayText(acting.until, now)}: ${nobodyText(acting.why)}`;
    const fix = `name somebody in the train file: people.${acting.for}.deputies: [LOGIN]`;
    return [{ text, fix, isUnknown: false }];
  }
  return people
    .filter((login) => isAway(train, login, now))
    .flatMap((login) => {
      const own = whoActs(train, [login], now);
      if (own?.is !== 'stands-in' || rolesOf(train, own.who).includes('release-manager')) return [];
      const text = `${own.who} stands in for ${login} and is no release manager`;
      const fix = `give the role in the train file, or name another: people.${login}.deputies: [LOGIN]`;
      return [{ text, fix, isUnknown: team !== undefined }];
    });
}

function contactText({ title, first, who, stands, until, why }: Contact, now: Instant): string {
  if (who === null) return `${title}: ${stands === 'all-away' ? `everybody named is away, ${why}` : why}`;
  if (until === null) return `${title}: ${who}`;
  return `${title}: ${who} stands in for ${first} until ${dayText(until, now)}`;
}
