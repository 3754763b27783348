import { type ObjectId, RefName } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import type {
  Forge,
  ForgeChecks,
  ForgeIssues,
  ForgeItems,
  ForgeLabels,
  ForgeMilestones,
  ForgePulls,
} from '../ports/forge.ts';
import type { Git, GitCommit, GitFile, GitLink } from '../ports/git.ts';
import { worldFailure } from './small-train.ts';

const refuse = (what: string) => (): never => {
  throw new Error(`a reader must not ${what}`);
};

/** What a reader may ask the forge. Whatever a test does not give throws: an unexpected request fails. */
export interface ForgeReads {
  readonly login?: string;
  readonly milestone?: ForgeMilestones['find'];
  readonly milestoneItems?: ForgeMilestones['items'];
  readonly findByMarker?: ForgeIssues['findByMarker'];
  readonly label?: ForgeLabels['find'];
  readonly labelled?: ForgeItems['labelled'];
  readonly onCommit?: ForgeChecks['onCommit'];
  readonly find?: ForgePulls['find'];
}

/** A forge that answers only what the test says, and on which every write fails the test. */
export function memoryReadForge(reads: ForgeReads): Forge {
  return {
    people: {
      whoami: async () => reads.login ?? 'signalbox-bot',
      permission: refuse('ask for permissions'),
      teamMembers: refuse('ask for a team'),
      budget: refuse('ask for the budget'),
    },
    issues: {
      findByMarker: reads.findByMarker ?? refuse('look for a marker here'),
      get: refuse('ask for an issue'),
      create: refuse('create an issue'),
      close: refuse('close an issue'),
    },
    milestones: {
      find: reads.milestone ?? refuse('ask for a milestone here'),
      items: reads.milestoneItems ?? refuse('ask for milestone items here'),
      create: refuse('create a milestone'),
      close: refuse('close a milestone'),
    },
    labels: {
      find: reads.label ?? refuse('ask for a label here'),
      create: refuse('create a label'),
      add: refuse('label an item'),
      remove: refuse('label an item'),
    },
    pulls: {
      find: reads.find ?? refuse('look for pull requests here'),
      get: refuse('get a pull request'),
      open: refuse('open a pull request'),
      close: refuse('close a pull request'),
      onto: refuse('list pull requests here'),
      many: refuse('get several pull requests'),
      markReady: refuse('change a pull request'),
    },
    checks: {
      onCommit: reads.onCommit ?? refuse('ask for jobs here'),
      runsOn: refuse('ask for workflow runs here'),
      runsOf: refuse('ask for workflow runs here'),
      jobsOf: refuse('ask for the jobs of a run here'),
      notesOf: refuse('ask for notes of a job here'),
      run: refuse('ask for a workflow run here'),
      job: refuse('ask for a job here'),
      rerunJob: refuse('start a job again'),
      rerunFailed: refuse('start jobs again'),
      postStatus: refuse('post a status'),
    },
    comments: {
      list: refuse('ask for comments here'),
      since: refuse('ask for comments here'),
      get: refuse('ask for a comment here'),
      write: refuse('write a comment'),
      edit: refuse('edit a comment'),
      react: refuse('react to a comment'),
    },
    items: {
      labelled: reads.labelled ?? refuse('list items by label here'),
      timeline: refuse('ask for a timeline here'),
      setMilestone: refuse('move an item'),
      edit: refuse('edit an item'),
      reopen: refuse('reopen an item'),
    },
    reviews: {
      list: refuse('ask for reviews here'),
      requested: refuse('ask for reviewers here'),
      request: refuse('ask people for reviews'),
      approve: refuse('approve'),
    },
    changes: {
      files: refuse('ask for files here'),
      commits: refuse('ask for commits here'),
      pullsOf: refuse('ask for pull requests here'),
    },
    releases: {
      find: refuse('look for a release here'),
      tagAt: refuse('ask for a tag here'),
      draft: refuse('make a release'),
      files: refuse('ask for files of a release here'),
      attach: refuse('attach a file'),
      detach: refuse('detach a file'),
      publish: refuse('publish a release'),
      discard: refuse('delete a release'),
    },
    repos: {
      facts: refuse('ask for a repository here'),
      file: refuse('ask for a file here'),
      rulesets: refuse('ask for rulesets here'),
      ruleset: refuse('ask for a ruleset here'),
      rulesOn: refuse('ask for rules here'),
    },
    webhooks: {
      ofApp: refuse('ask for the webhook of the app here'),
      ofRepo: refuse('ask for webhooks here'),
      attempts: refuse('ask for deliveries here'),
      payload: refuse('ask for a delivery here'),
      redeliver: refuse('ask for a redelivery'),
    },
  };
}

