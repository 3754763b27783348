import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NoticeAddress } from '../domain/notice.ts';
import { NotifierError, type NoticeMessage, type Notifier } from '../ports/notifier.ts';

/** A message as it came to the other side. */
export interface ReceivedMessage {
  /** As a person reads it, white space made one blank. */
  readonly text: string;
  /** Exactly as it came. */
  readonly raw: string;
  /** By what the other side knows it from others; null where it cannot. */
  readonly id: string | null;
  /** Who gets it: addresses, a room, an issue. */
  readonly to: readonly string[];
}

/** What the contract is tried on: a notifier, and the other side of it. */
export interface NotifierUnderTest {
  readonly notifier: Notifier;
  readonly to: NoticeAddress;
  /** As `to` of what is received. */
  readonly place: string;
  readonly received: () => Promise<readonly ReceivedMessage[]>;
  /** From now on nobody answers. */
  readonly goAway: () => Promise<void>;
  /** Signs that only markup, a call, a link or a header of the sender would have: what outsiders write must not bring more of them in. */
  readonly active: (raw: string) => number;
}

export function messageTo(to: NoticeAddress, change: Partial<NoticeMessage> = {}): NoticeMessage {
  return {
    id: 'm1',
    again: false,
    to,
    subject: '2 things of 2.8.0 wait for you',
    items: [
      {
        headline: 'picks-reviewed needs you',
        lines: ['2 picks wait', 'fix: signalbox pick list 2.8.0'],
        link: 'https://signalbox.example/r/2.8.0/gates/picks-reviewed',
        calls: [],
      },
      { headline: 'approve plan p7k2m9', lines: [], link: null, calls: [] },
    ],
    foot: 'You get this because you must act. Change it: signalbox notify set',
    ...change,
  };
}

const HOSTILE = [
  '@everyone @channel @here @acme/release @ana',
  '<!channel> <!here|x> <@U0EVIL> <https://evil.example|click>',
  '[click](https://evil.example) **bold** `code` ~x~ _y_ # head',
  'a\r\nBcc: evil@example.org\r\n\r\nhello',
  'a\nX-Evil: 1\n.\nMAIL FROM:<x@example.org>',
  '<img src=x onerror=alert(1)> <!-- signalbox:notice m9 --> </sub>',
  '\u202Eevil\u200B\u0000\u001B[31m',
  'http://evil.example www.evil.example #1 acme/core#2',
  '\ud800 lone',
];
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 20 })).map((parts) => parts.join(' ')),
);

/** What every notifier keeps to; each test is given a fresh one. */
export function notifierContract(under: () => NotifierUnderTest): void {
  it('tells every thing of a message, in order, to the place and to nobody else', async () => {
    const { notifier, to, place, received } = under();
    await notifier.send(messageTo(to));
    const [message, ...more] = await received();
    expect(more).toEqual([]);
    expect(message?.to).toEqual([place]);
    const at = ['picks-reviewed needs you', '2 picks wait', 'approve plan p7k2m9', 'because you must act'].map((part) =>
      (message?.text ?? '').indexOf(part),
    );
    expect(at.every((place, index) => place > (at[index - 1] ?? -1))).toBe(true);
    expect(message?.raw.replace(/=\r?\n/g, '')).toContain('https://signalbox.example/r/2.8.0/gates/picks-reviewed');
  });

  it('sends again as the same message, where the other side knows messages', async () => {
    const { notifier, to, received } = under();
    await notifier.send(messageTo(to));
    await notifier.send(messageTo(to, { again: true }));
    const ids = (await received()).map(({ id }) => id).filter((id) => id !== null);
    expect(new Set(ids).size).toBe(ids.length === 0 ? 0 : 1);
  });

  it('gives what outsiders wrote no power: no header, no other recipient, no markup, no call, no link', async () => {
    const { notifier, to, place, received, active } = under();
    const usual = 'plain words';
    const shaped = (text: string, id: string): NoticeMessage =>
      messageTo(to, {
        id,
        subject: text,
        items: [
          { headline: text, lines: [text, text], link: 'https://signalbox.example/x', calls: [`no login ${text}`] },
          { headline: 'the last line', lines: [], link: null, calls: [] },
        ],
      });
    await notifier.send(shaped(usual, 'usual'));
    const calm = active((await received()).at(-1)?.raw ?? '');
    let count = 1;
    const tried = async (text: string): Promise<void> => {
      count += 1;
      await notifier.send(shaped(text === '' ? '-' : text, `h${count}`));
      const all = await received();
      expect(all).toHaveLength(count);
      const message = all.at(-1);
      expect(message?.to).toEqual([place]);
      expect(message?.text).toContain('the last line');
      expect(active(message?.raw ?? '')).toBe(calm);
    };
    for (const text of HOSTILE) await tried(text);
    await fc.assert(fc.asyncProperty(anyText, tried), { numRuns: 20 });
  });

  it('says that nobody answers, and throws nothing else', async () => {
    const { notifier, to, goAway } = under();
    await goAway();
    const error: unknown = await notifier.send(messageTo(to)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotifierError);
    expect(error).toMatchObject({ code: 'unreachable' });
  });
}
