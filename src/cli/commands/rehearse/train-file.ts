import { stringify } from 'yaml';
import type { PackageIndex, Sandbox } from '../../../sandbox/index.ts';
import { FINAL_CHECKS } from './final-checks.ts';
import { addDays, type CalendarDate } from '../../../domain/instant.ts';

/** The line the made world is about to release; its history has the line before. */
export const LINE = '2.8';
export const RELEASE = '2.8.0';

/** Who may do what in a rehearsal: accounts of the sandbox. */
const ROLES = {
  'release-manager': ['ada-rm', 'bruno-rm'],
  approver: ['cleo-core', 'ines-infra'],
  'triage-reviewer': ['ines-infra', 'hugo-l'],
};

const HEAD = '# Written by `signalbox rehearse`: a train in a sandbox world.\n';

/** What the world's builders build: wheels for two systems, each for the CPU and two versions of CUDA. */
const buildsOf = (name: string) => [
  {
    kind: 'wheel',
    platforms: ['linux-x86_64', 'windows-x86_64'],
    accelerators: ['cpu', 'cuda'],
    job: '* / binary build {wheel-job}-py{python-word}-{accelerator-job}',
    validation: `Validate binaries / validate ${name} {wheel-job}-py{python-word}-{accelerator-job}`,
  },
];
const ARTIFACTS = {
  platforms: {
    'linux-x86_64': { words: { 'wheel-job': 'manywheel' } },
    'windows-x86_64': { words: { 'wheel-job': 'wheel-windows' } },
  },
  packages: Object.fromEntries(
    ['torch', 'torchvision', 'torchaudio'].map((name) => [name, { builds: buildsOf(name) }]),
  ),
  publish: { pypi: ['linux-x86_64', 'windows-x86_64'].map((platform) => ({ platform, accelerator: 'CPU' })) },
};
const SUBMODULES = ['third_party/pybind11', 'third_party/fmt', 'third_party/kineto'];
const SUPPORTED = {
  python: { from: '3.12', to: '3.13' },
  texts: { cpp: 'C++17' },
  builds: {
    'cuda-stable': [{ versions: ['12.6'], companion: '9.5.1.17' }],
    'cuda-experimental': [{ versions: ['12.8'], companion: '9.7.1.26' }],
    'rocm-stable': [],
  },
};

const WORKSTREAMS = {
  'core-marketing': { poc: ['cleo-core'] },
  'release-eng': { poc: ['ada-rm'], deputies: ['bruno-rm'] },
  'doc-eng': { poc: ['mina-s'] },
  'release-notes': { poc: ['kemi-a'] },
  partner: { poc: ['jonas-b'] },
};

/** What of PyTorch's surroundings is other here, or not there. */
const NOT_IN_THIS_WORLD = {
  // Triton's own repository.
  dependencies: { triton: { ready: null, released: null } },
  // One workflow uses a tool of somebody else by its main, on purpose; nobody has registered names yet.
  guard: { ownActions: ['pytorch', 'actions', 'someorg'], names: null },
  // The makers of Triton take requests where infrastructure does.
  asks: {
    'triton-release': { sent: { way: 'issue', repo: 'test-infra' } },
    // Its text leads to places outside of this world, which is not left.
    announcement: { checkLinks: false },
  },
  // Nothing is built for macOS, and no C++ library alone.
  releaseDay: { getStarted: { systems: { macos: null }, downloads: [] } },
};

/** The days of the line, as the train file has them. */
export interface LineDates {
  readonly cut: CalendarDate;
  readonly release: CalendarDate;
  readonly patches: readonly CalendarDate[];
}

/** A line that is cut today. */
export function datesFrom(today: CalendarDate): LineDates {
  return { cut: today, release: addDays(today, 36), patches: [] };
}

/** Where the world keeps files. */
export interface WorldPlaces {
  /** The folder that the sandbox serves below /channels/: `whl/test` and others. */
  readonly channel: (...path: readonly string[]) => string;
  readonly index: Pick<PackageIndex, 'url' | 'uploadUrl'>;
}

