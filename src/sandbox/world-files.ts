const sections = 12;

/** A source file of twelve sections; a change edits one section, so that changes of others apply cleanly beside it. */
function sourceFile(area: string): string {
  const parts = Array.from({ length: sections }, (_unused, index) => {
    const id = String(index).padStart(2, '0');
    return [
      `# section ${id} of ${area}`,
      `def step_${id}(value):`,
      `    """Step ${id} of ${area}: takes a value, gives it back bounded."""`,
      `    limit_${id} = 1`,
      '    if value is None:',
      '        return None',
      `    return min(value, limit_${id})`,
      '',
      '',
    ].join('\n');
  });
  return parts.join('');
}

/** The content with one section's limit raised, and null when the section is not there. */
export function editSection(content: string, section: number, to: number): string | null {
  const id = String(section % sections).padStart(2, '0');
  const line = new RegExp(`^    limit_${id} = .*$`, 'mu');
  return line.test(content) ? content.replace(line, `    limit_${id} = ${to}`) : null;
}

/** The limit that a section has now; picks are made only where both sides agree on it. */
export function sectionLimit(content: string, section: number): string | null {
  const id = String(section % sections).padStart(2, '0');
  return new RegExp(`^    limit_${id} = (.*)$`, 'mu').exec(content)?.[1] ?? null;
}

const checkout = 'actions/checkout@v4';

const linuxWorkflow = (name: string, job: string) => `name: ${name}

on:
  pull_request:
  push:
    branches:
      - main
      - release/*
    tags:
      - ciflow/trunk/*
  workflow_dispatch:

jobs:
  # The reusable job lives in pytorch/test-infra/.github/workflows/linux_job_v2.yml@main
  ${job}:
    uses: pytorch/test-infra/.github/workflows/linux_job_v2.yml@main
    with:
      runner: linux.2xlarge
      test-infra-ref: main
      script: |
        # docs say: use @main here
        make test
`;

const binaryWorkflow = (name: string, repository: string, cells: readonly string[]) => `name: ${name}

on:
  push:
    branches:
      - nightly
      - main
      - release/*
    tags:
      # Release candidates: v2.0.0-rc1
      - v[0-9]+.[0-9]+.[0-9]+-rc[0-9]+
  workflow_dispatch:
    inputs:
      test-infra-ref:
        description: "The branch of test-infra to use"
        default: "main"

jobs:
  generate-matrix:
    uses: pytorch/test-infra/.github/workflows/generate_binary_build_matrix.yml@main
    with:
      package-type: wheel
      os: linux
      channel: nightly
      test-infra-repository: pytorch/test-infra
      test-infra-ref: main
  build:
    name: binary build \${{ matrix.cell }}
    needs: generate-matrix
    strategy:
      matrix:
        cell: [${cells.join(', ')}]
    uses: pytorch/test-infra/.github/workflows/build_wheels_linux.yml@main
    with:
      repository: ${repository}
      ref: ""
      test-infra-repository: pytorch/test-infra
      test-infra-ref: main
      build-matrix: \${{ needs.generate-matrix.outputs.matrix }}
`;

const lint = `name: Lint

on:
  pull_request:

jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: ${checkout}
      - name: A tool of somebody else, pinned to its main on purpose
        uses: someorg/tool@main
      - { name: both, run: "true" } # pytorch/test-infra/.github/actions/setup-ssh@main, then @main again
      - run: lintrunner --all-files
`;

const action = (name: string, uses: string) => `name: ${name}
description: ${name}
inputs:
  test-infra-ref:
    description: "Which test-infra to take"
    required: false
    default: "main"
runs:
  using: composite
  steps:
    - uses: ${uses}
    - shell: bash
      run: echo "${name} done"
`;

const inlineWorkflow = `name: Two on a line

on:
  schedule:
    - cron: "17 3 * * *"

jobs:
  two:
    runs-on: ubuntu-latest
    steps: [{ uses: pytorch/test-infra/.github/actions/setup-ssh@main }, { uses: pytorch/test-infra/.github/actions/chown-directory@main }]
  core:
    runs-on: ubuntu-latest
    steps:
      - uses: pytorch/pytorch/.github/actions/checkout-pytorch@main
        with:
          no-sudo: true
      - uses: pytorch/pytorch/.github/actions/setup-linux@main
`;

const pin = (digit: string) => `${digit.repeat(40)}\n`;

interface FileSet {
  readonly files: ReadonlyMap<string, string>;
  readonly links: ReadonlyMap<string, string>;
  readonly sources: readonly [string, ...string[]];
}

const submodules = ['third_party/pybind11', 'third_party/fmt', 'third_party/kineto'] as const;

function withSources(sources: readonly [string, ...string[]], files: readonly (readonly [string, string])[]) {
  return new Map([...files, ...sources.map((path) => [path, sourceFile(path)] as const)]);
}

