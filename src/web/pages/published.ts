import type { PublishedView } from '../../api/views/published.ts';
import { planHref, releaseHref } from '../../domain/page-path.ts';
import type { Block, Doc, PageRoom, Row } from '../doc.ts';
import { command, minute } from './said.ts';

/** What is public, where, since when, and which undo there is. */
export function publishedDoc(view: PublishedView, room: PageRoom): Doc {
  const { release, candidate, verdict } = view;
  return {
    title: `${release} ${view.holds ? 'released' : view.publishedAt === null ? 'not released' : 'not as it should be'}, ${view.title}`,
    heading: `Published: ${release}`,
    lead: [{ kind: 'state', state: verdict.state }, ` ${verdict.text} From ${candidate}.`],
    tab: 'release',
    release,
    command: `signalbox published ${release}`,
    blocks: [
      receipts(view),
      { kind: 'section', id: 'places', heading: 'Read from outside', blocks: [placeTable(view)] },
      { kind: 'section', id: 'rechecks', heading: 'Looked at again', blocks: [recheckList(view)] },
      {
        kind: 'paragraph',
        text: [
          'What was put there by a plan is taken back from its page. A version on the package index can only be yanked as a whole: ',
          command(`signalbox promote yank ${release} --reason REASON`),
        ],
      },
      ...(room.past === null ? [] : [{ kind: 'paragraph' as const, text: 'As it was seen then.' }]),
    ],
  };
}

function receipts({ rows, release }: PublishedView): Block {
  return {
    kind: 'table',
    id: 'receipts',
    caption: `What of ${release} is public, or should be`,
    columns: [
      { key: 'what', name: 'What' },
      { key: 'where', name: 'Where' },
      { key: 'when', name: 'When' },
      { key: 'undo', name: 'Undo' },
      { key: 'plan', name: 'Plan' },
    ],
    groups: [{ name: null, rows: rows.map(rowOf) }],
    empty: [
      'Nothing of it has a place to go: name channels under `promotion` in the train file. ',
      { kind: 'link', href: releaseHref(release), text: `What is next for ${release}` },
    ],
  };
}

function rowOf({ what, count, where, since, undo, plan, isPermanent }: PublishedView['rows'][number]): Row {
  return {
    key: `${where} ${what} ${count}`,
    cells: [
      `${what} ${count}`,
      where,
      since === null ? 'not yet' : minute(since),
      isPermanent ? [{ kind: 'state', state: 'permanent' }, ` ${undo}`] : undo,
      plan === null ? 'none of ours' : { kind: 'link', href: planHref(plan), text: plan },
    ],
  };
}

function placeTable({ places, release }: PublishedView): Block {
  return {
    kind: 'table',
    id: 'places',
    caption: 'What every place shows now',
    columns: [
      { key: 'place', name: 'Place' },
      { key: 'state', name: 'State' },
      { key: 'read', name: 'Read' },
    ],
    groups: [
      {
        name: null,
        rows: places.map(({ state, text, findings, at }) => ({
          key: text.split(':')[0] ?? text,
          cells: [text, { kind: 'state', state }, minute(at)],
          ...(findings.length === 0 ? {} : { details: [{ kind: 'list' as const, items: findings }] }),
        })),
      },
    ],
    empty: ['No place was read: the train names none to publish to. ', command(`signalbox published ${release}`)],
  };
}

function recheckList({ rechecks, next, publishedAt }: PublishedView): Block {
  if (rechecks.length === 0 && next === null) {
    return {
      kind: 'paragraph',
      text:
        publishedAt === null
          ? 'It is looked at again by the clock once it is published: at once, after 1 hour, 24 hours and 13 days.'
          : 'Every look that was due was taken, and none is recorded.',
    };
  }
  return {
    kind: 'list',
    items: [
      ...rechecks.map(({ name, at, holds }) => [
        { kind: 'state' as const, state: holds ? ('pass' as const) : ('failing' as const) },
        ` looked again ${name.replace('-', ' ')}: `,
        minute(at),
      ]),
      ...(next === null
        ? []
        : [
            [
              { kind: 'state' as const, state: 'queued' as const },
              ` next look, ${next.name.replace('-', ' ')}: `,
              { kind: 'time' as const, at: next.at, form: 'until' as const },
            ],
          ]),
    ],
  };
}
