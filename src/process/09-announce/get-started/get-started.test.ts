import { expect, it } from 'vitest';
import { expectedArtifacts } from '../../../domain/expected/expected.ts';
import { Train } from '../../../domain/train/train.ts';
import { lineOf, ReleaseVersion } from '../../../domain/version.ts';
import { readWholeJson } from './json-text.ts';
import type { StartFacts } from './offers.ts';
import { startFiles } from './files.ts';

const platform = (system: string, tag: string, local = true) => ({
  system,
  architecture: 'x86_64',
  wheels: [{ tags: [`{python}-{abi}-${tag}`] }],
  local,
});

/** A train whose release has these versions of CUDA and ROCm. */
function trainWith({
  cuda,
  rocm,
  slots = ['cuda.x', 'cuda.y', 'cuda.z'],
  most,
}: {
  readonly cuda: readonly string[];
  readonly rocm: readonly string[];
  readonly slots?: readonly string[];
  readonly most?: number;
}): Train {
  const line = {
    python: { from: '3.12', to: '3.13' },
    builds: { cuda: [{ versions: cuda }], rocm: [{ versions: rocm }] },
  };
  return Train.parse({
    train: 'small',
    title: 'Small',
    product: 'torch',
    roles: {},
    repos: {
      core: { role: 'core', source: 'main', remote: '/r/core', packages: ['torch'] },
      vision: {
        role: 'domain',
        source: 'main',
        remote: '/r/vision',
        packages: ['torchvision'],
        version: { follow: 'count', pair: { train: '2.7', repo: '0.22' } },
      },
      website: { role: 'external', source: 'site', remote: '/r/website' },
    },
    support: {
      columns: [
        { id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' },
        { id: 'rocm', kind: 'builds', title: 'ROCm', accelerator: 'ROCm' },
      ],
      lines: { '2.7': line, '2.8': line },
      operatingSystems: [{ family: 'Linux', architectures: ['x86_64'] }],
      excluded: [{ accelerator: 'ROCm', system: 'Windows', reason: 'not built' }],
    },
    artifacts: {
      platforms: {
        'linux-x86_64': platform('Linux', 'manylinux_2_28_x86_64'),
        'macos-arm64': platform('MacOS', 'macosx_11_0_arm64', false),
        'windows-x86_64': platform('Windows', 'win_amd64'),
      },
      accelerators: {
        cpu: { title: 'CPU', name: 'cpu' },
        cuda: { title: 'CUDA', name: 'cu{digits}' },
        rocm: { title: 'ROCm', name: 'rocm{version}' },
      },
      packages: {
        torch: {
          builds: [
            { kind: 'wheel', platforms: ['linux-x86_64', 'windows-x86_64'], accelerators: ['cpu', 'cuda', 'rocm'] },
            { kind: 'wheel', platforms: ['macos-arm64'], accelerators: ['cpu'] },
            {
              kind: 'libtorch',
              platforms: ['linux-x86_64'],
              accelerators: ['cpu', 'cuda'],
              variant: 'shared',
              file: 'libtorch-shared-{version}.zip',
            },
          ],
        },
        torchvision: {
          builds: [
            { kind: 'wheel', platforms: ['linux-x86_64', 'windows-x86_64'], accelerators: ['cpu', 'cuda', 'rocm'] },
            { kind: 'wheel', platforms: ['macos-arm64'], accelerators: ['cpu'] },
          ],
        },
      },
      publish: {
        pypi: [
          { platform: 'linux-x86_64', accelerator: 'CUDA 12.6' },
          { platform: 'macos-arm64', accelerator: 'CPU' },
        ],
      },
    },
    channels: { pypi: { title: 'The index', write: 'once', places: [] } },
    promotion: { pypi: 'pypi' },
    releaseDay: {
      getStarted: {
        repo: 'website',
        systems: { linux: 'linux-x86_64', macos: 'macos-arm64', windows: 'windows-x86_64' },
        accelerators: [
          { accelerator: 'cpu', slots: ['accnone'] },
          { accelerator: 'cuda', slots, ...(most === undefined ? {} : { most }) },
          { accelerator: 'rocm', slots: ['rocm.x'], most: 1 },
        ],
        downloads: [{ system: 'linux', variant: 'shared', text: 'Download here:' }],
      },
    },
  });
}

function factsOf(train: Train, version = '2.8.0'): StartFacts {
  const release = ReleaseVersion.parse(version);
  const expected = expectedArtifacts(train, release);
  const settings = train.releaseDay.getStarted;
  if (!expected.ok || settings === undefined) throw new Error('the train of this test is wrong');
  return {
    train,
    settings,
    release,
    line: lineOf(release),
    cells: expected.value.cells,
    keys: new Map(),
    addresses: { wheel: 'https://files.example/whl/', libtorch: 'https://files.example/libtorch/' },
  };
}

const nightly = (name: string) =>
  `pip3 install --pre torch torchvision --index-url https://files.example/whl/nightly/${name}`;
const button = (command: string | null, note: string | null = null, more: object = {}) => ({ note, command, ...more });
const mac = (note: string | null) => button(nightly('cpu'), note, note === null ? {} : { default: true });
const PREVIEW = {
  linux: {
    pip: {
      accnone: button(nightly('cpu')),
      'cuda.x': button(nightly('cu126')),
      'cuda.y': button(nightly('cu130')),
      'rocm.x': button(nightly('rocm7.2')),
    },
    conda: { accnone: button('conda install pytorch-nightly::pytorch') },
    libtorch: {
      accnone: {
        note: null,
        versions: {
          'Download here:': 'https://files.example/libtorch/nightly/cpu/latest.zip',
          'Download here (old ABI):': 'https://files.example/libtorch/nightly/cpu/old.zip',
        },
      },
    },
  },
  macos: { pip: { 'cuda.x': mac('# CUDA is not available on MacOS, please use default package'), accnone: mac(null) } },
  windows: {
    pip: {
      accnone: button(nightly('cpu')),
      'cuda.x': button(nightly('cu126')),
      'rocm.x': button(null, '<b>NOTE:</b> ROCm is not available on Windows'),
    },
  },
};
const OLD = {
  linux: { pip: { 'cuda10.2': button('pip3 install torch') }, conda: { 'cuda10.2': button('conda install pytorch') } },
};

/** As the website's job writes it: Python's json with an indent of 2, and one old spelling that it would not write again. */
function page(more: object = {}, latest = '2.7.1'): string {
  const all = {
    latest_stable: latest,
    latest_lts: 'lts-1.8.2',
    versions: { preview: PREVIEW, '1.13.0': OLD, ...more },
  };
  return JSON.stringify(all, undefined, 2).replace('"latest_lts": "lts-1.8.2"', '"latest_lts":  "lts-1.8.2"');
}

const SCRIPT = [
  '// Keys are parts of navigator.platform',
  'let version_map={"nightly": {"accnone": ["cpu", ""], "cuda.x": ["cuda", "12.6"]}, "release": {"accnone": ["cpu", ""], "cuda.x": ["cuda", "11.8"]}}  ',
  'let stable_version="Stable (2.7.1)";',
  'function commandMessage(key) {',
  '  var object = {"preview,pip,linux,accnone,python": "pip3 install --pre torch", "stable,pip,linux,accnone,python": "pip3 install torch", "stable,pip,linux,cuda.gone,python": "pip3 install torch"};',
  '  if (!object.hasOwnProperty(key)) return;',
  '}',
  '',
].join('\n');

function made(train: Train, versions = page(), version = '2.8.0') {
  const done = startFiles(factsOf(train, version), { versions, script: SCRIPT });
  if (!done.ok) throw new Error(done.problems.map(({ code }) => code).join(', '));
  return done.value;
}

interface Page {
  readonly latest_stable: string;
  readonly versions: Readonly<Record<string, typeof PREVIEW>>;
}
function parsed(text: string): Page {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the test's own file
  const all: Page = JSON.parse(text);
  return all;
}

it('takes the newest ROCm by its version, and every CUDA there is a button for (DAY-01)', () => {
  const train = trainWith({
    cuda: ['12.6', '13.0', '13.2', '13.4'],
    rocm: ['7.2', '7.14'],
    slots: ['cuda.x', 'cuda.y', 'cuda.z', 'cuda.w'],
  });
  const { versions, script } = made(train);
  const { linux } = parsed(versions).versions['2.8.0'] ?? PREVIEW;
  expect(Object.fromEntries(Object.entries(linux.pip).map(([label, { command }]) => [label, command]))).toEqual({
    accnone: 'pip3 install torch torchvision --index-url https://files.example/whl/cpu',
    // On the package index: no address is named.
    'cuda.x': 'pip3 install torch torchvision',
    'cuda.y': 'pip3 install torch torchvision --index-url https://files.example/whl/cu130',
    'cuda.z': 'pip3 install torch torchvision --index-url https://files.example/whl/cu132',
    'cuda.w': 'pip3 install torch torchvision --index-url https://files.example/whl/cu134',
    'rocm.x': 'pip3 install torch torchvision --index-url https://files.example/whl/rocm7.14',
  });
  expect(script).toContain(
    '"release": {"accnone": ["cpu", ""], "cuda.x": ["cuda", "12.6"], "cuda.y": ["cuda", "13.0"], "cuda.z": ["cuda", "13.2"], "cuda.w": ["cuda", "13.4"], "rocm.x": ["rocm", "7.14"]}}',
  );
});

it('drops no version in silence: four of CUDA for three buttons is a problem, or a limit that the train says (DAY-01)', () => {
  const versions = { cuda: ['12.6', '13.0', '13.2', '13.4'], rocm: ['7.14'] };
  const refused = startFiles(factsOf(trainWith(versions)), { versions: page(), script: SCRIPT });
  expect(refused.ok ? null : refused.problems).toEqual([
    {
      code: 'slots-short',
      accelerator: 'cuda',
      slots: ['cuda.x', 'cuda.y', 'cuda.z'],
      versions: ['12.6', '13.0', '13.2', '13.4'],
    },
  ]);
  const { linux } = parsed(made(trainWith({ ...versions, most: 3 })).versions).versions['2.8.0'] ?? PREVIEW;
  expect(linux.pip['cuda.x'].command).toContain('/cu130');
});

it('refreshes the entry of a release that is there already, and moves latest_stable on (DAY-02)', () => {
  const train = trainWith({ cuda: ['12.6'], rocm: ['7.2'] });
  const stale = {
    linux: {
      pip: { accnone: button('pip3 install torch==2.7.1', 'Kept.'), 'cuda.x': button('stale'), hip: button('by hand') },
      conda: OLD.linux.conda,
    },
    haiku: OLD.linux,
  };
  const { versions } = made(train, page({ '2.8.0': stale }));
  const { latest_stable: latest, versions: all } = parsed(versions);
  expect(latest).toBe('2.8.0');
  expect(all['2.8.0']).toEqual({
    linux: {
      pip: {
        accnone: button('pip3 install torch torchvision --index-url https://files.example/whl/cpu', 'Kept.'),
        'cuda.x': button('pip3 install torch torchvision'),
        hip: button('by hand'),
        'rocm.x': button('pip3 install torch torchvision --index-url https://files.example/whl/rocm7.2'),
      },
      conda: OLD.linux.conda,
      libtorch: {
        accnone: {
          note: null,
          versions: { 'Download here:': 'https://files.example/libtorch/cpu/libtorch-shared-2.8.0%2Bcpu.zip' },
        },
        'cuda.x': {
          note: null,
          versions: { 'Download here:': 'https://files.example/libtorch/cu126/libtorch-shared-2.8.0%2Bcu126.zip' },
        },
      },
    },
    haiku: OLD.linux,
    macos: {
      pip: {
        accnone: button('pip3 install torch torchvision'),
        'cuda.x': button(null, '<b>NOTE:</b> CUDA is not available on MacOS'),
        'rocm.x': button(null, '<b>NOTE:</b> ROCm is not available on MacOS'),
      },
    },
    windows: {
      pip: {
        accnone: button('pip3 install torch torchvision --index-url https://files.example/whl/cpu'),
        'cuda.x': button('pip3 install torch torchvision --index-url https://files.example/whl/cu126'),
        'rocm.x': button(null, '<b>NOTE:</b> ROCm is not available on Windows'),
      },
    },
  });
});

it('leaves every other character of the files alone', () => {
  const train = trainWith({ cuda: ['12.6'], rocm: ['7.2'] });
  const before = page();
  const { versions, script } = made(train, before);
  const kept = before.replace('"latest_stable": "2.7.1"', '"latest_stable": "2.8.0"');
  const end = kept.lastIndexOf('\n    }\n  }\n}');
  expect(versions.startsWith(kept.slice(0, end + '\n    }'.length))).toBe(true);
  expect(versions.slice(end + '\n    }'.length)).toMatch(/^,\n {4}"2\.8\.0": \{\n {6}"linux": \{\n/);
  expect(readWholeJson(versions).ok).toBe(true);
  // A second time changes nothing.
  expect(made(train, versions).versions).toBe(versions);
  const changed = script.split('\n').filter((line, index) => line !== SCRIPT.split('\n')[index]);
  expect(changed).toHaveLength(3);
  expect(changed[0]).toMatch(
    /^let version_map=\{"nightly": \{"accnone": \["cpu", ""\], "cuda\.x": \["cuda", "12\.6"\]\}, "release"/,
  );
  expect(changed[1]).toBe('let stable_version="Stable (2.8.0)";');
  expect(changed[2]).not.toContain('cuda.gone');
  expect(changed[2]).toContain(
    '"stable,libtorch,linux,accnone,cplusplus": "Download here:<br /><a href=\'https://files.example/libtorch/cpu/libtorch-shared-2.8.0%2Bcpu.zip\'>https://files.example/libtorch/cpu/libtorch-shared-2.8.0%2Bcpu.zip</a>"',
  );
});

it('takes over into a new entry nothing that still speaks of nightlies', () => {
  const { versions, left } = made(trainWith({ cuda: ['12.6'], rocm: ['7.2'] }));
  const entry = parsed(versions).versions['2.8.0'];
  expect(JSON.stringify(entry)).not.toContain('nightly');
  expect(JSON.stringify(entry)).not.toContain('--pre');
  expect(left).toEqual([
    'linux/pip/cuda.y: the release has nothing for this button',
    'linux/conda: the train does not say how this kind is installed',
    'linux/libtorch/accnone "Download here (old ABI):": the release has no such file',
  ]);
  // What a system without accelerators is told stays with its note.
  expect(entry?.macos.pip['cuda.x']).toEqual(
    button('pip3 install torch torchvision', '# CUDA is not available on MacOS, please use default package', {
      default: true,
    }),
  );
});

it('does not call an older line stable again, and leaves the script as it is', () => {
  const { versions, script } = made(trainWith({ cuda: ['12.6'], rocm: ['7.2'] }), page({}, '2.8.0'), '2.7.2');
  expect(parsed(versions).latest_stable).toBe('2.8.0');
  expect(Object.keys(parsed(versions).versions)).toContain('2.7.2');
  expect(script).toBe(SCRIPT);
});

it('names only what there are files of', () => {
  const facts = factsOf(trainWith({ cuda: ['12.6'], rocm: ['7.2'] }));
  const cells = facts.cells.filter(({ cell }) => cell.package === 'torch' && cell.accelerator !== 'rocm7.2');
  const done = startFiles({ ...facts, cells }, { versions: page(), script: SCRIPT });
  const { linux } = parsed(done.ok ? done.value.versions : '').versions['2.8.0'] ?? PREVIEW;
  expect(linux.pip.accnone.command).toBe('pip3 install torch --index-url https://files.example/whl/cpu');
  expect(linux.pip['rocm.x']).toBeUndefined();
});

it.each([
  [
    'no JSON',
    '{"latest_stable": ',
    SCRIPT,
    { code: 'not-json', file: 'published_versions.json', line: 1, reason: 'it ends too early' },
  ],
  [
    'a key that stands twice',
    '{"versions": {},\n"versions": {}}',
    SCRIPT,
    { code: 'not-json', file: 'published_versions.json', line: 2, reason: 'the key "versions" stands twice' },
  ],
  [
    'something behind it',
    `${page()}\n<<<<<<<`,
    SCRIPT,
    {
      code: 'not-json',
      file: 'published_versions.json',
      line: page().split('\n').length + 1,
      reason: 'something follows the value',
    },
  ],
  [
    'no entries',
    '{"latest_stable": "2.7.1"}',
    SCRIPT,
    {
      code: 'not-the-shape',
      file: 'published_versions.json',
      what: 'it has no object "versions" with an entry for each release',
    },
  ],
  [
    'no latest_stable',
    '{"versions": {}}',
    SCRIPT,
    { code: 'not-the-shape', file: 'published_versions.json', what: 'it has no text "latest_stable"' },
  ],
  [
    'another script',
    page(),
    'let versions = 1;',
    {
      code: 'not-the-shape',
      file: 'assets/quick-start-module.js',
      what: '"version_map=" does not stand in it exactly once',
    },
  ],
  [
    'a script whose table is none',
    page(),
    SCRIPT.replace('"Stable (2.7.1)"', 'stable'),
    { code: 'not-json', file: 'assets/quick-start-module.js', line: 3, reason: 'no value is here' },
  ],
  [
    'too deep',
    `{"versions": ${'['.repeat(50)}`,
    SCRIPT,
    { code: 'not-json', file: 'published_versions.json', line: 1, reason: 'nested deeper than 40' },
  ],
])('tells what is wrong with files that are not as they have to be: %s', (_name, versions, script, problem) => {
  const done = startFiles(factsOf(trainWith({ cuda: ['12.6'], rocm: ['7.2'] })), { versions, script });
  expect(done.ok ? null : done.problems).toEqual([problem]);
});
