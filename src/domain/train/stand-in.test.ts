import { expect, it } from 'vitest';
import { Instant } from '../instant.ts';
import { Person } from './people.ts';
import { givenToEach, givenToFirst, standInText, whoActs, whoIsCalled } from './stand-in.ts';

const NOW = Instant.parse('2025-07-12T10:00:00Z');
const gone = (to: string, ...deputies: readonly string[]) =>
  Person.parse({ away: [{ from: '2025-07-10', to }], deputies });
const at = (people: Readonly<Record<string, Person>>) => ({ people });

it.each([
  ['who is named first, and there', {}, ['ana', 'ben'], { is: 'there', who: 'ana' }],
  ['of whom nothing is known', { ana: Person.parse({}) }, ['ana'], { is: 'there', who: 'ana' }],
  [
    'a deputy before the next who is named',
    { ana: gone('2025-07-20', 'dora') },
    ['ana', 'ben'],
    { is: 'stands-in', who: 'dora', for: 'ana', until: '2025-07-20' },
  ],
  [
    'the deputy of a deputy, until the first of both is back',
    { ana: gone('2025-07-20', 'dora'), dora: gone('2025-07-14', 'eva') },
    ['ana'],
    { is: 'stands-in', who: 'eva', for: 'ana', until: '2025-07-14' },
  ],
  [
    'the next who is named where no deputy is there',
    { ana: gone('2025-07-20', 'dora'), dora: gone('2025-07-14') },
    ['ana', 'ben'],
    { is: 'stands-in', who: 'ben', for: 'ana', until: '2025-07-14' },
  ],
  [
    'nobody without a deputy',
    { ana: gone('2025-07-20') },
    ['ana'],
    { is: 'nobody', for: 'ana', why: 'no-deputy', until: '2025-07-20' },
  ],
  [
    'nobody where the deputy is away too',
    { ana: gone('2025-07-20', 'dora'), dora: gone('2025-07-14') },
    ['ana'],
    { is: 'nobody', for: 'ana', why: 'all-away', until: '2025-07-14' },
  ],
  [
    'nobody in a circle, however it is written',
    { ana: gone('2025-07-20', 'Dora'), dora: gone('2025-07-20', 'eva'), eva: gone('2025-07-20', 'ANA') },
    ['ana'],
    { is: 'nobody', for: 'ana', why: 'circle', until: '2025-07-20' },
  ],
  [
    'nobody where one is their own deputy',
    { ana: gone('2025-07-20', 'ana') },
    ['ana'],
    { is: 'nobody', for: 'ana', why: 'circle', until: '2025-07-20' },
  ],
])('asks %s', (_what, people, named, acting) => {
  expect(whoActs(at(people), named, NOW)).toEqual(acting);
});

it('asks nobody where nobody is named, and gives no deputy a right', () => {
  expect(whoActs(at({}), [], NOW)).toBeNull();
  const people = at({ ana: gone('2025-07-20', 'dora', 'eva') });
  expect(whoActs(people, ['ana'], NOW, (login) => login !== 'dora')).toMatchObject({ who: 'eva' });
  expect(whoActs(people, ['ana'], NOW, (login) => login === 'ana')).toMatchObject({ is: 'nobody' });
});

it('reckons absences that touch as one, and days that are over as none', () => {
  const away = [
    { from: '2025-07-14', to: '2025-07-18' },
    { from: '2025-07-01', to: '2025-07-05' },
    { from: '2025-07-10', to: '2025-07-13' },
    { from: '2025-07-20', to: '2025-07-30' },
  ];
  const people = at({ ana: Person.parse({ away, deputies: ['dora'] }) });
  expect(whoActs(people, ['ana'], NOW)).toMatchObject({ who: 'dora', until: '2025-07-18' });
  expect(whoActs(people, ['ana'], Instant.parse('2025-07-19T10:00:00Z'))).toEqual({ is: 'there', who: 'ana' });
});

it('puts it in the list of who acts and of who is away, with words for both', () => {
  const given = givenToFirst(at({ ana: gone('2025-07-20', 'dora') }), ['ana', 'ben'], NOW);
  expect(given.map(({ who, standIn }) => [who, standIn === null ? null : standInText(standIn, NOW)])).toEqual([
    ['dora', 'for @ana, until 20 Jul'],
    ['ana', '@dora acts until 20 Jul'],
  ]);
  const [alone] = givenToFirst(at({ ana: gone('2025-07-20') }), ['ana'], NOW);
  expect(alone?.standIn === null || alone === undefined ? '' : standInText(alone.standIn, NOW)).toBe(
    'away until 20 Jul: no deputy stands in',
  );
});

it('asks nobody twice of what waits for several: not who is asked for themselves, and not who stands in for two', () => {
  const people = at({
    ana: gone('2025-07-20', 'ben'),
    cleo: gone('2025-07-20', 'dora'),
    eva: gone('2025-07-20', 'dora'),
  });
  const given = givenToEach(people, ['ana', 'ben', 'cleo', 'eva'], NOW);
  const acts = given.filter(({ standIn }) => standIn?.is !== 'by').map(({ who, standIn }) => [who, standIn]);
  expect(acts).toEqual([
    ['ben', null],
    ['dora', { is: 'for', who: 'cleo', until: '2025-07-20' }],
  ]);
  expect(given.filter(({ standIn }) => standIn?.is === 'by').map(({ who }) => who)).toEqual(['ana', 'cleo', 'eva']);
});

it('calls who acts for the first, and whoever else is there', () => {
  const people = at({ ana: gone('2025-07-20', 'dora'), cleo: gone('2025-07-20') });
  expect(whoIsCalled(people, ['ana', 'ben', 'cleo', 'Dora'], NOW)).toEqual(['dora', 'ben']);
});
