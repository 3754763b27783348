import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Train } from '../domain/train/train.ts';
import { cliRun, type CliRan } from '../testing/cli-terminal.ts';
import { smallTrain, TRAIN_DIGEST } from '../testing/engine-world.ts';
import { memoryApp } from '../testing/memory-app.ts';
import type { App } from './app.ts';
import { releaseStatus } from './status.ts';
import { syncIcs } from './sync-ics.ts';
import { todo } from './todo.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { Instant } from '../domain/instant.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const train = Train.parse({
  ...smallTrain,
  title: 'Small; the | train',
  workstreams: {
    'release-eng': { title: 'Release Eng', poc: ['olga'], deputies: ['pim'] },
    docs: { title: 'Docs' },
  },
  people: { olga: { away: [{ from: '2025-06-20', to: '2025-06-30' }] } },
  launchSync: { weekday: 'tue', at: '09:00', zone: 'Europe/Berlin', link: 'https://meet.example/1' },
  calendar: {
    cadence: { '2.8': { cut: { on: '2025-06-12' }, release: { on: '2025-07-09' } } },
    milestones: [
      { id: 'M4', title: 'Final candidate', anchor: 'release', days: -10, owner: 'release-eng' },
      { id: 'M6', title: 'Everything', anchor: 'release', days: 10 },
    ],
  },
});

let app: App;
const NOW = '2025-06-24T14:00:04Z';
const go = (...argv: readonly string[]): Promise<CliRan> => cliRun(argv, { app, now: NOW });

beforeEach(async () => {
  app = memoryApp({ loaded: { train, digest: TRAIN_DIGEST } });
  await go('release', 'create', '2.8.0', '--yes');
});

/** The lines of a part of a paper, its head left out. */
function part(text: string, head: string): readonly string[] {
  const [, after = ''] = text.split(new RegExp(String.raw`^## ${head}(?: \(\d+\))?\n`, 'mu'));
  return (after.split(/^## /mu)[0] ?? '').split('\n').filter((line) => line !== '');
}

describe('people agenda', () => {
  it('has a line for each gate that blocks, and none for another: what status says', async () => {
    const { out, code } = await go('people', 'agenda', '2.8.0');
    expect(code).toBe(0);
    const { blocking } = await releaseStatus(app, RELEASE);
    expect(blocking.length).toBeGreaterThan(0);
    const lines = part(out, 'Blockers');
    expect(lines).toHaveLength(blocking.length);
    for (const { id, fix } of blocking) {
      const line = lines.find((each) => each.startsWith(`- \`${id}\``));
      expect(line).toContain(fix ?? '');
      expect(part(out, 'Minutes').join('\n')).toContain(`| \`${id}\` |`);
    }
  });

  it('says which meeting it is, when and where, and what is due until the one after the next', async () => {
    const { out } = await go('people', 'agenda', '2.8.0');
    expect(out.split('\n')[0]).toBe(String.raw`# Small; the \| train 2.8.0: release sync 3 of 4`);
    expect(out).toContain('Tue 1 Jul 09:00 Europe/Berlin (07:00 UTC), 30 minutes, https://meet.example/1');
    expect(part(out, 'Due')).toEqual(['- 29 Jun 17:00 UTC (in 5 d): M4 Final candidate; Release Eng @pim']);
    expect(part(out, 'Minutes')[0]).toBe('Present: @ana, @ben, @cleo, @pim');
  });

  it('shows what people wrote letter by letter: it calls nobody and makes no markup', async () => {
    await go('release', 'freeze', '-m', 'see <img src=x> | @everyone `x` # [a](https://b.example)', '--yes');
    const { out } = await go('people', 'agenda', '2.8.0');
    expect(out).toContain('Frozen by @ana: see &lt;img src=x&gt;');
    expect(out).not.toContain('@everyone');
    expect(out).not.toContain('](https://b.example)');
  });

  it('is a document for machines too', async () => {
    const ran = await go('people', 'agenda', '2.8.0', '--json');
    const { data, schema } = z
      .object({ schema: z.string(), data: z.object({ text: z.string() }) })
      .parse(JSON.parse(ran.out));
    expect(schema).toBe('signalbox.people-agenda/1');
    expect(data.text).toContain('## Blockers');
  });

  it('says that there is no meeting where the train plans none', async () => {
    const { launchSync: _none, ...rest } = train;
    app = memoryApp({ loaded: { train: rest, digest: TRAIN_DIGEST } });
    await go('release', 'create', '2.8.0', '--yes');
    expect((await go('people', 'agenda', '2.8.0')).out).toContain(
      'No meeting is planned: the train file has no launchSync.',
    );
    const refused = syncIcs(rest, RELEASE, Instant.parse(NOW));
    expect(refused.ok ? '' : refused.problems[0].text).toContain(
      'the train file has no launchSync. Next: set it: launchSync:',
    );
  });
});

describe('people handover', () => {
  it('names who does what, who is away, and what each person owes: what todo says', async () => {
    const { out, code } = await go('people', 'handover', '2.8.0');
    expect(code).toBe(0);
    expect(part(out, 'Who')).toEqual([
      '- Release managers: @ana, @ben, @cleo',
      '- Approvers: @dora',
      '- Release Eng: @pim (stands in)',
      '- Docs: nobody is named',
      '- Away: @olga, 20 Jun to 30 Jun',
    ]);
    const { people } = await todo(app, { release: RELEASE });
    const duties = people.flatMap((person) => person.duties);
    expect(duties.length).toBeGreaterThan(0);
    expect(part(out, 'Owed').filter((line) => line.startsWith('  - '))).toHaveLength(duties.length);
    expect(part(out, 'Owed').filter((line) => line.startsWith('- @'))).toHaveLength(people.length);
  });

  it('tells what was opened by decision, by whom and until when', async () => {
    await go('gate', 'waive', '2.8.0', 'people', '-m', 'docs are written later', '--until', '7d', '--yes');
    expect(part((await go('people', 'handover', '2.8.0')).out, 'Opened by decision')).toEqual([
      expect.stringMatching(/^- `people`, by @ana until 1 Jul .* UTC: docs are written later$/u),
    ]);
  });
});

describe('people syncs', () => {
  const made = syncIcs(train, RELEASE, Instant.parse('2025-06-01T00:00:00Z'));
  const text = made.ok ? made.value : '';
  const lines = text.replaceAll(/\r\n[ \t]/gu, '').split('\r\n');
  const of = (name: string): readonly string[] => lines.filter((line) => line.startsWith(`${name}:`));

  it('is one entry a meeting, in UTC, with ids that stay', () => {
    expect(of('UID')).toEqual(
      ['2025-06-17', '2025-06-24', '2025-07-01', '2025-07-08'].map((day) => `UID:small-2.8.0-sync-${day}@signalbox`),
    );
    expect(of('DTSTART')).toEqual(
      ['20250617', '20250624', '20250701', '20250708'].map((day) => `DTSTART:${day}T070000Z`),
    );
    expect(of('DTEND')[0]).toBe('DTEND:20250617T073000Z');
    expect(of('SUMMARY')[2]).toBe(String.raw`SUMMARY:Small\; the | train 2.8.0: release sync 3 of 4`);
    expect(of('STATUS')).toEqual(Array.from({ length: 4 }, () => 'STATUS:CONFIRMED'));
  });

  it('keeps to the form of RFC 5545: CRLF, lines of at most 75 octets', () => {
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(lines.at(-2)).toBe('END:VCALENDAR');
  });
});
