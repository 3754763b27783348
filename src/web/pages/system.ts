import type { SystemView } from '../../api/views/system.ts';
import { releaseHref } from '../../domain/page-path.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { barredFrom, type Action, type Block, type Doc, type PageRoom, type Rich, type Row } from '../doc.ts';
import { cut } from './pick-parts.ts';

const MANAGERS = ['release-manager'];

/** Whether the server and what it reads are well. */
export function systemDoc(view: SystemView, room: PageRoom): Doc {
  const { checks, webhooks, jobs, locks, untold } = view;
  const dead = jobs.known ? jobs.dead.length : 0;
  const bad = [...checks, ...webhooks].filter(({ state }) => state !== 'pass');
  const unread = (jobs.known ? 0 : 1) + (locks.known ? 0 : 1);
  const wrong = bad.length + unread;
  // What is only not known is not called failing.
  const isUnknown = dead === 0 && bad.every(({ state }) => state === 'no-data');
  return {
    title: `${wrong === 0 ? '' : `(${wrong}) `}System`,
    heading: 'System',
    lead:
      wrong === 0
        ? [{ kind: 'state', state: 'pass' }, ' All is well']
        : [
            { kind: 'state', state: isUnknown ? 'no-data' : 'failing' },
            ` ${wrong} ${wrong === 1 ? 'thing needs' : 'things need'} attention`,
          ],
    tab: 'system',
    release: null,
    command: 'signalbox doctor',
    blocks: [
      checkTable('sources', 'Sources: git, forge, ledger, jobs, locks, repositories', checks),
      checkTable('webhooks', 'Webhooks, by the record of the forge', webhooks),
      jobsBlock(jobs, dead, room),
      ...(untold.length === 0 ? [] : [untoldTable(untold)]),
      locksBlock(locks, room),
      { kind: 'paragraph', text: { kind: 'link', href: '/people', text: 'Who has which role' } },
    ],
  };
}

function checkTable(id: string, caption: string, checks: SystemView['checks']): Block {
  return {
    kind: 'table',
    id,
    caption,
    columns: [
      { key: 'name', name: 'What' },
      { key: 'state', name: 'State' },
      { key: 'text', name: 'How it is' },
      { key: 'fix', name: 'What to do' },
    ],
    groups: [
      {
        name: null,
        rows: checks.map(({ name, state, text, fix }, index) => ({
          key: `${id}-${index}`,
          cells: [name, { kind: 'state', state }, cut(text, 600), fix ?? ''],
        })),
      },
    ],
    empty: 'There is nothing to look at. See: signalbox doctor',
  };
}

function jobsBlock(jobs: SystemView['jobs'], dead: number, room: PageRoom): Block {
  const id = 'jobs';
  const heading = 'Jobs';
  if (!jobs.known) return { kind: 'section', id, heading, blocks: [unreadBlock('The jobs', jobs.reason)] };
  return {
    kind: 'section',
    id,
    heading,
    aside: `${jobs.waiting} waiting, ${jobs.running} running, ${dead} dead`,
    blocks: [
      {
        kind: 'table',
        id: 'dead-jobs',
        caption: 'Jobs that failed as often as they may; nobody does them until they are tried again',
        columns: [
          { key: 'what', name: 'What' },
          { key: 'since', name: 'Dead since' },
          { key: 'error', name: 'Failed with' },
          { key: 'queue', name: 'Queue' },
        ],
        groups: [
          {
            name: null,
            rows: jobs.dead.map(({ id: job, what, queue, error, diedAt }): Row => ({
              key: job,
              cells: [cut(what, 300), { kind: 'time', at: diedAt, form: 'ago' }, cut(error, 600), queue],
              actions: [reviveAction(job, what, room)],
            })),
          },
        ],
        empty: `No job is dead; ${jobs.waiting} waiting, ${jobs.running} running. Nothing has to be done.`,
      },
    ],
  };
}

function reviveAction(id: string, what: string, room: PageRoom): Action {
  return {
    id: `revive-${id}`,
    label: 'Try job again',
    href: `/system/jobs/${encodeURIComponent(id)}/revive`,
    fields: [],
    command: `signalbox bot revive ${id}`,
    undo: 'none',
    barred: barredFrom(room, MANAGERS),
    tells: `Gives its tries again to: ${cut(what, 200)}. See to the cause first.`,
  };
}

function untoldTable(untold: SystemView['untold']): Block {
  return {
    kind: 'table',
    id: 'untold',
    caption: 'What people could not be told so far',
    columns: [
      { key: 'who', name: 'Who' },
      { key: 'what', name: 'What' },
      { key: 'why', name: 'Why' },
      { key: 'since', name: 'Since' },
    ],
    groups: [
      {
        name: null,
        rows: untold.map(({ id, who, headline, why, at }): Row => ({
          key: id,
          cells: [who, cut(headline, 200), cut(why, 300), { kind: 'time', at, form: 'ago' }],
        })),
      },
    ],
    empty: 'Everybody was told.',
  };
}

function locksBlock(locks: SystemView['locks'], room: PageRoom): Block {
  const id = 'locks';
  const heading = 'Locks';
  if (!locks.known) return { kind: 'section', id, heading, blocks: [unreadBlock('The locks', locks.reason)] };
  return {
    kind: 'section',
    id,
    heading,
    blocks: [
      {
        kind: 'table',
        id: 'held-locks',
        caption: 'Locks that are held; each ends by itself with the process that holds it',
        columns: [
          { key: 'key', name: 'Of' },
          { key: 'holder', name: 'Held by' },
          { key: 'since', name: 'Since' },
        ],
        groups: [
          {
            name: null,
            rows: locks.held.map(({ key, holder, since }): Row => ({
              key,
              cells: [key, holder, { kind: 'time', at: since, form: 'ago' }],
              actions: unlockActions(key, holder, room),
            })),
          },
        ],
        empty: 'Nobody holds a lock: nothing is being applied. Nothing has to be done.',
      },
    ],
  };
}

function unlockActions(key: string, holder: string, room: PageRoom): readonly Action[] {
  const release = ReleaseVersion.safeParse(key.replace(/^release:/u, ''));
  if (!release.success) return [];
  return [
    {
      id: `unlock-${release.data}`,
      label: 'Break lock',
      href: `${releaseHref(release.data)}/unlock`,
      fields: [{ name: 'reason', label: 'Reason', kind: 'long-text', required: true, max: 4000 }],
      command: `signalbox release unlock ${release.data} -m REASON`,
      undo: 'none',
      barred: barredFrom(room, MANAGERS),
      tells: `Takes the lock of ${release.data} away from ${cut(holder, 120)}. Only when that process is gone for good.`,
    },
  ];
}

function unreadBlock(what: string, reason: string): Block {
  const text: Rich = [{ kind: 'state', state: 'no-data' }, ` ${what} could not be read: ${cut(reason, 400)}`];
  return { kind: 'notice', tone: 'warn', text, next: { kind: 'code', text: 'signalbox doctor' } };
}
