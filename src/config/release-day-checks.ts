import type { Train } from '../domain/train/train.ts';
import { rangeOf, type Contradiction } from './contradiction.ts';
import type { KeyPath } from './tree.ts';

/** The release day, and what is announced with it, against the rest of the train: repositories, platforms, accelerators and workstreams that there are not. */
export function releaseDayContradictions(train: Train): readonly Contradiction[] {
  const { getStarted, docs, steps } = train.releaseDay;
  const tutorialOwner = train.tutorials?.owner;
  return [
    ...(tutorialOwner === undefined ? [] : strange(['tutorials', 'owner'], tutorialOwner, names(train).workstreams)),
    ...(getStarted === undefined ? [] : pageContradictions(train, getStarted)),
    ...(docs === undefined ? [] : strange(['releaseDay', 'docs', 'repo'], docs.repo, names(train).repos)),
    ...(docs?.owner === undefined
      ? []
      : strange(['releaseDay', 'docs', 'owner'], docs.owner, names(train).workstreams)),
    ...steps.flatMap((step, index) => {
      const path = ['releaseDay', 'steps', index];
      const owner = step.owner === undefined ? [] : strange([...path, 'owner'], step.owner, names(train).workstreams);
      const gates = step.kind === 'manual' ? [] : step.gates;
      const absent = gates.flatMap((gate) => gateless(train, gate, [...path, 'gates']));
      return [...rangeOf(path, step), ...owner, ...absent];
    }),
  ];
}

/** A gate of this stage is only there where the train says what it is about. */
function gateless(train: Train, gate: string, path: KeyPath): readonly Contradiction[] {
  const [family = '', part] = gate.split(':');
  if (family === 'ask' && part !== undefined && !Object.hasOwn(train.asks, part))
    return [{ path, text: `the train has no ask ${part}`, allowed: Object.keys(train.asks), word: part }];
  const needed = NEEDS.get(family);
  if (needed === undefined || needed.isThere(train)) return [];
  return [{ path, text: `it is about ${needed.what}, and ${needed.key} is not there` }];
}

interface Needed {
  readonly what: string;
  readonly key: string;
  readonly isThere: (train: Train) => boolean;
}

const NEEDS: ReadonlyMap<string, Needed> = new Map([
  [
    'get-started-matrix',
    {
      what: 'the get-started page',
      key: 'releaseDay.getStarted',
      isThere: ({ releaseDay }: Train) => releaseDay.getStarted !== undefined,
    },
  ],
  [
    'docs-pointer',
    {
      what: 'where the documentation is shown from',
      key: 'releaseDay.docs',
      isThere: ({ releaseDay }: Train) => releaseDay.docs !== undefined,
    },
  ],
  [
    'tutorials',
    {
      what: 'tutorials by their label or milestone',
      key: 'tutorials.label',
      isThere: ({ tutorials }: Train) => tutorials?.label !== undefined || tutorials?.milestone !== undefined,
    },
  ],
]);

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
