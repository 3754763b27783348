import { describe, expect, it } from 'vitest';
import { addSeconds, CalendarDate, Instant } from '../../domain/instant.ts';
import { judgeJobs, type Job } from '../../domain/jobs.ts';
import { LedgerEvent, type LedgerEntry } from '../../domain/ledger-event.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import { known, unknown } from '../../domain/observation.ts';
import { PickRef } from '../../domain/pick.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { pickTrain } from '../../testing/pick-train.ts';
import { commitId, NOW } from '../../testing/small-train.ts';
import { standing } from '../../testing/standing-pick.ts';
import {
  decideDispensation,
  decidePickApproval,
  decidePickQuestion,
  decidePickRefusal,
  decidePickReopening,
  decidePickReply,
  decidePickWithdrawal,
  type Decision,
} from './decisions.ts';
import { decideSettledGates, type RevertStanding } from './gates.ts';
import { foldPicks, type PickRecord } from './record.ts';
import { dueReminders } from './reminders.ts';
import { stateOf, type PickObserved } from './state.ts';
import { lastClose, momentIn, sayMoment, saySpan } from './window.ts';

const train = pickTrain();
const release = ReleaseVersion.parse('2.8.0');
const pick = PickRef.parse({ repo: 'core', pr: 7, onto: 'release/2.8' });
const at = NOW;

/** Entries as the ledger gives them, one minute after the other. */
function entries(...events: readonly (readonly [string, Record<string, unknown>])[]): readonly LedgerEntry[] {
  return events.map(([actor, event], index) => ({
    train: 'acme',
    seq: index + 1,
    at: addSeconds(NOW, index * 60),
    actor,
    event: LedgerEvent.parse({ release, pick, ...event }),
    prev: null,
    hash: digestOf(String(index)),
  }));
}

const asked = ['alice', { type: 'pick-requested', class: 'docs', fixes: null, via: null }] as const;

const codeOf = (decided: ReturnType<typeof decidePickApproval>) =>
  decided.ok ? decided.value.event.type : decided.problems[0].code;

const day = (text: string) => CalendarDate.parse(text);

describe('the record of a pick', () => {
  const decidedAfter = (...events: readonly (readonly [string, Record<string, unknown>])[]) =>
    foldPicks(entries(asked, ...events)).map(({ decided }) => decided.is);

  it.each([
    ['approved', [['rita', { type: 'pick-approved', head: commitId('a') }]], 'approved'],
    ['refused', [['rita', { type: 'pick-refused', reason: 'no' }]], 'refused'],
    [
      'asked again after a refusal: it stays refused',
      [['rita', { type: 'pick-refused', reason: 'no' }], asked],
      'refused',
    ],
    [
      'taken back to review',
      [
        ['rita', { type: 'pick-refused', reason: 'no' }],
        ['rita', { type: 'pick-reopened', reason: 'ok' }],
      ],
      'open',
    ],
    ['asked again after a question', [['rita', { type: 'pick-needs-info', question: '?' }], asked], 'open'],
    ['withdrawn', [['alice', { type: 'pick-withdrawn', reason: '' }]], 'withdrawn'],
    ['asked again after that', [['alice', { type: 'pick-withdrawn', reason: '' }], asked], 'open'],
    ['late', [['bot', { type: 'pick-late', closedAt: at }]], 'late'],
    [
      'let in after it was late',
      [
        ['bot', { type: 'pick-late', closedAt: at }],
        ['rita', { type: 'pick-dispensation', reason: 'crash', until: at }],
      ],
      'open',
    ],
    ['superseded', [['rita', { type: 'pick-superseded', by: { ...pick, pr: 8 }, reason: 'whole fix' }]], 'superseded'],
  ] as const)('is %s', (_name, events, is) => expect(decidedAfter(...events)).toEqual([is]));

  it('keeps who asked first and when, takes the last class, and tells releases apart', () => {
    const again = ['bob', { type: 'pick-requested', class: 'critical', fixes: '#1', via: 'x' }] as const;
    const later = ['bob', { type: 'pick-requested', class: 'docs', fixes: null, via: null, release: '2.8.1' }] as const;
    expect(foldPicks(entries(asked, again, later))).toMatchObject([
      { release: '2.8.0', askedBy: 'alice', askedAt: addSeconds(NOW, 0), class: 'critical', fixes: '#1' },
      { release: '2.8.1', askedBy: 'bob' },
    ]);
  });

  it('passes over decisions about what nobody asked for', () =>
    expect(foldPicks(entries(['rita', { type: 'pick-refused', reason: 'no' }]))).toEqual([]));

  it.each([
    ['a refusal without a reason', { type: 'pick-refused', reason: '' }],
    ['an approval without a head', { type: 'pick-approved' }],
    ['a class with a line end', { type: 'pick-requested', class: 'a\nb', fixes: null, via: null }],
    ['a branch that is an option', { type: 'pick-withdrawn', reason: '', pick: { ...pick, onto: '--x' } }],
    ['a word that no event has', { type: 'pick-withdrawn', reason: '', extra: 1 }],
  ])('the ledger takes no %s', (_name, event) =>
    expect(LedgerEvent.safeParse({ release, pick, ...event }).success).toBe(false),
  );
});

