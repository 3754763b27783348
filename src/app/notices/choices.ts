import { elapsedMillis, addSeconds, type Instant } from '../../domain/instant.ts';
import {
  hoursOf,
  MailAddress,
  NO_CHOICE,
  noticesOf,
  ruleOf,
  type NoticeChoice,
  type NoticeHours,
  type NoticeRule,
} from '../../domain/notice-choice.ts';
import { NOTICE_KINDS, NoticeKind, type NoticeAddress } from '../../domain/notice.ts';
import { decideNotices } from '../../domain/notice-timing.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { hashOfSecret } from '../../domain/secret-hash.ts';
import type { KeptNotice } from '../../ports/notice-box.ts';
import { NotifierError, type NoticeMessage } from '../../ports/notifier.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { newName } from '../sign-in/secret.ts';
import { withTeams } from '../teams.ts';
import { audienceOf } from './audience.ts';
import { changeChoice, type NoticeChange } from './change.ts';
import { openChannels, roomOf } from './follow.ts';
import { notifierOf } from './send.ts';

/** How a person is told of everything, and what they were told last. */
export interface ToldHow {
  readonly login: string;
  readonly choice: NoticeChoice;
  readonly hours: NoticeHours;
  readonly kinds: readonly (NoticeRule & { readonly kind: NoticeKind })[];
  readonly rooms: readonly string[];
  /** Newest first. */
  readonly recent: readonly KeptNotice[];
}

const RECENT = 20;
const CODE_SECONDS = 3_600;
/** A code is asked for again not sooner: somebody else's mailbox is not to be filled. */
const CODE_AGAIN_MILLIS = 60_000;

/** How whoever gives the command is told. */
export async function toldHow(app: App): Promise<ToldHow> {
  const login = await app.who();
  const box = await app.notices();
  const { train } = app.loaded;
  const choice = (await box.choices.get(login)) ?? NO_CHOICE;
  return {
    login,
    choice,
    hours: hoursOf(train, login, choice),
    kinds: NoticeKind.options.map((kind) => ({ kind, ...ruleOf(train, choice, kind) })),
    rooms: Object.keys(noticesOf(train).slack),
    recent: await box.list({ who: login, last: RECENT }),
  };
}

/** Changes how whoever gives the command is told. */
export async function changeToldHow(app: App, change: NoticeChange): Promise<Result<ToldHow, AppProblem>> {
  const login = await app.who();
  const { choices } = await app.notices();
  const changed = changeChoice((await choices.get(login)) ?? NO_CHOICE, change, app.loaded.train);
  if (!changed.ok) return changed;
  const isSlack =
    changed.value.by === 'slack' || Object.values(changed.value.kinds).some((rule) => rule?.by === 'slack');
  if (isSlack) {
    const allowed = await requireInAudience(app, login);
    if (!allowed.ok) return allowed;
  }
  await choices.set(login, changed.value, app.clock.now());
  return succeed(await toldHow(app));
}

/** Who does not work on the train writes nothing into its rooms. */
async function requireInAudience(app: App, login: string): Promise<Result<null, AppProblem>> {
  const { train } = (await withTeams(app)).loaded;
  if (audienceOf(train).some((one) => one.toLowerCase() === login.toLowerCase())) return succeed(null);
  const text = `A room is told only by who works on the train, and ${login} has no role there. Choose mail or mention.`;
  return refuse({ kind: 'not-allowed', code: 'role-missing', text });
}

/** Sends a code to an address; it counts once the code came back, so that nobody's mailbox is filled by others. `none` takes the old address away. */
export async function proposeMail(app: App, typed: string): Promise<Result<ToldHow, AppProblem>> {
  const login = await app.who();
  const { choices } = await app.notices();
  const before = (await choices.get(login)) ?? NO_CHOICE;
  const now = app.clock.now();
  if (typed === 'none') {
    await choices.set(login, { ...before, mail: null, unproven: null }, now);
    return succeed(await toldHow(app));
  }
  const mail = MailAddress.safeParse(typed);
  if (!mail.success) {
    const text = 'That is no mail address. Write it as name@example.org, or none to be sent no mail.';
    return refuse({ kind: 'usage', code: 'notice-mail', text });
  }
  if (mail.data === before.mail) return succeed(await toldHow(app));
  if (!openChannels(app).mail) {
    const text =
      'No mail is sent from here: SIGNALBOX_SMTP_URL is not set. Do it on the server: page /you, or --server.';
    return refuse({ kind: 'refused', code: 'no-mail', text });
  }
  const waited = before.unproven === null ? null : elapsedMillis(before.unproven.askedAt, now);
  if (waited !== null && waited >= 0 && waited < CODE_AGAIN_MILLIS) {
    return refuse({ kind: 'refused', code: 'too-soon', text: 'A code was sent a moment ago. Wait a minute.' });
  }
  // Short enough to type; it is good for an hour, and only at the hands of who asked for it.
  const code = newName();
  const unproven = { mail: mail.data, code: hashOfSecret(code), askedAt: now, until: addSeconds(now, CODE_SECONDS) };
  await choices.set(login, { ...before, unproven }, now);
  const sent = await tryToSend(app, codeMessage(app, { login, mail: mail.data, code }));
  return sent.ok ? succeed(await toldHow(app)) : sent;
}

