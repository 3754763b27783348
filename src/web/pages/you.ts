import type { YouView } from '../../api/views/you.ts';
import {
  barredFrom,
  type Action,
  type Block,
  type Doc,
  type Field,
  type PageRoom,
  type Row,
  type State,
} from '../doc.ts';
import { cut } from './pick-parts.ts';

const CHANNELS = [
  { value: '', label: 'as it is' },
  { value: 'mail', label: 'mail' },
  { value: 'slack', label: 'Slack' },
  { value: 'mention', label: 'a mention on the tracker' },
  { value: 'none', label: 'not at all' },
  { value: 'usual', label: 'as the train file has it' },
];
const MOMENTS = [
  { value: '', label: 'as it is' },
  { value: 'at-once', label: 'at once' },
  { value: 'digest', label: 'in the digest' },
  { value: 'usual', label: 'as usual' },
];
const BY = { none: 'not at all', mail: 'mail', slack: 'Slack', mention: 'a mention' } as const;
const SENT: Readonly<Record<YouView['recent'][number]['state'], { readonly state: State; readonly word: string }>> = {
  sent: { state: 'pass', word: 'sent' },
  waiting: { state: 'queued', word: 'waits for its time' },
  dropped: { state: 'skipped', word: 'done before it was told' },
  nowhere: { state: 'failing', word: 'could not be told' },
};

/** How whoever looks is told of what happens, and what they were told. */
export function youDoc(view: YouView, room: PageRoom): Doc {
  const barred = barredFrom(room, []);
  return {
    title: `How ${view.login} is told, ${view.title}`,
    heading: 'How you are told',
    lead: 'Only you see this page; nothing of it is in the log',
    tab: 'todo',
    release: null,
    command: 'signalbox notify list',
    blocks: [
      factsOf(view),
      { kind: 'actions', actions: actionsOf(view, barred) },
      kindTable(view, barred),
      recentTable(view),
    ],
  };
}

function factsOf({ mail, unproven, zone, quiet, digest, room }: YouView): Block {
  const waits = unproven === null ? '' : ` (${unproven} waits for its code)`;
  return {
    kind: 'facts',
    rows: [
      { name: 'Mail', value: `${mail ?? 'no address'}${waits}` },
      {
        name: 'Hours',
        value: quiet === null ? 'at any hour' : `not between ${quiet.from} and ${quiet.to}, on the clock of ${zone}`,
      },
      { name: 'Digest', value: `${digest.at} on ${digest.days.join(', ')}, on the clock of ${zone}` },
      ...(room === null ? [] : [{ name: 'Room', value: `#${room}` }]),
    ],
  };
}

function text(name: string, label: string, value: string, hint: string): Field {
  return { name, label, kind: 'text', value, hint, max: 100 };
}

function actionsOf(view: YouView, barred: string | null): readonly Action[] {
  const { unproven } = view;
  return [
    mailAction(view, barred),
    ...(unproven === null ? [] : [confirmAction(unproven, barred)]),
    hoursAction(view, barred),
    channelAction(view, barred),
    testAction(view, barred),
  ];
}

function mailAction({ mail }: YouView, barred: string | null): Action {
  const field = text('mail', 'Address', mail ?? '', 'A code is sent to it; none: no mail.');
  return {
    id: 'mail',
    label: 'Set mail address',
    href: '/you/mail',
    fields: [{ ...field, required: true, max: 254 }],
    command: 'signalbox notify set --mail MAIL',
    undo: 'full',
    barred,
  };
}

function confirmAction(unproven: string, barred: string | null): Action {
  return {
    id: 'confirm',
    label: 'Confirm mail address',
    href: '/you/mail/confirm',
    fields: [{ ...text('code', 'Code', '', `As it was sent to ${unproven}.`), required: true }],
    command: 'signalbox notify confirm CODE',
    undo: 'full',
    barred,
  };
}