const { record, seen } = standing();
const head = commitId('a');
const job = (state: Job['state']): Job => ({
  name: 'j',
  state,
  attempts: 1,
  startedAt: null,
  finishedAt: null,
  link: null,
});
const pullWith = (
  state: Job['state'] | null,
  change: Partial<NonNullable<PickObserved['pull']>> = {},
): PickObserved['pull'] => ({
  does: 'pick',
  number: 9,
  state: 'open',
  head,
  link: 'x',
  jobs: state === null ? null : judgeJobs({ jobs: ['*'] }, [job(state)]),
  ...change,
});
const approved: PickRecord['decided'] = { is: 'approved', by: 'rita', at, head };
const refused: PickRecord['decided'] = { is: 'refused', by: 'rita', at, text: 'no' };

/** What the line has is to be taken back there. */
const REVERT = { does: 'revert' } as const;

describe('the state of a pick', () => {
  it.each([
    ['waits-for-merge', {}, { isMerged: false, pull: null }],
    ['requested', {}, { pull: null }],
    ['conflict', {}, { pull: null, conflict: { conflicts: [], prerequisites: [] } }],
    ['needs-review', {}, { pull: pullWith(null), conflict: { conflicts: [], prerequisites: [] } }],
    ['approved', { decided: approved }, { pull: pullWith(null) }],
    ['in-ci', { decided: approved }, { pull: pullWith('running') }],
    ['in-ci', { decided: approved }, { pull: pullWith('red') }],
    ['approved', { decided: approved }, { pull: pullWith('green') }],
    ['needs-review', { decided: approved }, { pull: pullWith('green', { head: commitId('b') }) }],
    ['landed', { decided: approved }, { pull: pullWith('green', { state: 'merged' }) }],
    ['landed', { decided: refused }, { landedBy: commitId('c') }],
    ['in-rc', {}, { landedBy: commitId('c'), candidate: CandidateVersion.parse('2.8.0-rc1') }],
    ['released', {}, { landedBy: commitId('c'), candidate: CandidateVersion.parse('2.8.0-rc1'), released: release }],
    [
      'needs-review',
      { decided: approved },
      { landedBy: commitId('c'), pull: pullWith(null, { ...REVERT, head: commitId('b') }) },
    ],
    ['approved', { decided: approved }, { landedBy: commitId('c'), pull: pullWith('green', REVERT) }],
    ['refused', { decided: refused }, { landedBy: commitId('c'), pull: pullWith(null, REVERT) }],
    ['landed', { decided: refused }, { landedBy: commitId('c'), pull: pullWith(null, { ...REVERT, state: 'closed' }) }],
    ['refused', { decided: refused }, {}],
    ['taken-back', { decided: approved }, { takenBack: commitId('d'), pull: pullWith('green', { state: 'merged' }) }],
    [
      'needs-review',
      { decided: approved },
      { takenBack: commitId('d'), pull: pullWith(null, { head: commitId('b') }) },
    ],
  ] as const)('is %s', (state, decided, world) =>
    expect(stateOf({ ...record, ...decided }, { ...seen, ...world })).toBe(state),
  );

  it.each([
    ['the author', { pull: null, conflict: { conflicts: [], prerequisites: [] } }, {}, ['alice']],
    ['release managers', {}, {}, ['rita']],
    ['the author, when CI is red', { pull: pullWith('red') }, { decided: approved }, ['alice']],
    ['nobody, once it landed', { landedBy: commitId('c') }, {}, []],
  ] as const)('is owned by %s', (_name, world, decided, owners) =>
    expect(standing({ seen: world, record: decided }).owners).toEqual(owners),
  );
});

