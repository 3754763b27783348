import type { AsksView, AskView } from '../../api/views/asks.ts';
import { ASK_WORDS } from '../../domain/ask.ts';
import type { Instant } from '../../domain/instant.ts';
import { gateHref } from '../../domain/page-path.ts';
import { dayText, dueDay } from '../../domain/time-text.ts';
import type { Block, Doc, PageRoom, Rich, Row, State } from '../doc.ts';
import { command, firstOf, minute, people, person } from './said.ts';

/** What is asked of others for a release, with the text of what is still to be sent. */
export function asksDoc(view: AsksView, room: PageRoom): Doc {
  const { release, asks } = view;
  const done = asks.filter(({ state }) => state === 'done').length;
  const open = asks.filter(({ verdict }) => verdict === 'needs-you' || verdict === 'failing').length;
  return {
    title: `${open === 0 ? '' : `(${open}) `}${release} asks, ${view.title}`,
    heading: `Asked of others for ${release}`,
    lead: asks.length === 0 ? [] : `${done} of ${asks.length} done`,
    tab: 'release',
    release,
    command: `signalbox ask list ${release}`,
    blocks: [
      askTable(asks, release, room),
      {
        kind: 'paragraph',
        text: [
          'An ask is sent and recorded on the command line: ',
          command(`signalbox ask send ${release} NAME`),
          ', ',
          command(`signalbox ask record ${release} NAME --link URL`),
        ],
      },
    ],
  };
}

/** The asks of a release, each with its evidence and its text under it. */
export function askTable(asks: readonly AskView[], release: string, room: PageRoom): Block {
  return {
    kind: 'table',
    id: 'asks',
    caption: 'What is asked of others',
    columns: [
      { key: 'ask', name: 'Ask' },
      { key: 'state', name: 'State' },
      { key: 'to', name: 'Of whom' },
      { key: 'due', name: 'Due' },
      { key: 'owner', name: 'Seen to by' },
      { key: 'sent', name: 'Asked' },
      { key: 'how', name: 'How it stands' },
    ],
    groups: [{ name: null, rows: asks.map((ask) => askRow(ask, release, room.now)) }],
    empty: [
      `Nothing is asked of others for ${release}. Say what is, in the train file: `,
      command('signalbox config explain asks'),
    ],
  };
}

function askRow(ask: AskView, release: string, now: Instant): Row {
  const { name, verdict, state, to, due, late, summary, sent } = ask;
  return {
    key: name,
    href: gateHref(release, `ask:${name}`),
    cells: [
      name,
      { kind: 'state', state: verdict, word: verdict === 'no-data' ? ASK_WORDS.unknown : ASK_WORDS[state] },
      to,
      due === null ? 'no date is planned' : `${dayText(due, now)}, ${late ? 'late' : dueDay(due, now)}`,
      actsText(ask, now),
      sent === null ? 'not yet' : sentText(sent),
      summary,
    ],
    details: detailsOf(ask),
  };
}

/** Who sees to it now, and for whom. */
function actsText({ acts, owners }: AskView, now: Instant): Rich {
  if (acts === null || acts.for === null || acts.until === null) return firstOf(owners);
  return [person(acts.who), ' for ', person(acts.for), ` until ${dayText(acts.until, now)}`];
}

function sentText({ how, by, at, link, text }: NonNullable<AskView['sent']>): Rich {
  const where = link === null ? (text === '' ? 'by hand' : text) : { kind: 'link' as const, href: link, text };
  const shown = link !== null && text === '' ? { kind: 'link' as const, href: link, text: 'by hand' } : where;
  return [how === 'issue' ? 'in ' : '', shown, ' by ', person(by), ', ', minute(at)];
}

const SEEN: Record<AskView['evidence'][number]['state'], State> = {
  holds: 'pass',
  open: 'failing',
  unknown: 'no-data',
};

const HOLDS: Record<NonNullable<AskView['holds']>, string> = {
  cut: 'the branch cut',
  final: 'the final candidate',
  stable: 'the promotion',
  pypi: 'the upload to the index',
};

function detailsOf({ title, fix, owners, holds, evidence, body, missing, sent, state }: AskView): readonly Block[] {
  return [
    {
      kind: 'facts',
      rows: [
        ...(fix === null ? [] : [{ name: 'Fix', value: command(fix) }]),
        { name: 'Owners', value: people(owners) },
        { name: 'Waits for it', value: holds === null ? 'nothing' : HOLDS[holds] },
      ],
    },
    ...(evidence.length === 0
      ? []
      : [
          {
            kind: 'list' as const,
            items: evidence.map(({ state: seen, text, link, source, at }): Rich => [
              { kind: 'state', state: SEEN[seen] },
              ' ',
              link === null ? text : { kind: 'link', href: link, text },
              ` (${source}, `,
              minute(at),
              ')',
            ]),
          },
        ]),
    ...(sent !== null || state === 'done' ? [] : textBlocks(title, body, missing)),
  ];
}

function textBlocks(title: string, body: string | null, missing: readonly string[]): readonly Block[] {
  if (body !== null) return [{ kind: 'code', label: title, text: body.trimEnd() }];
  return [
    { kind: 'notice', tone: 'info', text: `The text of "${title}" cannot be written yet: ${missing.join('; ')}` },
  ];
}
