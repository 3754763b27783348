/**
 * What is on main and not on the line, in a generated repository whose truth is known: ours beside `git cherry`, a re-creation of the old
 * analyzer's approach and `git range-diff`; and `find` as a whole process. Prints times, recall and precision, and fails over a limit.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { generate, type Truth } from './generate.ts';
import { beside, median, quietest, type Measured } from '../quiet.ts';
import { measureFind } from './measure-find.ts';
import { endReport, outsideOf, percent, tell, tellTimed } from '../report.ts';
import { cpuText, LIMITS } from './report.ts';
import { run } from './run-process.ts';
import { score, type Claim } from './score.ts';
import { HELD_OUT, TUNED } from './shape.ts';

const SIZE = { total: 100_000, after: 20_000, picks: 300, seed: 7, shape: TUNED };
/** Scored, not timed: whether the rules hold for what they were not made by. */
const OTHER = { total: 30_000, after: 8_000, picks: 300, seed: 20_261, shape: HELD_OUT };
const PAIRS = { enough: 5, most: 15 };
const PEERS = { enough: 3, most: 7 };

const Answer = z.object({
  millis: z.number(),
  peakBytes: z.number(),
  claims: z.array(z.object({ line: z.string(), main: z.string(), confidence: z.string().optional() })),
});
type Answer = z.infer<typeof Answer>;

// Costs Node time at every start, and is not what is measured.
delete process.env['NODE_EXTRA_CA_CERTS'];

