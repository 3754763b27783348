import type { DutyView, TodoView } from '../../api/views/todo.ts';
import type { Instant } from '../../domain/instant.ts';
import { gateHref, planHref, releaseHref } from '../../domain/page-path.ts';
import { standInText } from '../../domain/train/stand-in.ts';
import type { Block, Doc, PageRoom, Rich, Row } from '../doc.ts';
import { noData } from './release-parts.ts';
import { command, minute, since } from './said.ts';

/** What waits, by person: who looks comes first. */
export function todoDoc(view: TodoView, room: PageRoom): Doc {
  const me = room.viewer?.login ?? null;
  const asked = (room.query['for'] ?? '').replace(/^@/u, '');
  const people = view.people.filter(({ who }) => asked === '' || who === asked);
  const sorted = [...people.filter(({ who }) => who === me), ...people.filter(({ who }) => who !== me)];
  const mine = view.people.find(({ who }) => who === me)?.duties.length ?? 0;
  const release = view.releases.length === 1 ? (view.releases[0] ?? null) : null;
  return {
    title: `${mine === 0 ? '' : `(${mine}) `}To do${asked === '' ? '' : ` for ${asked}`}, ${view.title}`,
    heading: asked === '' ? 'To do' : `To do for ${asked === me ? 'you' : `@${asked}`}`,
    lead: leadOf(view),
    tab: 'todo',
    release,
    command: `signalbox todo${release === null ? '' : ` ${release}`}${asked === '' ? ' --all' : ` --for ${asked}`}`,
    blocks: [
      ...view.unread.map((one): Block => ({
        kind: 'notice',
        tone: 'warn',
        text: [noData(), ` Which picks of ${one.release} wait could not be read: ${one.reason}`],
        next: ['The lists below may be too short. Try: ', command(`signalbox pick list ${one.release}`)],
      })),
      filterOf(view, asked),
      ...(sorted.length === 0 ? [emptyNotice(view, asked, me)] : []),
      ...sorted.map(({ who, duties }) => personSection({ who, duties }, { me, now: room.now })),
      { kind: 'paragraph', text: { kind: 'link', href: '/you', text: 'How you are told of it' } },
    ],
  };
}

function leadOf({ releases }: TodoView): Rich {
  return releases.length === 0 ? 'No release is live.' : `In ${releases.join(', ')}`;
}

function filterOf({ people, releases }: TodoView, asked: string): Block {
  const names = people.map(({ who }) => who);
  const all = asked === '' || names.includes(asked) ? names : [asked, ...names];
  return {
    kind: 'filter',
    label: 'Show what waits',
    fields: [
      {
        name: 'for',
        label: 'For',
        kind: 'choice',
        value: asked,
        choices: [{ value: '', label: 'Everybody' }, ...all.map((who) => ({ value: who, label: who }))],
      },
      {
        name: 'release',
        label: 'Release',
        kind: 'text',
        value: releases.length === 1 ? (releases[0] ?? '') : '',
        max: 20,
        hint: 'Empty: every live release.',
      },
    ],
  };
}

function emptyNotice({ releases, unread }: TodoView, asked: string, me: string | null): Block {
  if (releases.length === 0) {
    return {
      kind: 'notice',
      tone: 'info',
      text: 'No release is live, so nothing waits for anybody.',
      next: ['Open one: ', command('signalbox release create X.Y.Z')],
    };
  }
  const person = asked === '' ? 'anybody' : asked === me ? 'you' : `@${asked}`;
  const known = unread.length === 0 ? '' : ' as far as could be read';
  return {
    kind: 'notice',
    tone: 'info',
    text: `Nothing of ${releases.join(', ')} waits for ${person}${known}.`,
    next: [
      'What is next: ',
      ...releases.flatMap((release, index) => [
        ...(index === 0 ? [] : [', ']),
        { kind: 'link' as const, href: releaseHref(release), text: release },
      ]),
    ],
  };
}

function personSection(
  { who, duties }: TodoView['people'][number],
  { me, now }: { readonly me: string | null; readonly now: Instant },
): Block {
  const count = duties.length === 1 ? '1 thing waits' : `${duties.length} things wait`;
  return {
    kind: 'section',
    id: `of-${who}`,
    heading: who === me ? 'You' : `@${who}`,
    aside: count,
    blocks: [
      {
        kind: 'table',
        id: `todo-${who}`,
        caption: `What waits for ${who === me ? 'you' : who}`,
        columns: [
          { key: 'what', name: 'What' },
          { key: 'state', name: 'State' },
          { key: 'text', name: 'Why' },
          { key: 'release', name: 'Release' },
          { key: 'since', name: 'Since' },
          { key: 'until', name: 'Until' },
          { key: 'command', name: 'Command' },
        ],
        groups: [{ name: null, rows: duties.map((duty) => rowOf(duty, now)) }],
        empty: 'Nothing waits.',
      },
    ],
  };
}

function rowOf(duty: DutyView, now: Instant): Row {
  return {
    key: `${duty.release} ${duty.kind} ${duty.name}`,
    href: dutyHref(duty),
    cells: [
      duty.name,
      { kind: 'state', state: duty.state, word: duty.word },
      duty.standIn === null ? duty.text : `${duty.text} (${standInText(duty.standIn, now)})`,
      duty.release,
      since(duty.since),
      duty.until === null ? '' : minute(duty.until),
      duty.command === null ? 'nothing moves it from here' : command(duty.command),
    ],
  };
}

/** The page on which something that waits is seen. */
export function dutyHref({ kind, release, name }: DutyView): string {
  switch (kind) {
    case 'gate':
      return gateHref(release, name);
    case 'pick':
      return `${releaseHref(release)}/picks`;
    case 'revert':
      return `${releaseHref(release)}/picks?kind=revert`;
    case 'day-step':
      return `${releaseHref(release)}/day`;
    case 'approval':
    case 'apply':
      return planHref(name.split(' ').at(-1) ?? name);
  }
}
