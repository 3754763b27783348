import { GateId, type Gate } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { isAway, type Workstream } from '../../domain/train/people.ts';
import type { Train } from '../../domain/train/train.ts';

/** Who answers for a workstream on a day. */
export interface Contact {
  readonly workstream: string;
  readonly title: string;
  /** The first point of contact who is there, else the first deputy who is; null when nobody is. */
  readonly who: string | null;
  readonly stands: 'poc' | 'deputy' | 'nobody-named' | 'all-away';
}

/** The contact of every workstream at a moment. */
export function contactsOf(train: Train, now: Instant): readonly Contact[] {
  return Object.entries(train.workstreams).map(([key, workstream]) => ({
    workstream: key,
    title: workstream.title,
    ...contactOf(train, workstream, now),
  }));
}

function contactOf(train: Train, { poc, deputies }: Workstream, now: Instant): Pick<Contact, 'who' | 'stands'> {
  const there = (login: string): boolean => !isAway(train, login, now);
  const first = poc.find(there);
  if (first !== undefined) return { who: first, stands: 'poc' };
  if (poc.length === 0) return { who: null, stands: 'nobody-named' };
  const deputy = deputies.find(there);
  return deputy === undefined ? { who: null, stands: 'all-away' } : { who: deputy, stands: 'deputy' };
}

/** Gate `people`: before the cut every workstream has a point of contact who is there, or a deputy. */
export function decidePeople(train: Train, now: Instant): Gate {
  const contacts = contactsOf(train, now);
  const open = contacts.filter(({ who }) => who === null);
  const [first] = open;
  const evidence = contacts.map((contact) => ({ text: contactText(contact), source: 'train file', at: now }));
  const common = { id: GateId.parse('people'), evidence, since: null, waiver: null };
  if (contacts.length === 0) {
    return { ...common, verdict: 'skipped', summary: 'the train names no workstreams', owners: [], fix: null };
  }
  if (first === undefined) {
    return {
      ...common,
      verdict: 'pass',
      summary: `all ${contacts.length} workstreams have a point of contact`,
      owners: [],
      fix: null,
    };
  }
  const named = open.map(({ title }) => title).join(', ');
  return {
    ...common,
    verdict: 'needs-you',
    summary: `${open.length} of ${contacts.length} workstreams without a point of contact: ${named}`,
    owners: train.roles['release-manager'],
    fix: `name somebody in the train file: workstreams.${first.workstream}.${first.stands === 'all-away' ? 'deputies' : 'poc'}: [LOGIN]`,
  };
}

function contactText({ title, who, stands }: Contact): string {
  switch (stands) {
    case 'poc':
      return `${title}: ${who}`;
    case 'deputy':
      return `${title}: ${who} stands in`;
    case 'nobody-named':
      return `${title}: nobody is named`;
    case 'all-away':
      return `${title}: everybody named is away`;
  }
}
