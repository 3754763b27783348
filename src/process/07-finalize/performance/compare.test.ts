import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../domain/canonical-json.ts';
import { GateId } from '../../../domain/gate.ts';
import { Instant } from '../../../domain/instant.ts';
import { known, unknown } from '../../../domain/observation.ts';
import { PerformancePolicy } from '../../../domain/train/performance.ts';
import { candidateOf, ReleaseVersion } from '../../../domain/version.ts';
import { RELEASE, smallTrain } from '../../../testing/small-train.ts';
import { decidePerformance } from './decide.ts';
import { explainResults } from './problem.ts';
import { readResults } from './read-results.ts';
import { compareSides, readSide, type MeasuredVersion, type SuiteComparison } from './suite.ts';

const NOW = Instant.parse('2026-07-28T16:00:00Z');
const RC = candidateOf(RELEASE, 3);
const BASE = ReleaseVersion.parse('2.7.1');
const COMMIT = 'a'.repeat(40);
const MANIFEST = digestOf('the files');
const policy = (more: Record<string, unknown> = {}) => PerformancePolicy.parse(more);

/** Twelve repetitions around a value, half a percent to either side. */
const around = (value: number, count = 12): number[] =>
  Array.from({ length: count }, (_none, index) => value * (0.995 + (index % 11) / 1100));

interface Made {
  readonly benchmark: string;
  readonly samples: readonly unknown[];
  readonly unit?: string;
  readonly better?: string;
}

const made = (benchmarks: readonly Made[], measured: Record<string, string> = {}): string =>
  JSON.stringify({
    schema: 'signalbox.benchmarks/1',
    suite: 'demo',
    measured,
    benchmarks: benchmarks.map((each) => ({ unit: 'ms', better: 'lower', ...each })),
  });

const told = (file: string, text: string): string => {
  const read = readResults(file, text);
  return read.ok ? '' : explainResults(read.problems[0]);
};

const anyVersion = (name: string): MeasuredVersion => ({ name, version: null, manifest: null, commit: null });

function compare(before: readonly Made[], after: readonly Made[], rules = policy()): SuiteComparison {
  const side = (name: string, benchmarks: readonly Made[]) =>
    readSide(anyVersion(name), [{ file: `${name}.json`, text: made(benchmarks) }], rules);
  return compareSides(side('2.7.1', before), side('2.8.0-rc3', after), rules);
}

const changes = ({ benchmarks }: SuiteComparison) =>
  Object.fromEntries(benchmarks.map(({ name, change }) => [name, change]));

const higher = (list: readonly Made[]) => list.map((each) => ({ ...each, better: 'higher', unit: 'items/s' }));

const run = (value: number) => JSON.stringify({ name: 'cpu', environ: {}, metrics: { latency: value } });

const of = (benchmark: string, value: number) => ({ benchmark, samples: around(value) });

const none = (name: string) => ({ name, files: [], proof: null, machines: [], problem: null });

const runs = (name: string, value: number, rules: PerformancePolicy) =>
  readSide(
    anyVersion(name),
    around(value).map((each, index) => ({ file: `${index}.json`, text: run(each) })),
    rules,
  );

