import { digestOf } from './canonical-json.ts';
import type { Instant } from './instant.ts';
import { nextAt, outsideQuiet } from './local-time.ts';
import { NO_CHOICE, hoursOf, noticesOf, ruleOf, type NoticeChoice, type NoticeHours } from './notice-choice.ts';
import { NOTICE_KINDS, type AddressedNotice, type Notice, type NoticeAddress, type NoticeWhen } from './notice.ts';
import { personOf } from './train/people.ts';
import type { Train } from './train/train.ts';
import { variableWord } from './variable-word.ts';

/** A notice to one person or one room, by one channel, not before its time. */
export interface Outgoing {
  /** The same notice to the same person is the same, whenever and by whomever it is decided: it is taken once. */
  readonly id: string;
  readonly notice: Notice;
  /** Null for a room. */
  readonly who: string | null;
  /** Null: it cannot be told; `why` says it. */
  readonly address: NoticeAddress | null;
  readonly why: string | null;
  /** Member ids of Slack, or the login, to call in a place that others read too. */
  readonly calls: readonly string[];
  readonly notBefore: Instant;
}

/** What notices are decided by. */
export interface NoticeRoom {
  readonly train: Pick<Train, 'notices' | 'people'>;
  /** By login in lower case. */
  readonly choices: ReadonlyMap<string, NoticeChoice>;
  readonly now: Instant;
  /** Channels that are set up: without one nobody can be told by it. */
  readonly open: { readonly mail: boolean; readonly mention: boolean; readonly rooms: readonly string[] };
}

/** Who is told what, by which channel, and when at the earliest. Pure: the same question has the same answer. */
export function decideNotices(notices: readonly AddressedNotice[], room: NoticeRoom): readonly Outgoing[] {
  return notices.flatMap((one) => decideOne(one, room));
}

function decideOne({ notice, to, isNews }: AddressedNotice, about: NoticeRoom): readonly Outgoing[] {
  const { slack } = noticesOf(about.train);
  const rooms = isNews
    ? Object.entries(slack).flatMap(([name, { tells }]) => (tells.includes(notice.kind) ? [name] : []))
    : [];
  const people = unique(to).flatMap((login) => decidePerson(notice, login, about));
  const inRooms = rooms.map((name): Outgoing => {
    // Who would be told in the same room is called there, and not told twice.
    const folded = people.filter((one) => isInRoom(one, name) && one.notBefore <= about.now);
    return {
      ...outgoing(notice, null, about.now, `#${name}`),
      ...roomAddress(name, about),
      calls: folded.flatMap(({ calls }) => calls),
    };
  });
  return [...people.filter((one) => !rooms.some((name) => isInRoom(one, name))), ...inRooms];
}

function isInRoom({ address }: Outgoing, name: string): boolean {
  return address?.channel === 'slack' && address.room === name;
}

function unique(logins: readonly string[]): readonly string[] {
  const known = new Map(logins.map((login) => [login.toLowerCase(), login]));
  return [...known.values()];
}

function decidePerson(notice: Notice, login: string, about: NoticeRoom): readonly Outgoing[] {
  const choice = about.choices.get(login.toLowerCase()) ?? NO_CHOICE;
  const { by, when, isChosen } = ruleOf(about.train, choice, notice.kind);
  // Where the train file names no channel and the person none, notices are not in use; a wish to be left alone is one.
  if (by === 'none') return [];
  const at = timeFor(when, hoursOf(about.train, login, choice), about.now);
  const out = outgoing(notice, login, at, login.toLowerCase());
  const found = addressFor(by, { notice, login, choice, about });
  if (found.address !== null || !NOTICE_KINDS[notice.kind].mustAct) return [{ ...out, ...found }];
  // Whoever must act is told on the forge rather than not at all.
  if (about.open.mention && !(isChosen && by === 'mention')) {
    return [{ ...out, address: mentionOf(notice), why: null, calls: [login] }];
  }
  return [{ ...out, ...found }];
}

function outgoing(notice: Notice, who: string | null, notBefore: Instant, to: string): Outgoing {
  const id = digestOf({ notice: notice.id, to }).slice('sha256:'.length, 'sha256:'.length + 32);
  return { id, notice, who, address: null, why: null, calls: [], notBefore };
}

type Place = Pick<Outgoing, 'address' | 'why' | 'calls'>;

interface Asking {
  readonly notice: Notice;
  readonly login: string;
  readonly choice: NoticeChoice;
  readonly about: NoticeRoom;
}

function nowhere(why: string): Place {
  return { address: null, why, calls: [] };
}

function addressFor(by: 'mail' | 'slack' | 'mention', { notice, login, choice, about }: Asking): Place {
  switch (by) {
    case 'mail':
      if (!about.open.mail) return nowhere('the server sends no mail: SIGNALBOX_SMTP_URL is not set');
      if (choice.mail === null) return nowhere(`no mail address of ${login} is known: signalbox notify set --mail`);
      return { address: { channel: 'mail', address: choice.mail }, why: null, calls: [] };
    case 'slack': {
      const [only, second] = Object.keys(noticesOf(about.train).slack);
      const name = choice.room ?? (second === undefined ? only : undefined);
      if (name === undefined) return nowhere(`no room was chosen for ${login}: signalbox notify set --room`);
      const member = personOf(about.train, login)?.slack;
      return { ...roomAddress(name, about), calls: member === undefined ? [] : [member] };
    }
    case 'mention':
      if (!about.open.mention) return nowhere('the train file names no forge, so nobody can be called there');
      return { address: mentionOf(notice), why: null, calls: [login] };
  }
}

function mentionOf({ release }: Notice): NoticeAddress {
  return { channel: 'mention', release };
}

function roomAddress(name: string, { open }: NoticeRoom): Pick<Outgoing, 'address' | 'why'> {
  if (open.rooms.includes(name)) return { address: { channel: 'slack', room: name }, why: null };
  const variable = `SIGNALBOX_SLACK_${variableWord(name)}_URL`;
  return { address: null, why: `the room ${name} has no address: ${variable} is not set` };
}

/** The earliest moment at which somebody may be told: never in quiet hours. */
function timeFor(when: NoticeWhen, { zone, quiet, digest }: NoticeHours, now: Instant): Instant {
  const wished = when === 'at-once' ? now : nextAt(zone, now, digest.at, digest.days);
  return outsideQuiet(zone, quiet, wished);
}