function script(name: string, args: readonly string[]): Answer {
  return Answer.parse(JSON.parse(run(process.execPath, [join(import.meta.dirname, name), ...args]).text));
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

function tellScores(answer: Answer, truth: Truth, where: string): void {
  const sure = score(
    answer.claims.filter(({ confidence }) => confidence === 'exact' || confidence === 'strong'),
    truth,
  );
  const all = score(answer.claims, truth);
  tell(`${where}: precision of exact and strong`, `${sure.precision.toFixed(4)}, limit 1`, sure.precision === 1);
  tell(
    `${where}: recall of all that is claimed`,
    `${percent(all.recall)}, limit ${percent(LIMITS.recall)}`,
    all.recall >= LIMITS.recall,
  );
  tell(`${where}: recall of exact and strong alone`, percent(sure.recall), null);
  tell(`${where}: precision of all that is claimed`, percent(all.precision), null);
}

interface Pair {
  readonly ours: Measured<Answer>;
  readonly warm: Answer;
  readonly cherry: Measured<ReturnType<typeof run>>;
  readonly outside: number;
}

/** Ours and `git cherry` in turn; each pair's warm run follows its cold one. */
async function takePair(dir: string, index: number): Promise<Pair> {
  const cherry = () => beside(() => run('git', ['-C', dir, 'cherry', 'main', 'release/1.0']));
  // In turn who is first: what warms up in one helps the other.
  const before = index % 2 === 0 ? await cherry() : null;
  const ours = await takeCold(dir);
  const next = before ?? (await cherry());
  const warm = script('ours.ts', [dir, 'line']);
  return { ours, warm, cherry: next, outside: Math.max(ours.outside, next.outside) };
}

async function takeCold(dir: string): Promise<Measured<Answer>> {
  await rm(join(dir, 'ours', 'cache'), { recursive: true, force: true });
  return beside(() => script('ours.ts', [dir, 'line']));
}

async function measurePeers(dir: string, truth: Truth): Promise<void> {
  const pairs = await quietest(PEERS, async (index) => {
    const old = () => beside(() => script('analyzer.ts', [dir]));
    const before = index % 2 === 0 ? await old() : null;
    const ours = await takeCold(dir);
    const next = before ?? (await old());
    return { ours: ours.value, old: next.value, outside: Math.max(ours.outside, next.outside) };
  });
  const scored = score(pairs[0]?.old.claims ?? [], truth);
  const took = median(pairs.map(({ old }) => old.millis));
  tell(
    "the old analyzer's approach",
    `${took.toFixed(0)} ms, recall ${percent(scored.recall)}, precision ${percent(scored.precision)}`,
    null,
  );
  const times = median(pairs.map((pair) => pair.old.millis / pair.ours.millis));
  tellTimed('faster than the analyzer', `${times.toFixed(1)} times, limit ${LIMITS.analyzer}`, {
    holds: times >= LIMITS.analyzer,
    outside: outsideOf(pairs),
  });
  const args = ['-C', dir, 'range-diff', '--no-color', '--no-patch', 'release/1.0..main', 'main..release/1.0'];
  const diff = await beside(() => run('git', args));
  const claims = score(rangeDiffClaims(diff.value.text, truth), truth);
  tell(
    'git range-diff, once',
    `${diff.value.millis.toFixed(0)} ms, recall ${percent(claims.recall)}, precision ${percent(claims.precision)}`,
    null,
  );
  const beneath = await takeCold(dir);
  // By CPU time where the system tells it: of a run this long the others' share is another one than of ours.
  const byCpu = diff.cpuMillis === null || beneath.cpuMillis === null ? null : diff.cpuMillis / beneath.cpuMillis;
  const faster = Math.min(diff.value.millis / beneath.value.millis, byCpu ?? Number.POSITIVE_INFINITY);
  tell(
    'faster than git range-diff, by wall or CPU, the lesser',
    `${faster.toFixed(1)} times, limit ${LIMITS.rangeDiff}`,
    faster >= LIMITS.rangeDiff,
  );
}

async function measure(dir: string): Promise<void> {
  const truth = await generate(dir, SIZE);
  script('ours.ts', [dir, 'fetch']);
  run('git', ['-C', dir, 'cherry', 'main', 'release/1.0']);
  const pairs = await quietest(PAIRS, (index) => takePair(dir, index));
  const [first] = pairs;
  if (first === undefined) throw new Error('no pair was measured');
  const middle = (of: (pair: Pair) => number): number => median(pairs.map(of));
  console.log(
    `${SIZE.total} commits on main, ${SIZE.after} since the cut, ${SIZE.picks} on the release branch; medians of the ${PAIRS.enough} pairs (of at most ${PAIRS.most}) that others disturbed least: they took up to ${percent(outsideOf(pairs))} of the cores; load ${loadavg()[0]?.toFixed(1)}`,
  );
  tellScores(first.ours.value, truth, 'tuned on');
  tell('ours, cold', `${middle(({ ours }) => ours.value.millis).toFixed(0)} ms`, null);
  tell('CPU time of ours, its process and gits whole', cpuText(pairs.map(({ ours }) => ours)), null);
  const cherries = pairs.map(({ cherry }) => cherry);
  const marked = percent(cherryRecall(first.cherry.value.text, truth));
  tell(
    'git cherry',
    `${middle(({ cherry }) => cherry.value.millis).toFixed(0)} ms, CPU ${cpuText(cherries)}, recall ${marked}`,
    null,
  );
  const ratio = middle((pair) => pair.ours.value.millis / pair.cherry.value.millis);
  const outside = outsideOf(pairs);
  tellTimed('ours, cold, to git cherry', `${ratio.toFixed(2)} times, limit ${LIMITS.cherry}`, {
    holds: ratio <= LIMITS.cherry,
    outside,
  });
  const warm = middle((pair) => pair.warm.millis / pair.cherry.value.millis);
  tellTimed('ours, warm, to git cherry', `${warm.toFixed(2)} times, limit ${LIMITS.warm}`, {
    holds: warm <= LIMITS.warm,
    outside,
  });
  await measurePeers(dir, truth);
  const index = script('ours.ts', [dir, 'index']);
  const log = run('git', ['-C', dir, 'log', '-z', '--format=%H%x00%B', 'main']);
  tell(
    'index of the whole history, beside git log of it',
    `${index.millis.toFixed(0)} ms, ${log.millis.toFixed(0)} ms`,
    null,
  );
  const peak = Math.max(
    index.peakBytes,
    ...pairs.flatMap(({ ours, warm: again }) => [ours.value.peakBytes, again.peakBytes]),
  );
  tell(
    'peak memory of our process',
    `${(peak / 1e6).toFixed(0)} MB, limit ${LIMITS.peakBytes / 1e6}`,
    peak < LIMITS.peakBytes,
  );
  await measureFind(dir, truth);
}

/** Another repository, of another shape and seed. */
async function scoreOther(dir: string): Promise<void> {
  const truth = await generate(dir, OTHER);
  script('ours.ts', [dir, 'fetch']);
  tellScores(script('ours.ts', [dir, 'line']), truth, 'held out');
}

const dir = await mkdtemp(join(tmpdir(), 'signalbox-bench-history-'));
try {
  await scoreOther(join(dir, 'other'));
  await measure(join(dir, 'timed'));
} finally {
  await rm(dir, { recursive: true, force: true });
}
endReport('history');
