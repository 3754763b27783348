/* oxlint-disable no-param-reassign -- `Making` is the state of one history while it is written, owned by this file */
import { type ImportCommit, type Importer, type ImportPerson, startImport } from './fast-import.ts';
import { type Choices, makeChoices } from './seeded.ts';
import { editSection, sectionLimit } from './world-files.ts';
import type { Recipe } from './world-recipes.ts';

const day = 86_400;

interface Change {
  readonly title: string;
  readonly number: number;
  readonly author: ImportPerson;
  readonly at: number;
  readonly mark: number;
  readonly path: string;
  readonly section: number;
  readonly before: string | null;
  readonly to: number;
}

interface Making {
  readonly recipe: Recipe;
  readonly owner: string;
  readonly importer: Importer;
  readonly choices: Choices;
  readonly authors: readonly [ImportPerson, ...ImportPerson[]];
  readonly manager: ImportPerson;
  /** The last second of the history. */
  readonly until: number;
  /** The tree of main as text, by path. */
  readonly tree: Map<string, string>;
  readonly changes: Change[];
  tip: number;
  number: number;
}

const titles = [
  'Fix a crash on empty batches',
  'Keep the fast path for contiguous inputs',
  'Infer shapes of nested views',
  'Fall back when the device is missing',
  'Accumulate float16 in float32 on older cards',
  'Name the option in errors about unknown options',
  'Drop cached plans with their owner',
  'Handle symbolic sizes in the decomposition',
  'Fix a race in the shutdown of workers',
  'Choose the number of threads from the cgroup',
  'Speed up tracing of long loops',
  'Document what the default does',
  'Skip a flaky test on arm64',
  'Guard against a missing runtime library',
  'Remove an option deprecated two releases ago',
  'Clean up after the last refactoring',
] as const;

function add(making: Making, commit: Omit<ImportCommit, 'from'>, onto: number): number {
  return making.importer.commit({ ...commit, from: onto });
}

function pullUrl({ owner, recipe }: Making, number: number): string {
  return `https://github.com/${owner}/${recipe.name}/pull/${number}`;
}

function nextNumber(making: Making): number {
  making.number += 1 + making.choices.below(7);
  return making.number;
}

function makeChange(making: Making, at: number): void {
  const { choices, recipe, tree } = making;
  const path = choices.pick(recipe.sources);
  const section = choices.below(12);
  const content = tree.get(path) ?? '';
  const to = 2 + choices.below(9000);
  const edited = editSection(content, section, to);
  if (edited === null) return;
  const number = nextNumber(making);
  const title = `[${choices.pick(recipe.areas)}] ${choices.pick(titles)}`;
  const author = choices.pick(making.authors);
  const message = `${title} (#${number})\n\nSection ${section} of ${path}.\n\nPull Request resolved: ${pullUrl(making, number)}\n`;
  const before = sectionLimit(content, section);
  tree.set(path, edited);
  making.tip = add(making, { branch: 'main', author, at, message, files: new Map([[path, edited]]) }, making.tip);
  making.changes.push({ title, number, author, at, mark: making.tip, path, section, before, to });
}

/** Reverts the newest change, as the bot of a real project would, when nothing came on top of it. */
async function makeRevert(making: Making, at: number): Promise<void> {
  const last = making.changes.at(-1);
  const content = last === undefined ? undefined : making.tree.get(last.path);
  if (last === undefined || content === undefined || last.before === null) return;
  const restored = editSection(content, last.section, Number(last.before));
  if (restored === null || restored === content) return;
  const sha = await making.importer.sha(last.mark);
  const message = `Revert "${last.title} (#${last.number})"\n\nThis reverts commit ${sha}.\n\nReverted ${pullUrl(making, last.number)} on behalf of ${making.manager.name}\n`;
  making.tree.set(last.path, restored);
  const files = new Map([[last.path, restored]]);
  making.tip = add(making, { branch: 'main', author: making.manager, at, message, files }, making.tip);
  making.changes.pop();
}

