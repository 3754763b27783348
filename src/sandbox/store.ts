import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { RepoState, type Team, type User, WorldState } from './state.ts';

/** A world folder that cannot be read: which file, and why. */
export class WorldFolderError extends Error {
  override readonly name = 'WorldFolderError';
}

/**
 * The state of a world in memory and on disk. A change is made on a copy, written (temp and rename) and only then
 * seen by readers, so what was answered was written, and what failed left nothing.
 */
export interface Store {
  readonly dir: string;
  users(): readonly User[];
  userByLogin(login: string): User | undefined;
  userByToken(token: string): User | undefined;
  repos(): readonly RepoState[];
  /** The repository by owner and name, letter case ignored as GitHub does. */
  repo(owner: string, name: string): RepoState | undefined;
  /** The bare repository's folder. */
  gitDir(repo: RepoState): string;
  /** Changes one repository's state; changes of one repository run one after the other. */
  change<T>(repo: RepoState, make: (draft: RepoState) => T | Promise<T>): Promise<T>;
  teams(): readonly Team[];
  saveUsers(users: readonly User[], teams?: readonly Team[]): void;
  saveRepo(repo: RepoState): void;
  /** Resolves when no change is under way. */
  idle(): Promise<void>;
}

const keyOf = (owner: string, name: string) => `${owner}/${name}`.toLowerCase();

/** Writes a file so that a reader, or a process started after a kill, sees the old or the new content whole. */
function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function readState<T>(path: string, schema: { parse(value: unknown): T }): T {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new WorldFolderError(`The sandbox world's file ${path} is not readable as state. Make the world again.`, {
      cause,
    });
  }
}

function loadRepos(root: string): Map<string, RepoState> {
  const repos = new Map<string, RepoState>();
  if (!existsSync(root)) return repos;
  for (const owner of readdirSync(root)) {
    for (const file of readdirSync(join(root, owner))) {
      const path = join(root, owner, file);
      if (file.endsWith('.tmp')) {
        rmSync(path);
        continue;
      }
      const repo = readState(path, RepoState);
      repos.set(keyOf(repo.owner, repo.name), repo);
    }
  }
  return repos;
}

/** Opens the world of a folder; an empty folder is an empty world. `changed` is told of each change once it is written. */
export function openStore(dir: string, changed?: (before: RepoState, after: RepoState) => void): Store {
  const stateRoot = join(dir, 'state');
  const usersFile = join(dir, 'users.json');
  let world = existsSync(usersFile) ? readState(usersFile, WorldState) : { users: [], teams: [] };
  const repos = loadRepos(stateRoot);
  const queues = new Map<string, Promise<unknown>>();

  const saveRepo = (repo: RepoState) => {
    writeWhole(join(stateRoot, repo.owner, `${repo.name}.json`), JSON.stringify(repo));
    repos.set(keyOf(repo.owner, repo.name), repo);
  };

  const changeNow = async <T>(key: string, make: (draft: RepoState) => T | Promise<T>): Promise<T> => {
    const current = repos.get(key);
    if (current === undefined) throw new WorldFolderError(`There is no repository ${key} in the world at ${dir}.`);
    const draft = structuredClone(current);
    const result = await make(draft);
    saveRepo(draft);
    changed?.(current, draft);
    return result;
  };

  return {
    dir,
    users: () => world.users,
    teams: () => world.teams,
    userByLogin: (login) => world.users.find((user) => user.login.toLowerCase() === login.toLowerCase()),
    userByToken: (token) => world.users.find((user) => user.token !== null && user.token === token),
    repos: () => [...repos.values()],
    repo: (owner, name) => repos.get(keyOf(owner, name)),
    gitDir: (repo) => join(dir, 'repos', repo.owner, `${repo.name}.git`),
    change(repo, make) {
      const key = keyOf(repo.owner, repo.name);
      const before = queues.get(key) ?? Promise.resolve();
      const run = before.then(() => changeNow(key, make));
      // A failed change is told to its caller; the queue only needs to know that it is over.
      queues.set(
        key,
        run.catch(() => undefined),
      );
      return run;
    },
    saveUsers(next, teams = world.teams) {
      const made = { version: 1 as const, users: [...next], teams: [...teams] };
      writeWhole(usersFile, JSON.stringify(made));
      world = made;
    },
    saveRepo,
    idle: async () => {
      await Promise.all(queues.values());
    },
  };
}

/** The repository's state; throws WorldFolderError where the world has none of the name. */
export function requireRepo(store: Store, owner: string, name: string): RepoState {
  const repo = store.repo(owner, name);
  if (repo === undefined) throw new WorldFolderError(`There is no repository ${owner}/${name} in the world.`);
  return repo;
}