function hoursAction({ zone, quiet, digest }: YouView, barred: string | null): Action {
  const span = quiet === null ? 'none' : `${quiet.from}-${quiet.to}`;
  return {
    id: 'hours',
    label: 'Set hours',
    href: '/you/notices',
    fields: [
      text('zone', 'Time zone', zone, 'As Europe/Berlin.'),
      text('quiet', 'Not to be disturbed', span, 'As 22:00-07:00; none: told at any hour.'),
      text('digest', 'Digest at', digest.at, 'As 09:00.'),
      text('days', 'Digest on', digest.days.join(','), 'As mon,wed,fri.'),
    ],
    command: 'signalbox notify set --zone ZONE --quiet-hours QUIET --digest DIGEST --days DAYS',
    undo: 'full',
    barred,
  };
}

function channelAction({ room, rooms }: YouView, barred: string | null): Action {
  const choices = [{ value: '', label: 'as it is' }, ...rooms.map((name) => ({ value: name, label: `#${name}` }))];
  const inRoom: readonly Field[] =
    rooms.length === 0 ? [] : [{ name: 'room', label: 'Room', kind: 'choice', value: room ?? '', choices }];
  return {
    id: 'all',
    label: 'Set channel of all kinds',
    href: '/you/notices',
    fields: [{ name: 'by', label: 'By', kind: 'choice', value: '', choices: CHANNELS }, ...inRoom],
    command: 'signalbox notify set --by BY',
    tells: 'Kinds that have a channel of their own keep it.',
    undo: 'full',
    barred,
  };
}

function testAction({ kinds }: YouView, barred: string | null): Action {
  const choices = kinds.map(({ kind }) => ({ value: kind, label: kind }));
  return {
    id: 'test',
    label: 'Send a test',
    href: '/you/notices/test',
    fields: [{ name: 'kind', label: 'As for', kind: 'choice', value: 'needs-you', choices }],
    command: 'signalbox notify test KIND',
    undo: 'none',
    barred,
  };
}

function kindTable({ kinds }: YouView, barred: string | null): Block {
  return {
    kind: 'table',
    id: 'kinds',
    caption: 'What you are told of, and how',
    columns: [
      { key: 'kind', name: 'Kind' },
      { key: 'tells', name: 'Tells that' },
      { key: 'by', name: 'By' },
      { key: 'when', name: 'When' },
    ],
    groups: [
      {
        name: null,
        rows: kinds.map(({ kind, tells, by, when, isChosen }): Row => ({
          key: kind,
          cells: [kind, tells, `${BY[by]}${isChosen ? '' : ' (usual)'}`, by === 'none' ? '' : when.replace('-', ' ')],
          actions: [
            {
              id: `set-${kind}`,
              label: 'Change',
              href: '/you/notices',
              fields: [
                { name: 'kind', label: 'Kind', kind: 'hidden', value: kind },
                { name: 'by', label: 'By', kind: 'choice', value: '', choices: CHANNELS },
                { name: 'when', label: 'When', kind: 'choice', value: '', choices: MOMENTS },
              ],
              command: `signalbox notify set ${kind} --by BY --when WHEN`,
              undo: 'full',
              barred,
            },
          ],
        })),
      },
    ],
    empty: 'There is nothing to be told of.',
  };
}

function recentTable({ recent }: YouView): Block {
  return {
    kind: 'table',
    id: 'recent',
    caption: 'What you were told, newest first',
    columns: [
      { key: 'what', name: 'What' },
      { key: 'state', name: 'State' },
      { key: 'where', name: 'Where' },
      { key: 'at', name: 'When' },
    ],
    groups: [
      {
        name: null,
        rows: recent.map(({ id, headline, path, state, to, why, at }): Row => ({
          key: id,
          href: path,
          cells: [
            cut(why === null ? headline : `${headline} (${why})`, 300),
            { kind: 'state', ...SENT[state] },
            to,
            { kind: 'time', at, form: 'minute' },
          ],
        })),
      },
    ],
    empty: ['Nothing yet. Look whether it arrives: ', { kind: 'code', text: 'signalbox notify test' }],
  };
}