function codeMessage(app: App, { login, mail, code }: { login: string; mail: string; code: string }): NoticeMessage {
  const { title } = app.loaded.train;
  return {
    id: `code-${newName()}`,
    again: false,
    to: { channel: 'mail', address: mail },
    subject: `[${title}] Is this the address of ${login}?`,
    items: [
      {
        headline: `${login} wishes to be told of ${title} at this address.`,
        lines: [
          `If that is you: signalbox notify confirm ${code}`,
          'or type the code on the page /you. It is good for an hour.',
        ],
        link: null,
        calls: [],
      },
    ],
    foot: 'If it is not you, do nothing: no further mail comes.',
  };
}

/** The address counts from now on. */
export async function confirmMail(app: App, code: string): Promise<Result<ToldHow, AppProblem>> {
  const login = await app.who();
  const { choices } = await app.notices();
  const before = (await choices.get(login)) ?? NO_CHOICE;
  const now = app.clock.now();
  const { unproven } = before;
  if (unproven === null || unproven.until <= now || unproven.code !== hashOfSecret(code.trim())) {
    const text =
      'That is not the code that was sent, or it is too old. Ask for another: signalbox notify set --mail ADDRESS';
    return refuse({ kind: 'refused', code: 'notice-code', text });
  }
  await choices.set(login, { ...before, mail: unproven.mail, unproven: null }, now);
  return succeed(await toldHow(app));
}

/** Tells whoever gives the command something now, as they would be told of a kind, and says where. */
export async function testNotice(app: App, kind: NoticeKind): Promise<Result<{ readonly to: string }, AppProblem>> {
  const login = await app.who();
  const now: Instant = app.clock.now();
  const { title } = app.loaded.train;
  const notice = {
    id: `test ${newName()}`,
    kind,
    release: null,
    headline: `A test: ${login} would be told like this`,
    lines: [NOTICE_KINDS[kind].tells],
    path: '/you',
    at: now,
    duty: null,
  };
  const [one] = decideNotices([{ notice, to: [login], isNews: false }], await roomOf(app, now));
  if (one === undefined) {
    const text = `${login} is not told of ${kind}. Change it: signalbox notify set ${kind} --by mail`;
    return refuse({ kind: 'refused', code: 'not-told', text });
  }
  if (one.address === null) return refuse({ kind: 'refused', code: 'not-told', text: `${one.why}.` });
  if (one.address.channel === 'slack') {
    const allowed = await requireInAudience(app, login);
    if (!allowed.ok) return allowed;
  }
  const items = [{ headline: notice.headline, lines: notice.lines, link: null, calls: one.calls }];
  const foot = `${login} asked for this test.`;
  const message = { id: one.id, again: false, to: one.address, subject: `[${title}] ${notice.headline}`, items, foot };
  const sent = await tryToSend(app, message);
  return sent.ok ? succeed({ to: placeText(one.address) }) : sent;
}

async function tryToSend(app: App, message: NoticeMessage): Promise<Result<null, AppProblem>> {
  try {
    await notifierOf(app).send(message);
    return succeed(null);
  } catch (error) {
    if (!(error instanceof NotifierError)) throw error;
    return refuse({ kind: 'no-data', code: `notice-${error.code}`, text: `Nothing was sent: ${error.message}.` });
  }
}

/** Where something was told, for people: an address is shown to who has it alone. */
export function placeText(address: NoticeAddress | null): string {
  switch (address?.channel) {
    case 'mail':
      return address.address;
    case 'slack':
      return `#${address.room}`;
    case 'mention':
      return address.release === null ? 'the tracker' : `the tracker of ${address.release}`;
    case undefined:
      return 'nowhere';
  }
}
