import { expect, it } from 'vitest';
import { emptyGate, GateId, type Gate, type Verdict } from '../../../domain/gate.ts';
import { CalendarDate, Instant } from '../../../domain/instant.ts';
import type { DayPlan, DayStepId } from '../../../domain/train/day-step.ts';
import { Train } from '../../../domain/train/train.ts';
import { ReleaseVersion } from '../../../domain/version.ts';
import {
  releaseDayList,
  reopeningOf,
  requestedStep,
  tickOf,
  type DayFacts,
  type DayTick,
  type DonePlan,
} from './decide.ts';
import { explainDay, type DayProblem } from './problem.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const AT = Instant.parse('2025-07-30T15:10:00Z');

/** 27 steps: plans, gates and what people say, in turn. */
const STEPS = Array.from({ length: 27 }, (_, index) => {
  const id = `step-${index + 1}`;
  const common = { id, title: `Thing ${index + 1}`, at: '15:00', owner: 'releng', undo: `undo ${index + 1}` };
  if (index % 3 === 0) return { ...common, kind: 'auto', does: 'promote stable', gates: [`gate-${index + 1}`] };
  if (index % 3 === 1) return { ...common, kind: 'gate', gates: [`gate-${index + 1}`] };
  return { ...common, kind: 'manual', evidence: index === 8 };
});

function trainWith(steps: readonly object[]): Train {
  return Train.parse({
    train: 'small',
    title: 'Small',
    product: 'small',
    roles: { 'release-manager': ['ana'] },
    repos: { core: { role: 'core', source: 'main', remote: '/r' } },
    releaseDay: { steps },
  });
}

function gate(id: string, verdict: Verdict): Gate {
  const evidence = [{ text: 'read', source: 'forge', at: AT, link: `https://ci.example/runs/${id}` }];
  return { ...emptyGate(GateId.parse(id), ['ana']), verdict, summary: `${id} is ${verdict}`, evidence };
}

/** The facts with these steps done, by number: their gates open, or said by @zoe. */
function factsWith(done: readonly number[], more: Partial<DayFacts> = {}): DayFacts {
  const isDone = (number: number): boolean => done.includes(number);
  const tick: DayTick = { by: 'zoe', at: AT, evidence: 'https://ci.example/said', note: '' };
  return {
    train: trainWith(STEPS),
    release: RELEASE,
    day: CalendarDate.parse('2025-07-30'),
    gates: STEPS.flatMap(({ kind }, index) =>
      kind === 'manual' ? [] : [gate(`gate-${index + 1}`, isDone(index + 1) ? 'pass' : 'queued')],
    ),
    ticks: new Map(
      STEPS.flatMap(({ kind, id }, index): readonly (readonly [DayStepId, DayTick])[] =>
        kind === 'manual' && isDone(index + 1) ? [[id, tick]] : [],
      ),
    ),
    plans: new Map<DayPlan, DonePlan>(),
    ownersOf: () => ['rel'],
    ...more,
  };
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);

function refusal(answer: { readonly ok: boolean; readonly problems?: readonly DayProblem[] }): string {
  const [problem] = answer.problems ?? [];
  return problem === undefined ? '' : `${problem.code}: ${explainDay(problem)}`;
}

it('refuses step 8 of 27 while step 7 is open, and says why and what to do first (DAY-04)', () => {
  const list = releaseDayList(factsWith(upTo(6)));
  expect(list).toHaveLength(27);
  expect(list.filter(({ isNext }) => isNext).map(({ number }) => number)).toEqual([7]);
  expect(refusal(requestedStep(RELEASE, list, 'step-8'))).toBe(
    'step-too-early: Step 8, step-8, comes after step 7, step-7 (Thing 7), which is open: gate-7: gate-7 is queued. Do that first: signalbox day run 2.8.0 step-7',
  );
  // By its number too, and a manual one by saying so.
  expect(refusal(requestedStep(RELEASE, list, '8'))).toContain('step-too-early');
  expect(refusal(tickOf(RELEASE, list, { asked: 'step-9', evidence: 'https://x.example/' }))).toContain(
    'step-too-early',
  );
  const seven = requestedStep(RELEASE, list, 'step-7');
  expect(seven.ok && seven.value.number).toBe(7);
  expect(requestedStep(RELEASE, releaseDayList(factsWith(upTo(7))), 'step-8').ok).toBe(true);
});

it('sends whoever does a step again that is seen to be done to its gate, and not to take back what nobody said', () => {
  const list = releaseDayList(factsWith(upTo(3)));
  expect(refusal(requestedStep(RELEASE, list, 'step-2'))).toContain(
    'That is seen, and nobody said it: signalbox gate show 2.8.0 gate-2',
  );
  expect(refusal(tickOf(RELEASE, list, { asked: 'step-3', evidence: null }))).toContain('step-3 --reopen -m WHY');
});

