import { acceleratorBuilds, hasVersions } from '../domain/expected/builds.ts';
import { isAccelerator } from '../domain/expected/cells.ts';
import type { PackageBuild } from '../domain/train/artifacts.ts';
import { holdsFor } from '../domain/train/span.ts';
import type { Train } from '../domain/train/train.ts';
import { Line } from '../domain/version.ts';
import { rangeOf, type Contradiction } from './contradiction.ts';
import type { KeyPath } from './tree.ts';

/** Artifacts against the rest of the train: names that lead nowhere, builds that no line has, files that nobody could name. */
export function artifactContradictions(train: Train): readonly Contradiction[] {
  return [
    ...platformContradictions(train),
    ...acceleratorContradictions(train),
    ...packageContradictions(train),
    ...publishContradictions(train),
    ...imageContradictions(train),
    ...exclusionContradictions(train),
    ...limitContradictions(train),
    ...candidateContradictions(train),
    ...promotionContradictions(train),
  ];
}

/** A name that is none of those there are. */
function stranger(path: KeyPath, said: string, what: string, allowed: readonly string[]): readonly Contradiction[] {
  return allowed.includes(said) ? [] : [{ path, text: `${said} is no ${what}`, allowed, word: said }];
}

function platformContradictions({ artifacts, support }: Train): readonly Contradiction[] {
  const families = support.operatingSystems.map(({ family }) => family);
  return Object.entries(artifacts.platforms).flatMap(([key, { system, architecture, wheels }]) => {
    const path = ['artifacts', 'platforms', key];
    const family = support.operatingSystems.find((each) => each.family === system);
    return [
      ...stranger([...path, 'system'], system, 'operating system of support.operatingSystems', families),
      ...(family === undefined
        ? []
        : stranger([...path, 'architecture'], architecture, `architecture of ${system}`, family.architectures)),
      ...wheels.flatMap((entry, index) => rangeOf([...path, 'wheels', index], entry)),
    ];
  });
}

function acceleratorContradictions({ artifacts, support }: Train): readonly Contradiction[] {
  const titles = support.columns.flatMap((column) => (column.kind === 'builds' ? [column.accelerator] : []));
  return Object.entries(artifacts.accelerators).flatMap(([key, entry]) => {
    const path = ['artifacts', 'accelerators', key];
    return [
      ...rangeOf(path, entry),
      ...(hasVersions(entry.name)
        ? stranger([...path, 'title'], entry.title, 'accelerator of a column of the support matrix', [
            ...new Set(titles),
          ])
        : []),
    ];
  });
}

function packageContradictions(train: Train): readonly Contradiction[] {
  const repos = Object.entries(train.repos);
  const known = repos.flatMap(([, { packages }]) => packages);
  return Object.entries(train.artifacts.packages).flatMap(([name, { builds }]) => {
    const path = ['artifacts', 'packages', name];
    const makers = repos.filter(([, { packages }]) => packages.includes(name)).map(([key]) => key);
    return [
      ...stranger(path, name, 'package of a repository', known),
      ...(makers.length > 1 ? [{ path, text: `${name} is built by several repositories: ${makers.join(', ')}` }] : []),
      ...builds.flatMap((build, index) => buildContradictions(train, build, [...path, 'builds', index])),
    ];
  });
}

function buildContradictions({ artifacts }: Train, build: PackageBuild, path: KeyPath): readonly Contradiction[] {
  const { platforms, accelerators } = artifacts;
  const isNameless =
    build.kind === 'wheel' &&
    build.tags === undefined &&
    (build.platforms === undefined || build.platforms.some((key) => platforms[key]?.wheels.length === 0));
  return [
    ...rangeOf(path, build),
    ...(build.platforms ?? []).flatMap((key, at) =>
      stranger([...path, 'platforms', at], key, 'platform', Object.keys(platforms)),
    ),
    ...(build.accelerators ?? []).flatMap((key, at) =>
      stranger([...path, 'accelerators', at], key, 'accelerator', Object.keys(accelerators)),
    ),
    ...(isNameless
      ? [{ path, text: 'neither `tags` nor `wheels` of every platform says which tags the wheels have' }]
      : []),
  ];
}

function publishContradictions(train: Train): readonly Contradiction[] {
  const { artifacts, channels, support } = train;
  const indexes = Object.entries(channels).flatMap(([name, { places }]) =>
    places.some(({ store }) => store === 'package-index') ? [name] : [],
  );
  const lines = Object.keys(support.lines).map((line) => Line.parse(line));
  return Object.entries(artifacts.publish).flatMap(([channel, rules]) => [
    ...stranger(['artifacts', 'publish', channel], channel, 'channel with a package index', indexes),
    ...rules.flatMap((rule, index) => {
      const path = ['artifacts', 'publish', channel, index];
      // A rule that fits nothing would leave a platform out unseen.
      const without = lines.filter(
        (line) =>
          holdsFor(rule, line) &&
          !acceleratorBuilds(train, line).some((build) => isAccelerator(rule.accelerator, build)),
      );
      return [
        ...rangeOf(path, rule),
        ...stranger([...path, 'platform'], rule.platform, 'platform', Object.keys(artifacts.platforms)),
        ...(rule.packages ?? []).flatMap((name, at) =>
          stranger([...path, 'packages', at], name, 'package with builds', Object.keys(artifacts.packages)),
        ),
        ...(without.length === 0
          ? []
          : [{ path: [...path, 'accelerator'], text: `${rule.accelerator} is not built for ${without.join(', ')}` }]),
      ];
    }),
  ]);
}

