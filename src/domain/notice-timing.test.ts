import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, epochMillis, Instant, instantOf } from './instant.ts';
import { isQuiet, TimeZone } from './local-time.ts';
import { hoursOf, MailAddress, NO_CHOICE, NoticeChoice } from './notice-choice.ts';
import { decideNotices, type NoticeRoom } from './notice-timing.ts';
import { NoticeKind, type AddressedNotice } from './notice.ts';
import { Train } from './train/train.ts';

const NOON = Instant.parse('2025-06-18T12:00:00.000Z');
const train = Train.parse({
  train: 'small',
  title: 'Small',
  product: 'small',
  roles: {},
  repos: {},
  people: { Ana: { slack: 'U0ANA', zone: 'America/Los_Angeles' } },
  notices: { by: 'mail', slack: { release: { tells: ['released', 'train'] } } },
});

function noticeOf(kind: NoticeKind, more: Partial<AddressedNotice> = {}): AddressedNotice {
  const notice = { id: `x ${kind}`, kind, release: null, headline: kind, lines: [], path: '/', at: NOON, duty: null };
  return { notice, to: ['ana'], isNews: false, ...more };
}

const mail = (login: string) => MailAddress.parse(`${login}@example.org`);

function room(change: Partial<NoticeRoom> & { readonly choice?: Partial<NoticeChoice> } = {}): NoticeRoom {
  const { choice = {}, ...rest } = change;
  return {
    train,
    choices: new Map([['ana', { ...NO_CHOICE, quiet: 'none', mail: mail('ana'), ...choice }]]),
    now: NOON,
    open: { mail: true, mention: true, rooms: ['release'] },
    ...rest,
  };
}

describe('who is told', () => {
  it('is whom it concerns, once whatever the case of the login, by the channel of the kind', () => {
    const told = decideNotices([noticeOf('approval', { to: ['ana', 'Ana', 'ANA'] })], room());
    expect(told).toMatchObject([
      { address: { channel: 'mail', address: 'ana@example.org' }, notBefore: NOON, calls: [] },
    ]);
    const own = room({ choice: { by: 'slack', kinds: { approval: { by: 'mention' } }, room: null } });
    expect(decideNotices([noticeOf('approval'), noticeOf('needs-you')], own)).toMatchObject([
      { address: { channel: 'mention', release: null }, calls: ['ana'] },
      { address: { channel: 'slack', room: 'release' }, calls: ['U0ANA'] },
    ]);
  });

  it('is nobody who wished to be left alone, nor anybody where nobody wished anything', () => {
    expect(decideNotices([noticeOf('approval')], room({ choice: { by: 'none' } }))).toEqual([]);
    const unsaid = { notices: undefined, people: {} };
    expect(decideNotices([noticeOf('approval')], room({ train: unsaid, choices: new Map() }))).toEqual([]);
  });

  it('is called on the forge where their channel fails and they must act, and kept as untold otherwise', () => {
    const noMail = room({ choice: { mail: null } });
    expect(decideNotices([noticeOf('approval'), noticeOf('released')], noMail)).toMatchObject([
      { address: { channel: 'mention' }, calls: ['ana'], why: null },
      { address: null, why: 'no mail address of ana is known: signalbox notify set --mail' },
    ]);
    const noForge = room({ choice: { mail: null }, open: { mail: true, mention: false, rooms: [] } });
    expect(decideNotices([noticeOf('approval')], noForge)).toMatchObject([{ address: null }]);
    const noServer = room({ open: { mail: false, mention: false, rooms: [] } });
    expect(decideNotices([noticeOf('approval')], noServer)[0]?.why).toContain('SIGNALBOX_SMTP_URL is not set');
  });

  it('is told in a room of news, and who would be told there besides is called in it instead', () => {
    const inRoom = room({ choice: { by: 'slack', kinds: { train: { when: 'digest' } } } });
    const told = decideNotices([noticeOf('released', { isNews: true }), noticeOf('train', { isNews: true })], inRoom);
    expect(told.map(({ who, calls, address }) => [who, calls, address])).toEqual([
      [null, ['U0ANA'], { channel: 'slack', room: 'release' }],
      [null, [], { channel: 'slack', room: 'release' }],
    ]);
    expect(decideNotices([noticeOf('released')], inRoom)).toMatchObject([{ who: 'ana' }]);
    const [closed] = decideNotices(
      [noticeOf('released', { isNews: true, to: [] })],
      room({ open: { mail: true, mention: true, rooms: [] } }),
    );
    expect(closed?.why).toContain('SIGNALBOX_SLACK_RELEASE_URL is not set');
  });

  it('is one and the same notice whatever the channel, so that a change of it tells nobody twice', () => {
    const [first] = decideNotices([noticeOf('approval')], room());
    const [second] = decideNotices([noticeOf('approval', { to: ['ANA'] })], room({ choice: { by: 'mention' } }));
    const [other] = decideNotices([noticeOf('approval', { to: ['ben'] })], room());
    expect(second?.id).toBe(first?.id);
    expect(other?.id).not.toBe(first?.id);
  });
});

