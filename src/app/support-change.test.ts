import { expect, it } from 'vitest';
import { digestOf } from '../domain/canonical-json.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import { ObjectId } from '../domain/git-names.ts';
import { sealManifest } from '../domain/manifest.ts';
import { unknown } from '../domain/observation.ts';
import { RepoKey } from '../domain/repo.ts';
import { StoreKey } from '../domain/store-key.ts';
import { ChannelName } from '../domain/train/channels.ts';
import { Support } from '../domain/train/support.ts';
import { CandidateVersion } from '../domain/version.ts';
import { artifactApp, BUILT_RELEASE, builtTrain, COMMITTED } from '../testing/artifact-app.ts';
import { TRAIN_DIGEST } from '../testing/engine-world.ts';
import { record } from './record.ts';
import { proposeSupport } from './support-change.ts';

it('tells the builds that a change takes away, with the sizes that were recorded of them', async () => {
  const cuda = [{ versions: ['11.8', '12.4'] }, { versions: ['12.6'] }];
  const support = Support.parse({
    ...builtTrain.support,
    lines: { '2.8': { python: { from: '3.12', to: '3.13' }, builds: { cuda } } },
  });
  const train = { ...builtTrain, support };
  const { app } = artifactApp({
    loaded: { train, digest: TRAIN_DIGEST },
    pythonReleases: async () => unknown('nobody was asked', COMMITTED, 'python-releases.json'),
  });
  const expected = expectedArtifacts(train, BUILT_RELEASE);
  const gone = expected.ok ? expected.value.cells.filter(({ key }) => key.includes('/cu118/')) : [];
  const [known] = gone;
  if (known === undefined) throw new Error('the train of tests has builds for CUDA 11.8');
  const candidate = CandidateVersion.parse('2.8.0-rc1');
  const file = {
    cell: known.key,
    repo: known.cell.repo,
    key: StoreKey.parse('whl/known.whl'),
    size: 1234,
    digest: digestOf('known'),
    run: null,
    requires: null,
  };
  const sealed = sealManifest({
    train: train.train,
    release: BUILT_RELEASE,
    candidate,
    channel: ChannelName.parse('test'),
    repos: [{ repo: RepoKey.parse('core'), candidate, commit: ObjectId.parse('a'.repeat(40)) }],
    files: [file],
  });
  await record(app, {
    type: 'manifest-recorded',
    release: BUILT_RELEASE,
    candidate,
    ...sealed,
    proof: 'read',
    reason: '',
  });
  const proposed = await proposeSupport(app, { release: BUILT_RELEASE, dryRun: true });
  expect(gone.length).toBeGreaterThan(1);
  expect(proposed).toMatchObject({
    ok: true,
    value: {
      mended: [{ subject: 'CUDA 11.8' }],
      impact: { added: [], removed: gone.map(({ key }) => ({ key, size: key === known.key ? 1234 : null })) },
      change: {
        kind: 'shown',
        edits: [
          {
            key: 'support.lines."2.8".builds.cuda',
            before: '[{ versions: ["11.8", "12.4"] }, { versions: ["12.6"] }]',
            after: '[{ versions: ["12.4"] }, { versions: ["12.6"] }]',
          },
        ],
      },
    },
  });
});

it('says that nobody knows which builds change where the train file names none, and not that none does', async () => {
  const cuda = [{ versions: ['11.8', '12.4'] }, { versions: ['12.6'] }];
  const lines = { '2.8': { python: { from: '3.12', to: '3.13' }, builds: { cuda } } };
  const support = Support.parse({ ...builtTrain.support, lines });
  const train = { ...builtTrain, support, artifacts: { ...builtTrain.artifacts, packages: {} } };
  const { app } = artifactApp({
    loaded: { train, digest: TRAIN_DIGEST },
    pythonReleases: async () => unknown('nobody was asked', COMMITTED, 'python-releases.json'),
  });
  const proposed = await proposeSupport(app, { release: BUILT_RELEASE, dryRun: true });
  const impact = proposed.ok ? proposed.value.impact : null;
  expect(impact).toMatchObject({ added: [], removed: [] });
  expect(impact?.uncounted).toContain('2.8.0');
});
