import { digestOf } from '../../domain/canonical-json.ts';
import type { NoticeAddress } from '../../domain/notice.ts';
import { NOTICE_KINDS } from '../../domain/notice.ts';
import { many } from '../../domain/words.ts';
import type { KeptNotice } from '../../ports/notice-box.ts';
import type { MessageItem, NoticeMessage } from '../../ports/notifier.ts';

/** Notices that go to one place at one time: they are one message. */
export interface MessageGroup {
  readonly to: NoticeAddress;
  readonly notices: readonly KeptNotice[];
}

/** Groups what goes to the same place at the same moment: mail and rooms by person, calls on the forge in one comment. */
export function groupNotices(notices: readonly KeptNotice[]): readonly MessageGroup[] {
  const groups = new Map<string, { readonly to: NoticeAddress; readonly notices: KeptNotice[] }>();
  for (const one of notices) {
    if (one.address === null) continue;
    const who = one.address.channel === 'mention' ? null : (one.who?.toLowerCase() ?? null);
    const key = JSON.stringify([one.address, who, one.notBefore]);
    const group = groups.get(key) ?? { to: one.address, notices: [] };
    group.notices.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** By what a message is known: of the notices in it, whoever makes it up. */
export function messageId(ids: readonly string[]): string {
  return digestOf([...ids].toSorted()).slice('sha256:'.length, 'sha256:'.length + 32);
}

interface Making {
  /** Stays the same for each try, also when some of it was done meanwhile. */
  readonly id: string;
  readonly again: boolean;
  /** Name of the train that people read. */
  readonly title: string;
  /** Where the pages are: origin of the server; null where it is not known. */
  readonly site: string | null;
}

/** The message for a group; the same thing for several people is one item that calls them all. */
export function messageOf({ to, notices }: MessageGroup, { id, again, title, site }: Making): NoticeMessage {
  const items = new Map<string, MessageItem>();
  for (const { notice, calls } of notices) {
    const link = site === null ? null : new URL(notice.path, site).href;
    const called = items.get(notice.id)?.calls ?? [];
    const { headline, lines } = notice;
    items.set(notice.id, { headline, lines, link, calls: [...new Set([...called, ...calls])] });
  }
  const list = [...items.values()];
  return { id, again, to, subject: subjectOf(notices, list, title), items: list, foot: footOf(notices, title) };
}

function subjectOf(notices: readonly KeptNotice[], items: readonly MessageItem[], title: string): string {
  const [first] = items;
  if (first !== undefined && items.length === 1) return `[${title}] ${first.headline}`;
  const waits = new Set(notices.filter(({ notice }) => notice.duty !== null).map(({ notice }) => notice.id)).size;
  const news = items.length - waits;
  const parts = [
    ...(waits > 0 ? [`${many(waits, 'thing')} ${waits === 1 ? 'waits' : 'wait'} for you`] : []),
    ...(news > 0 ? [`${many(news, 'thing')} happened`] : []),
  ];
  return `[${title}] ${parts.join(', ')}`;
}

function footOf(notices: readonly KeptNotice[], title: string): string {
  const why = [...new Set(notices.map(({ notice }) => NOTICE_KINDS[notice.kind].whom))].join('; ');
  const how = notices.every(({ who }) => who === null)
    ? 'What is told in this room is set in the train file, under notices.slack.'
    : 'Change how you are told: signalbox notify set, or the page /you.';
  return `Told by Signalbox of ${title} to: ${why}. ${how}`;
}
