import { join } from 'node:path';
import ICAL from 'ical.js';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { loadTrain } from '../config/load.ts';
import { shippedPresets } from '../config/sources.ts';
import { Instant } from '../domain/instant.ts';
import { Calendar } from '../domain/train/calendar.ts';
import { LaunchSync } from '../domain/train/launch-sync.ts';
import { Train } from '../domain/train/train.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { calendarIcs } from './calendar-ics.ts';
import { syncIcs } from './sync-ics.ts';

/** The calendar file as a foreign reader and the rules of RFC 5545 see it. */
const NOW = Instant.parse('2025-07-14T12:00:00Z');

async function pytorch(): Promise<Train> {
  const loaded = await loadTrain(join(shippedPresets(), 'pytorch', 'train.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value.train;
}

function eventsIn(text: string): readonly ICAL.Event[] {
  const parsed = z.array(z.unknown()).parse(ICAL.parse(text));
  return new ICAL.Component(parsed).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
}

const CONTENT_LINE = /^[A-Z-]+(;[A-Z-]+=("[^"]*"|[^;:"]*))*:[^\p{Cc}]*$/u;

function count(event: readonly string[], name: string): number {
  return event.filter((line) => line.startsWith(`${name}:`) || line.startsWith(`${name};`)).length;
}

/** What RFC 5545 asks of every calendar of this kind; each broken rule in words. */
function faultsIn(text: string): readonly string[] {
  const whole = text.replaceAll(/\r\n[ \t]/g, '');
  const unfolded = whole.split('\r\n');
  const events = whole
    .split('BEGIN:VEVENT\r\n')
    .slice(1)
    .map((event) => event.split('END:VEVENT')[0]?.split('\r\n') ?? []);
  const uids = events.flatMap((event) => event.filter((line) => line.startsWith('UID:')));
  return [
    ...(text.endsWith('END:VCALENDAR\r\n') ? [] : ['does not end with END:VCALENDAR and a line break']),
    ...(/[^\r]\n|\r[^\n]/.test(text) ? ['has a line break that is not CRLF'] : []),
    ...text
      .split('\r\n')
      .filter((line) => Buffer.byteLength(line) > 75)
      .map((line) => `longer than 75 octets: ${line}`),
    ...(unfolded[0] === 'BEGIN:VCALENDAR' && unfolded[1] === 'VERSION:2.0' && count(unfolded, 'PRODID') === 1
      ? []
      : ['lacks its head']),
    ...unfolded.filter((line) => line !== '' && !CONTENT_LINE.test(line)).map((line) => `no content line: ${line}`),
    ...events.flatMap((event, index) =>
      ['UID', 'DTSTAMP', 'DTSTART']
        .filter((name) => count(event, name) !== 1)
        .map((name) => `event ${index} has not one ${name}`),
    ),
    ...events.flatMap((event) =>
      event.filter((line) => line.startsWith('DTSTAMP') && !/^DTSTAMP:\d{8}T\d{6}Z$/.test(line)),
    ),
    ...(new Set(uids).size === events.length ? [] : ['a UID stands twice']),
  ];
}

it('the file of PyTorch keeps the rules of RFC 5545', async () => {
  expect(faultsIn(calendarIcs(await pytorch(), NOW))).toEqual([]);
});

it('the rules see a fault when there is one', () => {
  const broken = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\nSUMMARY:${'x'.repeat(80)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  expect(faultsIn(broken).length).toBeGreaterThan(3);
});

it('a foreign reader finds in it what the cadence says', async () => {
  const events = eventsIn(calendarIcs(await pytorch(), NOW));
  // 11 lines of four dates, 5 of which are not planned.
  expect(events).toHaveLength(11 * 4 - 5);
  const cut = events.find((event) => event.uid === 'pytorch-2.10.0-cut@signalbox');
  expect([cut?.summary, cut?.startDate.toString(), cut?.endDate.toString(), cut?.startDate.isDate]).toEqual([
    'PyTorch 2.10 release branch cut (this month)',
    '2025-12-01',
    '2026-01-01',
    true,
  ]);
  const tentative = events.filter((event) => event.component.getFirstPropertyValue('status') === 'TENTATIVE');
  expect(tentative).toHaveLength(10);
});

it('the file is the same for the same train and moment, in every time zone', async () => {
  const train = await pytorch();
  const zone = process.env['TZ'];
  try {
    const texts = ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles'].map((name) => {
      process.env['TZ'] = name;
      return calendarIcs(train, NOW);
    });
    expect(new Set(texts).size).toBe(1);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

it('what people wrote stands in it, whatever it is, and breaks nothing', () => {
  const title = 'Ünïcode 🚂 BEGIN:VEVENT; a,b\\c "q"';
  const why = `line one\nEND:VEVENT\r\nBEGIN:VALARM ${'ä🚂'.repeat(60)}`;
  const moved = [{ on: '2025-07-10', from: '2025-07-23', to: '2025-07-30', by: 'ada', why }];
  const cadence = { '2.8': { cut: { on: '2025-06' }, release: { on: '2025-07-30', moved } } };
  const text = calendarIcs(
    Train.parse({ train: 'acme', title, product: 'acme', roles: {}, repos: {}, calendar: { cadence } }),
    NOW,
  );
  expect(faultsIn(text)).toEqual([]);
  const [, release] = eventsIn(text);
  expect(release?.summary).toBe(`${title} 2.8.0 release`);
  expect(release?.description).toBe(
    `2025-07-10: moved from 2025-07-23 to 2025-07-30 by ada: ${why.replace('\r\n', '\n')}`,
  );
  expect(release?.sequence).toBe(1);
});

it('the meetings of a release are read by a foreign reader at their moments, and keep every rule', async () => {
  const link = 'https://meet.example/1';
  const train: Train = {
    ...(await pytorch()),
    launchSync: LaunchSync.parse({ weekday: 'tue', at: '09:00', zone: 'America/Los_Angeles', link }),
    calendar: Calendar.parse({ cadence: { '2.8': { cut: { on: '2026-02-24' }, release: { on: '2026-03-26' } } } }),
  };
  const made = syncIcs(train, ReleaseVersion.parse('2.8.0'), NOW);
  if (!made.ok) throw new Error(made.problems[0].text);
  expect(faultsIn(made.value)).toEqual([]);
  expect(eventsIn(made.value).map(({ startDate }) => startDate.toJSDate().toISOString())).toEqual([
    '2026-03-03T17:00:00.000Z',
    '2026-03-10T16:00:00.000Z',
    '2026-03-17T16:00:00.000Z',
    '2026-03-24T16:00:00.000Z',
  ]);
});
