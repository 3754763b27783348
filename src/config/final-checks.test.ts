import { expect, it } from 'vitest';
import { FinalChecks } from '../domain/train/final.ts';
import { smallTrain } from '../testing/small-train.ts';
import { finalContradictions } from './final-checks.ts';

it('tells of a repository that is signed for and that the train does not have', () => {
  const final = FinalChecks.parse({
    canaries: { meta: { title: 'Meta', people: ['mia'], repos: ['core', 'visoin'] } },
  });
  expect(finalContradictions({ ...smallTrain(), final })).toEqual([
    {
      path: ['final', 'canaries', 'meta', 'repos', 1],
      text: 'visoin is no repository of the train',
      allowed: ['core', 'infra', 'vision', 'audio'],
    },
  ]);
});