describe('the files of results', () => {
  it("are read in TorchBench's shape: one number for each metric, and the commit", () => {
    const text = JSON.stringify({
      name: 'cpu',
      environ: { pytorch_git_version: '2236df1770800ffea5697b11b0bb0d910b2e59e1' },
      metrics: { 'mobilenet_v2-eval_latency': 99.127155 },
    });
    expect(readResults('metrics-20230801.json', text)).toMatchObject({
      value: {
        shape: 'torchbench',
        measured: { commit: '2236df1770800ffea5697b11b0bb0d910b2e59e1', version: null },
        benchmarks: [{ name: 'mobilenet_v2-eval_latency', better: null, unit: null, samples: [99.127155] }],
      },
    });
  });

  it("are read in pytest-benchmark's shape, with the machine as TorchBench describes it; a mere summary says nothing", () => {
    const stats = { min: 1, max: 3, mean: 2, median: 2, rounds: 3, iterations: 1 };
    const text = JSON.stringify({
      machine_info: { node: 'minibox', pytorch_version: '2.8.0+cu128', pytorch_git_version: COMMIT },
      commit_info: { id: '5b78858eb718649a31fb93d8dc96ca2cee41a4cd', dirty: true },
      benchmarks: [
        { name: 'test_eval[a]', fullname: 'test_bench.py::test_eval[a]', stats: { ...stats, data: [1, 2, 3] } },
        { name: 'test_eval[b]', fullname: 'test_bench.py::test_eval[b]', stats },
      ],
      version: '5.1.0',
    });
    expect(readResults('0001.json', text)).toMatchObject({
      value: {
        shape: 'pytest-benchmark',
        measured: { version: '2.8.0+cu128', commit: COMMIT, machine: 'minibox' },
        benchmarks: [
          { name: 'test_bench.py::test_eval[a]', unit: 's', better: 'lower', samples: [1, 2, 3] },
          { name: 'test_bench.py::test_eval[b]', samples: null },
        ],
      },
    });
  });

  it.each([
    ['no JSON', '{"a":', /^x\.json is no JSON: /u],
    ['nothing', '', /^x\.json is no JSON: /u],
    ['a list', '[]', /^x\.json has the shape of no results that can be read/u],
    ['another shape', '{"results": []}', /neither schema: signalbox\.benchmarks\/1, nor name, environ and metrics/u],
    ['a newer shape of ours', '{"schema":"signalbox.benchmarks/2"}', /^x\.json has the shape of no results.*schema: /u],
    [
      'a name twice',
      made([
        { benchmark: 'a', samples: [1] },
        { benchmark: 'a', samples: [2] },
      ]),
      /has the benchmark a twice/u,
    ],
    ['no direction', made([{ benchmark: 'a', samples: [1], better: 'sideways' }]), /benchmarks\.0\.better: /u],
  ])('of %s are refused, and the file is named', (_what, text, why) => {
    expect(told('x.json', text)).toMatch(why);
  });

  it('that are too long are refused unread', () => {
    expect(told('huge.json', ' '.repeat(32 * 1024 * 1024 + 1))).toMatch(
      /^huge\.json has 33554433 bytes, and at most 33554432/u,
    );
  });

  it.each([
    ['NaN', '[1, NaN, 3]', 'sample 2 of a is NaN'],
    ['Infinity', '[1, 2, Infinity]', 'sample 3 of a is Infinity'],
    ['-Infinity', '[-Infinity]', 'sample 1 of a is -Infinity'],
    ['a number beyond all numbers', '[1e999]', 'sample 1 of a is Infinity'],
    ['a negative one', '[1, -2]', 'sample 2 of a is -2'],
    ['zero', '[0]', 'sample 1 of a is 0'],
    ['nothing', '[null]', 'sample 1 of a is empty'],
    ['a text', '["1.5"]', 'sample 1 of a is 1.5'],
    ['no samples', '[]', 'the benchmark a has no samples'],
  ])('with %s name the file and the benchmark', (_what, samples, why) => {
    const text = made([{ benchmark: 'a', samples: ['HERE'] }]).replace('["HERE"]', samples);
    const side = readSide(anyVersion('new'), [{ file: 'runs/new.json', text }], policy());
    expect(side.problem).toMatch(/^runs\/new\.json: /u);
    expect(side.problem).toContain(why);
    // What the train leaves out may be broken.
    const rules = policy({ rules: [{ match: 'a', ignore: true }] });
    expect(readSide(anyVersion('new'), [{ file: 'runs/new.json', text }], rules).problem).toBeNull();
  });

  it('do not mix units, in the runs of one version or of two', () => {
    const [slow, fast] = [
      made([{ benchmark: 'a', samples: [1], unit: 's' }]),
      made([{ benchmark: 'a', samples: [1000] }]),
    ];
    const files = [
      { file: '1.json', text: slow },
      { file: '2.json', text: fast },
    ];
    expect(readSide(anyVersion('new'), files, policy()).problem).toBe(
      '2.json: a has the unit ms, and s in 1.json. Numbers of two kinds are not compared.',
    );
    const before = [{ benchmark: 'a', samples: around(1), unit: 's' }];
    expect(compare(before, [{ benchmark: 'a', samples: around(1000) }]).problem).toBe(
      'a is measured in ms, lower is better by 2.8.0-rc3.json, and in s, lower is better by 2.7.1.json: numbers of two kinds are not compared',
    );
  });
});

