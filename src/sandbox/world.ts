/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';

import { gitText, listRefs } from './git.ts';
import { emptyRepo, nextId, type RepoState, type Ruleset, type User } from './state.ts';
import { openStore, type Store, WorldFolderError } from './store.ts';
import { addChecks, addCoreIssues, addLabels, addMilestone, addNightlyRun } from './world-forge.ts';
import { makeHistory } from './world-history.ts';
import { makeUser, people, permissionsIn } from './world-people.ts';
import { besideRecipes, type BesideRecipe, makeBesideHistory } from './world-beside.ts';
import { lineBefore, type Recipe, recipes } from './world-recipes.ts';

export interface WorldRequest {
  /** An empty or absent folder. */
  readonly dir: string;
  readonly seed: string;
  /** YYYY-MM-DD: the history ends on the morning of this day, UTC. */
  readonly today: string;
  /** The line X.Y that is about to be released; the one before has its branches and tags already. */
  readonly line: string;
}

const owner = 'pytorch';

/** Makes a bare repository in the world's folder. */
export async function makeBare(gitDir: string, defaultBranch: string): Promise<void> {
  mkdirSync(gitDir, { recursive: true });
  await gitText(null, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '--template=', '--', gitDir]);
}

/** Opens the folder of a world to be made; throws WorldFolderError when something is in it already. */
export function openEmpty(dir: string): Store {
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new WorldFolderError(`The folder ${dir} is not empty. Name an empty folder for the sandbox world.`);
  }
  mkdirSync(dir, { recursive: true });
  return openStore(dir);
}

/** An organisation, which owns repositories and signs nothing. */
export function makeOrganisation(id: number, login: string): User {
  return { id, login, name: login, email: '', type: 'Organization', token: null };
}

/**
 * The rules of a repository that releases: no version tag is ever moved or deleted by anybody; release branches are
 * neither deleted nor rewritten, except by those named (who may undo a cut).
 */
export function releaseRulesets(draft: RepoState, bypass: readonly string[], at: string): Ruleset[] {
  const common = { enforcement: 'active', createdAt: at } as const;
  return [
    {
      ...common,
      id: nextId(draft),
      name: 'version tags',
      target: 'tag',
      include: ['v*'],
      rules: ['update', 'deletion', 'non_fast_forward'],
      bypass: [],
    },
    {
      ...common,
      id: nextId(draft),
      name: 'release branches',
      target: 'branch',
      include: ['release/*', 'orig/release/*'],
      rules: ['deletion', 'non_fast_forward'],
      bypass: [...bypass],
    },
  ];
}

interface Making {
  readonly store: Store;
  readonly request: WorldRequest;
  readonly users: readonly User[];
}

async function fillRepo({ request, store }: Making, recipe: Recipe, draft: RepoState, lastNumber: number) {
  const { today, seed, line } = request;
  const at = `${today}T06:30:00Z`;
  draft.description = recipe.description;
  draft.permissions = permissionsIn(people, recipe.name);
  draft.buildsOnTag = [...recipe.buildsOnTag];
  draft.buildWorkflow = { ...recipe.buildWorkflow };
  draft.jobsOnRelease = [...recipe.jobsOnRelease];
  draft.dispatchable = structuredClone(recipe.dispatchable);
  draft.lastNumber = lastNumber;
  // Not nightly: the bot points it anew each day.
  draft.protectedBranches = ['main'];
  draft.rulesets = releaseRulesets(draft, ['ada-rm', 'bruno-rm'], `${today}T00:00:00Z`);
  addLabels(draft);
  if (recipe.name === 'pytorch') {
    const closers = await gitText(store.gitDir(draft), ['rev-list', '--max-count=24', '--skip=4', 'viable/strict']);
    const titles = { next: `${line}.0`, previous: `${lineBefore(line)}.0` };
    addCoreIssues(draft, seed, today, { ...titles, closers: closers.trim().split('\n') });
  } else if (recipe.versions !== null) {
    addMilestone(draft, {
      title: `${recipe.versions.next}.0`,
      creator: 'ada-rm',
      at: `${today}T00:00:00Z`,
      closedAt: null,
    });
  }
  const refs = await listRefs(store.gitDir(draft), 'refs/heads', 'refs/tags');
  // The candidates of the line before were built long ago.
  draft.builtTags = refs
    .filter(({ ref }) => ref.startsWith('refs/tags/') || ref.startsWith('refs/heads/release/'))
    .map(({ ref, commit }) => `${ref.replace(/^refs\/(?:tags|heads)\//u, '')}@${commit}`);
  const shaOf = (branch: string) => refs.find(({ ref }) => ref === `refs/heads/${branch}`)?.sha;
  const nightly = shaOf('nightly');
  if (nightly !== undefined) {
    addChecks(draft, recipe, { sha: nightly, at, story: 'nightly' });
    addNightlyRun(draft, nightly, at);
  }
  const green = [...new Set([shaOf('viable/strict'), shaOf('main')])];
  for (const sha of green) if (sha !== undefined) addChecks(draft, recipe, { sha, at, story: 'green' });
}

