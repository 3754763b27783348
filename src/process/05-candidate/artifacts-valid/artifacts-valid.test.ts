import { describe, expect, it } from 'vitest';
import { CellKey } from '../../../domain/artifact.ts';
import { ByteSourceError } from '../../../domain/byte-source.ts';
import type { Gate } from '../../../domain/gate.ts';
import { runningDigest } from '../../../domain/sha256.ts';
import { reposOf } from '../../../domain/train/naming.ts';
import { makeWheel, type WheelRecipe } from '../../../testing/make-wheel.ts';
import { memoryReadings } from '../../../testing/memory-readings.ts';
import { memorySource, type MemorySource } from '../../../testing/memory-source.ts';
import { NOW, RELEASE, smallTrain } from '../../../testing/small-train.ts';
import { FORMAT_ONLY, type WheelPolicy } from '../../../wheel/check/policy.ts';
import { decideValid, readCandidateWheels, type CandidateWheel } from './index.ts';

const train = smallTrain();
const repos = reposOf(train, RELEASE).filter(({ key }) => key === 'core' || key === 'vision');
const POLICY: WheelPolicy = {
  ...FORMAT_ONLY,
  accelerators: [
    { title: 'CUDA', local: 'cu*', packages: ['acme'], requires: ['nvidia-*'], files: ['libacme_cuda.so'] },
  ],
  companions: [{ package: 'acmevision', requires: 'acme' }],
  varying: ['nvidia-*'],
};
const TAGS = 'cp312-cp312-manylinux_2_28_x86_64';

const cpu: WheelRecipe = {
  name: 'acme',
  version: '2.8.0+cpu',
  tags: TAGS,
  files: { 'acme/__init__.py': 'cpu = True\n' },
};
const cuda: WheelRecipe = {
  name: 'acme',
  version: '2.8.0+cu126',
  tags: TAGS,
  files: { 'acme/__init__.py': '', 'acme/lib/libacme_cuda.so': 'library' },
  requiresDist: ['nvidia-cublas-cu12'],
};
const vision: WheelRecipe = { name: 'acmevision', version: '0.23.0+cpu', tags: TAGS, requiresDist: ['acme==2.8.0'] };

interface Made extends CandidateWheel {
  readonly source: MemorySource;
}

function candidateWheel(recipe: WheelRecipe, more: Partial<CandidateWheel> = {}): Made {
  const { fileName, bytes } = makeWheel(recipe);
  const running = runningDigest();
  running.add(bytes);
  const accelerator = recipe.version.split('+')[1] ?? 'cpu';
  const repo = repos.find(({ key }) => key === (recipe.name === 'acme' ? 'core' : 'vision'));
  if (repo === undefined) throw new Error('the small train has both');
  return {
    repo: repo.key,
    cell: CellKey.parse(`${recipe.name}/wheel/linux-x86_64/${accelerator}/3.12`),
    key: `${accelerator}/${fileName}`,
    fileName,
    size: bytes.length,
    digest: running.digest(),
    policy: POLICY,
    ...more,
    source: memorySource(bytes, fileName),
  };
}

async function gates(wheels: readonly CandidateWheel[], { collect = true, kept = memoryReadings() } = {}) {
  const judged = await readCandidateWheels(wheels, { kept, atMost: collect ? Infinity : 100 });
  const expected = { core: 2, vision: 1 };
  const told = decideValid(
    {
      release: RELEASE,
      channel: 'test',
      source: 'store test',
      repos: repos.map((repo) => ({ repo, expected: repo.key === 'core' ? expected.core : expected.vision })),
      wheels: judged,
      policy: POLICY,
    },
    { train, waivers: [], now: NOW },
  );
  return { core: told[0], vision: told[1] };
}

const texts = (gate: Gate | undefined): readonly string[] => gate?.evidence.map(({ text }) => text) ?? [];

const wholeTrain = () => [candidateWheel(cpu), candidateWheel(cuda), candidateWheel(vision)];

