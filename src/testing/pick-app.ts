import { join } from 'node:path';
import { gitWithHistory } from '../adapters/git/index.ts';
import { httpPublicChannel } from '../adapters/public-channel/index.ts';
import type { App } from '../app/app.ts';
import { digestOf } from '../domain/canonical-json.ts';
import type { ObjectId } from '../domain/git-names.ts';
import { addSeconds } from '../domain/instant.ts';
import { RepoSlug } from '../domain/repo.ts';
import { fixedClock } from './fixed-clock.ts';
import { addCommits, makeRepo, testGit, type MadeCommit } from './git-repos.ts';
import { memoryReadings } from './memory-readings.ts';
import { memoryForge, type MemoryForge } from './memory-forge.ts';
import { memoryLeases, memoryLedger } from './memory-ledger.ts';
import { memorySignals, memoryViewHistory, tellingLedger } from './memory-signals.ts';
import { noChannels } from './no-stores.ts';
import { noSignIn } from './no-sign-in.ts';
import { pickTrain } from './pick-train.ts';
import { NOW } from './small-train.ts';

export const CORE = RepoSlug.parse('acme/core');

/** A train on real repositories: four remotes in a folder, a forge and a ledger in memory, who gives the command by name. */
export interface PickWorld {
  readonly forge: MemoryForge;
  readonly appOf: (login: string) => App;
  /** Adds commits to core, and answers their ids. */
  readonly commit: (commits: readonly MadeCommit[]) => Promise<readonly ObjectId[]>;
  readonly tag: (name: string, commit: ObjectId) => Promise<void>;
  /** A pull request of core that was merged into main as this commit. */
  readonly merged: (pull: { readonly number: number; readonly title: string; readonly commit: ObjectId }) => void;
}

/** Makes the world; every repository has one commit on main. `train`: members of the train file to set. */
export async function pickWorld(folder: string, train: Record<string, unknown> = {}): Promise<PickWorld> {
  const keys = ['core', 'infra', 'vision', 'audio'];
  const remoteOf = (key: string): string => join(folder, `${key}.git`);
  for (const key of keys) {
    await makeRepo({ dir: remoteOf(key), commits: [{ message: 'Begin', files: { 'begin.txt': 'begin\n' } }] });
  }
  const repos = Object.fromEntries(keys.map((key) => [key, { remote: remoteOf(key) }]));
  const loaded = { train: pickTrain({}, train, repos), digest: digestOf('the pick train') };
  const forge = memoryForge({ now: () => addSeconds(NOW, -86_400) });
  for (const key of keys) forge.repo(RepoSlug.parse(`acme/${key}`));
  const core = forge.repo(CORE);
  for (const login of ['rita', 'ann', 'alice']) core.permissions.set(login, 'write');
  const { git, history } = gitWithHistory({ mirrors: join(folder, 'mirrors'), cache: join(folder, 'cache') });
  const signals = memorySignals();
  const ledger = tellingLedger(memoryLedger(), signals);
  const viewHistory = memoryViewHistory();
  const leases = memoryLeases();
  const clock = fixedClock(NOW);
  return {
    forge,
    appOf: (login) => ({
      dir: folder,
      loaded,
      clock,
      ...noSignIn(),
      history,
      git: {
        ...git,
        // The forge in memory knows a branch only when it is told.
        push: async (at, updates) => {
          const answer = await git.push(at, updates);
          for (const { ref, to } of updates) {
            if (answer.pushed && to !== null) core.branches.set(ref.replace('refs/heads/', ''), to);
          }
          return answer;
        },
      },
      forge: { ...forge.forge, people: { ...forge.forge.people, whoami: () => Promise.resolve(login) } },
      ledger: () => Promise.resolve(ledger),
      leases: () => Promise.resolve(leases),
      jobs: () => Promise.reject(new Error('there are no jobs in memory')),
      signals: () => Promise.resolve(signals),
      viewHistory: () => Promise.resolve(viewHistory),
      who: () => Promise.resolve(login),
      ...noChannels,
      readings: memoryReadings(),
      outside: httpPublicChannel(),
      close: () => Promise.resolve(),
    }),
    commit: async (commits) => {
      const ids = await addCommits(remoteOf('core'), commits);
      commits.forEach(({ branch = 'main' }, index) => {
        const id = ids[index];
        if (id !== undefined) core.branches.set(branch, id);
      });
      return ids;
    },
    tag: async (name, commit) => {
      await testGit(remoteOf('core'), ['tag', name, commit]);
    },
    merged: ({ number, title, commit }) => {
      core.pulls.push({
        number,
        title,
        body: '',
        state: 'merged',
        draft: false,
        head: { branch: `change-${number}`, commit, repo: CORE },
        base: 'main',
        mergeCommit: commit,
        mergedAt: NOW,
        labels: [],
        author: 'alice',
        updatedAt: NOW,
        link: `https://forge.example/acme/core/pull/${number}`,
      });
    },
  };
}