/** The core repository as it was before the previous line was cut. */
export function coreFiles(previous: string, cells: readonly string[]): FileSet {
  const sources: FileSet['sources'] = [
    'torch/_inductor/scheduler.py',
    'torch/_inductor/codegen.py',
    'torch/_dynamo/guards.py',
    'torch/_export/trace.py',
    'torch/distributed/device_mesh.py',
    'torch/backends/mps.py',
    'torch/nn/functional.py',
    'torch/autograd/graph.py',
    'torch/profiler/profiler.py',
    'torch/onnx/exporter.py',
  ];
  const modules = submodules.map(
    (path) => `[submodule "${path}"]\n    path = ${path}\n    url = https://github.com/example/${path.slice(12)}.git\n`,
  );
  const files = withSources(sources, [
    ['README.md', '# PyTorch (a made world)\n'],
    ['version.txt', `${previous}.0a0\n`],
    ['.gitmodules', modules.join('')],
    ['.ci/docker/triton_version.txt', '3.3.0\n'],
    ['.ci/docker/ci_commit_pins/triton.txt', pin('c')],
    ['.ci/docker/ci_commit_pins/xla.txt', pin('a')],
    ['.ci/docker/ci_commit_pins/vision.txt', pin('d')],
    ['.ci/docker/ci_commit_pins/audio.txt', pin('e')],
    ['.github/ci_commit_pins/xla.txt', pin('a')],
    ['.github/workflows/pull.yml', linuxWorkflow('pull', 'linux-jammy')],
    ['.github/workflows/trunk.yml', linuxWorkflow('trunk', 'linux-cuda')],
    ['.github/workflows/lint.yaml', lint],
    ['.github/workflows/nightly-two.yaml', inlineWorkflow],
    ['.github/workflows/build-binaries.yml', binaryWorkflow('Build binaries', 'pytorch/pytorch', cells)],
    ['.github/workflows/docker-builds.yml', linuxWorkflow('docker-builds', 'docker-build')],
    ['.github/actions/checkout-pytorch/action.yml', action('checkout-pytorch', checkout)],
    [
      '.github/actions/setup-linux/action.yml',
      action('setup-linux', 'pytorch/test-infra/.github/actions/setup-ssh@main'),
    ],
  ]);
  const links = new Map(submodules.map((path, index) => [path, String(index + 1).repeat(40)]));
  return { files, links, sources };
}

/** The infrastructure repository: reusable workflows, no version file. */
export function infraFiles(): FileSet {
  const sources: FileSet['sources'] = ['tools/scripts/matrix.py', 'tools/analytics/analyze.py', 'aws/runners.py'];
  const reusable = (name: string) => `name: ${name}

on:
  workflow_call:
    inputs:
      test-infra-repository:
        default: "pytorch/test-infra"
        type: string
      test-infra-ref:
        description: "The ref of test-infra"
        default: "main"
        type: string

jobs:
  job:
    runs-on: ubuntu-latest
    steps:
      - uses: ${checkout}
        with:
          repository: \${{ inputs.test-infra-repository }}
          ref: \${{ inputs.test-infra-ref }}
      - uses: pytorch/test-infra/.github/actions/setup-ssh@main
      - uses: ./.github/actions/chown-directory
`;
  const files = withSources(sources, [
    ['README.md', '# Shared infrastructure (a made world)\n'],
    ['.github/workflows/linux_job_v2.yml', reusable('Run a Linux job')],
    ['.github/workflows/build_wheels_linux.yml', reusable('Build Linux wheels')],
    ['.github/workflows/generate_binary_build_matrix.yml', reusable('Generate the matrix')],
    ['.github/workflows/tests.yaml', linuxWorkflow('Tests', 'pytest')],
    ['.github/actions/setup-ssh/action.yml', action('setup-ssh', checkout)],
    ['.github/actions/chown-directory/action.yml', action('chown-directory', checkout)],
  ]);
  return { files, links: new Map(), sources };
}

/** A domain library's repository. */
export function domainFiles(name: string, previous: string, cells: readonly string[]): FileSet {
  const folder = `torch${name}`;
  const sources: FileSet['sources'] = [
    `${folder}/models.py`,
    `${folder}/io.py`,
    `${folder}/functional.py`,
    `${folder}/datasets.py`,
  ];
  const files = withSources(sources, [
    ['README.md', `# ${folder} (a made world)\n`],
    ['version.txt', `${previous}.0a0\n`],
    ['setup.py', `from setuptools import setup\n\nsetup(name="${folder}")\n`],
    ['.github/workflows/build-wheels-linux.yml', binaryWorkflow('Build Linux Wheels', `pytorch/${name}`, cells)],
    ['.github/workflows/unittest.yaml', linuxWorkflow('Tests', 'unittests-linux')],
    ['.github/workflows/lint.yml', lint],
  ]);
  return { files, links: new Map(), sources };
}
