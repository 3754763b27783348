import type { RepoState } from './state.ts';
import { coreFiles, domainFiles, infraFiles } from './world-files.ts';

/** What one repository of a made world is like. */
export interface Recipe {
  readonly name: string;
  readonly description: string;
  /** Its version on the line being prepared and on the one before, as X.Y; null where there is no version file. */
  readonly versions: { readonly next: string; readonly previous: string } | null;
  readonly files: ReadonlyMap<string, string>;
  readonly links: ReadonlyMap<string, string>;
  readonly sources: readonly [string, ...string[]];
  readonly areas: readonly [string, ...string[]];
  readonly commits: number;
  readonly firstNumber: number;
  /** Whether `viable/strict` trails main here. */
  readonly viable: boolean;
  /** The job names on the nightly and the viable commit. */
  readonly jobs: readonly string[];
  readonly buildsOnTag: readonly string[];
  /** Workflows that people may start by hand, with their jobs, by path. */
  readonly dispatchable: RepoState['dispatchable'];
  /** The job names on each head of a release branch. */
  readonly jobsOnRelease: readonly string[];
  /** The workflow that the tag of a candidate starts. */
  readonly buildWorkflow: { readonly name: string; readonly path: string };
}

const accelerators = ['cpu', 'cuda12_6', 'cuda12_8'];

const wheels = (platforms: readonly string[], pythons: readonly string[]) =>
  platforms.flatMap((platform) =>
    pythons.flatMap((python) => accelerators.map((accelerator) => `${platform}-${python}-${accelerator}`)),
  );

/** What the tag of a candidate builds in each repository: as many wheels as the rehearsed line expects. */
const candidateCells = wheels(['manywheel', 'wheel-windows'], ['py3_12', 'py3_13']);
/** Tests of what lies in the test channel, one job for each wheel of the train. */
const validation = {
  '.github/workflows/validate-binaries.yml': {
    name: 'Validate binaries',
    jobs: ['torch', 'torchvision', 'torchaudio'].flatMap((name) =>
      candidateCells.map((cell) => `validate ${name} ${cell}`),
    ),
  },
};
const coreBuilds = { name: 'Build binaries', path: '.github/workflows/build-binaries.yml' };
const domainBuilds = { name: 'Build Linux Wheels', path: '.github/workflows/build-wheels-linux.yml' };

/** The line before X.Y, which the made history has already released. */
export function lineBefore(line: string): string {
  const [major = 0, minor = 0] = line.split('.').map(Number);
  return minor > 0 ? `${major}.${minor - 1}` : `${major - 1}.13`;
}

function visionLine(line: string): string {
  const [, minor = 0] = line.split('.').map(Number);
  return `0.${minor + 15}`;
}

const jobsOf = (prefix: string, cells: readonly string[]) => cells.map((cell) => `${prefix} / ${cell}`);

const coreTests = [
  'pull / linux-jammy-py3.9-gcc11 / test (default, 1, 2)',
  'trunk / macos-py3-arm64 / test (default, 1, 1)',
];

const coreJobs = [
  ...jobsOf('linux-binary-manywheel', wheels(['manywheel'], ['py3_9', 'py3_12', 'py3_13'])),
  'pull / linux-jammy-py3.9-gcc11 / test (default, 1, 2)',
  'pull / linux-jammy-py3.9-gcc11 / test (default, 2, 2)',
  'trunk / macos-py3-arm64 / test (default, 1, 1)',
  'trunk / linux-jammy-cuda12.6-py3.10 / test (distributed, 1, 1)',
];

function domainRecipe(
  name: string,
  versions: Readonly<{ next: string; previous: string }>,
  areas: readonly [string, ...string[]],
): Recipe {
  const cells = wheels(['manywheel'], ['py3_9', 'py3_12', 'py3_13']);
  return {
    name,
    description: `${name}: datasets, transforms and models`,
    versions,
    ...domainFiles(name, versions.previous, candidateCells),
    areas,
    commits: 220,
    firstNumber: name === 'vision' ? 8600 : 3700,
    viable: false,
    jobs: [...jobsOf('Build Linux Wheels', cells), 'Build Macos Wheels / wheel-py3_12-cpu', 'Tests / unittests-linux'],
    buildsOnTag: candidateCells,
    dispatchable: {},
    buildWorkflow: domainBuilds,
    jobsOnRelease: [],
  };
}

/** The four repositories of the made world, in the order of their dependency. */
export function recipes(line: string): readonly Recipe[] {
  const previous = lineBefore(line);
  return [
    {
      name: 'test-infra',
      description: 'Shared workflows and actions',
      versions: null,
      ...infraFiles(),
      areas: ['workflows', 'actions', 'tools', 'hud', 'runners'],
      commits: 200,
      firstNumber: 5900,
      viable: false,
      jobs: ['Lint / lint', 'Tests / pytest tools', 'Tests / jest hud'],
      buildsOnTag: [],
      dispatchable: validation,
      jobsOnRelease: [],
      buildWorkflow: coreBuilds,
    },
    {
      name: 'pytorch',
      description: 'Tensors and dynamic neural networks',
      versions: { next: line, previous },
      ...coreFiles(previous, candidateCells),
      areas: ['inductor', 'dynamo', 'export', 'distributed', 'mps', 'nn', 'autograd', 'dispatch', 'profiler', 'onnx'],
      commits: 320,
      firstNumber: 146_000,
      viable: true,
      jobs: coreJobs,
      buildsOnTag: candidateCells,
      dispatchable: {},
      jobsOnRelease: coreTests,
      buildWorkflow: coreBuilds,
    },
    domainRecipe('vision', { next: visionLine(line), previous: visionLine(previous) }, [
      'transforms',
      'models',
      'io',
      'ops',
    ]),
    domainRecipe('audio', { next: line, previous }, ['functional', 'pipelines', 'io', 'models']),
  ];
}