function imageContradictions({ artifacts, channels }: Train): readonly Contradiction[] {
  return artifacts.images.flatMap((image, index) => {
    const path = ['artifacts', 'images', index];
    return [
      ...rangeOf(path, image),
      ...image.platforms.flatMap((key, at) =>
        stranger([...path, 'platforms', at], key, 'platform', Object.keys(artifacts.platforms)),
      ),
      ...image.accelerators.flatMap((key, at) =>
        stranger([...path, 'accelerators', at], key, 'accelerator', Object.keys(artifacts.accelerators)),
      ),
      ...Object.keys(image.repository).flatMap((channel) =>
        stranger([...path, 'repository', channel], channel, 'channel of the train', Object.keys(channels)),
      ),
    ];
  });
}

/** An exclusion that can fit nothing lets through what it was to keep out. */
function exclusionContradictions({ artifacts, support }: Train): readonly Contradiction[] {
  const packages = Object.keys(artifacts.packages);
  // A train without packages only shows its matrix.
  if (packages.length === 0) return [];
  const platforms = Object.values(artifacts.platforms);
  const titles = Object.values(artifacts.accelerators).map(({ title }) => title);
  return support.excluded.flatMap((rule, index) => {
    const path = ['support', 'excluded', index];
    const title = rule.accelerator?.replace(/ \S+$/, '');
    return [
      ...(rule.package === undefined
        ? []
        : stranger([...path, 'package'], rule.package, 'package with builds', packages)),
      ...(rule.system === undefined
        ? []
        : stranger(
            [...path, 'system'],
            rule.system,
            'system of a platform',
            platforms.map(({ system }) => system),
          )),
      ...(rule.architecture === undefined
        ? []
        : stranger(
            [...path, 'architecture'],
            rule.architecture,
            'architecture of a platform',
            platforms.map(({ architecture }) => architecture),
          )),
      ...(title === undefined ? [] : stranger([...path, 'accelerator'], title, 'accelerator', titles)),
    ];
  });
}

function limitContradictions({ artifacts, channels }: Train): readonly Contradiction[] {
  const packages = Object.keys(artifacts.packages);
  return Object.entries(channels).flatMap(([channel, { places }]) =>
    places.flatMap(({ limits, publishers, store }, at) => {
      const place = ['channels', channel, 'places', at];
      const isIndex = store === 'package-index';
      const only: readonly Contradiction[] = isIndex
        ? []
        : [
            ...(limits === undefined ? [] : [{ path: [...place, 'limits'], text: 'only a package index has limits' }]),
            ...(publishers.length === 0
              ? []
              : [{ path: [...place, 'publishers'], text: 'only a package index tells who published' }]),
          ];
      if (!isIndex) return only;
      return [
        ...(limits?.raised ?? []).flatMap(({ package: name }, index) =>
          stranger([...place, 'limits', 'raised', index, 'package'], name, 'package with builds', packages),
        ),
        ...publishers.flatMap((publisher, index) =>
          (publisher.packages ?? []).flatMap((name, number) =>
            stranger([...place, 'publishers', index, 'packages', number], name, 'package with builds', packages),
          ),
        ),
      ];
    }),
  );
}

/** Where nothing is built, nothing is uploaded anywhere. */
function candidateContradictions({ artifacts, candidates, channels }: Train): readonly Contradiction[] {
  return Object.keys(artifacts.packages).length === 0
    ? []
    : stranger(['candidates', 'channel'], candidates.channel, 'channel of the train', Object.keys(channels));
}

/** Channels that a release goes through are channels of the train. */
function promotionContradictions({ promotion, channels }: Train): readonly Contradiction[] {
  const known = Object.keys(channels);
  const one = (key: 'backup' | 'staging' | 'pypi'): readonly Contradiction[] => {
    const named = promotion[key];
    return named === null ? [] : stranger(['promotion', key], named, 'channel of the train', known);
  };
  return [
    ...one('backup'),
    ...one('staging'),
    ...one('pypi'),
    ...promotion.stable.flatMap((name, index) =>
      stranger(['promotion', 'stable', index], name, 'channel of the train', known),
    ),
    ...promotion.windows.flatMap(({ from, to }, index): readonly Contradiction[] =>
      from < to
        ? []
        : [{ path: ['promotion', 'windows', index, 'to'], text: `the window ends at ${to}, not after ${from}` }],
    ),
  ];
}
