import { validate } from '@octokit/graphql-schema';
import { expect, it } from 'vitest';
import { pullsQuery, READY } from './graphql.ts';

it.each([
  ['one pull request', pullsQuery([1])],
  ['a hundred pull requests', pullsQuery(Array.from({ length: 100 }, (_unused, index) => index + 1))],
  ['that a draft be ready', READY],
])('asks for %s in words that GitHub’s published schema has', (_name, query) => {
  expect(validate(query)).toEqual([]);
});

it('is told by that schema of a field that GitHub does not have', () => {
  expect(validate(pullsQuery([1]).replace('isDraft', 'isDrafty'))).not.toEqual([]);
});