it('tells of every step when it was done, by whom, and where it is seen (DAY-04)', () => {
  const plans = new Map<DayPlan, DonePlan>([['promote stable', { plan: 'p7k2m9', by: 'ana', at: AT }]]);
  const list = releaseDayList(factsWith(upTo(27), { plans }));
  expect(list.every(({ done }) => done !== null && done.at !== null && done.link !== null)).toBe(true);
  expect(
    list.slice(0, 3).map(({ step, done, planned, owners }) => ({ undo: step.undo, done, planned, owners })),
  ).toEqual([
    {
      undo: 'undo 1',
      done: { at: AT, by: 'ana', link: '/plans/p7k2m9', note: '' },
      planned: '2025-07-30T15:00:00Z',
      owners: ['rel'],
    },
    {
      undo: 'undo 2',
      done: { at: AT, by: null, link: 'https://ci.example/runs/gate-2', note: '' },
      planned: '2025-07-30T15:00:00Z',
      owners: ['rel'],
    },
    {
      undo: 'undo 3',
      done: { at: AT, by: 'zoe', link: 'https://ci.example/said', note: '' },
      planned: '2025-07-30T15:00:00Z',
      owners: ['rel'],
    },
  ]);
  expect(refusal(requestedStep(RELEASE, list, null))).toContain('day-over');
  expect(refusal(requestedStep(RELEASE, list, 'step-3'))).toContain(
    'step-done: Step step-3 is done already by @zoe, 2025-07-30 15:10 UTC',
  );
});

it('remembers nothing: what is not seen any more is open again, and holds up what comes after', () => {
  const list = releaseDayList(factsWith(upTo(8).filter((number) => number !== 4)));
  expect(list.find(({ isNext }) => isNext)?.number).toBe(4);
  expect(list[7]?.done).not.toBeNull();
  expect(refusal(requestedStep(RELEASE, list, 'step-10'))).toContain('comes after step 4');
});

const one = (gates: readonly Gate[]) =>
  releaseDayList({
    ...factsWith([]),
    train: trainWith([{ id: 'page', title: 'Page', kind: 'gate', gates: ['page'] }]),
    gates,
  })[0];

it('is not done by a gate that nobody judged, nor by one part of several', () => {
  expect(one([])).toMatchObject({
    done: null,
    state: 'no-data',
    text: 'the train has no gate page, so nobody can tell',
  });
  expect(one([gate('page:tested', 'pass'), gate('page:merged', 'no-data')])).toMatchObject({
    done: null,
    state: 'no-data',
  });
  expect(one([gate('page:tested', 'pass'), gate('page:merged', 'waived')])?.done).not.toBeNull();
  expect(one([gate('pages', 'pass')])).toMatchObject({ state: 'no-data' });
});

it.each([
  [
    'a name that is none',
    'stp-7',
    null,
    'step-unknown: The release day of 2.8.0 has no step "stp-7". Did you mean step-7?',
  ],
  [
    'a plan',
    'step-7',
    null,
    'step-not-manual: Step step-7 is done by its plan, not by saying so: signalbox day run 2.8.0 step-7',
  ],
])('does not take %s for something that a person may say', (_name, asked, evidence, said) => {
  expect(refusal(tickOf(RELEASE, releaseDayList(factsWith(upTo(6))), { asked, evidence }))).toContain(said);
});

it('asks where a step can be seen, where the train wants that, and takes only a link', () => {
  const list = releaseDayList(factsWith(upTo(8)));
  const tick = (evidence: string | null) => tickOf(RELEASE, list, { asked: 'step-9', evidence });
  expect(refusal(tick(null))).toContain('evidence-needed');
  for (const given of ['done', 'javascript:alert(1)', 'https://a b', 'file:///etc/passwd'])
    expect(refusal(tick(given))).toContain('evidence-bad');
  expect(tick('https://blog.example/2-8').ok).toBe(true);
});

it('takes back only what a person said', () => {
  const list = releaseDayList(factsWith(upTo(4)));
  expect(reopeningOf(RELEASE, list, 'step-3').ok).toBe(true);
  expect(refusal(reopeningOf(RELEASE, list, 'step-4'))).toContain('step-not-manual');
  expect(refusal(reopeningOf(RELEASE, list, 'step-6'))).toContain('step-not-done');
});

it('has no time where none was agreed, and no list where the train has none', () => {
  const train = trainWith([
    { id: 'a', title: 'A', kind: 'manual', days: -1, at: '09:30' },
    { id: 'b', title: 'B', kind: 'manual' },
    { id: 'c', title: 'C', kind: 'manual', since: '2.9' },
  ]);
  const list = releaseDayList({ ...factsWith([]), train });
  expect(list.map(({ step, planned }) => `${step.id} ${planned ?? 'at no time'}`)).toEqual([
    'a 2025-07-29T09:30:00Z',
    'b at no time',
  ]);
  expect(releaseDayList({ ...factsWith([]), train, day: null }).map(({ planned }) => planned)).toEqual([null, null]);
  expect(refusal(requestedStep(RELEASE, releaseDayList({ ...factsWith([]), train: trainWith([]) }), null))).toContain(
    'no-day-list',
  );
});
