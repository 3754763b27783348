import { isAbsolute, resolve } from 'node:path';
import { existsSync } from 'node:fs';

import { gitText, GitFailure, listRefs } from './git.ts';
import { emptyRepo, type Team } from './state.ts';
import { type Store, WorldFolderError } from './store.ts';
import { makeBare, makeOrganisation, openEmpty, releaseRulesets } from './world.ts';
import { addLabels } from './world-forge.ts';
import { makeUser, type Person, permissionsIn } from './world-people.ts';

/** A repository to start from; it is read and never written. */
export interface WorldSource {
  /** A folder (a work tree, or bare) or an address that git can fetch from. */
  readonly source: string;
  /** The default branch in the world; the source's own unless told. */
  readonly branch?: string;
  readonly owner: string;
  readonly name: string;
  /** The cells of the binary builds that a candidate tag starts; none unless told. */
  readonly buildsOnTag?: readonly string[];
}

export interface WorldFromRequest {
  readonly dir: string;
  readonly sources: readonly WorldSource[];
  readonly users: readonly Person[];
  /** Teams of the owners, as `org/team` with the logins of their members. */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  /** ISO 8601 UTC, for what the world itself creates. */
  readonly now: string;
}

const segment = /^[A-Za-z0-9][\w.-]{0,99}$/u;

function addressOf(source: string): string {
  // A folder may be given relative to where the user stands; git would resolve it from elsewhere.
  return !isAbsolute(source) && existsSync(source) ? resolve(source) : source;
}

async function defaultBranchOf(address: string): Promise<string> {
  const text = await gitText(null, ['ls-remote', '--symref', '--', address, 'HEAD']);
  return /^ref: refs\/heads\/(\S+)\tHEAD$/mu.exec(text)?.[1] ?? 'main';
}

async function copyRepo(gitDir: string, given: WorldSource): Promise<string> {
  const address = addressOf(given.source);
  try {
    const branch = given.branch ?? (await defaultBranchOf(address));
    await makeBare(gitDir, 'main');
    // A fetch only reads the source; branches and tags, no notes, no pull request refs, no remotes of the source.
    const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--update-shallow', '--no-auto-maintenance'];
    await gitText(gitDir, ['fetch', ...quiet, '--', address, ...refspecs]);
    return branch;
  } catch (cause) {
    const why = cause instanceof GitFailure ? cause.stderr.trim() : String(cause);
    throw new WorldFolderError(`The repository ${given.source} cannot be read: ${why}`, { cause });
  }
}

async function addRepo(store: Store, request: WorldFromRequest, given: WorldSource, index: number): Promise<void> {
  if (!segment.test(given.owner) || !segment.test(given.name)) {
    throw new WorldFolderError(`"${given.owner}/${given.name}" is no name of a repository.`);
  }
  const draft = emptyRepo({
    id: 1001 + index,
    owner: given.owner,
    name: given.name,
    defaultBranch: 'main',
    createdAt: request.now,
  });
  const gitDir = store.gitDir(draft);
  const branch = await copyRepo(gitDir, given);
  const refs = await listRefs(gitDir, 'refs/heads', 'refs/tags');
  if (!refs.some(({ ref }) => ref === `refs/heads/${branch}`)) {
    const has = refs.flatMap(({ ref }) => (ref.startsWith('refs/heads/') ? [ref.slice(11)] : []));
    const some = has.slice(0, 10).join(', ');
    throw new WorldFolderError(`${given.source} has no branch "${branch}". It has: ${some === '' ? 'none' : some}.`);
  }
  await gitText(gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  const admins = request.users.filter((person) => Object.values(person.roles).includes('admin'));
  const bypass = admins.map((person) => person.login);
  draft.defaultBranch = branch;
  draft.permissions = permissionsIn(request.users, given.name);
  draft.protectedBranches = [branch];
  draft.buildsOnTag = [...(given.buildsOnTag ?? [])];
  draft.builtTags = refs
    .filter(({ ref }) => ref.startsWith('refs/tags/'))
    .map(({ ref, commit }) => `${ref.slice('refs/tags/'.length)}@${commit}`);
  draft.rulesets = releaseRulesets(draft, bypass, request.now);
  addLabels(draft);
  store.saveRepo(draft);
}

function teamsOf(teams: Readonly<Record<string, readonly string[]>>): readonly Team[] {
  return Object.entries(teams).map(([name, members]) => {
    const [org = '', slug = ''] = name.split('/');
    return { org, slug, members: [...members] };
  });
}

/**
 * Makes a world on copies of existing repositories: their branches and tags, nothing else. The sources are only read.
 * Throws WorldFolderError naming the source that cannot be read or lacks the branch.
 */
export async function makeWorldFrom(request: WorldFromRequest): Promise<void> {
  const names = request.sources.map(({ owner, name }) => `${owner}/${name}`.toLowerCase());
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new WorldFolderError(`Two sources are named ${twin}. Give each its own name.`);
  const store = openEmpty(request.dir);
  await Promise.all(request.sources.map((given, index) => addRepo(store, request, given, index)));
  const owners = [...new Set([...request.sources.map((given) => given.owner), 'github'])];
  const users = [
    ...owners.map((login, index) => makeOrganisation(1 + index, login)),
    ...request.users.map((person, index) => makeUser(request.dir, 101 + index, person)),
  ];
  store.saveUsers(users, teamsOf(request.teams ?? {}));
}
