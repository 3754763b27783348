import { parseBranch } from '../domain/branch.ts';
import { BranchName } from '../domain/git-names.ts';
import { RepoSlug } from '../domain/repo.ts';
import { fillBranch } from '../domain/train/naming.ts';
import type { Edit } from '../domain/train/edit.ts';
import type { RepoEntry } from '../domain/train/repo-entry.ts';
import type { SupportColumn } from '../domain/train/support.ts';
import type { Train } from '../domain/train/train.ts';
import { Line } from '../domain/version.ts';
import { askContradictions } from './ask-checks.ts';
import { artifactContradictions } from './artifact-checks.ts';
import { dependencyContradictions } from './dependency-checks.ts';
import { finalContradictions } from './final-checks.ts';
import { placeContradictions } from './place-checks.ts';
import { releaseDayContradictions } from './release-day-checks.ts';
import { wheelContradictions } from './wheel-checks.ts';
import { rangeOf, type Contradiction } from './contradiction.ts';
import type { KeyPath } from './tree.ts';

/** What no single key shows: references that lead nowhere, ranges turned round, branches that cannot be told apart. */
export function contradictionsIn(train: Train): readonly Contradiction[] {
  return [
    ...coreOf(train),
    ...Object.entries(train.repos).flatMap(([key, entry]) => repoContradictions(train, key, entry)),
    ...supportContradictions(train),
    ...artifactContradictions(train),
    ...wheelContradictions(train),
    ...releaseDayContradictions(train),
    ...placeContradictions(train),
    ...calendarContradictions(train),
    ...pickContradictions(train),
    ...namedRepos(train),
    ...dependencyContradictions(train),
    ...askContradictions(train),
    ...finalContradictions(train),
  ];
}

function coreOf(train: Train): readonly Contradiction[] {
  const cores = Object.entries(train.repos).flatMap(([key, entry]) => (entry.role === 'core' ? [key] : []));
  if (cores.length === 1) return [];
  if (cores.length === 0)
    return [{ path: ['repos'], text: 'one repository must have the role core; it sets the number of the line' }];
  return cores.slice(1).map((key) => ({
    path: ['repos', key, 'role'],
    text: `only one repository may be core, and ${cores[0]} already is`,
  }));
}

function repoContradictions(train: Train, key: string, entry: RepoEntry): readonly Contradiction[] {
  const path = ['repos', key];
  const edits = [
    ...entry.onBranch.map((edit, index) => ({ edit, at: [...path, 'onBranch', index] })),
    ...entry.onMain.map((edit, index) => ({ edit, at: [...path, 'onMain', index] })),
  ];
  const { follow, pair } = entry.version;
  return [
    ...rangeOf(path, entry),
    ...(follow === 'count' && pair === undefined
      ? [
          {
            path: [...path, 'version'],
            text: "follow: count needs `pair`: one line of the train and the repository's line that belongs to it",
          },
        ]
      : []),
    ...(follow !== 'count' && pair !== undefined
      ? [{ path: [...path, 'version', 'pair'], text: `follow: ${follow} does not count from a pair` }]
      : []),
    ...(train.forge !== undefined && entry.slug === undefined && entry.remote === undefined && entry.role !== 'external'
      ? [{ path, text: 'neither `slug` nor `remote` says where it lies' }]
      : []),
    ...(entry.remote?.startsWith('-') === true
      ? [{ path: [...path, 'remote'], text: 'begins with a dash, so git could take it for an option' }]
      : []),
    ...branchContradictions(train, key, entry),
    ...edits.flatMap(({ edit, at }) => editContradictions(train, edit, at)),
    ...twiceIn(entry.onBranch, [...path, 'onBranch']),
    ...twiceIn(entry.onMain, [...path, 'onMain']),
  ];
}

const TRIED = Line.parse('1.10');

function branchContradictions(train: Train, key: string, entry: RepoEntry): readonly Contradiction[] {
  const cutPoint = entry.cutPoint === undefined ? train.branches.cutPoint : entry.cutPoint;
  const own = entry.branch ?? train.branches.release;
  const patterns = [
    { pattern: own, path: entry.branch === undefined ? ['branches', 'release'] : ['repos', key, 'branch'] },
    ...(cutPoint === null
      ? []
      : [
          {
            pattern: cutPoint,
            path: entry.cutPoint === undefined ? ['branches', 'cutPoint'] : ['repos', key, 'cutPoint'],
          },
        ]),
  ];
  const bad = patterns.filter(({ pattern }) => !BranchName.safeParse(pattern.replaceAll('{line}', TRIED)).success);
  if (bad.length > 0)
    return bad.map(({ pattern, path }) => ({ path, text: `${pattern} does not give a branch name that git accepts` }));
  if (cutPoint === own)
    return [
      {
        path: patterns.find(({ path: [section] }) => section === 'repos')?.path ?? ['branches', 'cutPoint'],
        text: 'release branch and cut point are the same branch',
      },
    ];
  const readBack = parseBranch(train, key, fillBranch(own, TRIED));
  const works = readBack?.line === TRIED && readBack.kind === 'release';
  return works
    ? []
    : [
        {
          path: patterns[0]?.path ?? ['repos', key],
          text: `${own} cannot be told apart from the other branches of the repository`,
        },
      ];
}

const PLACEHOLDER = /\{([a-z-]+)(?::([^}]*))?\}/g;
const PLACEHOLDERS = [
  '{line}',
  '{version}',
  '{branch}',
  '{next-line}',
  '{line:REPO}',
  '{version:REPO}',
  '{branch:REPO}',
  '{commit:REPO}',
];