describe('decisions', () => {
  const decision = (changes: Partial<Decision> = {}): Decision => ({
    train,
    release,
    pick,
    who: 'rita',
    now: NOW,
    record,
    seen,
    ...changes,
  });

  it.each([
    ['a release manager', {}, 'pick-approved'],
    ['a release manager in another case', { who: 'Rita' }, 'pick-approved'],
    ['somebody else', { who: 'mallory' }, 'not-a-release-manager'],
    ['the author, manager or not', { who: 'rita', seen: { ...seen, author: 'Rita' } }, 'own-change'],
    ['a manager without a pull request to look at', { seen: { ...seen, pull: null } }, 'nothing-to-approve'],
    ['a manager of what nobody asked for', { record: null }, 'no-such-pick'],
    ['a manager of what was refused', { record: { ...record, decided: refused } }, 'already-decided'],
    ['a manager of what has landed', { seen: { ...seen, landedBy: commitId('c') } }, 'already-decided'],
  ] as const)('approval by %s', (_name, changes, code) =>
    expect(codeOf(decidePickApproval(decision(changes)))).toBe(code),
  );

  it('an approval is bound to the head that was looked at', () =>
    expect(decidePickApproval(decision())).toMatchObject({ value: { actor: 'rita', event: { head } } }));

  it.each([
    ['refuse: a manager', decidePickRefusal(decision(), ' no '), 'pick-refused'],
    ['refuse: the author', decidePickRefusal(decision({ who: 'alice' }), 'no'), 'not-a-release-manager'],
    ['needs-info: a manager', decidePickQuestion(decision(), 'why?'), 'pick-needs-info'],
    ['needs-info: somebody', decidePickQuestion(decision({ who: 'zed' }), 'why?'), 'not-a-release-manager'],
    [
      'reopen: a manager after a refusal',
      decidePickReopening(decision({ record: { ...record, decided: refused } }), 'ok'),
      'pick-reopened',
    ],
    [
      'reopen: the author after a refusal',
      decidePickReopening(decision({ who: 'alice', record: { ...record, decided: refused } }), 'ok'),
      'not-a-release-manager',
    ],
    [
      'reopen: the author after a question',
      decidePickReopening(
        decision({ who: 'alice', record: { ...record, decided: { is: 'needs-info', by: 'rita', at, text: '?' } } }),
        'ok',
      ),
      'pick-reopened',
    ],
    ['reopen: what is open', decidePickReopening(decision(), 'ok'), 'already-decided'],
    ['withdraw: the author', decidePickWithdrawal(decision({ who: 'alice' }), ''), 'pick-withdrawn'],
    ['withdraw: a stranger', decidePickWithdrawal(decision({ who: 'mallory' }), ''), 'not-yours-to-withdraw'],
    [
      'withdraw: what has landed',
      decidePickWithdrawal(decision({ who: 'alice', seen: { ...seen, landedBy: commitId('c') } }), ''),
      'already-decided',
    ],
  ])('%s', (_name, decided, code) => expect(codeOf(decided)).toBe(code));

  const asks = { is: 'needs-info', by: 'rita', at, text: '?' } as const;

  it.each([
    ['the author answers a question', 'alice', asks, false, 'since 2.7', true],
    ['who asked the question goes on talking', 'rita', asks, false, 'and which one?', false],
    ['a stranger answers', 'mallory', asks, false, 'since 2.7', false],
    ['nothing is said', 'alice', asks, false, ' \n', false],
    ['the author names the regression after a refusal', 'alice', refused, false, 'it fixes #157999', true],
    ['by its address', 'alice', refused, false, 'see https://forge.example/acme/core/issues/5', true],
    ['the author says thanks', 'alice', refused, false, 'ok, thanks', false],
    ['the author tries a second time', 'alice', refused, true, 'it fixes #157999', false],
    ['a stranger names it', 'mallory', refused, false, 'it fixes #157999', false],
    ['nobody was asked', 'alice', { is: 'open' } as const, false, 'it fixes #157999', false],
  ])('a plain comment: %s', (...[, who, decided, appealed, comment, taken]) => {
    const draft = decidePickReply(decision({ who, record: { ...record, decided, appealed } }), comment);
    expect(draft?.event.type ?? null).toBe(taken ? 'pick-reopened' : null);
  });

  const dispense = (changes: Partial<Decision>, until = addSeconds(NOW, 86_400)) =>
    codeOf(
      decideDispensation(decision(changes), {
        reason: 'crash',
        until,
        ends: { 'M3.1': null, M4: addSeconds(NOW, -60), P1: addSeconds(NOW, -60) },
      }),
    );

  it.each([
    ['a named release manager', {}, 'pick-dispensation'],
    ['the author', { who: 'alice' }, 'not-a-release-manager'],
    ['a manager for the own change', { seen: { ...seen, author: 'rita' } }, 'own-change'],
    ['a manager against a final deadline', { release: ReleaseVersion.parse('2.8.1') }, 'dispensation-impossible'],
    ['a manager for what nobody asked for', { record: null }, 'no-such-pick'],
  ] as const)('TRK-06: a dispensation by %s', (_name, changes, code) => expect(dispense(changes)).toBe(code));

  it('TRK-06: a dispensation that is over before it begins is none', () =>
    expect(dispense({}, NOW)).toBe('already-decided'));
});

