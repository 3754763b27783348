import type { Train } from '../domain/train/train.ts';
import { rangeOf, type Contradiction } from './contradiction.ts';
import type { KeyPath } from './tree.ts';

/** Dependencies that name what the train does not have: a repository, an ask, a package, a channel, a platform. */
export function dependencyContradictions(train: Train): readonly Contradiction[] {
  const repos = Object.keys(train.repos);
  const channels = Object.keys(train.channels);
  const platforms = Object.keys(train.artifacts.platforms);
  const packages = Object.values(train.repos).flatMap((entry) => entry.packages);
  return Object.entries(train.dependencies).flatMap(([name, { repo, ask, released, rules }]) => [
    ...stranger(['dependencies', name, 'repo'], repo, { noun: 'repository', allowed: repos }),
    ...(ask === undefined || Object.hasOwn(train.asks, ask)
      ? []
      : [
          {
            path: ['dependencies', name, 'ask'],
            text: `the train has no ask ${ask}`,
            allowed: Object.keys(train.asks),
            word: ask,
          },
        ]),
    ...(released?.packages ?? []).flatMap((each, at) =>
      stranger(['dependencies', name, 'released', 'packages', at], each, { noun: 'package', allowed: packages }),
    ),
    ...rules.flatMap((rule, index) => {
      const path = ['dependencies', name, 'rules', index];
      return [
        ...rangeOf(path, rule),
        ...rule.channels.flatMap((each, at) =>
          stranger([...path, 'channels', at], each, { noun: 'channel', allowed: channels }),
        ),
        ...(rule.platforms ?? []).flatMap((each, at) =>
          stranger([...path, 'platforms', at], each, { noun: 'platform', allowed: platforms }),
        ),
      ];
    }),
  ]);
}

function stranger(
  path: KeyPath,
  word: string,
  { noun, allowed }: { readonly noun: string; readonly allowed: readonly string[] },
): readonly Contradiction[] {
  return allowed.includes(word) ? [] : [{ path, text: `${word} is no ${noun} of the train`, allowed }];
}
