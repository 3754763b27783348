import type { LogView } from '../../api/views/log.ts';
import { entryHref, planHref, releaseHref } from '../../domain/page-path.ts';
import type { Block, Doc, PageRoom, Rich, Row } from '../doc.ts';
import { command, minute, person } from './said.ts';

/** What happened, newest first. */
export function logDoc(view: LogView, room: PageRoom): Doc {
  const { query } = room;
  const { release = '', seq = '', who = '' } = query;
  const one = seq === '' ? null : (view.entries[0] ?? null);
  return {
    title: `${one === null ? 'Log' : `Entry ${one.seq}`}${release === '' ? '' : ` of ${release}`}, ${view.title}`,
    heading: one === null ? 'Log' : `Log, entry ${one.seq}`,
    lead: view.last === null ? 'Nothing has happened yet.' : `The newest is entry ${view.last}.`,
    tab: 'log',
    release: release === '' ? null : release,
    command: `signalbox log${release === '' ? '' : ` ${release}`}${query['actions'] === '1' ? ' --actions' : query['verdicts'] === '1' ? ' --verdicts' : ''}`,
    blocks: [
      checkBlock(view, query),
      ...(one === null ? [filterBlock(view, query, who)] : []),
      entriesTable(view, room),
      ...leftOutBlock(view, query),
      ...olderBlock(view, query),
      ...(one === null
        ? []
        : [{ kind: 'paragraph' as const, text: { kind: 'link' as const, href: '/log', text: 'The whole log' } }]),
    ],
  };
}

function hrefWith(query: PageRoom['query'], changes: Readonly<Record<string, string>>): string {
  const known = ['release', 'who', 'type', 'actions', 'verdicts', 'seq', 'before', 'verify'];
  const all = Object.entries({ ...query, ...changes }).filter(([name, value]) => known.includes(name) && value !== '');
  return `/log?${all.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

function checkBlock({ check, last }: LogView, query: PageRoom['query']): Block {
  if (check === null) {
    return {
      kind: 'paragraph',
      text: [
        'Each entry carries the hash of the one before. ',
        ...(last === null
          ? ['There is nothing to check yet.']
          : [
              { kind: 'state' as const, state: 'no-data' as const, word: 'Not checked on this page' },
              '. ',
              {
                kind: 'link' as const,
                href: hrefWith(query, { verify: '1' }),
                text: 'Read everything again and check it',
              },
              ', or ',
              command('signalbox log --verify'),
            ]),
      ],
    };
  }
  if (check.faults.length === 0) {
    return {
      kind: 'paragraph',
      text: [
        { kind: 'state', state: 'pass', word: 'whole' },
        ` ${check.entries} entries, every hash and link holds. Head: `,
        { kind: 'code', text: check.head ?? 'none' },
      ],
    };
  }
  return {
    kind: 'section',
    id: 'faults',
    heading: 'The log was changed outside of Signalbox',
    blocks: [
      {
        kind: 'notice',
        tone: 'error',
        text: `${check.faults.length} faults in ${check.entries} entries.`,
        next: ['Trust nothing that rests on them; compare with a backup: ', command('signalbox log --verify')],
      },
      {
        kind: 'list',
        items: check.faults.map(({ seq, text }): Rich => [
          { kind: 'link', href: entryHref(seq), text: `Entry ${seq}` },
          `: ${text}`,
        ]),
      },
    ],
  };
}

function filterBlock({ types }: LogView, query: PageRoom['query'], who: string): Block {
  const { release = '', type = '', actions = '', verdicts = '' } = query;
  const known = type === '' || types.includes(type) ? types : [type, ...types];
  return {
    kind: 'filter',
    label: 'Show entries',
    fields: [
      { name: 'release', label: 'Release', kind: 'text', value: release, max: 20 },
      { name: 'who', label: 'Who', kind: 'text', value: who, max: 60 },
      {
        name: 'type',
        label: 'What',
        kind: 'choice',
        value: type,
        choices: [{ value: '', label: 'Everything' }, ...known.map((value) => ({ value, label: value }))],
      },
      {
        name: 'actions',
        label: 'Only what was done',
        kind: 'choice',
        value: actions,
        choices: [
          { value: '', label: 'All' },
          { value: '1', label: 'No refusals, no plans that were only made' },
        ],
      },
      {
        name: 'verdicts',
        label: 'Verdicts of gates that turned',
        kind: 'choice',
        value: verdicts,
        choices: [
          { value: '', label: 'Left out' },
          { value: '1', label: 'Shown' },
        ],
      },
    ],
  };
}

function entriesTable(view: LogView, { query }: PageRoom): Block {
  const isFiltered = ['release', 'who', 'type', 'actions', 'before'].some((name) => (query[name] ?? '') !== '');
  return {
    kind: 'table',
    id: 'entries',
    caption: 'Entries, newest first',
    columns: [
      { key: 'seq', name: 'Entry', align: 'right' },
      { key: 'when', name: 'When' },
      { key: 'who', name: 'Who' },
      { key: 'release', name: 'Release' },
      { key: 'what', name: 'What' },
    ],
    groups: [{ name: null, rows: view.entries.map(rowOf) }],
    empty:
      isFiltered && view.last !== null
        ? ['No entry is like that. ', { kind: 'link', href: '/log', text: 'Show the whole log' }]
        : 'Nothing has happened yet. Events come with the first command that decides or changes something.',
  };
}

function rowOf({ seq, at, actor, release, type, text, plan, hash, prev }: LogView['entries'][number]): Row {
  return {
    key: String(seq),
    href: entryHref(seq),
    cells: [
      String(seq),
      minute(at),
      person(actor),
      release === null ? '' : { kind: 'link', href: releaseHref(release), text: release },
      text,
    ],
    details: [
      {
        kind: 'facts',
        rows: [
          { name: 'Moment', value: at },
          { name: 'Kind', value: type },
          ...(plan === null
            ? []
            : [{ name: 'Plan', value: { kind: 'link' as const, href: planHref(plan), text: plan } }]),
          { name: 'Hash', value: { kind: 'code', text: hash } },
          { name: 'Before it', value: prev === null ? 'the first entry' : { kind: 'code', text: prev } },
        ],
      },
    ],
  };
}

function leftOutBlock({ leftOut }: LogView, query: PageRoom['query']): readonly Block[] {
  if (!leftOut) return [];
  const href = hrefWith(query, { verdicts: '1' });
  return [
    {
      kind: 'paragraph',
      text: ['Verdicts of gates that turned are left out. ', { kind: 'link', href, text: 'Show them too' }],
    },
  ];
}

function olderBlock({ entries, more }: LogView, query: PageRoom['query']): readonly Block[] {
  const oldest = entries.at(-1);
  if (oldest === undefined || !more) return [];
  const href = hrefWith(query, { before: String(oldest.seq) });
  return [{ kind: 'paragraph', text: { kind: 'link', href, text: 'Older entries' } }];
}