/** Where files of the world lie: folders that the sandbox shows, folders that it does not, and the index. */
function channelsOf(url: string, { channel, index }: WorldPlaces): object {
  const wheels = (...path: readonly string[]) => ({
    holds: 'wheel',
    store: 'object-store',
    address: `${url}/channels/${path.join('/')}/`,
    origin: channel(...path),
  });
  const ours = (name: string, holds: string) => ({
    holds,
    store: 'object-store',
    origin: channel(name),
    public: false,
  });
  return {
    nightly: { places: [wheels('whl', 'nightly')] },
    test: { places: [wheels('whl', 'test')] },
    backup: { places: [ours('backup', 'any')] },
    staging: { places: [ours('staging', 'wheel')] },
    results: { title: 'Benchmarks', write: 'append', places: [ours('results', 'any')] },
    stable: { places: [wheels('whl', 'stable'), wheels('mirror', 'stable')] },
    pypi: {
      places: [
        {
          holds: 'wheel',
          store: 'package-index',
          address: index.url,
          upload: index.uploadUrl,
          limits: { file: '100 MiB', project: '10 GiB' },
        },
      ],
    },
  };
}

/** The train of the made world: PyTorch's rules, four repositories, and website, documentation and tutorials beside them. */
export function rehearsalTrain(
  { url, apiUrl }: Sandbox,
  { cut, release, patches }: LineDates,
  places: WorldPlaces,
): string {
  return `${HEAD}${stringify({
    extends: 'pytorch',
    title: 'PyTorch',
    forge: { web: url, api: apiUrl },
    roles: ROLES,
    repos: {
      // XLA's line has ended here: the world has no such repository, and 2.7 is there too.
      xla: { until: '2.6' },
      'test-infra': { owners: ['ines-infra'] },
      pytorch: {
        owners: ['ada-rm'],
        binaries: { workflows: ['.github/workflows/build-binaries.yml'] },
        submodules: { except: Object.fromEntries(SUBMODULES.map((path) => [path, 'no remote in this world'])) },
      },
      vision: { owners: ['dmitri-vision'] },
      audio: { owners: ['aiko-audio'] },
    },
    workstreams: WORKSTREAMS,
    support: { lines: { [LINE]: SUPPORTED } },
    artifacts: ARTIFACTS,
    docs: { repo: 'test-infra', branch: 'main', files: [{ path: 'docs/{line}/index.html', contains: ['{version}'] }] },
    validation: { repo: 'test-infra', workflow: '.github/workflows/validate-binaries.yml', digests: 'told' },
    channels: channelsOf(url, places),
    final: FINAL_CHECKS,
    ...NOT_IN_THIS_WORLD,
    calendar: {
      cadence: { [LINE]: { cut: { on: cut }, release: { on: release }, patches: patches.map((on) => ({ on })) } },
    },
  })}`;
}

/** A repository of the user, copied into the world. */
export interface CopiedRepo {
  readonly key: string;
  readonly owner: string;
  readonly name: string;
  readonly branch: string;
}

const WORKFLOWS = ['yml', 'yaml'].flatMap((ending) => [
  `.github/workflows/*.${ending}`,
  `.github/actions/**/action.${ending}`,
]);

/** A train of the user's own repositories: the first is the core, the others are cut with it; references to one another are pinned. */
export function copiedTrain({ url, apiUrl }: Sandbox, repos: readonly CopiedRepo[]): string {
  const edits = [{ id: 'workflow-refs', kind: 'workflow-refs', files: WORKFLOWS, from: 'main', atLeast: 0 }];
  const entries = repos.map(({ key, owner, name, branch }, index) => {
    const role = index === 0 ? 'core' : 'infra';
    const slug = `${owner}/${name}`;
    return [key, { role, slug, source: branch, main: branch, owners: ['ada-rm'], onBranch: edits }] as const;
  });
  return `${HEAD}${stringify({
    train: 'rehearsal',
    title: 'Rehearsal',
    product: repos[0]?.key ?? 'rehearsal',
    forge: { web: url, api: apiUrl },
    roles: ROLES,
    repos: Object.fromEntries(entries),
  })}`;
}