describe('two versions', () => {
  it('are told apart where the whole interval is beyond the threshold, in the direction that is better', () => {
    const before = ['same', 'slower', 'faster'].map((benchmark) => ({ benchmark, samples: around(100) }));
    const after = [
      { benchmark: 'same', samples: around(100.5) },
      { benchmark: 'slower', samples: around(110) },
      { benchmark: 'faster', samples: around(90) },
    ];
    expect(changes(compare(before, after))).toEqual({ same: 'unchanged', slower: 'regression', faster: 'improvement' });
    expect(changes(compare(higher(before), higher(after)))).toEqual({
      same: 'unchanged',
      slower: 'improvement',
      faster: 'regression',
    });
    // The other way round what was worse is better, and nothing else.
    expect(changes(compare(after, before))).toEqual({ same: 'unchanged', slower: 'improvement', faster: 'regression' });
  });

  it('are uncertain across the threshold, with too much noise, and with too few repetitions', () => {
    const wild = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    const before = [
      { benchmark: 'edge', samples: around(100) },
      { benchmark: 'few', samples: around(100, 9) },
      { benchmark: 'wild', samples: wild },
    ];
    const after = [
      { benchmark: 'edge', samples: around(105) },
      { benchmark: 'few', samples: around(200) },
      { benchmark: 'wild', samples: wild },
    ];
    const compared = compare(before, after);
    expect(changes(compared)).toEqual({ edge: 'uncertain', few: 'uncertain', wild: 'uncertain' });
    expect(compared.benchmarks.map(({ why }) => why)).toEqual([
      'too noisy: the interval reaches over the threshold',
      '9 of 10 repetitions',
      'too noisy: the interval reaches over the threshold',
    ]);
    expect(changes(compare(before, after, policy({ thresholdPercent: 8, minimumRepeats: 5 })))).toMatchObject({
      edge: 'unchanged',
      few: 'regression',
    });
  });

  it('may have a threshold for some, and none for what is left out', () => {
    const rules = policy({
      rules: [
        { match: '*_memory', thresholdPercent: 20 },
        { match: 'noise_*', ignore: true },
      ],
    });
    const before = ['gpu_memory', 'noise_1', 'time'].map((benchmark) => ({ benchmark, samples: around(100) }));
    const after = before.map((each) => ({ ...each, samples: around(112) }));
    expect(changes(compare(before, after, rules))).toEqual({ gpu_memory: 'unchanged', time: 'regression' });
    expect(compare(before, after, rules).ignored).toBe(1);
  });

  it('tell what is missing and what is new', () => {
    const compared = compare([{ benchmark: 'gone', samples: around(1) }], [{ benchmark: 'fresh', samples: around(1) }]);
    expect(changes(compared)).toEqual({ fresh: 'new', gone: 'missing' });
  });

  it('need a direction from somewhere: TorchBench says none', () => {
    const undirected = policy();
    const told = compareSides(runs('a', 100, undirected), runs('b', 120, undirected), undirected);
    expect(told.benchmarks[0]).toMatchObject({
      change: 'uncertain',
      why: 'neither the file nor a rule of the train says whether lower or higher is better',
    });
    // Twelve files of one number each are twelve repetitions.
    const directed = policy({ rules: [{ match: 'latency', better: 'lower', unit: 'ms' }] });
    const judged = compareSides(runs('a', 100, directed), runs('b', 120, directed), directed);
    expect(judged.benchmarks[0]).toMatchObject({ change: 'regression', after: { repeats: 12 } });
  });

  it('can count a run as one repetition, whatever its samples', () => {
    const rules = policy({ repeat: 'run' });
    const files = ['1.json', '2.json'].map((file) => ({ file, text: made([{ benchmark: 'a', samples: around(1) }]) }));
    const side = readSide(anyVersion('new'), files, rules);
    expect(side.measured?.benchmarks[0]?.samples).toHaveLength(2);
  });

  it('use of a long run every so many-th sample', () => {
    const long = Array.from({ length: 50_000 }, (_none, index) => index + 1);
    const side = readSide(
      anyVersion('new'),
      [{ file: 'a.json', text: made([{ benchmark: 'a', samples: long }]) }],
      policy(),
    );
    const { samples = [] } = side.measured?.benchmarks[0] ?? {};
    expect(samples).toHaveLength(2000);
    expect(samples.slice(0, 3)).toEqual([1, 26, 51]);
  });
});