describe('the gates before the final candidate', () => {
  const judged = { train, waivers: [], declined: [], now: NOW };
  const revert: RevertStanding = {
    repo: 'core',
    change: { pr: 5, title: 'New layout', author: 'bob' },
    revert: commitId('e'),
    revertedAt: addSeconds(NOW, -30 * 3600),
    onLine: { by: commitId('d'), proof: 'patch-id', ambiguous: false },
    takenBack: null,
    relanded: null,
  };
  const gates = (picks: readonly ReturnType<typeof standing>[], reverts: readonly RevertStanding[], more = {}) =>
    decideSettledGates(
      { release, picks: known(picks, NOW, 'x'), reverts: known(reverts, NOW, 'x') },
      { ...judged, ...more },
    );

  it.each([
    ['none was asked for', [], 'pass', 'no pick was asked for'],
    [
      'all landed or were declined',
      [standing({ landedBy: commitId('c') }), standing({ refused: 'no' })],
      'pass',
      '2 picks settled, none open',
    ],
    ['one waits for a release manager', [standing()], 'needs-you', '1 pick open: 1 needs-review'],
    [
      'one conflicts',
      [standing({ seen: { pull: null, conflict: { conflicts: [], prerequisites: [] } } }), standing()],
      'failing',
      '2 picks open: 1 conflict, 1 needs-review',
    ],
    [
      'one is in CI',
      [standing({ record: { decided: approved }, seen: { pull: pullWith('running') } })],
      'running',
      '1 pick open: 1 in-ci',
    ],
    [
      'CI of one is red',
      [standing({ record: { decided: approved }, seen: { pull: pullWith('red') } })],
      'needs-you',
      '1 pick open: 1 in-ci',
    ],
    [
      'one waits for its merge',
      [standing({ seen: { isMerged: false, pull: null } })],
      'failing',
      '1 pick open: 1 waits-for-merge',
    ],
  ] as const)('picks-settled when %s', (_name, picks, verdict, summary) =>
    expect(gates(picks, [])[0]).toMatchObject({ id: 'picks-settled', verdict, summary }),
  );

  it('picks-settled names who must act, since when, and each pick', () =>
    expect(gates([standing()], [])[0]).toMatchObject({
      owners: ['rita'],
      since: '2026-06-01T12:00:00Z',
      fix: 'signalbox pick list 2.8.0',
      evidence: [{ text: 'core/7>release/2.8 needs-review since 2026-06-01, regression' }],
    }));

  it.each([
    ['nothing was reverted', {}, [], 'pass'],
    ['REV-08: main landed it again', { relanded: commitId('f') }, [1], 'pass'],
    ['REV-11: only a candidate of another line has it', { onLine: null }, [1], 'pass'],
    ['the line took it back too', { takenBack: commitId('f') }, [1], 'pass'],
    ['the line has it still', {}, [1], 'failing'],
    ['that is not proven', { onLine: { by: commitId('d'), proof: 'title', ambiguous: true } }, [1], 'needs-you'],
    ['a reland is still waited for', { revertedAt: addSeconds(NOW, -3600) }, [1], 'queued'],
  ] as const)('reverts-settled when %s', (_name, change, count, verdict) =>
    expect(
      gates(
        [],
        count.map(() => ({ ...revert, ...change })),
      )[1],
    ).toMatchObject({ id: 'reverts-settled', verdict }),
  );

  it('reverts-settled is open once a person has decided to keep the change, with a reason', () => {
    const declined = [{ repo: 'core', revert: commitId('e'), by: 'rita', reason: 'flaky test only' }];
    expect(gates([], [revert], { declined })[1]).toMatchObject({
      verdict: 'pass',
      summary: 'no revert on main is missing, 1 kept by decision',
    });
    expect(gates([], [{ ...revert, repo: 'vision' }], { declined })[1]?.verdict).toBe('failing');
  });

  it('neither is open on what is not known', () => {
    const facts = { release, picks: unknown('403', NOW, 'x'), reverts: unknown('down', NOW, 'x') };
    expect(decideSettledGates(facts, judged).map(({ verdict }) => verdict)).toEqual(['no-data', 'no-data']);
  });
});

