import type { ObjectId } from '../domain/git-names.ts';
import { instantOf, type Instant } from '../domain/instant.ts';
import type { RepoSlug } from '../domain/repo.ts';
import {
  ForgeError,
  type Forge,
  type ForgeChecks,
  type ForgeIssues,
  type ForgeMilestones,
  type ForgePeople,
  type ForgePulls,
  type Milestone,
  type PullRequest,
} from '../ports/forge.ts';
import { memoryWork } from './memory-forge-work.ts';
import {
  addItem,
  emptyRepo,
  link,
  notFound,
  setClosed,
  view,
  type MemoryRepo,
  type MemoryWorld,
} from './memory-forge-world.ts';

export type { MemoryRepo } from './memory-forge-world.ts';

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
  /** Members of teams, by `org/team`. */
  readonly teams: Map<string, readonly string[]>;
  /** Every call in order, `pulls.open acme/core`. */
  readonly calls: string[];
}

function counted(repo: MemoryRepo, milestone: Milestone): Milestone {
  const items = repo.items.filter((item) => item.milestone === milestone.title);
  const openItems = items.filter((item) => item.open).length;
  return { ...milestone, openItems, closedItems: items.length - openItems };
}

function memoryPeople(world: MemoryWorld): ForgePeople {
  return {
    whoami: () => Promise.resolve(world.login),
    permission: async (slug, login) => world.find(slug, 'people.permission').permissions.get(login) ?? 'none',
    teamMembers: async (team) => {
      const found = world.teams.get(team);
      if (found === undefined) throw notFound(`Team ${team}`);
      return found.toSorted();
    },
    budget: async () => [{ kind: 'rest', limit: 5000, remaining: 5000, resetsAt: world.now() }],
  };
}

function memoryMilestones(world: MemoryWorld): ForgeMilestones {
  return {
    find: async (slug, title) => {
      const repo = world.find(slug, 'milestones.find');
      const found = repo.milestones.find((each) => each.title === title);
      return found === undefined ? null : counted(repo, found);
    },
    items: async (slug, number, state) => {
      const { items, milestones } = world.find(slug, 'milestones.items');
      const title = milestones.find((each) => each.number === number)?.title;
      return items
        .filter((item) => item.milestone === title && (state === 'all' || item.open === (state === 'open')))
        .map(view);
    },
    create: async (slug, draft) => {
      const repo = world.find(slug, 'milestones.create');
      const existing = repo.milestones.find((each) => each.title === draft.title);
      if (existing !== undefined) return counted(repo, existing);
      const number = repo.milestones.length + 1;
      const made = { number, title: draft.title, open: true, openItems: 0, closedItems: 0 };
      const milestone = { ...made, link: link(slug, `milestone/${number}`) };
      repo.milestones.push(milestone);
      return { ...milestone };
    },
    close: async (slug, number) => {
      const found = world.find(slug, 'milestones.close').milestones.find((each) => each.number === number);
      if (found === undefined) throw notFound(`Milestone ${number} of ${slug}`);
      found.open = false;
    },
  };
}

function memoryIssues(world: MemoryWorld): ForgeIssues {
  return {
    findByMarker: async (slug, marker) =>
      world
        .find(slug, 'issues.findByMarker')
        .items.filter((item) => !item.isPullRequest && item.body.includes(`<!-- ${marker} -->`))
        .map(view),
    create: async (slug, draft) => {
      const repo = world.find(slug, 'issues.create');
      const milestone = repo.milestones.find((each) => each.title === draft.milestone);
      if (draft.milestone !== null && milestone === undefined)
        throw notFound(`Milestone "${draft.milestone}" of ${slug}`);
      return addItem(world, slug, repo, { ...draft, author: world.login, isPullRequest: false });
    },
    get: async (slug, number) => {
      const found = world.find(slug, 'issues.get').items.find((item) => item.number === number);
      return found === undefined ? null : view(found);
    },
    close: async (slug, number) => setClosed(world, world.find(slug, 'issues.close'), number),
  };
}

function between(repo: MemoryRepo, at: { readonly head: string; readonly base: string }): readonly PullRequest[] {
  return repo.pulls.filter((pull) => pull.head.branch === at.head && pull.base === at.base).toReversed();
}

function memoryPulls(world: MemoryWorld): ForgePulls {
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
        draft: draft.draft,
        head: { branch: draft.head, commit, repo: slug },
        base: draft.base,
        mergeCommit: null,
        mergedAt: null,
        labels: [],
        author: world.login,
        updatedAt: item.updatedAt,
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
    onto: async (slug, base, state) =>
      world
        .find(slug, 'pulls.onto')
        .pulls.filter((pull) => pull.base === base && (state === 'all' || pull.state === 'open'))
        .toReversed()
        .map((pull) => ({ ...pull })),
    many: async (slug, numbers) => {
      const { pulls } = world.find(slug, 'pulls.many');
      const copies = new Map(pulls.map((pull) => [pull.number, { ...pull }]));
      return numbers.map((number) => copies.get(number) ?? null);
    },
    markReady: async (slug, number) => {
      const pull = world.find(slug, 'pulls.markReady').pulls.find((each) => each.number === number);
      if (pull === undefined) throw notFound(`Pull request #${number} of ${slug}`);
      pull.draft = false;
    },
  };
}

