import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NotifierError } from '../../ports/notifier.ts';
import { messageTo, notifierContract, type ReceivedMessage } from '../../testing/notifier-contract.ts';
import { slackNotifier } from './index.ts';

const TO = { channel: 'slack', room: 'release' } as const;
const Body = z.strictObject({ text: z.string() });

interface Room {
  readonly url: string;
  readonly got: ReceivedMessage[];
  readonly server: Server;
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

const open: Room[] = [];

async function openRoom(): Promise<Room> {
  const got: ReceivedMessage[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { text } = Body.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      got.push({ raw: text, text: shown(text), id: null, to: [request.url ?? ''] });
      room.answer(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const room: Room = {
    url: `http://127.0.0.1:${port}/services/T/B/secret`,
    got,
    server,
    answer: (response) => response.end('ok'),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
  open.push(room);
  return room;
}

/** As Slack shows it. */
function shown(text: string): string {
  return text
    .replace(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/\u200b/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

const roomsAt = (url: string, isPrivate = false) =>
  slackNotifier({ rooms: new Map([['release', { url: () => url, isPrivate }]]) });

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** What Slack or a server like it acts on: `<`, a call, an address, Markdown. */
function active(text: string): number {
  return [...text.matchAll(/<|@(?=[\w&])|:\/\/|www\.|(?<!\u200b)[*_~`]|\]\(|#(?=\w)/giu)].length;
}

notifierContract(() => ({
  notifier: roomsAt(room.url),
  to: TO,
  place: '/services/T/B/secret',
  received: async () => room.got,
  goAway: () => room.close(),
  active,
}));

const failureOf = async (work: Promise<void>): Promise<NotifierError> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NotifierError) return error;
  throw new Error('no failure of a notifier', { cause: error });
};

describe('a room', () => {
  it('calls members by their ids, and nobody by anything else', async () => {
    const item = {
      headline: 'approve plan p1',
      lines: [],
      link: 'https://s.example/a|b>c',
      calls: ['U0ANA', '!channel'],
    };
    await roomsAt(room.url).send(messageTo(TO, { items: [item] }));
    expect(room.got[0]?.raw.split('\n')[0]).toBe('<@U0ANA> *<https://s.example/a%7Cb%3Ec|approve plan p1>*');
  });

  it('says that it may come twice, since nothing tells the room that it is the same', async () => {
    await roomsAt(room.url).send(messageTo(TO, { again: true }));
    expect(room.got[0]?.text).toContain('Sent again: whether it arrived the first time is not known.');
  });

  it('is told as much as it takes, and that there is more', async () => {
    const items = Array.from({ length: 300 }, (_, index) => ({
      headline: `gate ${index} fails`,
      lines: ['x'.repeat(100)],
      link: null,
      calls: [],
    }));
    await roomsAt(room.url).send(messageTo(TO, { items }));
    const text = room.got[0]?.raw ?? '';
    expect(text.length).toBeLessThan(13_000);
    const told = [...text.matchAll(/gate \d+ fails/g)].length;
    expect(text).toContain(`and ${300 - told} more`);
  });

  it.each([
    [404, 'refused'],
    [403, 'refused'],
    [302, 'refused'],
    [429, 'busy'],
    [503, 'busy'],
  ])('that answers %i is %s, and its address is not told', async (status, code) => {
    const elsewhere = await openRoom();
    room.answer = (response) => response.writeHead(status, { location: elsewhere.url }).end('no_service <x>');
    const error = await failureOf(roomsAt(room.url).send(messageTo(TO)));
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/secret|services/);
    expect(elsewhere.got).toEqual([]);
  });

  it('is not reached by a name that leads into our own network, unless it is said to', async () => {
    const named = room.url.replace('127.0.0.1', 'localhost');
    const error = await failureOf(roomsAt(named).send(messageTo(TO)));
    expect(error.message).toContain('localhost is at no public address');
    expect(room.got).toEqual([]);
    await roomsAt(named, true).send(messageTo(TO));
    expect(room.got).toHaveLength(1);
  });

  it('that nobody knows has no address', async () => {
    const nowhere = messageTo({ channel: 'slack', room: 'other' });
    expect(await failureOf(roomsAt(room.url).send(nowhere))).toMatchObject({ code: 'not-set-up' });
  });
});
