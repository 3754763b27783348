import { expect, it } from 'vitest';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { known, unknown } from '../../domain/observation.ts';
import { commitId, NOW, RELEASE, repoOf, smallTrain } from '../../testing/small-train.ts';
import { decideExternal, type ExternalFacts, type PinFacts } from './external.ts';

const train = smallTrain(
  {},
  { dependencies: { compiler: { repo: 'vision', pinFile: 'pin.txt', ready: { days: 14 } } } },
);
const [, dependency] = Object.entries(train.dependencies)[0] ?? [];

const PIN: PinFacts = { commit: commitId('a'), onDay: { commit: commitId('a') }, isOnBranch: true };

function judged(change: Partial<ExternalFacts>, pin: Partial<PinFacts> = {}) {
  if (dependency === undefined) throw new Error('the train has no dependency');
  const facts: ExternalFacts = {
    name: 'compiler',
    dependency,
    repo: repoOf(train, 'vision'),
    branch: known(commitId('b'), NOW, 'git remote of vision'),
    pin: known({ ...PIN, ...pin }, NOW, 'core viable/strict'),
    until: CalendarDate.parse('2026-06-01'),
    ...change,
  };
  return decideExternal([facts], {
    train,
    release: RELEASE,
    waivers: [],
    now: Instant.parse('2026-06-08T00:00:00Z'),
  })[0];
}

interface Case {
  readonly facts?: Partial<ExternalFacts>;
  readonly pin?: Partial<PinFacts>;
  readonly verdict: string;
  readonly summary: string;
}

const READY = 'vision has release/0.23 at bbbbbbbbb; the pin is aaaaaaaaa on it';
const CASES: Readonly<Record<string, Case>> = {
  'the pin of that day': { verdict: 'pass', summary: `${READY}, as on 2026-06-01` },
  'a pin that came later': {
    pin: { onDay: { commit: commitId('c') } },
    verdict: 'failing',
    summary: 'the pin aaaaaaaaa was merged too late: ccccccccc stood there; to be merged until 1 Jun',
  },
  'no pin on that day': {
    pin: { onDay: { commit: null } },
    verdict: 'failing',
    summary: 'the pin aaaaaaaaa was merged too late: none stood there; to be merged until 1 Jun',
  },
  'a day that lies further back than was read': {
    pin: { onDay: null },
    verdict: 'no-data',
    summary: 'what was pinned on 1 Jun lies further back than 5000 commits',
  },
  'a day that is still to come': {
    facts: { until: CalendarDate.parse('2026-06-09') },
    pin: { onDay: null },
    verdict: 'pass',
    summary: `${READY}, by 2026-06-09 it may still change`,
  },
  'no day of the cut': { facts: { until: null }, pin: { onDay: null }, verdict: 'pass', summary: READY },
  'what cannot be read': {
    facts: { branch: unknown('away', NOW, 'git remote of vision') },
    verdict: 'no-data',
    summary: 'could not be read: git remote of vision: away',
  },
};

it.each(Object.entries(CASES))('%s', (_name, { facts = {}, pin = {}, verdict, summary }) => {
  expect(judged(facts, pin)).toMatchObject({ id: 'external-ready:compiler', verdict, summary });
});
