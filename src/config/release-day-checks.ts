import type { Train } from '../domain/train/train.ts';
import { rangeOf, type Contradiction } from './contradiction.ts';
import type { KeyPath } from './tree.ts';

/** The release day against the rest of the train: repositories, platforms, accelerators and workstreams that there are not. */
export function releaseDayContradictions(train: Train): readonly Contradiction[] {
  const { getStarted, steps } = train.releaseDay;
  return [
    ...(getStarted === undefined ? [] : pageContradictions(train, getStarted)),
    ...steps.flatMap((step, index) => {
      const path = ['releaseDay', 'steps', index];
      const owner = step.owner === undefined ? [] : strange([...path, 'owner'], step.owner, names(train).workstreams);
      const isPage = step.kind !== 'manual' && step.gates.some((gate) => gate.startsWith('get-started-matrix'));
      const pageless =
        isPage && getStarted === undefined
          ? [
              {
                path: [...path, 'gates'],
                text: 'it is about the get-started page, and releaseDay.getStarted is not there',
              },
            ]
          : [];
      return [...rangeOf(path, step), ...owner, ...pageless];
    }),
  ];
}

type Page = NonNullable<Train['releaseDay']['getStarted']>;

function pageContradictions(train: Train, page: Page): readonly Contradiction[] {
  const path = ['releaseDay', 'getStarted'];
  const { repos, platforms, accelerators } = names(train);
  const slots = page.accelerators.flatMap((each) => each.slots);
  const twice = slots.find((slot, index) => slots.indexOf(slot) !== index);
  return [
    ...strange([...path, 'repo'], page.repo, repos),
    ...Object.entries(page.systems).flatMap(([system, platform]) =>
      strange([...path, 'systems', system], platform, platforms),
    ),
    ...page.accelerators.flatMap(({ accelerator }, index) =>
      strange([...path, 'accelerators', index, 'accelerator'], accelerator, accelerators),
    ),
    ...(twice === undefined
      ? []
      : [{ path: [...path, 'accelerators'], text: `the button ${twice} stands for two builds` }]),
    ...page.downloads.flatMap((download, index) => [
      ...rangeOf([...path, 'downloads', index], download),
      ...strange([...path, 'downloads', index, 'system'], download.system, Object.keys(page.systems)),
    ]),
  ];
}

function names({
  repos,
  artifacts,
  workstreams,
}: Train): Readonly<Record<'repos' | 'platforms' | 'accelerators' | 'workstreams', readonly string[]>> {
  return {
    repos: Object.keys(repos),
    platforms: Object.keys(artifacts.platforms),
    accelerators: Object.keys(artifacts.accelerators),
    workstreams: Object.keys(workstreams),
  };
}

function strange(path: KeyPath, said: string, allowed: readonly string[]): readonly Contradiction[] {
  if (allowed.includes(said)) return [];
  return [{ path, text: `${said} is none that the train has`, allowed, word: said }];
}
