import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitWithHistory } from '../adapters/git/index.ts';
import { expectedArtifacts } from '../domain/expected/expected.ts';
import { ObjectId } from '../domain/git-names.ts';
import { RepoSlug } from '../domain/repo.ts';
import type { Train } from '../domain/train/train.ts';
import type { Git, RemoteRepo } from '../ports/git.ts';
import type { PublicChannel } from '../ports/public-channel.ts';
import type { ResolveQuestion, Resolver } from '../ports/resolver.ts';
import { TRAIN_DIGEST } from './engine-world.ts';
import { makeRepo, testGit } from './git-repos.ts';
import { memoryForge, type MemoryForge } from './memory-forge.ts';
import { PROMOTED, promotionApp, type PromotionApp } from './promotion-app.ts';

export const WEBSITE = RepoSlug.parse('acme/website');

/** The world of promotions with a website beside it: a real repository, and a forge and an installer in memory. */
export interface AnnounceWorld extends PromotionApp {
  readonly forge: MemoryForge;
  /** What the installer was asked, in order. */
  readonly asked: ResolveQuestion[];
  /** Versions that the installer would choose instead of the train's, by package. */
  readonly instead: Map<string, string>;
  /** A file of the website as everybody sees it. */
  readonly page: (path: string) => Promise<string>;
  /** Merges an open pull request of the website, as a person does. */
  readonly merge: (pull: number) => Promise<void>;
  readonly end: () => Promise<void>;
}

const button = (command: string | null, note: string | null = null) => ({ note, command });
const VERSIONS = {
  latest_stable: '2.7.1',
  latest_lts: 'lts-1.8.2',
  versions: {
    preview: {
      linux: { pip: { accnone: button('pip3 install --pre torch'), 'cuda.x': button('pip3 install --pre torch') } },
    },
    '2.7.1': { linux: { pip: { accnone: button('pip3 install torch==2.7.1') } } },
  },
};
const SCRIPT = [
  'let version_map={"nightly": {"cuda.x": ["cuda", "12.8"]}, "release": {"cuda.x": ["cuda", "12.4"]}}',
  'let stable_version="Stable (2.7.1)";',
  'var object = {"preview,pip,linux,accnone,python": "pip3 install --pre torch"};',
  '',
].join('\n');

/** Channels whose pages are there and say nothing: nothing leaves this machine. */
const EMPTY_PAGES: PublicChannel = {
  page: async (url) => ({ bytes: new Uint8Array(), contentType: 'text/html', url }),
  probe: async () => null,
  file: async () => null,
};

type Changes = Parameters<typeof promotionApp>[0];

/** What the train of promotions has besides: a forge, a website, and its page. `more` is taken over last. */
function withWebsite(remote: string, more: object): NonNullable<Changes> {
  return (train) => ({
    ...train,
    forge: { web: 'https://forge.example', api: 'https://api.forge.example' },
    repos: { ...train.repos, website: { role: 'external', source: 'main', slug: WEBSITE, remote } },
    releaseDay: {
      getStarted: {
        repo: 'website',
        versions: 'published_versions.json',
        script: 'assets/quick-start-module.js',
        systems: { linux: 'linux-x86_64' },
        accelerators: [
          { accelerator: 'cpu', slots: ['accnone'] },
          { accelerator: 'cuda', slots: ['cuda.x'] },
        ],
      },
    },
    ...more,
  });
}

/** Places that everybody reads by HTTP: only the addresses in commands are of interest here. */
function withAddresses(train: Train): Train {
  const channels = Object.entries(train.channels).map(([name, channel]) => {
    const places = channel.places.map((place) =>
      place.store === 'object-store' ? { ...place, address: `https://files.example/${place.address ?? ''}/` } : place,
    );
    return [name, ['test', 'stable'].includes(name) ? { ...channel, places } : channel] as const;
  });
  return { ...train, channels: Object.fromEntries(channels) };
}