describe('artifacts-valid', () => {
  it('passes when every wheel was read byte for byte and nothing is wrong', async () => {
    const { core, vision: second } = await gates(wholeTrain());
    expect([core?.verdict, core?.summary, core?.fix]).toEqual([
      'pass',
      '2 wheels of core 2.8.0 in test read byte for byte, all right',
      null,
    ]);
    expect(second?.verdict).toBe('pass');
  });

  it.each<readonly [string, WheelRecipe, RegExp]>([
    ['wheel whose RECORD is wrong', { ...cuda, broken: { record: 'hash' } }, /acme\/__init__\.py.*\[record-hash\]$/],
    [
      'CPU wheel under the CUDA name',
      { ...cpu, version: '2.8.0+cu126' },
      /^acme-2\.8\.0\+cu126-.*: .*CUDA.*\[accelerator\]$/,
    ],
    [
      'file name tag ≠ WHEEL tag',
      { ...cuda, broken: { wheelTags: ['cp311-cp311-manylinux_2_28_x86_64'] } },
      /\[tags-differ\]$/,
    ],
  ])('fails on a %s, naming it', async (_incident, broken, text) => {
    const { core, vision: second } = await gates([candidateWheel(cpu), candidateWheel(broken), candidateWheel(vision)]);
    expect(core?.verdict).toBe('failing');
    expect(texts(core)).toContainEqual(expect.stringMatching(text));
    expect(core?.summary).toMatch(/^1 of 2 wheels of core 2\.8\.0 in test is wrong: /);
    expect(second?.verdict).toBe('pass');
  });

  it('fails on a package of the train that was built against another version', async () => {
    const { core, vision: second } = await gates([
      candidateWheel(cpu),
      candidateWheel(cuda),
      candidateWheel({ ...vision, requiresDist: ['acme==2.7.1'] }),
    ]);
    expect([core?.verdict, second?.verdict]).toEqual(['pass', 'failing']);
    expect(texts(second)[0]).toMatch(/acme==2\.7\.1.*\[companion-version\]$/);
  });

  it('fails on bytes that are not those whose digest was recorded, and keeps nothing of them', async () => {
    const kept = memoryReadings();
    const other = candidateWheel({ ...cuda, files: { ...cuda.files, 'acme/extra.py': 'x = 1\n' } });
    const lie = { ...other, digest: candidateWheel(cuda).digest };
    const { core } = await gates([candidateWheel(cpu), lie, candidateWheel(vision)], { kept });
    expect(core?.verdict).toBe('failing');
    expect(texts(core)[0]).toBe(`${lie.key}: its bytes are ${other.digest}, and ${lie.digest} was recorded with it`);
    expect(kept.size()).toBe(2);
  });

  it('fails on a file that is no wheel', async () => {
    const whole = candidateWheel(cuda);
    const torn = { ...whole, source: memorySource(makeWheel(cuda).bytes.slice(0, 300), whole.fileName) };
    const { core } = await gates([candidateWheel(cpu), torn, candidateWheel(vision)]);
    expect(core?.verdict).toBe('failing');
  });

  it('stays closed while wheels were not read, and says how many', async () => {
    const { core } = await gates(wholeTrain(), { collect: false });
    expect([core?.verdict, core?.summary, core?.fix]).toEqual([
      'queued',
      '2 of 2 wheels of core 2.8.0 in test were not read byte for byte yet',
      'signalbox gate run 2.8.0 artifacts-valid:core',
    ]);
  });

  it('reads a wheel once, and again when what is kept was deleted or something else is asked of it', async () => {
    const kept = memoryReadings();
    const wheels = wholeTrain();
    await gates(wheels, { kept });
    const before = wheels.map(({ source }) => source.reads.length);
    expect((await gates(wheels, { kept, collect: false })).core?.verdict).toBe('pass');
    expect(wheels.map(({ source }) => source.reads.length)).toEqual(before);
    const stricter = wheels.map((each) => ({ ...each, policy: { ...POLICY, fileLimit: 10 } }));
    expect((await gates(stricter, { kept, collect: false })).core?.verdict).toBe('queued');
    kept.forget();
    expect((await gates(wheels, { kept, collect: false })).core?.verdict).toBe('queued');
    expect((await gates(wheels, { kept })).core?.verdict).toBe('pass');
  });

  it('reads the bytes of a wheel once, but for its end where directory and dist-info are', async () => {
    const wheel = candidateWheel({
      ...cuda,
      files: { 'acme/__init__.py': 'x'.repeat(900_000), 'acme/lib/libacme_cuda.so': '' },
      deflated: false,
    });
    const { size } = await wheel.source.tail(0);
    await readCandidateWheels([wheel], { kept: memoryReadings(), atMost: Infinity });
    const bytes = wheel.source.reads.reduce((sum, [, length]) => sum + length, 0);
    expect(bytes / size).toBeLessThan(1.2);
  });

  it('has no data where a wheel cannot be read', async () => {
    const wheel = candidateWheel(cuda);
    const gone = {
      ...wheel,
      source: {
        ...wheel.source,
        tail: () => Promise.reject(new ByteSourceError('unreachable', 'the store does not answer')),
      },
    };
    const { core } = await gates([candidateWheel(cpu), gone, candidateWheel(vision)]);
    expect([core?.verdict, core?.summary]).toEqual(['no-data', 'a wheel could not be read: the store does not answer']);
  });

  it('waits for the wheels that are not there', async () => {
    const { core } = await gates([candidateWheel(cpu), candidateWheel(vision)]);
    expect([core?.verdict, core?.summary]).toEqual(['queued', '1 of 2 wheels are there; nothing is wrong in those']);
  });
});
