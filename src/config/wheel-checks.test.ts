import { expect, it } from 'vitest';
import { smallTrain } from '../testing/small-train.ts';
import { keyText } from './tree.ts';
import { wheelContradictions } from './wheel-checks.ts';

const ARTIFACTS = { accelerators: { cuda: { title: 'CUDA', name: 'cu{digits}' } } };

function told(wheels: object): readonly string[] {
  const train = smallTrain({}, { artifacts: ARTIFACTS, wheels });
  return wheelContradictions(train).map(({ path, text }) => `${keyText(path)}: ${text}`);
}

it.each<readonly [object, readonly string[]]>([
  [{ signs: { cuda: { packages: ['acme'] } }, topLevel: { acme: ['acme'] } }, []],
  [
    { signs: { cudda: { packages: ['acme'] } } },
    ['wheels.signs.cudda: cudda is no accelerator of artifacts.accelerators'],
  ],
  [{ signs: { cuda: { packages: ['acne'] } } }, ['wheels.signs.cuda.packages[0]: acne is no package of a repository']],
  [{ topLevel: { acne: ['x'] } }, ['wheels.topLevel.acne: acne is no package of a repository']],
  [
    { companions: [{ package: 'acme', requires: 'torch', since: '2.7', until: '2.6' }] },
    [
      'wheels.companions[0].requires: torch is no package of a repository',
      'wheels.companions[0].until: 2.6 comes before since, 2.7',
    ],
  ],
])('rules for wheels that lead nowhere: %j', (wheels, expected) => {
  expect(told(wheels)).toEqual(expected);
});
