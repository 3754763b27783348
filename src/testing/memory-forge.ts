import type { ObjectId } from '../domain/git-names.ts';
import { instantOf, type Instant } from '../domain/instant.ts';
import type { RepoSlug } from '../domain/repo.ts';
import {
  ForgeError,
  type Forge,
  type ForgeChecks,
  type ForgeIssues,
  type ForgeItem,
  type ForgePeople,
  type ForgePulls,
  type JobResult,
  type Milestone,
  type PullRequest,
} from '../ports/forge.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Permission = 'none' | 'read' | 'write' | 'admin';

/** What the memory forge holds of one repository. Tests may change it as a person at the forge would. */
export interface MemoryRepo {
  readonly milestones: Writable<Milestone>[];
  readonly items: (Writable<ForgeItem> & { milestone: number | null })[];
  readonly pulls: Writable<PullRequest>[];
  readonly labels: Map<string, { readonly color: string; readonly description: string }>;
  /** Commits of branches, by name; a pull request needs its head here. */
  readonly branches: Map<string, ObjectId>;
  readonly jobs: Map<ObjectId, JobResult[]>;
  readonly permissions: Map<string, Permission>;
}

/** A forge in memory with the rules of the real one, and the handles with which a test plays the people at the forge. */
export interface MemoryForge {
  readonly forge: Forge;
  /** The repository's content; made empty when it does not exist yet. */
  repo(slug: RepoSlug): MemoryRepo;
  /** Merges a pull request as a person would; `commit` becomes the tip of its base. */
  merge(slug: RepoSlug, pull: number, commit: ObjectId): void;
  /** Writes an issue as somebody else. */
  readonly writeIssue: (
    slug: RepoSlug,
    author: string,
    draft: { readonly title: string; readonly body: string },
  ) => number;
  /** Every call in order, `pulls.open acme/core`. */
  readonly calls: string[];
}

interface World {
  readonly login: string;
  readonly calls: string[];
  find(slug: RepoSlug, call: string): MemoryRepo;
  now(): Instant;
}

function link(slug: RepoSlug, path: string): string {
  return `https://forge.example/${slug}/${path}`;
}

function nextNumber(repo: MemoryRepo): number {
  return repo.items.length + 1;
}

interface ItemDraft {
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly isPullRequest: boolean;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly milestone?: number | null;
}

function addItem(world: World, slug: RepoSlug, repo: MemoryRepo, draft: ItemDraft): ForgeItem {
  const number = nextNumber(repo);
  const item = {
    number,
    title: draft.title,
    body: draft.body,
    isPullRequest: draft.isPullRequest,
    open: true,
    author: draft.author,
    assignees: draft.assignees ?? [],
    labels: draft.labels ?? [],
    openedAt: world.now(),
    updatedAt: world.now(),
    link: link(slug, `issues/${number}`),
    milestone: draft.milestone ?? null,
  };
  repo.items.push(item);
  return view(item);
}

function view({ milestone: _milestone, ...item }: ForgeItem & { readonly milestone: number | null }): ForgeItem {
  return item;
}

function counted(repo: MemoryRepo, milestone: Milestone): Milestone {
  const items = repo.items.filter((item) => item.milestone === milestone.number);
  const openItems = items.filter((item) => item.open).length;
  return { ...milestone, openItems, closedItems: items.length - openItems };
}

function notFound(what: string): ForgeError {
  return new ForgeError('not-found', `${what} is not there.`, { status: 404 });
}

function memoryPeople(world: World): ForgePeople {
  return {
    whoami: () => Promise.resolve(world.login),
    permission: async (slug, login) => world.find(slug, 'people.permission').permissions.get(login) ?? 'none',
  };
}

function setClosed(world: World, repo: MemoryRepo, number: number): void {
  const item = repo.items.find((each) => each.number === number);
  if (item === undefined) throw notFound(`#${number}`);
  if (!item.open) return;
  item.open = false;
  item.updatedAt = world.now();
}

