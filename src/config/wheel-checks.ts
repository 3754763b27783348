import type { Train } from '../domain/train/train.ts';
import { rangeOf, type Contradiction } from './contradiction.ts';
import type { KeyPath } from './tree.ts';

/** Rules for wheels against the rest of the train: accelerators and packages that there are not. */
export function wheelContradictions({ wheels, artifacts, repos }: Train): readonly Contradiction[] {
  const accelerators = Object.keys(artifacts.accelerators);
  const packages = Object.values(repos).flatMap((repo) => repo.packages);
  const strange = (path: KeyPath, said: string): readonly Contradiction[] =>
    packages.includes(said)
      ? []
      : [{ path, text: `${said} is no package of a repository`, allowed: packages, word: said }];
  return [
    ...Object.entries(wheels.signs).flatMap(([key, signs]) => [
      ...(accelerators.includes(key)
        ? []
        : [
            {
              path: ['wheels', 'signs', key],
              text: `${key} is no accelerator of artifacts.accelerators`,
              allowed: accelerators,
              word: key,
            },
          ]),
      ...signs.packages.flatMap((name, index) => strange(['wheels', 'signs', key, 'packages', index], name)),
    ]),
    ...Object.keys(wheels.topLevel).flatMap((name) => strange(['wheels', 'topLevel', name], name)),
    ...wheels.companions.flatMap((companion, index) => {
      const path = ['wheels', 'companions', index];
      return [
        ...strange([...path, 'package'], companion.package),
        ...strange([...path, 'requires'], companion.requires),
        ...rangeOf(path, companion),
      ];
    }),
  ];
}
