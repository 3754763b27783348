import { expect, it } from 'vitest';
import { madePage } from '../testing/made-page.ts';
import { pageFinder } from './address.ts';

const pages = [
  '/',
  '/log',
  '/r/:release',
  '/r/:release/gates/:gate',
  '/pr/:repo/:number',
  '/r/:release/picks',
  '/r/:release/:any',
];
const find = pageFinder(pages.map((path) => madePage({ path, name: path })));
const found = (path: string, query = '') => {
  const address = find(path, new URLSearchParams(query));
  return address === null
    ? null
    : { of: address.page.path, params: address.params, form: address.form, path: address.path };
};

it('finds pages with their parameters', () => {
  expect(found('/')).toEqual({ of: '/', params: {}, form: null, path: '/' });
  expect(found('/r/2.8.0')?.params).toEqual({ release: '2.8.0' });
  expect(found('/r/2.8.0/gates/ci-green%3Avision')?.params).toEqual({ release: '2.8.0', gate: 'ci-green:vision' });
  expect(found('/pr/core/12', 'a=1&b=x%20y')?.path).toBe('/pr/core/12?a=1&b=x+y');
});

it('takes the page with fixed words before one with parameters, whatever their order', () => {
  expect(found('/r/2.8.0/picks')?.of).toBe('/r/:release/picks');
  expect(found('/r/2.8.0/other')?.of).toBe('/r/:release/:any');
});

it('reads the form off the end of the path, and not off a version', () => {
  expect(found('/r/2.8.0.json')).toMatchObject({ of: '/r/:release', params: { release: '2.8.0' }, form: 'json' });
  expect(found('/r/2.8.0.txt')).toMatchObject({ params: { release: '2.8.0' }, form: 'text' });
  expect(found('/index.json')).toMatchObject({ of: '/', form: 'json', path: '/' });
  expect(found('/log.txt')).toMatchObject({ of: '/log', form: 'text', path: '/log' });
});

it.each([
  '/nowhere',
  '//r/2.8.0',
  '/r//picks',
  '/r/..',
  '/r/%2e%2e',
  '/r/..%2f..%2fetc',
  '/r/a%00b',
  '/r/a%0d%0ab',
  '/r/%zz',
  '/r/a%5cb',
  'r/2.8.0',
  '',
  `/r/${'x'.repeat(3_000)}`,
])('has nothing at %j', (path) => {
  expect(found(path)).toBeNull();
});