/** A small world of git for readers: refs by repository, files by commit, history as child to parent. */
export interface GitWorld {
  readonly refs?: Readonly<Record<string, Readonly<Record<string, ObjectId>>>>;
  readonly peeled?: Readonly<Record<string, ObjectId>>;
  readonly files?: Readonly<Record<string, readonly GitFile[]>>;
  readonly submodules?: Readonly<Record<string, readonly GitLink[]>>;
  readonly parents?: Readonly<Record<string, ObjectId>>;
  /** What every call throws. */
  readonly fail?: Error;
  readonly calls?: string[];
}

/** Git whose every write fails the test. Commits are known by `parents` or by a ref; others are missing objects. */
export function memoryGit(world: GitWorld): Git {
  const note = (call: string): void => {
    world.calls?.push(call);
    if (world.fail !== undefined) throw world.fail;
  };
  const history = (commit: ObjectId): readonly ObjectId[] => {
    const parent = world.parents?.[commit];
    return parent === undefined ? [commit] : [commit, ...history(parent)];
  };
  const tips = Object.values(world.refs ?? {}).flatMap((refs) => Object.values(refs));
  const exists = (commit: ObjectId): boolean => tips.some((tip) => history(tip).includes(commit));
  return {
    remoteRefs: async ({ repo }, patterns) => {
      note(`remoteRefs ${repo}`);
      const matches = (name: string): boolean =>
        patterns.some((pattern) =>
          pattern.endsWith('*')
            ? name.startsWith(pattern.slice(0, -1))
            : name === pattern || name.endsWith(`/${pattern}`),
        );
      return Object.entries(world.refs?.[repo] ?? {})
        .filter(([name]) => matches(name))
        .map(([name, id]) => ({ ref: RefName.parse(name), id, peeled: world.peeled?.[name] ?? null }));
    },
    fetch: async ({ repo }, refs) => note(`fetch ${repo} ${refs.join(' ')}`),
    files: async ({ repo }, commit) => {
      note(`files ${repo}`);
      return world.files?.[commit] ?? [];
    },
    submodules: async ({ repo }, commit) => {
      note(`submodules ${repo}`);
      return world.submodules?.[commit] ?? [];
    },
    commit: async ({ repo }, id) => {
      note(`commit ${repo}`);
      if (!exists(id)) throw worldFailure('object-missing', `no commit ${id}`);
      return commitOf(id);
    },
    log: async ({ repo }, { from, to, limit }) => {
      note(`log ${repo}`);
      if (!exists(to)) throw worldFailure('object-missing', `no commit ${to}`);
      const past = from === null ? [] : history(from);
      const commits = history(to).filter((commit) => !past.includes(commit));
      return { commits: commits.slice(0, limit).map(commitOf), count: commits.length };
    },
    isAncestor: async ({ repo }, ancestor, descendant) => {
      note(`isAncestor ${repo}`);
      if (!exists(ancestor) || !exists(descendant)) throw worldFailure('object-missing', 'no such commit');
      return history(descendant).includes(ancestor);
    },
    writeCommit: refuse('write a commit'),
    pickCommits: refuse('pick commits'),
    writeTag: refuse('write a tag'),
    push: refuse('push'),
  };
}

function commitOf(id: ObjectId): GitCommit {
  return {
    id,
    parents: [],
    author: 'Sam',
    committedAt: Instant.parse('2026-06-01T10:00:00Z'),
    subject: `Change ${id.slice(0, 4)}`,
  };
}
