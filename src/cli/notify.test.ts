import { beforeEach, describe, expect, it } from 'vitest';
import { NO_CHOICE } from '../domain/notice-choice.ts';
import { cliRunOnServer } from '../testing/cli-on-server.ts';
import { cliRun, type CliRan } from '../testing/cli-terminal.ts';
import { memoryApp } from '../testing/memory-app.ts';
import type { MemoryNotifier } from '../testing/memory-notifier.ts';
import { noticesInMemory } from '../testing/notices-in-memory.ts';

describe.each([
  ['here', cliRun],
  ['on a server', cliRunOnServer],
])('notify, %s', (_where, run) => {
  let app: ReturnType<typeof memoryApp>;
  let notifier: MemoryNotifier;
  beforeEach(() => {
    const notices = noticesInMemory();
    app = memoryApp(notices);
    ({ notifier } = notices.telling);
  });
  const go = (argv: readonly string[]): Promise<CliRan> =>
    run(['notify', ...argv], { app, now: '2025-06-24T14:00:04Z' });

  it('shows how one is told, and changes it', async () => {
    const before = await go(['list']);
    expect(before.out).toMatchInlineSnapshot(`
      "How ana is told
        mail    no address
        hours   not between 21:00 and 08:00, on the clock of UTC
        digest  09:00 on mon, tue, wed, thu, fri

      KIND          BY            WHEN  TELLS
      needs-you     none (usual)  -     a gate, a pick, a reve... a plan waits for you
      approval      none (usual)  -     a plan waits for your approval
      pick-decided  none (usual)  -     a pick you asked for was decided
      plan-stopped  none (usual)  -     a plan stopped or failed half-way
      candidate     none (usual)  -     the files of a candidate are complete
      gate-changed  none (usual)  -     a gate turned to another verdict
      date-moved    none (usual)  -     the day of a release moved
      train         none (usual)  -     the train was frozen o...r a release abandoned
      released      none (usual)  -     a release is out

      Nothing was told yet.
      "
    `);
    const set = await go(['set', '--by', 'mail', '--zone', 'Europe/Berlin', '--quiet-hours', 'none', '--days', 'mon']);
    expect(set.code).toBe(0);
    await go(['set', 'released', '--by', 'none']);
    const data: unknown = JSON.parse((await go(['list', '--json'])).out);
    expect(data).toMatchObject({
      data: {
        login: 'ana',
        hours: { zone: 'Europe/Berlin', quiet: null, digest: { at: '09:00', days: ['mon'] } },
      },
    });
    const plain = (await go(['list', '--plain'])).out;
    expect(plain).toContain('\nreleased\tnone\tat-once\tchosen\n');
    expect(plain).toContain('\ncandidate\tmail\tdigest\tchosen\n');
    expect(plain.split('\n')[0]).toBe('needs-you\tmail\tat-once\tchosen');
  });

  it('sends to a mail address once its code came back, and a test to see that it arrives', async () => {
    const set = await go(['set', '--by', 'mail', '--mail', 'ana@example.org']);
    expect(set.out).toContain('no address (ana@example.org waits for its code)');
    const json = (await go(['list', '--json'])).out;
    const code = /confirm (\S+)/u.exec(notifier.sent[0]?.items[0]?.lines[0] ?? '')?.[1] ?? '';
    expect(code).toHaveLength(12);
    expect(json).not.toMatch(/[0-9a-f]{64}/u);
    expect((await go(['test'])).code).toBe(5);
    expect((await go(['confirm', code])).code).toBe(0);
    const test = await go(['test', 'released']);
    expect(test.out).toBe('✓ Sent to ana@example.org. Look whether it is there.\n');
    expect(notifier.sent).toHaveLength(2);
  });

  it('shows release managers what was told to everybody, and no address of anybody', async () => {
    const box = await app.notices();
    await box.choices.set('dora', { ...NO_CHOICE, by: 'mail' }, app.clock.now());
    const notice = {
      kind: 'released',
      release: null,
      headline: '2.8.0 is out',
      lines: [],
      path: '/',
      duty: null,
    } as const;
    const at = app.clock.now();
    const address = { channel: 'mail', address: 'ben@example.org' } as const;
    const common = { notice: { ...notice, id: 'n', at }, calls: [], notBefore: at };
    const notices = [
      { ...common, id: '1', who: 'ben', address, why: null },
      { ...common, id: '2', who: 'dora', address: null, why: 'no mail address of dora is known' },
    ];
    await box.advance(null, { state: {}, notices, at });
    const all = await go(['list', '--all', '--plain']);
    expect(all.out.split('\n').toSorted()).toEqual([
      '',
      'ben\tmail\twaiting\t2025-06-24T14:00:00Z\t2.8.0 is out\t',
      'dora\t\tnowhere\t2025-06-24T14:00:00Z\t2.8.0 is out\tno mail address of dora is known',
    ]);
    expect((await go(['list', '--all', '--json'])).out).not.toContain('example.org');
    const other = { ...app, who: () => Promise.resolve('dora') };
    expect((await run(['notify', 'list', '--all'], { app: other, now: '2025-06-24T14:00:04Z' })).code).toBe(4);
  });

  it.each([
    [['set'], 2, 'nothing to set'],
    [['set', '--quiet-hours', 'always'], 2, 'Write it as 22:00-07:00'],
    [['set', 'everything', '--by', 'mail'], 2, 'There are: needs-you'],
    [['set', '--mail', 'ana'], 2, 'Write it as name@example.org'],
    [['test', 'everything'], 2, 'no kind of notice'],
    [['test'], 5, 'ana is not told of needs-you'],
    [['confirm', 'guess'], 5, 'not the code that was sent'],
  ])('%j ends with %i', async (argv, code, text) => {
    const ran = await go(argv);
    expect([ran.code, ran.err.replaceAll(/\s+/gu, ' ')]).toEqual([code, expect.stringContaining(text)]);
  });
});
