import { expect, it } from 'vitest';
import { Compatibility } from '../../domain/compatibility.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { sealManifest } from '../../domain/manifest.ts';
import { RepoKey } from '../../domain/repo.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { ChannelName } from '../../domain/train/channels.ts';
import { CandidateVersion } from '../../domain/version.ts';
import { BUILT_RELEASE, builtCells, builtTrain } from '../../testing/artifact-app.ts';
import { compatibilityOf } from './compatibility.ts';

const expected = expectedArtifacts(builtTrain, BUILT_RELEASE);
if (!expected.ok) throw new Error('the train of tests expects files');
const expectation = expected.value;
const candidate = CandidateVersion.parse('2.8.0-rc3');

/** A manifest of some of the cells; wheels of vision require core, and something that is not of the train. */
function recordedOf(keep: (cell: string) => boolean) {
  const cells = builtCells().filter(({ key }) => keep(key));
  return sealManifest({
    train: builtTrain.train,
    release: BUILT_RELEASE,
    candidate,
    channel: ChannelName.parse('test'),
    repos: [{ repo: RepoKey.parse('core'), candidate, commit: ObjectId.parse('a'.repeat(40)) }],
    files: cells.map(({ key, cell }) => ({
      cell: key,
      repo: cell.repo,
      key: StoreKey.parse(`whl/${key.replaceAll('/', '-')}.whl`),
      size: 7,
      digest: digestOf(key),
      run: null,
      requires: cell.repo === 'vision' ? ['Small==2.8.0', 'numpy', 'pillow>=5.3'] : ['filelock'],
    })),
  });
}

it('tells what the train file expects as long as nothing was recorded', () => {
  const made = compatibilityOf({ train: builtTrain, expectation, recorded: null });
  expect(Compatibility.parse(made)).toEqual(made);
  expect(made).toMatchObject({
    schema: 'signalbox.compatibility/1',
    basis: 'expected',
    candidate: null,
    manifest: null,
    python: { from: '3.12', to: '3.13', exclude: [], experimental: [] },
  });
  expect(
    made?.packages.map(({ package: name, version, companions, requires }) => [name, version, companions, requires]),
  ).toEqual([
    ['small', '2.8.0', { 'small-vision': '0.23.0' }, null],
    ['small-vision', '0.23.0', { small: '2.8.0' }, null],
  ]);
  expect(made?.packages.flatMap(({ cells }) => cells)).toEqual(builtCells().map(({ key }) => key));
});

it('tells only what files fill once they were recorded, and what their wheels require of the train', () => {
  const { manifest, digest } = recordedOf((cell) => !cell.includes('cu126') && !cell.includes('macos'));
  const made = compatibilityOf({ train: builtTrain, expectation, recorded: { manifest, digest } });
  expect(made).toMatchObject({ basis: 'recorded', candidate: '2.8.0-rc3', manifest: digest });
  expect(
    made?.packages.map(({ package: name, requires, platforms, accelerators }) => ({
      name,
      requires,
      platforms,
      accelerators: accelerators.map((one) => one.name),
    })),
  ).toEqual([
    { name: 'small', requires: [], platforms: ['linux-x86_64'], accelerators: ['cpu'] },
    { name: 'small-vision', requires: ['Small==2.8.0'], platforms: ['linux-x86_64'], accelerators: ['cpu'] },
  ]);
});

it('has a version of its own: a member too many, or one that is missing, is another document', () => {
  const made = compatibilityOf({ train: builtTrain, expectation, recorded: null });
  expect(Compatibility.safeParse({ ...made, more: 1 }).success).toBe(false);
  expect(Compatibility.safeParse({ ...made, schema: 'signalbox.compatibility/2' }).success).toBe(false);
  expect(Compatibility.safeParse({ ...made, packages: undefined }).success).toBe(false);
});

it('is nothing for a line that the matrix does not have', () => {
  const train = { ...builtTrain, support: { ...builtTrain.support, lines: {} } };
  expect(compatibilityOf({ train, expectation, recorded: null })).toBeNull();
});
