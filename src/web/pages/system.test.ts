import { describe, expect, it } from 'vitest';
import { SystemView } from '../../api/views/system.ts';
import { actionsOf, textOfDoc } from '../../testing/doc-text.ts';
import { roomOf, VIEWED_AT } from '../../testing/pick-views.ts';
import { systemDoc } from './system.ts';

const viewOf = (changes: Record<string, unknown> = {}): SystemView =>
  SystemView.parse({
    checks: [{ name: 'ledger', state: 'pass', text: '12 entries, every hash holds', fix: null }],
    webhooks: [],
    jobs: { known: true, waiting: 0, running: 0, dead: [] },
    locks: { known: true, held: [] },
    ...changes,
  });

describe('the page of the system', () => {
  it('says that all is well only when all is known and well', () => {
    expect(textOfDoc(systemDoc(viewOf(), roomOf()))).toContain('[pass] All is well');
    const unread = systemDoc(viewOf({ jobs: { known: false, reason: 'the database is away' } }), roomOf());
    expect(unread.title).toBe('(1) System');
    expect(textOfDoc(unread)).toContain('[no-data] The jobs could not be read: the database is away');
    const webhooks = [{ name: 'webhook core', state: 'no-data', text: 'may not be read', fix: 'another token' }];
    // What is not known is not called failing, nor the other way round.
    expect(textOfDoc(systemDoc(viewOf({ webhooks }), roomOf()))).toContain('[no-data] 1 thing needs attention');
    const checks = [...webhooks, { name: 'ledger', state: 'failing', text: 'entry 3 is changed', fix: null }];
    expect(textOfDoc(systemDoc(viewOf({ checks }), roomOf()))).toContain('[failing] 2 things need attention');
  });

  it('has dead jobs and held locks with what moves them, for release managers', () => {
    const view = viewOf({
      jobs: {
        known: true,
        waiting: 1,
        running: 0,
        dead: [{ id: 'a/b', queue: 'deliveries', what: '<b>issue</b>', error: 'x'.repeat(5000), diedAt: VIEWED_AT }],
      },
      locks: {
        known: true,
        held: [
          { key: 'release:2.8.0', holder: 'ci-1 pid 7', since: VIEWED_AT },
          { key: 'something else', holder: 'x', since: VIEWED_AT },
        ],
      },
    });
    const actions = actionsOf(systemDoc(view, roomOf()));
    expect(actions.map(({ href, command, barred }) => ({ href, command, barred }))).toEqual([
      { href: '/system/jobs/a%2Fb/revive', command: 'signalbox bot revive a/b', barred: null },
      { href: '/r/2.8.0/unlock', command: 'signalbox release unlock 2.8.0 -m REASON', barred: null },
    ]);
    expect(actionsOf(systemDoc(view, roomOf({}, 'alice'))).every(({ barred }) => barred !== null)).toBe(true);
    expect(textOfDoc(systemDoc(view, roomOf())).length).toBeLessThan(3000);
  });
});