/** Points what a release branch uses of the train at the release branch, as was done for the previous line. */
function releaseOnly(tree: ReadonlyMap<string, string>, line: string, version: string | null) {
  const files = new Map<string, string>();
  for (const [path, content] of tree) {
    if (!path.startsWith('.github/')) continue;
    const edited = content
      .replaceAll(/^(?!\s*#)(.*)$/gmu, (text) => text.replaceAll(/(pytorch\/[\w./-]+)@main/gu, `$1@release/${line}`))
      .replaceAll('test-infra-ref: main', `test-infra-ref: release/${line}`)
      .replaceAll('channel: nightly', 'channel: test');
    if (edited !== content) files.set(path, edited);
  }
  if (version !== null) files.set('version.txt', `${version}.0\n`);
  return files;
}

interface Line {
  readonly branch: string;
  readonly version: string | null;
  readonly at: number;
}

/** Cuts the previous line at main's tip: the two branches, the release-only change, and the version bump on main. */
function cutLine(making: Making, line: Line, infraLine: string): { tip: number; tree: Map<string, string> } {
  const { importer, recipe, manager } = making;
  importer.branch(`orig/${line.branch}`, making.tip);
  const tree = new Map(making.tree);
  const files = releaseOnly(tree, infraLine, line.version);
  for (const [path, content] of files) tree.set(path, content);
  const number = nextNumber(making);
  const message = `[RELEASE-ONLY CHANGES] Branch cut for ${line.branch} (#${number})\n\nPull Request resolved: ${pullUrl(making, number)}\n`;
  const author = manager;
  const tip = add(making, { branch: line.branch, author, at: line.at, message, files }, making.tip);
  if (recipe.versions !== null) {
    const bumped = new Map([['version.txt', `${recipe.versions.next}.0a0\n`]]);
    const bump = `Bump version on main to ${recipe.versions.next}.0a0 (#${nextNumber(making)})\n`;
    making.tip = add(making, { branch: 'main', author, at: line.at + 60, message: bump, files: bumped }, making.tip);
    making.tree.set('version.txt', `${recipe.versions.next}.0a0\n`);
  }
  return { tip, tree };
}

/** Picks changes of main onto the previous line, with candidates after every few, and its final tag on the last. */
async function pickAndTag(making: Making, line: Line, cut: { tip: number; tree: Map<string, string> }, count: number) {
  const { importer, manager } = making;
  let { tip } = cut;
  let candidate = 0;
  let at = line.at;
  const tagged = (name: string) => line.version !== null && importer.tag(name, tip, manager, at + 30);
  const tagCandidate = () => {
    candidate += 1;
    tagged(`v${line.version}.0-rc${candidate}`);
  };
  tagCandidate();
  let picked = 0;
  for (const change of making.changes.filter((one) => one.at > line.at)) {
    const content = cut.tree.get(change.path) ?? '';
    if (picked === count || change.number % 4 !== 0) continue;
    if (sectionLimit(content, change.section) !== change.before) continue;
    const edited = editSection(content, change.section, change.to) ?? content;
    if (edited === content) continue;
    cut.tree.set(change.path, edited);
    at = change.at + day;
    const sha = await importer.sha(change.mark);
    const number = nextNumber(making);
    const message = `[${line.branch}] ${change.title} (#${number})\n\nCherry-pick of ${pullUrl(making, change.number)}\n\n(cherry picked from commit ${sha})\n`;
    const files = new Map([[change.path, edited]]);
    tip = add(making, { branch: line.branch, author: change.author, at, message, files }, tip);
    picked += 1;
    if (picked % 3 === 0) tagCandidate();
  }
  if (picked % 3 !== 0) tagCandidate();
  tagged(`v${line.version}.0`);
}

export interface HistoryRequest {
  readonly gitDir: string;
  readonly owner: string;
  readonly recipe: Recipe;
  readonly seed: string;
  /** The line that the made history has already released, X.Y of the train. */
  readonly previousLine: string;
  /** Seconds since 1970 at which the history ends. */
  readonly until: number;
  readonly authors: readonly [ImportPerson, ...ImportPerson[]];
  readonly manager: ImportPerson;
}

/** Writes one repository's history; answers the last pull request number used. */
export async function makeHistory(request: HistoryRequest): Promise<number> {
  const { recipe, seed, until } = request;
  const importer = startImport(request.gitDir);
  const step = Math.floor((160 * day) / recipe.commits);
  const start = until - step * recipe.commits;
  const first = {
    branch: 'main',
    author: request.manager,
    at: start - day,
    message: `Start of ${recipe.name}\n`,
    files: recipe.files,
    links: recipe.links,
  };
  const making: Making = {
    ...request,
    importer,
    choices: makeChoices(`${seed}\0${recipe.name}`),
    tree: new Map(recipe.files),
    changes: [],
    tip: importer.commit(first),
    number: recipe.firstNumber,
  };
  const version = recipe.versions?.previous ?? null;
  const cutAt = Math.floor(recipe.commits * 0.4);
  const line: Line = {
    branch: `release/${version ?? request.previousLine}`,
    version,
    at: start + cutAt * step + Math.floor(step / 2),
  };
  let cut: { tip: number; tree: Map<string, string> } | undefined;
  let viable = making.tip;
  for (let index = 0; index < recipe.commits; index += 1) {
    const at = start + index * step + making.choices.below(Math.floor(step / 2));
    if (index % 37 === 36) await makeRevert(making, at);
    else makeChange(making, at);
    if (index === cutAt) cut = cutLine(making, line, request.previousLine);
    if (index === recipe.commits - 5) viable = making.tip;
  }
  if (cut !== undefined) await pickAndTag(making, line, cut, 10);
  if (recipe.viable) importer.branch('viable/strict', viable);
  const nightlySha = await importer.sha(viable);
  const today = new Date(until * 1000).toISOString().slice(0, 10);
  const message = `${today} nightly release (${nightlySha})\n`;
  add(making, { branch: 'nightly', author: request.manager, at: until, message, files: new Map() }, viable);
  await importer.finish();
  return making.number;
}