describe('when somebody is told', () => {
  const zones = ['UTC', 'America/Los_Angeles', 'Europe/Berlin', 'Australia/Lord_Howe'];
  const anyChoice = fc
    .record({
      zone: fc.constantFrom(null, ...zones),
      quiet: fc.constantFrom(null, 'none', { from: '22:00', to: '07:00' }, { from: '01:00', to: '03:30' }),
      digest: fc.constantFrom(null, { at: '02:30', days: ['sun'] }, { at: '23:15' }, { at: '09:00', days: ['mon'] }),
      when: fc.constantFrom('at-once', 'digest', undefined),
    })
    .map(({ when, ...rest }) =>
      NoticeChoice.parse({
        ...NO_CHOICE,
        ...rest,
        digest: rest.digest === null ? null : { days: ['mon', 'tue', 'wed', 'thu', 'fri'], ...rest.digest },
        mail: 'ana@example.org',
        kinds: when === undefined ? {} : Object.fromEntries(NoticeKind.options.map((kind) => [kind, { when }])),
      }),
    );
  // Around the days on which clocks are set, and in between.
  const anyNow = fc
    .tuple(
      fc.constantFrom('2025-03-09T00:00:00Z', '2025-03-30T00:00:00Z', '2025-10-26T00:00:00Z', '2025-11-02T00:00:00Z'),
      fc.integer({ min: -3 * 1440, max: 3 * 1440 }),
    )
    .map(([around, minutes]) => addSeconds(Instant.parse(around), minutes * 60));

  it('is never in their quiet hours, never before it happened, and within nine days', () => {
    fc.assert(
      fc.property(anyChoice, anyNow, fc.constantFrom(...NoticeKind.options), (choice, now, kind) => {
        const [told] = decideNotices([noticeOf(kind)], room({ choice, now }));
        if (told === undefined) throw new Error('nobody is told');
        const { zone, quiet } = hoursOf(train, 'ana', choice);
        expect(quiet !== null && isQuiet(zone, quiet, told.notBefore)).toBe(false);
        const wait = epochMillis(told.notBefore) - epochMillis(now);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(9 * 86_400_000);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same digest for all that happens between two of them', () => {
    const choice: Partial<NoticeChoice> = {
      zone: TimeZone.parse('Europe/Berlin'),
      kinds: { released: { when: 'digest' } },
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 * 3600 - 1 }), (seconds) => {
        // Wednesday 09:00 in Berlin to just before Thursday's.
        const now = instantOf(Date.UTC(2025, 5, 18, 7) + seconds * 1000);
        const [told] = decideNotices([noticeOf('released')], room({ choice, now }));
        expect(told?.notBefore).toBe('2025-06-19T07:00:00.000Z');
      }),
    );
  });

  it('is the next digest day after a weekend', () => {
    const friday = Instant.parse('2025-06-20T20:00:00Z');
    const [told] = decideNotices([noticeOf('candidate')], room({ now: friday }));
    expect(told?.notBefore).toBe('2025-06-23T16:00:00.000Z');
  });
});