function editContradictions(train: Train, edit: Edit, at: KeyPath): readonly Contradiction[] {
  const texts =
    edit.kind === 'submodule'
      ? [
          ['url', edit.url ?? ''],
          ['branch', edit.branch ?? ''],
        ]
      : edit.kind === 'workflow-refs'
        ? []
        : [['to', edit.to]];
  const repos = Object.keys(train.repos);
  const found = texts.flatMap(([name = '', text = '']) =>
    [...text.matchAll(PLACEHOLDER)].flatMap(([whole, word = '', repo]): Contradiction[] => {
      const path = [...at, name];
      if (!PLACEHOLDERS.includes(`{${word}${repo === undefined ? '' : ':REPO'}}`))
        return [{ path, text: `there is no placeholder ${whole}`, allowed: PLACEHOLDERS }];
      return repo === undefined || repos.includes(repo)
        ? []
        : [{ path, text: `${whole} names no repository of the train`, allowed: repos, word: repo }];
    }),
  );
  return [...rangeOf(at, edit), ...found];
}

function twiceIn(edits: readonly Edit[], path: KeyPath): readonly Contradiction[] {
  const ids = edits.map((edit) => edit.id);
  return ids.flatMap((id, index) =>
    ids.indexOf(id) === index ? [] : [{ path: [...path, index, 'id'], text: `two edits are called ${id}` }],
  );
}

function supportContradictions({ support }: Train): readonly Contradiction[] {
  const named = (kind: SupportColumn['kind']): readonly string[] =>
    support.columns.flatMap((column) => (column.kind === kind ? [column.id] : []));
  return [
    ...support.columns.flatMap((column, index) => rangeOf(['support', 'columns', index], column)),
    ...support.excluded.flatMap((excluded, index) => rangeOf(['support', 'excluded', index], excluded)),
    ...Object.entries(support.lines).flatMap(([line, supported]) => [
      ...unknownColumns(['support', 'lines', line, 'texts'], named('text'), Object.keys(supported.texts)),
      ...unknownColumns(['support', 'lines', line, 'builds'], named('builds'), Object.keys(supported.builds)),
      ...(pythonMinor(supported.python.from) > pythonMinor(supported.python.to)
        ? [
            {
              path: ['support', 'lines', line, 'python', 'to'],
              text: `${supported.python.to} comes before from, ${supported.python.from}`,
            },
          ]
        : []),
    ]),
  ];
}

function unknownColumns(at: KeyPath, allowed: readonly string[], ids: readonly string[]): readonly Contradiction[] {
  return ids
    .filter((id) => !allowed.includes(id))
    .map((id) => ({ path: [...at, id], text: `${id} is no column of this kind`, allowed }));
}

function pythonMinor(build: string): number {
  const [major = 0, minor = 0] = build.split('.').map((part) => Number.parseInt(part, 10));
  return major * 1000 + minor;
}

function calendarContradictions({ calendar }: Train): readonly Contradiction[] {
  return Object.entries(calendar.cadence).flatMap(([line, { cut, release, patches }]) => {
    const dates = [
      { date: cut, path: ['cut'] },
      { date: release, path: ['release'] },
      ...patches.map((date, index) => ({ date, path: ['patches', index] })),
    ];
    const known = dates.flatMap(({ date, path }) => (date.on === undefined ? [] : [{ on: date.on, path }]));
    return known.flatMap(({ on, path }, index) => {
      const before = known[index - 1]?.on;
      // A month and a day of it are in no order: they are compared as far as both are known.
      const length = Math.min(on.length, before?.length ?? 0);
      if (before === undefined || before.slice(0, length) <= on.slice(0, length)) return [];
      return [
        {
          path: ['calendar', 'cadence', line, ...path, 'on'],
          text: `${on} comes before ${before}, which must come first`,
        },
      ];
    });
  });
}

function pickContradictions({ picks, calendar }: Train): readonly Contradiction[] {
  const classes = Object.keys(picks.classes);
  const milestones = calendar.milestones.map(({ id }) => id);
  const ofPatches = calendar.milestones.flatMap(({ id, anchor }) => (anchor === 'patch' ? [id] : []));
  return picks.phases.flatMap((phase, index) => [
    ...phase.classes.flatMap((name, at) =>
      classes.includes(name)
        ? []
        : [{ path: ['picks', 'phases', index, 'classes', at], text: `${name} is no class of picks`, allowed: classes }],
    ),
    ...(phase.until === undefined || milestones.includes(phase.until)
      ? []
      : [
          {
            path: ['picks', 'phases', index, 'until'],
            text: `${phase.until} is no milestone of the calendar`,
            allowed: milestones,
          },
        ]),
    ...(phase.releases === 'minor' && ofPatches.includes(phase.until ?? '')
      ? [
          {
            path: ['picks', 'phases', index, 'until'],
            text: `${phase.until} is a milestone of patch releases, and this phase is of minor ones`,
            allowed: milestones.filter((id) => !ofPatches.includes(id)),
          },
        ]
      : []),
  ]);
}

function namedRepos(train: Train): readonly Contradiction[] {
  const repos = Object.keys(train.repos);
  const { tutorials: tutorialPolicy, docs, validation, trainFile } = train;
  const named = Object.entries({ tutorials: tutorialPolicy, docs, validation, trainFile });
  const isElsewhere = tutorialPolicy !== undefined && RepoSlug.safeParse(tutorialPolicy.repo).success;
  return named.flatMap(([key, section]) =>
    section === undefined || repos.includes(section.repo) || (key === 'tutorials' && isElsewhere)
      ? []
      : [{ path: [key, 'repo'], text: `${section.repo} is no repository of the train`, allowed: repos }],
  );
}
