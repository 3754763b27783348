import type { Train } from '../domain/train/train.ts';
import type { Contradiction } from './contradiction.ts';

/** Repositories whose files are signed for and that the train does not have. */
export function finalContradictions({ final, repos }: Pick<Train, 'final' | 'repos'>): readonly Contradiction[] {
  const allowed = Object.keys(repos);
  return (['signOffs', 'canaries'] as const).flatMap((section) =>
    Object.entries(final[section]).flatMap(([name, rule]) =>
      rule.repos.flatMap((repo, index) =>
        allowed.includes(repo)
          ? []
          : [
              {
                path: ['final', section, name, 'repos', index],
                text: `${repo} is no repository of the train`,
                allowed,
              },
            ],
      ),
    ),
  );
}