export async function announceWorld(more: object = {}): Promise<AnnounceWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'announce-'));
  const remote = join(folder, 'website.git');
  const files = {
    'published_versions.json': JSON.stringify(VERSIONS, undefined, 2),
    'assets/quick-start-module.js': SCRIPT,
  };
  await makeRepo({ dir: remote, commits: [{ message: 'Begin', files }] });
  const changes = withWebsite(remote, more);
  const world = await promotionApp(changes);
  const real = gitWithHistory({ mirrors: join(folder, 'mirrors'), cache: join(folder, 'cache') });
  const forge = memoryForge({ now: () => world.app.clock.now() });
  const slug = forge.repo(WEBSITE);
  const headOf = async (branch: string): Promise<ObjectId> =>
    ObjectId.parse((await testGit(remote, ['rev-parse', `refs/heads/${branch}`])).trim());
  slug.branches.set('main', await headOf('main'));
  const git = gitOfBoth(world.app.git, real.git, {
    isReal: (at) => at.remote === remote,
    pushed: (branch, id) => void slug.branches.set(branch, id),
  });
  const train = withAddresses(world.app.loaded.train);
  const asked: ResolveQuestion[] = [];
  const instead = new Map<string, string>();
  const app = {
    ...world.app,
    loaded: { train, digest: TRAIN_DIGEST },
    git: { ...world.app.git, ...git },
    forge: forge.forge,
    resolver: trainResolver(train, { asked, instead }),
    outside: EMPTY_PAGES,
  };
  return {
    ...world,
    app,
    forge,
    asked,
    instead,
    page: (path) => testGit(remote, ['show', `refs/heads/main:${path}`]),
    merge: async (number) => {
      const pull = slug.pulls.find((each) => each.number === number);
      const id = await headOf(pull?.head.branch ?? '');
      await testGit(remote, ['update-ref', 'refs/heads/main', id]);
      forge.merge(WEBSITE, number, id);
    },
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Git in memory for the repositories of promotions, real git for the website. */
function gitOfBoth(
  memory: Git,
  real: Git,
  {
    isReal,
    pushed,
  }: { readonly isReal: (at: RemoteRepo) => boolean; readonly pushed: (branch: string, id: ObjectId) => void },
): Git {
  const of = (at: RemoteRepo): Git => (isReal(at) ? real : memory);
  return {
    remoteRefs: (at, patterns) => of(at).remoteRefs(at, patterns),
    fetch: (at, refs) => of(at).fetch(at, refs),
    files: (at, commit, patterns) => of(at).files(at, commit, patterns),
    commit: (at, id) => of(at).commit(at, id),
    log: (at, range) => of(at).log(at, range),
    isAncestor: (at, ancestor, descendant) => of(at).isAncestor(at, ancestor, descendant),
    submodules: (at, commit) => of(at).submodules(at, commit),
    writeCommit: (at, draft) => of(at).writeCommit(at, draft),
    pickCommits: (at, draft) => of(at).pickCommits(at, draft),
    writeTag: (at, draft) => of(at).writeTag(at, draft),
    push: async (at, updates) => {
      const answer = await of(at).push(at, updates);
      for (const { ref, to } of answer.pushed && isReal(at) ? updates : [])
        if (to !== null) pushed(ref.replace('refs/heads/', ''), to);
      return answer;
    },
  };
}

/** An installer that would take the train's own versions, local ones where the index is of a folder of its own. */
function trainResolver(train: Train, { asked, instead }: Pick<AnnounceWorld, 'asked' | 'instead'>): Resolver {
  const kept = new Map<string, Awaited<ReturnType<Resolver['resolve']>>>();
  const expected = expectedArtifacts(train, PROMOTED);
  const versionOf = (name: string, index: string): string => {
    const folder = index.split('/').at(-2) ?? '';
    const cells = expected.ok ? expected.value.cells.filter(({ cell }) => cell.package === name) : [];
    const found = cells.find((cell) => cell.folder === folder) ?? cells[0];
    return instead.get(name) ?? found?.version ?? '0';
  };
  return {
    known: async (question) => kept.get(JSON.stringify(question)) ?? null,
    resolve: async (question) => {
      asked.push(question);
      const picked = question.requirements.map((name) => ({
        name,
        version: versionOf(name, question.index),
        url: `${question.index}${name}.whl`,
        digest: null,
      }));
      const answer = { resolved: true as const, by: 'pip 25.0', picked };
      kept.set(JSON.stringify(question), answer);
      return answer;
    },
  };
}
