import { expect, it } from 'vitest';
import { GateId, type Verdict } from '../../domain/gate.ts';
import { addSeconds, Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { diceOf } from '../../testing/mutate.ts';
import { decideChanges, SETTLED_MILLIS, type Doubts, type Look } from './decide.ts';
import { countsOf, lastSeen, NOTHING_SEEN, verdictsOf } from './fold.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const START = Instant.parse('2026-06-08T12:00:00Z');
const minute = (minutes: number): Instant => addSeconds(START, minutes * 60);

interface LookInput {
  readonly at?: Instant;
  readonly picks?: Look['picks'];
  readonly readable?: boolean;
}

/** A look at gates by their verdicts; closed ones block. */
function lookOf(
  verdicts: Readonly<Record<string, Verdict>>,
  { at = START, picks = null, readable = true }: LookInput = {},
): Look {
  const gates = Object.entries(verdicts).map(([id, verdict]) => ({
    id: GateId.parse(id),
    verdict,
    summary: `${id} is ${verdict}`,
  }));
  const blocking = gates.filter(({ verdict }) => !['pass', 'waived', 'skipped'].includes(verdict));
  return { release: RELEASE, at, gates, blocking, picks, readable };
}

/** The entries that looks one after another leave in a ledger. */
async function recorded(looks: readonly Look[]): Promise<readonly LedgerEntry[]> {
  const ledger = memoryLedger();
  let doubts: Doubts = new Map();
  for (const look of looks) {
    const decided = decideChanges(look, lastSeen(await ledger.read({ train: 't' })), doubts);
    ({ doubts } = decided);
    if (decided.event !== null) await ledger.append('t', [{ at: look.at, actor: 'bot', event: decided.event }]);
  }
  return ledger.read({ train: 't' });
}

const turns = (entries: readonly LedgerEntry[]): readonly string[] =>
  entries.flatMap(({ event }) =>
    event.type === 'gates-judged' ? event.changes.map(({ gate, from, to }) => `${gate} ${from} ${to}`) : [],
  );

it('records every gate at first sight, and then what turned', async () => {
  const entries = await recorded([
    lookOf({ people: 'pass', 'ci:core': 'failing' }),
    lookOf({ people: 'pass', 'ci:core': 'running' }, { at: minute(10) }),
    lookOf({ people: 'pass', 'ci:core': 'running' }, { at: minute(20) }),
    lookOf({ people: 'pass', 'ci:core': 'pass' }, { at: minute(30) }),
  ]);
  expect(turns(entries)).toEqual([
    'people null pass',
    'ci:core null failing',
    'ci:core failing running',
    'ci:core running pass',
  ]);
  expect(entries).toHaveLength(3);
  expect(verdictsOf(entries, 'ci:core')).toMatchObject([
    { from: null, to: 'failing', at: START, why: 'ci:core is failing', blocking: true },
    { from: 'failing', to: 'running', at: minute(10), blocking: true },
    { from: 'running', to: 'pass', at: minute(30), blocking: false },
  ]);
  expect(countsOf(entries).map(({ blockers }) => blockers)).toEqual([1, 1, 0]);
});

it('says nothing of a reading that failed for a moment, and counts the gate as what it was', async () => {
  const entries = await recorded([
    lookOf({ ci: 'pass' }),
    lookOf({ ci: 'no-data' }, { at: minute(2) }),
    lookOf({ ci: 'pass' }, { at: minute(4) }),
    lookOf({ ci: 'no-data' }, { at: minute(8) }),
    lookOf({ ci: 'failing' }, { at: minute(10) }),
  ]);
  expect(turns(entries)).toEqual(['ci null pass', 'ci pass failing']);
});

it('records no data that stays, once it was seen twice with minutes between', async () => {
  const entries = await recorded([
    lookOf({ ci: 'pass' }),
    lookOf({ ci: 'no-data' }, { at: minute(2) }),
    lookOf({ ci: 'no-data' }, { at: minute(4) }),
    lookOf({ ci: 'no-data' }, { at: minute(7) }),
    lookOf({ ci: 'no-data' }, { at: minute(17) }),
  ]);
  expect(turns(entries)).toEqual(['ci null pass', 'ci pass no-data']);
  expect(entries.map(({ at }) => at)).toEqual([START, minute(7)]);
});

it('begins to wait anew when a reading succeeded in between', async () => {
  const entries = await recorded([
    lookOf({ ci: 'pass' }),
    lookOf({ ci: 'no-data' }, { at: minute(2) }),
    lookOf({ ci: 'pass' }, { at: minute(4) }),
    lookOf({ ci: 'no-data' }, { at: minute(7) }),
  ]);
  expect(turns(entries)).toEqual(['ci null pass']);
});

it('records nothing while nobody knows where the repositories stand, unless that lasts', async () => {
  const entries = await recorded([
    lookOf({ ci: 'pass' }),
    lookOf({ ci: 'failing', cut: 'failing' }, { at: minute(2), readable: false }),
    lookOf({ ci: 'pass' }, { at: minute(4) }),
    lookOf({ ci: 'failing' }, { at: minute(10), readable: false }),
    lookOf({ ci: 'failing' }, { at: minute(15), readable: false }),
  ]);
  expect(turns(entries)).toEqual(['ci null pass', 'ci pass failing']);
  expect(entries.at(-1)?.at).toBe(minute(15));
});

it('records counts that changed alone, and takes picks that could not be read for no change', async () => {
  const entries = await recorded([
    lookOf({ ci: 'pass' }, { picks: { open: 3, waiting: 1 } }),
    lookOf({ ci: 'pass' }, { at: minute(10) }),
    lookOf({ ci: 'pass' }, { at: minute(20), picks: { open: 3, waiting: 1 } }),
    lookOf({ ci: 'pass' }, { at: minute(30), picks: { open: 2, waiting: 1 } }),
    lookOf({ ci: 'failing' }, { at: minute(40) }),
    lookOf({ ci: 'failing' }, { at: minute(50), picks: { open: 2, waiting: 1 } }),
  ]);
  expect(countsOf(entries)).toEqual([
    { at: START, blockers: 0, picks: { open: 3, waiting: 1 } },
    { at: minute(30), blockers: 0, picks: { open: 2, waiting: 1 } },
    { at: minute(40), blockers: 1, picks: null },
  ]);
});

it('cuts the line of a verdict where it would fill the ledger, in whole characters', () => {
  const look = lookOf({ ci: 'failing' });
  const [gate] = look.gates;
  if (gate === undefined) throw new Error('there is a gate');
  const long = { ...look, gates: [{ ...gate, summary: '🚂'.repeat(200).slice(1) }] };
  const { event } = decideChanges(long, NOTHING_SEEN, new Map());
  expect(event?.changes[0]?.why).toHaveLength(300);
  expect(event?.changes[0]?.why.isWellFormed()).toBe(true);
});

const VERDICTS: readonly Verdict[] = ['pass', 'failing', 'running', 'waived', 'no-data'];

it.each(Array.from({ length: 40 }, (_, seed) => [seed]))(
  'after any looks the record ends at the last settled verdicts, and repeats none (%i)',
  async (seed) => {
    const dice = diceOf(seed);
    const looks = Array.from({ length: 30 }, (_, index) => {
      const pick = (): Verdict => VERDICTS[dice(VERDICTS.length)] ?? 'pass';
      return lookOf({ one: pick(), two: pick() }, { at: minute(3 * index), readable: dice(6) > 0 });
    });
    const last = lookOf({ one: 'no-data', two: 'failing' }, { at: minute(100) });
    const settled = { ...last, at: addSeconds(last.at, SETTLED_MILLIS / 1000) };
    const entries = await recorded([...looks, last, settled, { ...settled, at: minute(200) }]);
    for (const gate of ['one', 'two']) {
      const seen = verdictsOf(entries, gate);
      expect(seen.map(({ from }) => from)).toEqual([null, ...seen.slice(0, -1).map(({ to }) => to)]);
      expect(seen.every(({ from, to }) => from !== to)).toBe(true);
      expect(seen.at(-1)?.to).toBe(gate === 'one' ? 'no-data' : 'failing');
    }
    expect(entries.every(({ event }) => event.type === 'gates-judged')).toBe(true);
  },
);
