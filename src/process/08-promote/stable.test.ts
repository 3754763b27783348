import { describe, expect, it } from 'vitest';
import { CellKey } from '../../domain/artifact.ts';
import { Digest } from '../../domain/canonical-json.ts';
import { reconcile, type SeenEdge } from '../../domain/edge.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { sealManifest, type ManifestFile } from '../../domain/manifest.ts';
import { approvalsNeeded, isPermanent } from '../../domain/plan/plan.ts';
import { RepoKey } from '../../domain/repo.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { sinksOfChannel } from '../../domain/train/sinks.ts';
import { candidateOf, Line } from '../../domain/version.ts';
import { RELEASE, smallTrain } from '../../testing/small-train.ts';
import { destine, stablePlan, WAVES } from './stable.ts';

const LINE = Line.parse('2.8');
const TRAIN_DIGEST = Digest.parse(`sha256:${'f'.repeat(64)}`);

const place = (holds: string, address: string, more: Record<string, unknown> = {}) => ({
  holds,
  store: 'object-store',
  address,
  ...more,
});

const train = smallTrain(
  {},
  {
    channels: {
      test: { title: 'Test', write: 'replace', places: [place('wheel', 'test'), place('libtorch', 'libs')] },
      stable: {
        title: 'Stable',
        write: 'append',
        places: [
          place('wheel', 'stable'),
          place('libtorch', 'stable-libs'),
          place('wheel', 'mirror'),
          place('any', 'old', { until: '2.7' }),
        ],
      },
    },
    promotion: { stable: ['stable'], approvals: 3 },
  },
);

let counter = 0;
const file = (cell: string, key: string, repo = 'core'): ManifestFile => {
  counter += 1;
  return {
    cell: CellKey.parse(cell),
    repo: RepoKey.parse(repo),
    key: StoreKey.parse(key),
    size: counter,
    digest: Digest.parse(`sha256:${counter.toString(16).padStart(64, '0')}`),
    run: null,
    requires: null,
  };
};

const TORCH = file('acme/wheel/linux-x86_64/cu126/3.13', 'cu126/acme-2.8.0+cu126-cp313-cp313-linux_x86_64.whl');
const LIBS = file('acme/libtorch/linux-x86_64/cpu/any/shared', 'cpu/libacme-shared-2.8.0.zip');
const VISION = file('acmevision/wheel/linux-x86_64/cu126/3.13', 'cu126/acmevision-0.23.0+cu126-cp313.whl', 'vision');

const sealed = (files: readonly ManifestFile[]) =>
  sealManifest({
    train: 'acme',
    release: RELEASE,
    candidate: candidateOf(RELEASE, 3),
    channel: 'test',
    repos: [
      { repo: RepoKey.parse('core'), candidate: candidateOf(RELEASE, 3), commit: ObjectId.parse('a'.repeat(40)) },
    ],
    files: [...files],
  });

const homes = sinksOfChannel(train, 'test', LINE);
const sinks = sinksOfChannel(train, 'stable', LINE);

describe('where files go', () => {
  it('is every place of the stable channels that holds their kind on this line, mirrors too', () => {
    const { edges, homeless } = destine(sealed([TORCH, LIBS, VISION]).manifest, { homes, sinks });
    expect(homeless).toEqual([]);
    expect(edges.map(({ from, to }) => `${from.place} ${to.place} ${to.key}`).toSorted()).toEqual([
      `0 0 ${TORCH.key}`,
      `0 0 ${VISION.key}`,
      `0 2 ${TORCH.key}`,
      `0 2 ${VISION.key}`,
      `1 1 ${LIBS.key}`,
    ]);
  });

  it('is told for each file that no place takes: a short plan is an error', () => {
    const conda = file('acme/conda/linux-x86_64/cpu/3.13', 'linux-64/acme-2.8.0.conda');
    expect(destine(sealed([TORCH, conda]).manifest, { homes, sinks }).homeless).toEqual([conda]);
    expect(destine(sealed([TORCH]).manifest, { homes, sinks: [] }).homeless).toEqual([TORCH]);
  });
});

describe('the plan', () => {
  const { manifest, digest } = sealed([TORCH, LIBS, VISION]);
  const { edges } = destine(manifest, { homes, sinks });
  const order = { train, trainDigest: TRAIN_DIGEST, author: 'rita', gates: [] };
  const planFor = (seen: readonly SeenEdge[]) => {
    const { copies, there } = reconcile(seen);
    return stablePlan({ manifest, digest, copies, there, index: [], notes: [] }, order);
  };
  const absent = edges.map((edge): SeenEdge => ({ edge, source: edge, target: null }));

  it('copies core before what requires it, and reads every place back at the end', () => {
    const plan = planFor(absent);
    const steps = plan?.body.steps ?? [];
    expect(steps.filter(({ kind }) => kind === 'copy-file').map(({ repo, wave }) => `${repo} ${wave}`)).toEqual([
      'core 0',
      'core 0',
      'core 0',
      'vision 1',
      'vision 1',
    ]);
    const reads = steps.flatMap((step) => (step.kind === 'read-back' ? [step] : []));
    expect(reads.map((step) => [step.place, step.wave, step.files.length])).toEqual([
      [1, WAVES.readBack, 1],
      [0, WAVES.readBack, 2],
      [2, WAVES.readBack, 2],
    ]);
  });

  it('can be taken back, and all the same needs the people that the train asks for', () => {
    const plan = planFor(absent);
    expect(plan === null ? null : [isPermanent(plan), approvalsNeeded(plan), plan.body.manifest]).toEqual([
      false,
      3,
      digest,
    ]);
  });

  it('has only what is left after a promotion that was cut short, and reads all of it back (PRO-05)', () => {
    const half = absent.map((seen, index) => (index < 3 ? { ...seen, target: seen.edge } : seen));
    const steps = planFor(half)?.body.steps ?? [];
    expect(steps.filter(({ kind }) => kind === 'copy-file')).toHaveLength(2);
    expect(steps.flatMap((step) => (step.kind === 'read-back' ? [step.files.length] : []))).toEqual([2, 2, 1]);
  });

  it('is none when all is there', () => {
    expect(planFor(absent.map((seen) => ({ ...seen, target: seen.edge })))).toBeNull();
  });

  it('is the same for the same world, and another one for other bytes', () => {
    expect(planFor(absent)?.digest).toBe(planFor(absent)?.digest);
    const other = absent.map((seen) => ({
      ...seen,
      edge: { ...seen.edge, digest: TRAIN_DIGEST },
      source: { size: seen.edge.size, digest: TRAIN_DIGEST },
    }));
    expect(planFor(other)?.digest).not.toBe(planFor(absent)?.digest);
  });
});