describe('reminders', () => {
  const closesAt = addSeconds(NOW, 100 * 3600);
  const ends = { 'M3.1': null, M4: closesAt, P1: null };
  const phases = pickTrain({
    phases: [{ id: 'one', title: 'One', releases: 'minor', classes: ['docs'], until: 'M4' }],
  });
  const due = (hoursLeft: number, reminded: PickRecord['reminded'] = [], end = ends) =>
    dueReminders([standing({ record: { reminded } })], {
      train: phases,
      ends: end,
      now: addSeconds(closesAt, -hoursLeft * 3600),
    }).map(({ hours }) => hours);
  const sent = (...hours: readonly number[]) => hours.map((one) => ({ hours: one, closesAt }));

  it.each([
    [73, [], []],
    [72, [], [72]],
    [71, sent(72), []],
    [24, sent(72), [24]],
    [23, [], [24]],
    [4, sent(72, 24), [4]],
    [1, sent(72), [4]],
    [1, sent(72, 24, 4), []],
    [0, sent(72, 24, 4), []],
    [-1, [], []],
  ])('%i hours before the end, sent %j: %j', (left, reminded, hours) => expect(due(left, reminded)).toEqual(hours));

  it('begin again when the end is moved', () =>
    expect(due(71, [{ hours: 72, closesAt: addSeconds(closesAt, -86_400) }])).toEqual([72]));

  it('go to who can act, and to nobody about what is settled', () => {
    const now = addSeconds(closesAt, -3600);
    const reminders = dueReminders([standing(), standing({ refused: 'no' }), standing({ landedBy: commitId('c') })], {
      train: phases,
      ends,
      now,
    });
    expect(reminders).toMatchObject([{ to: ['rita'], record: { type: 'pick-reminded', hours: 4, closesAt } }]);
  });
});

describe('time', () => {
  it.each([
    ['2026-07-14', 'UTC', '2026-07-14T17:00:00.000Z'],
    ['2026-07-14', 'America/Los_Angeles', '2026-07-15T00:00:00.000Z'],
    ['2026-01-14', 'America/Los_Angeles', '2026-01-15T01:00:00.000Z'],
    ['2026-03-08', 'America/Los_Angeles', '2026-03-09T00:00:00.000Z'],
    ['2026-07-14', 'Asia/Kolkata', '2026-07-14T11:30:00.000Z'],
  ])('%s ends in %s at %s', (date, zone, expected) => expect(momentIn(day(date), '17:00', zone)).toBe(expected));

  it('of a time that comes twice the later is meant', () =>
    expect(momentIn(day('2026-11-01'), '01:30', 'America/Los_Angeles')).toBe('2026-11-01T09:30:00.000Z'));

  it('a time that the clocks skip is taken an hour later', () =>
    expect(momentIn(day('2026-03-08'), '02:30', 'America/Los_Angeles')).toBe('2026-03-08T10:30:00.000Z'));

  it('is said in the zone of the train', () => {
    expect(sayMoment(Instant.parse('2025-07-14T17:00:00Z'), 'UTC')).toBe('Mon 14 Jul 2025 17:00 UTC');
    expect(sayMoment(Instant.parse('2025-09-14T17:00:00Z'), 'Europe/Berlin')).toBe(
      'Sun 14 Sep 2025 19:00 Europe/Berlin',
    );
    expect([60, 3660, 90_000, 86_400].map((seconds) => saySpan(NOW, addSeconds(NOW, seconds)))).toEqual([
      '1 min',
      '1 h 1 min',
      '1 d 1 h',
      '1 d',
    ]);
  });

  it('the last end counts, also while an earlier phase runs', () => {
    const ends = { 'M3.1': addSeconds(NOW, 60), M4: addSeconds(NOW, 120), P1: null };
    expect(lastClose(train, release, ends, NOW)).toBe(ends.M4);
    expect(lastClose(train, release, ends, addSeconds(NOW, 121))).toBeNull();
    expect(lastClose(train, ReleaseVersion.parse('2.8.1'), ends, NOW)).toBeNull();
  });
});
