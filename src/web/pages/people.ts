import type { PeopleView } from '../../api/views/people.ts';
import { dateOf } from '../../domain/instant.ts';
import { releaseHref } from '../../domain/page-path.ts';
import { dayText } from '../../domain/time-text.ts';
import type { Block, Doc, Inline, PageRoom, Rich } from '../doc.ts';
import { people } from './pick-parts.ts';

/** Roles, workstreams and who is away. */
export function peopleDoc(view: PeopleView, room: PageRoom): Doc {
  const open = view.workstreams.filter(({ who }) => who === null).length;
  return {
    title: `${open === 0 ? '' : `(${open}) `}People`,
    heading: `People of ${view.title}`,
    lead: open === 0 ? [] : [{ kind: 'state', state: 'needs-you' }, ` ${open} workstreams without anybody`],
    tab: 'system',
    release: null,
    command: 'signalbox config explain workstreams',
    blocks: [...paperLinks(view), workstreamTable(view, room), roleTable(view), awayTable(view, room)],
  };
}

/** Agenda and hand-over of each live release. */
function paperLinks({ releases }: PeopleView): readonly Block[] {
  if (releases.length === 0) return [];
  const items = releases.flatMap((release): readonly Rich[] => [
    { kind: 'link', href: `${releaseHref(release)}/sync`, text: `Agenda of the next sync of ${release}` },
    { kind: 'link', href: `${releaseHref(release)}/handover`, text: `Hand-over of ${release}` },
  ]);
  return [{ kind: 'list', items }];
}

const STANDS = {
  poc: { state: 'pass', word: 'there' },
  deputy: { state: 'pass', word: 'deputy' },
  'nobody-named': { state: 'needs-you', word: 'nobody named' },
  'all-away': { state: 'needs-you', word: 'all away' },
} as const;

/** Who answers for each workstream today. */
export function workstreamTable({ workstreams, title }: PeopleView, { now }: PageRoom): Block {
  return {
    kind: 'table',
    id: 'workstreams',
    caption: 'Workstreams, and who answers for each today',
    columns: [
      { key: 'title', name: 'Workstream' },
      { key: 'state', name: 'State' },
      { key: 'who', name: 'Today' },
      { key: 'poc', name: 'Points of contact' },
      { key: 'deputies', name: 'Deputies' },
    ],
    groups: [
      {
        name: null,
        rows: workstreams.map(({ workstream, title: name, stands, who, until, poc, deputies }) => ({
          key: workstream,
          cells: [
            name,
            { kind: 'state', ...STANDS[stands] } satisfies Inline,
            [
              who === null ? 'nobody' : ({ kind: 'person', login: who } as const),
              until === null ? '' : ` until ${dayText(until, now)}`,
            ],
            people(poc),
            people(deputies),
          ],
        })),
      },
    ],
    empty: [
      `The train file of ${title} names no workstreams. Name them: `,
      { kind: 'code', text: 'signalbox config explain workstreams' },
    ],
  };
}

/** Who has which role. */
export function roleTable({ roles }: PeopleView): Block {
  return {
    kind: 'table',
    id: 'roles',
    caption: 'Roles',
    columns: [
      { key: 'role', name: 'Role' },
      { key: 'people', name: 'Who has it' },
    ],
    groups: [
      {
        name: null,
        rows: roles.map(({ role, logins }) => ({
          key: role,
          cells: [
            role,
            logins.length === 0
              ? [{ kind: 'state', state: 'needs-you', word: 'nobody' }, ' name somebody under roles in the train file']
              : people(logins),
          ],
        })),
      },
    ],
    empty: 'The train file names no roles. See: signalbox config explain roles',
  };
}

/** Who is away now or later, and who acts for them. */
export function awayTable({ away }: PeopleView, { now }: PageRoom): Block {
  const today = dateOf(now);
  return {
    kind: 'table',
    id: 'away',
    caption: 'Who is away',
    columns: [
      { key: 'who', name: 'Who' },
      { key: 'when', name: 'When' },
      { key: 'state', name: 'State' },
      { key: 'acts', name: 'Who acts' },
    ],
    groups: [
      {
        name: null,
        rows: away.map(({ login, name, from, to, acts }) => ({
          key: `${login}-${from}`,
          cells: [
            [{ kind: 'person', login }, name === '' ? '' : ` ${name}`],
            from === to ? dayText(from, now) : `${dayText(from, now)} to ${dayText(to, now)}`,
            from <= today ? 'away now' : 'later',
            acts ?? '',
          ],
        })),
      },
    ],
    empty: 'Nobody is away now or later, as far as the train file knows. Days of absence are under people in it.',
  };
}