function memoryIssues(world: World): ForgeIssues {
  return {
    milestone: async (slug, title) => {
      const repo = world.find(slug, 'issues.milestone');
      const found = repo.milestones.find((each) => each.title === title);
      return found === undefined ? null : counted(repo, found);
    },
    milestoneItems: async (slug, milestone, state) =>
      world
        .find(slug, 'issues.milestoneItems')
        .items.filter((item) => item.milestone === milestone && (state === 'all' || item.open === (state === 'open')))
        .map(view),
    createMilestone: async (slug, draft) => {
      const repo = world.find(slug, 'issues.createMilestone');
      const existing = repo.milestones.find((each) => each.title === draft.title);
      if (existing !== undefined) return counted(repo, existing);
      const number = repo.milestones.length + 1;
      const made = { number, title: draft.title, open: true, openItems: 0, closedItems: 0 };
      const milestone = { ...made, link: link(slug, `milestone/${number}`) };
      repo.milestones.push(milestone);
      return { ...milestone };
    },
    findByMarker: async (slug, marker) =>
      world
        .find(slug, 'issues.findByMarker')
        .items.filter((item) => !item.isPullRequest && item.body.includes(`<!-- ${marker} -->`))
        .map(view),
    createIssue: async (slug, draft) => {
      const repo = world.find(slug, 'issues.createIssue');
      const milestone = repo.milestones.find((each) => each.title === draft.milestone);
      if (draft.milestone !== null && milestone === undefined)
        throw notFound(`Milestone "${draft.milestone}" of ${slug}`);
      const number = milestone?.number ?? null;
      return addItem(world, slug, repo, { ...draft, author: world.login, isPullRequest: false, milestone: number });
    },
    issue: async (slug, number) => {
      const found = world.find(slug, 'issues.issue').items.find((item) => item.number === number);
      return found === undefined ? null : view(found);
    },
    closeMilestone: async (slug, number) => {
      const found = world.find(slug, 'issues.closeMilestone').milestones.find((each) => each.number === number);
      if (found === undefined) throw notFound(`Milestone ${number} of ${slug}`);
      found.open = false;
    },
    closeIssue: async (slug, number) => setClosed(world, world.find(slug, 'issues.closeIssue'), number),
    label: async (slug, name) => (world.find(slug, 'issues.label').labels.has(name) ? { name } : null),
    createLabel: async (slug, { name, color, description }) => {
      const { labels } = world.find(slug, 'issues.createLabel');
      if (!labels.has(name)) labels.set(name, { color, description });
    },
  };
}

function between(repo: MemoryRepo, at: { readonly head: string; readonly base: string }): readonly PullRequest[] {
  return repo.pulls.filter((pull) => pull.head.branch === at.head && pull.base === at.base).toReversed();
}

function memoryPulls(world: World): ForgePulls {
  return {
    find: async (slug, branches) => between(world.find(slug, 'pulls.find'), branches).map((pull) => ({ ...pull })),
    get: async (slug, number) => {
      const found = world.find(slug, 'pulls.get').pulls.find((pull) => pull.number === number);
      return found === undefined ? null : { ...found };
    },
    open: async (slug, draft) => {
      const repo = world.find(slug, 'pulls.open');
      const existing = between(repo, draft).find((pull) => pull.state === 'open');
      if (existing !== undefined) return { ...existing };
      const commit = repo.branches.get(draft.head);
      if (commit === undefined || !repo.branches.has(draft.base)) {
        const missing = commit === undefined ? draft.head : draft.base;
        throw new ForgeError('invalid', `${slug} has no branch ${missing}.`, { status: 422 });
      }
      const { title, body } = draft;
      const item = addItem(world, slug, repo, { title, body, author: world.login, isPullRequest: true });
      const pull: PullRequest = {
        number: item.number,
        title,
        body,
        state: 'open',
        head: { branch: draft.head, commit },
        base: draft.base,
        mergeCommit: null,
        author: world.login,
        link: link(slug, `pull/${item.number}`),
      };
      repo.pulls.push(pull);
      return { ...pull };
    },
    close: async (slug, number) => {
      const repo = world.find(slug, 'pulls.close');
      const pull = repo.pulls.find((each) => each.number === number);
      if (pull === undefined) throw notFound(`Pull request #${number} of ${slug}`);
      if (pull.state !== 'open') return;
      pull.state = 'closed';
      setClosed(world, repo, number);
    },
  };
}

function memoryChecks(world: World): ForgeChecks {
  return {
    onCommit: async (slug, commit) =>
      (world.find(slug, 'checks.onCommit').jobs.get(commit) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function emptyRepo(): MemoryRepo {
  return {
    milestones: [],
    items: [],
    pulls: [],
    labels: new Map(),
    branches: new Map(),
    jobs: new Map(),
    permissions: new Map(),
  };
}

/** Makes an empty forge whose token belongs to `login`. Without `now` every write is one second after the one before. */
export function memoryForge(options: { readonly login?: string; readonly now?: () => Instant } = {}): MemoryForge {
  const repos = new Map<string, MemoryRepo>();
  const calls: string[] = [];
  let ticks = 0;
  const world: World = {
    login: options.login ?? 'signalbox[bot]',
    calls,
    now: options.now ?? (() => instantOf(Date.UTC(2025, 2, 1) + 1000 * ticks++)),
    find: (slug, call) => {
      calls.push(`${call} ${slug}`);
      const repo = repos.get(slug);
      if (repo === undefined) throw notFound(`Repository ${slug}`);
      return repo;
    },
  };
  const repoOf = (slug: RepoSlug): MemoryRepo => {
    const repo = repos.get(slug) ?? emptyRepo();
    repos.set(slug, repo);
    return repo;
  };
  return {
    calls,
    forge: {
      people: memoryPeople(world),
      issues: memoryIssues(world),
      pulls: memoryPulls(world),
      checks: memoryChecks(world),
    },
    repo: repoOf,
    merge: (slug, number, commit) => {
      const repo = repoOf(slug);
      const pull = repo.pulls.find((each) => each.number === number);
      if (pull === undefined) throw notFound(`Pull request #${number} of ${slug}`);
      pull.state = 'merged';
      pull.mergeCommit = commit;
      repo.branches.set(pull.base, commit);
      setClosed(world, repo, number);
    },
    writeIssue: (slug, author, { title, body }) =>
      addItem(world, slug, repoOf(slug), { title, body, author, isPullRequest: false }).number,
  };
}
