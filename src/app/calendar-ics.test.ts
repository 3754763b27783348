import { expect, it } from 'vitest';
import { Instant } from '../domain/instant.ts';
import { Train } from '../domain/train/train.ts';
import { calendarIcs } from './calendar-ics.ts';

const train = Train.parse({
  train: 'acme',
  title: 'Acme; the, one',
  product: 'acme',
  roles: { 'release-manager': [], approver: [] },
  repos: {},
  calendar: {
    cadence: {
      '2.8': {
        cut: { on: '2026-06-24' },
        release: {
          on: '2026-07-30',
          moved: [
            {
              on: '2026-07-10',
              from: '2026-07-23',
              to: '2026-07-30',
              by: 'ana',
              why: 'a very long reason, with 日本語 in it, that must be folded; and\nEND:VCALENDAR',
            },
          ],
        },
        patches: [{ on: '2026-09', state: 'tentative' }, { state: 'not-planned' }],
      },
    },
  },
});
const text = calendarIcs(train, Instant.parse('2026-06-01T00:00:00Z'));
/** Unfolded lines, as RFC 5545 section 3.1 reads them. */
const lines = text.replaceAll(/\r\n[ \t]/gu, '').split('\r\n');

it('keeps to the form of RFC 5545: CRLF, lines of at most 75 octets, one calendar', () => {
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u);
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(lines.filter((line) => line === 'BEGIN:VCALENDAR' || line === 'END:VCALENDAR')).toEqual([
    'BEGIN:VCALENDAR',
    'END:VCALENDAR',
  ]);
  expect(lines.at(-2)).toBe('END:VCALENDAR');
});

it('has an entry for each planned date, with an id that stays when the date moves', () => {
  const uids = lines.filter((line) => line.startsWith('UID:'));
  expect(uids).toEqual([
    'UID:acme-2.8.0-cut@signalbox',
    'UID:acme-2.8.0-release@signalbox',
    'UID:acme-2.8.1-release@signalbox',
  ]);
  expect(lines.filter((line) => line.startsWith('SEQUENCE:'))).toEqual(['SEQUENCE:0', 'SEQUENCE:1', 'SEQUENCE:0']);
  expect(lines.filter((line) => line.startsWith('DTSTART') || line.startsWith('DTEND'))).toEqual([
    'DTSTART;VALUE=DATE:20260624',
    'DTEND;VALUE=DATE:20260625',
    'DTSTART;VALUE=DATE:20260730',
    'DTEND;VALUE=DATE:20260731',
    'DTSTART;VALUE=DATE:20260901',
    'DTEND;VALUE=DATE:20261001',
  ]);
  expect(lines.filter((line) => line.startsWith('STATUS:'))).toEqual([
    'STATUS:CONFIRMED',
    'STATUS:CONFIRMED',
    'STATUS:TENTATIVE',
  ]);
});

it('escapes what texts bring', () => {
  expect(lines).toContain(String.raw`SUMMARY:Acme\; the\, one 2.8 release branch cut`);
});