async function makeRepo(making: Making, recipe: Recipe, index: number): Promise<void> {
  const { store, request, users } = making;
  const { today, seed, line } = request;
  const createdAt = `${today}T00:00:00Z`;
  const draft = emptyRepo({ id: 1001 + index, owner, name: recipe.name, defaultBranch: 'main', createdAt });
  const gitDir = store.gitDir(draft);
  await makeBare(gitDir, 'main');
  const [first, ...rest] = users.filter((user) => user.type === 'User' && user.login !== 'omar-outside');
  if (first === undefined) throw new WorldFolderError('A made world needs at least one author.');
  const lastNumber = await makeHistory({
    gitDir,
    owner,
    recipe,
    seed,
    previousLine: lineBefore(line),
    until: Math.floor(Date.parse(`${today}T05:00:00Z`) / 1000),
    authors: [first, ...rest],
    manager: first,
  });
  await fillRepo(making, recipe, draft, lastNumber);
  store.saveRepo(draft);
}

/** A repository that is not of the train: no milestones, no checks, no rules. */
async function makeBeside({ store, request, users }: Making, recipe: BesideRecipe, index: number): Promise<void> {
  const { name, branch, description } = recipe;
  const createdAt = `${request.today}T00:00:00Z`;
  const draft = emptyRepo({ id: 1101 + index, owner, name, defaultBranch: branch, createdAt });
  const gitDir = store.gitDir(draft);
  await makeBare(gitDir, branch);
  const [author] = users.filter((user) => user.type === 'User');
  if (author === undefined) throw new WorldFolderError('A made world needs at least one author.');
  const until = Math.floor(Date.parse(`${request.today}T05:00:00Z`) / 1000);
  await makeBesideHistory(gitDir, recipe, { author, until });
  draft.description = description;
  draft.permissions = permissionsIn(people, name);
  draft.lastNumber = 1200 + 300 * index;
  addLabels(draft);
  store.saveRepo(draft);
}

/**
 * Makes a world of four repositories with history, people, a milestone and checks, red where a rehearsal needs red, and beside them website,
 * documentation and tutorials.
 * The same request makes the same commits. Throws WorldFolderError when the folder is not empty.
 */
export async function makeWorld(request: WorldRequest): Promise<void> {
  if (!/^\d+\.\d+$/u.test(request.line)) throw new WorldFolderError(`A line is X.Y, and "${request.line}" is not.`);
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(request.today) || Number.isNaN(Date.parse(request.today))) {
    throw new WorldFolderError(`A day is YYYY-MM-DD, and "${request.today}" is not.`);
  }
  const store = openEmpty(request.dir);
  const users = [
    makeOrganisation(1, owner),
    makeOrganisation(2, 'github'),
    ...people.map((person, index) => makeUser(request.seed, 101 + index, person)),
  ];
  const making = { store, request, users };
  await Promise.all([
    ...recipes(request.line).map((recipe, index) => makeRepo(making, recipe, index)),
    ...besideRecipes(lineBefore(request.line)).map((recipe, index) => makeBeside(making, recipe, index)),
  ]);
  // The accounts come last: a world without them was not finished, and does not start.
  store.saveUsers(users);
}