describe('what a file was measured on', () => {
  const version: MeasuredVersion = { name: RC, version: RC, manifest: MANIFEST, commit: COMMIT };
  const side = (measured: Record<string, string>, proof: 'manifest' | 'commit' | 'version' | 'place' = 'place') =>
    readSide(version, [{ file: 'a.json', text: made([{ benchmark: 'a', samples: [1] }], measured) }], {
      ...policy(),
      proof,
    });

  it.each([
    ['the digest of its files', { manifest: MANIFEST }, 'manifest'],
    ['the commit', { commit: COMMIT }, 'commit'],
    ['the version', { version: '2.8.0-rc3' }, 'version'],
    ['the version as Python writes it', { version: '2.8.0rc3+cu128' }, 'version'],
    ['the release only, which every candidate says of itself', { version: '2.8.0+cu128' }, 'place'],
    ['nothing', {}, 'place'],
  ])('is shown by %s', (_by, measured, proof) => {
    expect(side(measured)).toMatchObject({ proof, problem: null });
  });

  it.each([
    ['other files', { manifest: digestOf('others') }, /^a\.json was measured on other files \(sha256:/u],
    ['another commit', { commit: 'b'.repeat(40) }, /was measured on commit bbbbbbbbb, not on 2\.8\.0-rc3/u],
    ['an older candidate', { version: '2.8.0-rc2' }, /was measured on 2\.8\.0-rc2, not on/u],
    ['candidate 30', { version: '2.8.0-rc30' }, /was measured on 2\.8\.0-rc30, not on/u],
    ['another release', { version: '2.7.0' }, /was measured on 2\.7\.0, not on/u],
  ])('keeps %s out', (_what, measured, why) => {
    expect(side(measured).measured).toBeNull();
    expect(side(measured).problem).toMatch(why);
  });

  it('must be shown as strongly as the train asks', () => {
    expect(side({ version: '2.8.0-rc3' }, 'commit').problem).toBe(
      'a file shows only by its version that it was measured on 2.8.0-rc3; the train asks for the commit',
    );
    expect(side({ commit: COMMIT }, 'commit').problem).toBeNull();
  });
});

describe('no-perf-regression', () => {
  const train = smallTrain();
  const id = GateId.parse('no-perf-regression:demo');
  const facts = { id, title: 'Demo', release: RELEASE, candidate: RC, baseline: BASE };
  const gate = (value: SuiteComparison | null, more: Partial<typeof facts> | { readonly candidate: null } = {}) =>
    decidePerformance(
      { ...facts, ...more, compared: value === null ? null : known(value, NOW, 'channel perf') },
      { train, waivers: [], now: NOW },
    );

  it('passes where nothing became worse, and tells the counts', () => {
    expect(gate(compare([of('a', 100), of('b', 50)], [of('a', 100), of('b', 40), of('c', 1)]))).toMatchObject({
      verdict: 'pass',
      summary: 'Demo: 2.8.0-rc3 against 2.7.1: 1 improvement, 1 unchanged, 1 new',
    });
  });

  it('fails with the worst named, also beside what is not known', () => {
    const judged = gate(compare([of('a', 100), of('gone', 1)], [of('a', 120)]));
    expect(judged).toMatchObject({ verdict: 'failing', fix: 'signalbox perf compare 2.7.1 2.8.0-rc3' });
    expect(judged.summary).toMatch(/1 regression, 1 missing; a: 20\.0 % worse, between \+1\d\.\d and \+2\d\.\d %$/u);
    expect(judged.evidence.map(({ text }) => text)[1]).toBe('gone was measured 12 times before, and not now');
  });

  it.each([
    ['a benchmark that is missing', compare([of('a', 1), of('b', 1)], [of('a', 1)])],
    ['one that is too noisy', compare([of('a', 100)], [of('a', 105)])],
    ['nothing that both have', compare([], [of('a', 1)])],
    ['a file that cannot be read', compare([of('a', 1)], [{ benchmark: 'a', samples: [] }])],
  ])('has no data with %s, and never passes', (_what, value) => {
    expect(gate(value).verdict).toBe('no-data');
  });

  it('waits for results of the candidate, and cannot do without those before', () => {
    const empty = { ...compare([of('a', 1)], [of('a', 1)]), benchmarks: [] };
    expect(gate({ ...empty, after: none(RC) })).toMatchObject({
      verdict: 'queued',
      summary: 'Demo: no results of 2.8.0-rc3 in channel perf',
    });
    expect(gate({ ...empty, before: none('2.7.1') }).verdict).toBe('no-data');
    expect(gate(null, { candidate: null }).verdict).toBe('queued');
    const unread = unknown('403', NOW, 'channel perf');
    expect(decidePerformance({ ...facts, compared: unread }, { train, waivers: [], now: NOW })).toMatchObject({
      verdict: 'no-data',
      summary: 'Demo: could not be read: 403',
    });
  });
});
