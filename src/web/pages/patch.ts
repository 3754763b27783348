import type { PatchView } from '../../api/views/patch.ts';
import { releaseHref } from '../../domain/page-path.ts';
import type { Block, Doc, PageRoom } from '../doc.ts';
import { dateTable, deadlineTable } from './calendar-parts.ts';
import { briefSection, owedSection, scheduleSection, triageSection } from './patch-parts.ts';
import { windowText } from './pick-parts.ts';

/** A patch release: triage with its evidence, the case for go or no-go, owed picks, criteria and dates. */
export function patchDoc(view: PatchView, room: PageRoom): Doc {
  const { release, isPatch, window, picks, dates, deadlines } = view;
  const { now } = room;
  return {
    title: `${release} patch`,
    heading: `Patch release ${release}`,
    lead: isPatch ? windowText(window) : `${release} is no patch release`,
    tab: 'release',
    release,
    command: isPatch ? `signalbox patch brief ${release}` : null,
    blocks: [
      ...(isPatch ? [] : [notPatch(release)]),
      {
        kind: 'facts',
        rows: [
          { name: 'Window', value: windowText(window) },
          {
            name: 'Picks',
            value: [
              { kind: 'link', href: `${releaseHref(release)}/picks`, text: `${picks.all} asked for` },
              `, ${picks.open} open`,
              ...(picks.unread === null
                ? []
                : [`, ${picks.unread.count} `, { kind: 'state', state: 'no-data' } as const]),
            ],
          },
        ],
      },
      ...(picks.unread === null ? [] : [unreadNotice(picks.unread)]),
      ...(view.triage === null ? [] : [triageSection(view, room)]),
      ...(view.brief === null ? [] : [briefSection(release, view.brief, room)]),
      ...(view.owed === null ? [] : [owedSection(release, view.owed)]),
      ...(view.schedule === null ? [] : [scheduleSection(release, view.schedule)]),
      criteriaTable(view),
      deadlineTable(deadlines, now, [
        `The calendar has no deadlines of ${release}. They are counted from its date: `,
        { kind: 'code', text: 'signalbox config explain calendar.milestones' },
      ]),
      dateTable(dates, now, [
        'The calendar has no patch releases of this line. ',
        { kind: 'link', href: '/calendar', text: 'All dates' },
      ]),
    ],
  };
}

function unreadNotice({ count, reason }: NonNullable<PatchView['picks']['unread']>): Block {
  return {
    kind: 'notice',
    tone: 'warn',
    text: `Whether ${count === 1 ? 'one pick is' : `${count} picks are`} open could not be read: ${reason}`,
    next: ['What can be read, and what not: ', { kind: 'code', text: 'signalbox doctor' }],
  };
}

function notPatch(release: string): Block {
  return {
    kind: 'notice',
    tone: 'info',
    text: `${release} is a minor release; the rules of patch releases do not hold for it.`,
    next: { kind: 'link', href: releaseHref(release), text: `See ${release}` },
  };
}

const ISSUE: Readonly<Record<string, string>> = {
  required: 'a link to the issue is required',
  recommended: 'a link to the issue is recommended',
  'not-needed': 'no issue is needed',
};

function criteriaTable({ criteria, labels, isPatch }: PatchView): Block {
  const why = isPatch && labels.length > 0 ? ` Labels that are a reason: ${labels.join(', ')}.` : '';
  return {
    kind: 'table',
    id: 'criteria',
    caption: `Criteria.${why}`,
    columns: [
      { key: 'class', name: 'Class' },
      { key: 'criterion', name: 'When a change belongs to it' },
      { key: 'issue', name: 'Issue' },
    ],
    groups: [
      {
        name: null,
        rows: criteria.map(({ name, title, criterion, issue }) => ({
          key: name,
          cells: [`${name} (${title})`, criterion, ISSUE[issue] ?? issue],
        })),
      },
    ],
    empty: 'The train file names no classes of picks. See: signalbox config explain picks.classes',
  };
}
