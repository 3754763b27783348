import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { digestOf } from '../../../domain/canonical-json.ts';
import { expectedArtifacts } from '../../../domain/expected/expected.ts';
import { filled } from '../../../domain/expected/names.ts';
import { ObjectId } from '../../../domain/git-names.ts';
import { sealManifest, type Manifest } from '../../../domain/manifest.ts';
import { RepoKey } from '../../../domain/repo.ts';
import { StoreKey } from '../../../domain/store-key.ts';
import { Train } from '../../../domain/train/train.ts';
import { candidateOf, ReleaseVersion } from '../../../domain/version.ts';
import { hostRequest, requestWords, type HostRequest } from './host-request.ts';

const RELEASE = ReleaseVersion.parse('2.13.0');

/** torch 2.13 with vision 0.28 and audio 2.13, for two Pythons and two builds. */
const TRAIN = Train.parse({
  train: 'small',
  title: 'Small',
  product: 'torch',
  forge: { web: 'https://forge.example/', api: 'https://api.forge.example' },
  roles: {},
  repos: {
    core: { role: 'core', slug: 'acme/core', source: 'main', packages: ['torch'] },
    vision: {
      role: 'domain',
      slug: 'acme/vision',
      source: 'main',
      packages: ['torchvision'],
      version: { follow: 'count', pair: { train: '2.12', repo: '0.27' } },
    },
    audio: { role: 'domain', slug: 'acme/audio', source: 'main', packages: ['torchaudio'] },
    triton: { role: 'external', slug: 'acme/triton', source: 'main' },
  },
  support: {
    columns: [{ id: 'cuda', kind: 'builds', title: 'CUDA', accelerator: 'CUDA' }],
    lines: { '2.13': { python: { from: '3.13', to: '3.14' }, builds: { cuda: [{ versions: ['12.6', '13.0'] }] } } },
    operatingSystems: [{ family: 'Linux', architectures: ['x86_64'] }],
  },
  artifacts: {
    platforms: {
      linux: { system: 'Linux', architecture: 'x86_64', wheels: [{ tags: ['{python}-{abi}-manylinux_2_28_x86_64'] }] },
    },
    accelerators: { cuda: { title: 'CUDA', name: 'cu{digits}' } },
    packages: Object.fromEntries(
      ['torch', 'torchvision', 'torchaudio'].map((name) => [
        name,
        { builds: [{ kind: 'wheel', platforms: ['linux'], accelerators: ['cuda'] }] },
      ]),
    ),
    publish: { pypi: [{ platform: 'linux', accelerator: 'CUDA 13.0' }] },
  },
  channels: { pypi: { title: 'The index', write: 'once', places: [] } },
  promotion: { pypi: 'pypi' },
  dependencies: { triton: { repo: 'triton' } },
});

function manifestWith(packages: readonly string[]): Manifest {
  const expected = expectedArtifacts(TRAIN, RELEASE);
  if (!expected.ok) throw new Error('the train of this test is wrong');
  const files = expected.value.cells
    .filter(({ cell }) => packages.includes(cell.package))
    .map(({ key, cell, folder, file }) => ({
      cell: key,
      repo: cell.repo,
      key: StoreKey.parse(`${folder}/${file}`),
      size: 1,
      digest: digestOf(key),
      run: null,
      requires:
        cell.package === 'torch'
          ? ['filelock', 'triton==3.7.0; platform_system == "Linux"', 'nvidia-cudnn-cu13==9.1']
          : ['torch==2.13.0'],
    }));
  const commit = ObjectId.parse('a'.repeat(40));
  const repos = [{ repo: RepoKey.parse('core'), candidate: candidateOf(RELEASE, 4), commit }];
  return sealManifest({
    train: 'small',
    release: RELEASE,
    candidate: candidateOf(RELEASE, 4),
    channel: 'test',
    repos,
    files,
  }).manifest;
}

const TEXTS = {
  title: 'Upgrading {upgrades}',
  body: readFileSync(new URL('../../../../trains/pytorch/texts/colab-request.md', import.meta.url), 'utf8'),
};
function rendered(request: HostRequest, previous: string) {
  const words = { ...requestWords(request), previous };
  return { title: filled(TEXTS.title, words), body: filled(TEXTS.body, words) };
}
const PREVIOUS = 'https://forge.example/host/tools/issues/5925';

it('asks for exactly the packages of the manifest, and says how they are installed and what comes with them (DAY-03)', () => {
  const request = hostRequest(TRAIN, manifestWith(['torch', 'torchvision']), { platform: 'linux' });
  if (!request.ok) throw new Error(request.problems[0].code);
  const { title, body } = rendered(request.value, PREVIOUS);
  expect(title).toBe('Upgrading torch to v2.13.0, torchvision to v0.28.0');
  expect(body).toContain(`Similar to ${PREVIOUS}\n`);
  expect(body).toContain('    pip3 install torch==2.13.0 torchvision==0.28.0\n');
  expect(body).toContain('for Python 3.13, 3.14, with CUDA 13.0; the packages require triton ==3.7.0.');
  expect(body).toContain('Release notes: https://forge.example/acme/core/releases/tag/v2.13.0\n');
  expect(`${title}${body}`).not.toContain('torchaudio');
  // Nothing is left to be filled.
  expect(`${title}${body}`).not.toMatch(/\{[a-z]+\}/);
});

it('names every package that the manifest has, and says where nothing is known', () => {
  const request = hostRequest(TRAIN, manifestWith(['torch', 'torchvision', 'torchaudio']), { platform: 'linux' });
  if (!request.ok) throw new Error(request.problems[0].code);
  const { title, body } = rendered(request.value, 'none that is known');
  expect(title).toBe('Upgrading torch to v2.13.0, torchvision to v0.28.0, torchaudio to v2.13.0');
  expect(body).toContain('Similar to none that is known');
});

it('asks for nothing that is not on the package index', () => {
  const refused = hostRequest(TRAIN, manifestWith(['torch']), { platform: 'windows' });
  expect(refused.ok ? null : refused.problems).toEqual([{ code: 'nothing-published', platform: 'windows' }]);
});
