import { NotifierError, type Notifier } from '../../ports/notifier.ts';
import { HttpFailure } from '../http/exchange.ts';
import { literalAddress, publicLookup } from '../http/public-address.ts';
import { send, type SendAnswer } from '../http/send.ts';
import { systemTimers, type Timers } from '../http/timers.ts';
import { neutral } from '../../domain/plain-text.ts';
import { slackMessage } from './text.ts';

/** A room by its name: its address is the key to it. */
export interface SlackRooms {
  readonly rooms: ReadonlyMap<string, { readonly url: () => string; readonly isPrivate: boolean }>;
  readonly timers?: Timers;
}

const LIMITS = { idle: 15_000, bytes: 64 * 1024 };

/** Posts notices to incoming webhooks as Slack has them, and as Mattermost, Rocket.Chat and others take them. Redirects are not followed. */
export function slackNotifier({ rooms, timers = systemTimers }: SlackRooms): Notifier {
  return {
    send: async (message) => {
      const name = message.to.channel === 'slack' ? message.to.room : null;
      const room = name === null ? undefined : rooms.get(name);
      if (name === null || room === undefined) {
        throw new NotifierError('not-set-up', `the room ${name ?? 'of another channel'} has no address`);
      }
      const url = new URL(room.url());
      const body = new TextEncoder().encode(JSON.stringify({ text: slackMessage(message) }));
      const request = {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        length: body.length,
        body: [body],
        // A name is somebody else's word; an address in numbers, and a room that is said to be private, are the operator's.
        ...(room.isPrivate || literalAddress(url) !== null ? {} : { lookup: publicLookup() }),
      };
      try {
        accept(await send(request, timers, LIMITS), name);
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        throw new NotifierError('unreachable', `the room ${name}: ${error.message}`, { cause: error });
      }
    },
  };
}

/** Slack answers `ok`, and in a few words why not. */
function accept({ status, body }: SendAnswer, name: string): void {
  if (status >= 200 && status < 300) return;
  const said = neutral(new TextDecoder().decode(body)).slice(0, 120);
  const text = `the room ${name} answered ${status}${said === '' ? '' : ` (${said})`}`;
  if (status === 429 || status >= 500) throw new NotifierError('busy', `${text}; it is tried again later`);
  if (status >= 300 && status < 400) {
    throw new NotifierError('refused', `${text}: it leads elsewhere, which is not followed`);
  }
  throw new NotifierError('refused', `${text}: is its address still the right one?`);
}
