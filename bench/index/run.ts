/**
 * The index of a channel with 60,000 wheels in 300 groups: making its pages and writing them, beside writing the same bytes by the same store. Then one
 * wheel more: what is asked of the store, and what is written.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStore } from '../../src/adapters/folder/store.ts';
import { applyPlan } from '../../src/app/apply-plan.ts';
import { publishIndex } from '../../src/app/publish-index.ts';
import { inLanes } from '../../src/domain/in-lanes.ts';
import { StoreKey } from '../../src/domain/store-key.ts';
import { ReleaseVersion } from '../../src/domain/version.ts';
import { channelApp, plantWheel } from '../../src/testing/channel-app.ts';
import {
  desiredPages,
  metadataKey,
  pageKeys,
  renderContent,
  renderProjectHtml,
  type DesiredPage,
} from '../../src/wheel/simple-index/index.ts';
import { digestOf, FOLDERS, makeFiles, PROJECTS, type MadeFile } from './world.ts';

const HTML = { name: 'HTML', pairs: 5, limit: 1.6 } as const;
const ALL = { name: 'HTML, JSON and metadata files', pairs: 1, limit: 2.3 } as const;
const LANES = 8;

/** One object to write. */
interface Written {
  readonly key: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

function pagesOf(files: readonly MadeFile[]): readonly DesiredPage[] {
  const pages = desiredPages(files.map(({ file }) => file));
  if (!pages.ok) throw new Error(JSON.stringify(pages.problems));
  return pages.value;
}

function htmlOf(files: readonly MadeFile[]): readonly Written[] {
  return pagesOf(files).flatMap(({ place, content }) =>
    content.of === 'project'
      ? [{ key: pageKeys(place).html, bytes: encoder.encode(renderProjectHtml(content.page)) }]
      : [],
  );
}

function allOf(files: readonly MadeFile[]): readonly Written[] {
  const pages = pagesOf(files).flatMap(({ place, content }) => {
    const [keys, forms] = [pageKeys(place), renderContent(content)];
    return (['html', 'json'] as const).flatMap((form) => {
      const bytes = forms[form];
      return bytes === null ? [] : [{ key: keys[form], bytes }];
    });
  });
  const beside = files.map(({ file: { folder, file }, metadata }) => ({
    key: metadataKey(folder, file.name),
    bytes: metadata,
  }));
  return [...beside, ...pages];
}

/** Writes into an empty folder, and says how long it took: what is to be written is made while the clock runs. */
async function timed(make: () => readonly Written[]): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'signalbox-bench-index-'));
  await mkdir(join(root, 'channel'));
  const store = folderStore(join(root, 'channel'));
  const served = { contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache' };
  const started = performance.now();
  await inLanes(make(), LANES, ({ key, bytes }) =>
    store.put(StoreKey.parse(key), { bytes }, { sha256: digestOf(bytes), served, onlyIf: null }),
  );
  const took = performance.now() - started;
  await rm(root, { recursive: true });
  return took;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(
  { name, pairs, limit }: typeof HTML | typeof ALL,
  make: () => readonly Written[],
): Promise<void> {
  const bytes = make();
  const megabytes = bytes.reduce((sum, one) => sum + one.bytes.length, 0) / 1e6;
  const found: { readonly ours: number; readonly write: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const first = pair % 2 === 0 ? await timed(() => bytes) : undefined;
    const ours = await timed(make);
    found.push({ ours, write: first ?? (await timed(() => bytes)) });
  }
  const ratio = median(found.map((pair) => pair.ours / pair.write));
  const side = (which: 'ours' | 'write'): string => `${median(found.map((pair) => pair[which])).toFixed(0)} ms`;
  console.log(
    `${name}: ${bytes.length} objects, ${megabytes.toFixed(0)} MB, median of ${pairs}: ours ${side('ours')}, writing the same ${side('write')}`,
  );
  judge(`  ratio ${ratio.toFixed(2)}`, ratio, limit);
}

function judge(text: string, value: number, limit: number): void {
  const holds = value <= limit;
  console.log(`${text}, limit ${limit}: ${holds ? 'within' : 'OVER'}`);
  if (!holds) process.exitCode = 1;
}

/** The same channel in memory, its index written; one wheel comes. */
async function oneWheelMore(files: readonly MadeFile[]): Promise<void> {
  const { app, memory, store } = channelApp();
  for (const { key, file } of files) memory.plant(key, file.file.name, file.file.digest);
  const sized = files.map((made) => ({
    ...made,
    file: { ...made.file, file: { ...made.file.file, size: made.file.file.name.length } },
  }));
  for (const { key, bytes } of allOf(sized)) memory.plant(key, bytes, digestOf(bytes));
  const wheel = plantWheel(memory, 'cu110', { name: 'project_0', version: '3.0.0' });
  store.asked();
  const started = performance.now();
  const release = ReleaseVersion.parse('2.8.0');
  const plan = await publishIndex(app, { release, channel: 'test', removals: [], dryRun: false });
  if (!plan.ok || plan.value.kind !== 'planned') throw new Error(JSON.stringify(plan));
  const planning = store.asked();
  const applying = { confirmation: null, stop: new AbortController().signal, report: () => {} };
  const applied = await applyPlan(app, { id: plan.value.view.plan.id, ...applying });
  if (!applied.ok || applied.value.end !== 'finished') throw new Error(JSON.stringify(applied));
  const took = performance.now() - started;
  const written = store.asked().filter(({ call }) => call === 'put');
  const lists = planning.filter(({ call }) => call === 'list').length;
  const objects = planning.filter(({ key }) => key.endsWith('.whl') && !key.endsWith(`/${wheel}`)).length;
  const rest = planning.length - lists;
  console.log(`one wheel more: planned and carried out in ${took.toFixed(0)} ms; ${lists} pages of the listing`);
  // Both forms of the root pages, of the pages over all folders, and of those that change; the wheel itself a few times.
  judge(`  other requests to plan it: ${rest}`, rest, 2 * (FOLDERS + 1) + 2 * PROJECTS + 4 + 4);
  judge(`  requests about other wheels: ${objects}`, objects, 0);
  judge(`  objects written: ${written.length} (${written.map(({ key }) => key).join(' ')})`, written.length, 5);
}

const files = makeFiles();
console.log(`${files.length} wheels of ${PROJECTS} projects in ${FOLDERS} folders`);
await compare(HTML, () => htmlOf(files));
await compare(ALL, () => allOf(files));
await oneWheelMore(files);
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