/** One job and its run begin anew, as the next attempt; refused while the run is not over. */
function rerunJob({ runs, runJobs }: MemoryRepo, slug: RepoSlug, job: number): void {
  const [number, jobs] = [...runJobs].find(([, all]) => all.some(({ id }) => id === job)) ?? [0, []];
  const at = runs.findIndex(({ id }) => id === number);
  const run = runs[at];
  const old = jobs.find(({ id }) => id === job);
  if (run === undefined || old === undefined) throw notFound(`Job ${job} of ${slug}`);
  if (run.state === 'queued' || run.state === 'running')
    throw new ForgeError('not-allowed', `Run ${number} of ${slug} is not over.`, { status: 403 });
  const attempt = run.attempt + 1;
  runs.splice(at, 1, { ...run, attempt, state: 'queued' });
  const id = Math.max(...[...runJobs.values()].flat().map((each) => each.id)) + 1;
  jobs.push({ ...old, id, attempt, state: 'queued', startedAt: null, finishedAt: null });
}

const STATUS = { pending: 'running', success: 'green', failure: 'red', error: 'red' } as const;

function memoryChecks(world: MemoryWorld): ForgeChecks {
  return {
    onCommit: async (slug, commit) =>
      (world.find(slug, 'checks.onCommit').jobs.get(commit) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    runsOn: async (slug, commit) =>
      world
        .find(slug, 'checks.runsOn')
        .runs.filter((run) => run.commit === commit)
        .toReversed(),
    runsOf: async (slug, ref) =>
      world
        .find(slug, 'checks.runsOf')
        .runs.filter((run) => run.branch === ref)
        .toSorted((a, b) => b.id - a.id),
    jobsOf: async (slug, run) => {
      const { runs, runJobs } = world.find(slug, 'checks.jobsOf');
      if (!runs.some(({ id }) => id === run)) throw notFound(`Workflow run ${run} of ${slug}`);
      return (runJobs.get(run) ?? []).toSorted((a, b) => b.attempt - a.attempt || b.id - a.id);
    },
    notesOf: async (slug, job) => {
      const { runJobs, notes } = world.find(slug, 'checks.notesOf');
      if (![...runJobs.values()].flat().some(({ id }) => id === job)) throw notFound(`Job ${job} of ${slug}`);
      return notes.get(job) ?? [];
    },
    run: async (slug, id) => world.find(slug, 'checks.run').runs.find((run) => run.id === id) ?? null,
    job: async (slug, id) => world.find(slug, 'checks.job').jobRuns.find((job) => job.id === id) ?? null,
    rerunJob: async (slug, job) => rerunJob(world.find(slug, 'checks.rerunJob'), slug, job),
    rerunFailed: async (slug, number) => {
      const { runs } = world.find(slug, 'checks.rerunFailed');
      const at = runs.findIndex((run) => run.id === number);
      const run = runs[at];
      if (run === undefined) throw notFound(`Workflow run ${number} of ${slug}`);
      runs[at] = { ...run, attempt: run.attempt + 1, state: 'queued' };
    },
    postStatus: async (slug, commit, { context, state, link: target }) => {
      const { jobs } = world.find(slug, 'checks.postStatus');
      const others = (jobs.get(commit) ?? []).filter((job) => job.name !== context);
      const times = { startedAt: world.now(), finishedAt: null, link: target };
      jobs.set(commit, [...others, { name: context, state: STATUS[state], attempts: 1, ...times }]);
    },
  };
}

/** Makes an empty forge whose token belongs to `login`. Without `now` every write is one second after the one before. */
export function memoryForge(options: { readonly login?: string; readonly now?: () => Instant } = {}): MemoryForge {
  const repos = new Map<string, MemoryRepo>();
  const calls: string[] = [];
  const teams = new Map<string, readonly string[]>();
  let ticks = 0;
  const world: MemoryWorld = {
    login: options.login ?? 'signalbox[bot]',
    calls,
    teams,
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
    teams,
    forge: {
      people: memoryPeople(world),
      issues: memoryIssues(world),
      milestones: memoryMilestones(world),
      pulls: memoryPulls(world),
      checks: memoryChecks(world),
      ...memoryWork(world),
    },
    repo: repoOf,
    merge: (slug, number, commit) => {
      const repo = repoOf(slug);
      const pull = repo.pulls.find((each) => each.number === number);
      if (pull === undefined) throw notFound(`Pull request #${number} of ${slug}`);
      pull.state = 'merged';
      pull.mergeCommit = commit;
      pull.mergedAt = world.now();
      pull.updatedAt = pull.mergedAt;
      repo.branches.set(pull.base, commit);
      setClosed(world, repo, number);
    },
    writeIssue: (slug, author, { title, body }) =>
      addItem(world, slug, repoOf(slug), { title, body, author, isPullRequest: false }).number,
  };
}
