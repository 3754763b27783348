import { epochMillis } from '../domain/instant.ts';
import type { RepoSlug } from '../domain/repo.ts';
import {
  ForgeError,
  type Forge,
  type ForgeChanges,
  type ForgeComments,
  type ForgeItem,
  type ForgeItems,
  type ForgeLabels,
  type ForgeReviews,
  type ItemEvent,
  type PullRequest,
} from '../ports/forge.ts';
import { memoryReleases } from './memory-forge-releases.ts';
import { link, notFound, view, type MemoryRepo, type MemoryWorld, type Writable } from './memory-forge-world.ts';

type Kind = ItemEvent extends infer Each ? (Each extends ItemEvent ? Omit<Each, 'at' | 'by'> : never) : never;

function note(world: MemoryWorld, repo: MemoryRepo, number: number, kind: Kind): void {
  const events = repo.events.get(number) ?? [];
  events.push({ ...kind, at: world.now(), by: world.login });
  repo.events.set(number, events);
}

function itemIn(repo: MemoryRepo, number: number): Writable<ForgeItem> {
  const found = repo.items.find((item) => item.number === number);
  if (found === undefined) throw notFound(`#${number}`);
  return found;
}

function pullIn(repo: MemoryRepo, number: number): Writable<PullRequest> {
  const found = repo.pulls.find((pull) => pull.number === number);
  if (found === undefined) throw notFound(`Pull request #${number}`);
  return found;
}

function memoryComments(world: MemoryWorld): ForgeComments {
  const find = (slug: RepoSlug, call: string, id: number) =>
    world.find(slug, call).comments.find((comment) => comment.id === id);
  return {
    list: async (slug, item) => {
      const repo = world.find(slug, 'comments.list');
      itemIn(repo, item);
      return repo.comments.filter((comment) => comment.item === item).map((comment) => ({ ...comment }));
    },
    since: async (slug, moment) =>
      world
        .find(slug, 'comments.since')
        .comments.filter((comment) => epochMillis(comment.editedAt) >= epochMillis(moment))
        .toSorted((a, b) => epochMillis(a.editedAt) - epochMillis(b.editedAt))
        .map((comment) => ({ ...comment })),
    get: async (slug, id) => {
      const found = find(slug, 'comments.get', id);
      return found === undefined ? null : { ...found };
    },
    write: async (slug, item, body) => {
      const repo = world.find(slug, 'comments.write');
      itemIn(repo, item);
      const id = repo.comments.length + 1;
      const at = world.now();
      const made = { id, item, body, author: world.login, writtenAt: at, editedAt: at };
      const comment = { ...made, link: link(slug, `issues/${item}#issuecomment-${id}`) };
      repo.comments.push(comment);
      return { ...comment };
    },
    edit: async (slug, id, body) => {
      const found = find(slug, 'comments.edit', id);
      if (found === undefined) throw notFound(`Comment ${id} of ${slug}`);
      found.body = body;
      found.editedAt = world.now();
      return { ...found };
    },
    react: async (slug, id, reaction) => {
      if (find(slug, 'comments.react', id) === undefined) throw notFound(`Comment ${id} of ${slug}`);
      world.find(slug, 'comments.react').reactions.add(`${id} ${reaction}`);
    },
  };
}

function setLabels(repo: MemoryRepo, number: number, labels: readonly string[]): void {
  itemIn(repo, number).labels = labels;
  const pull = repo.pulls.find((each) => each.number === number);
  if (pull !== undefined) pull.labels = labels;
}

function memoryLabels(world: MemoryWorld): ForgeLabels {
  return {
    find: async (slug, name) => (world.find(slug, 'labels.find').labels.has(name) ? { name } : null),
    create: async (slug, { name, color, description }) => {
      const { labels } = world.find(slug, 'labels.create');
      if (!labels.has(name)) labels.set(name, { color, description });
    },
    add: async (slug, item, labels) => {
      const repo = world.find(slug, 'labels.add');
      const { labels: has } = itemIn(repo, item);
      for (const label of labels.filter((each) => !has.includes(each))) {
        if (!repo.labels.has(label)) repo.labels.set(label, { color: 'ededed', description: '' });
        note(world, repo, item, { kind: 'labeled', label });
      }
      setLabels(repo, item, [...new Set([...has, ...labels])]);
    },
    remove: async (slug, item, label) => {
      const repo = world.find(slug, 'labels.remove');
      const { labels } = itemIn(repo, item);
      if (!labels.includes(label)) return;
      setLabels(
        repo,
        item,
        labels.filter((each) => each !== label),
      );
      note(world, repo, item, { kind: 'unlabeled', label });
    },
  };
}

function memoryItems(world: MemoryWorld): ForgeItems {
  return {
    labelled: async (slug, label, state) =>
      world
        .find(slug, 'items.labelled')
        .items.filter(
          ({ labels, open }) =>
            labels.some((own) => own.toLowerCase() === label.toLowerCase()) && (state === 'all' || open),
        )
        .map(view),
    timeline: async (slug, item) => {
      const repo = world.find(slug, 'items.timeline');
      itemIn(repo, item);
      return [...(repo.events.get(item) ?? [])];
    },
    setMilestone: async (slug, item, title) => {
      const repo = world.find(slug, 'items.setMilestone');
      if (title !== null && !repo.milestones.some((each) => each.title === title)) {
        throw notFound(`Milestone "${title}" of ${slug}`);
      }
      const found = itemIn(repo, item);
      const before = found.milestone;
      found.milestone = title;
      if (before !== null && before !== title) note(world, repo, item, { kind: 'demilestoned', milestone: before });
      if (title !== null && before !== title) note(world, repo, item, { kind: 'milestoned', milestone: title });
    },
    edit: async (slug, item, change) => {
      const repo = world.find(slug, 'items.edit');
      const found = itemIn(repo, item);
      const pull = repo.pulls.find((each) => each.number === item) ?? null;
      if (change.title !== undefined && change.title !== found.title) {
        note(world, repo, item, { kind: 'renamed', from: found.title, to: change.title });
      }
      for (const each of pull === null ? [found] : [found, pull]) {
        each.title = change.title ?? each.title;
        each.body = change.body ?? each.body;
      }
      found.updatedAt = world.now();
    },
    reopen: async (slug, item) => {
      const repo = world.find(slug, 'items.reopen');
      const found = itemIn(repo, item);
      if (found.open) return;
      found.open = true;
      const pull = repo.pulls.find((each) => each.number === item);
      if (pull !== undefined) pull.state = 'open';
      note(world, repo, item, { kind: 'reopened' });
    },
  };
}

function memoryReviews(world: MemoryWorld): ForgeReviews {
  return {
    list: async (slug, pull) => {
      const repo = world.find(slug, 'reviews.list');
      pullIn(repo, pull);
      return [...(repo.reviews.get(pull) ?? [])];
    },
    requested: async (slug, pull) => {
      const repo = world.find(slug, 'reviews.requested');
      pullIn(repo, pull);
      return repo.requested.get(pull) ?? { people: [], teams: [] };
    },
    request: async (slug, pull, { people, teams }) => {
      const repo = world.find(slug, 'reviews.request');
      pullIn(repo, pull);
      const before = repo.requested.get(pull) ?? { people: [], teams: [] };
      repo.requested.set(pull, {
        people: [...new Set([...before.people, ...people])],
        teams: [...new Set([...before.teams, ...teams])],
      });
      for (const of of [...people, ...teams]) note(world, repo, pull, { kind: 'review-requested', of });
    },
    approve: async (slug, number, { commit, body }) => {
      const repo = world.find(slug, 'reviews.approve');
      const pull = pullIn(repo, number);
      if (pull.author === world.login) {
        throw new ForgeError('invalid', `#${number} of ${slug} is your own.`, { status: 422 });
      }
      const reviews = repo.reviews.get(number) ?? [];
      const id = reviews.length + 1;
      const at = world.now();
      const made = { id, author: world.login, state: 'approved', body, commit, at } as const;
      repo.reviews.set(number, [...reviews, { ...made, link: link(slug, `pull/${number}#review-${id}`) }]);
    },
  };
}

function memoryChanges(world: MemoryWorld): ForgeChanges {
  return {
    files: async (slug, pull) => {
      const repo = world.find(slug, 'changes.files');
      pullIn(repo, pull);
      return repo.files.get(pull) ?? [];
    },
    commits: async (slug, pull) => {
      const repo = world.find(slug, 'changes.commits');
      pullIn(repo, pull);
      return repo.commits.get(pull) ?? [];
    },
    pullsOf: async (slug, commit) => {
      const { pulls, commits } = world.find(slug, 'changes.pullsOf');
      return pulls
        .filter(
          ({ number, mergeCommit, head }) =>
            mergeCommit === commit ||
            head.commit === commit ||
            (commits.get(number) ?? []).some(({ id }) => id === commit),
        )
        .map(({ number }) => number);
    },
  };
}

/** The parts of a forge about people's work on items and commits, and about repositories. */
export function memoryWork(world: MemoryWorld): Omit<Forge, 'people' | 'issues' | 'milestones' | 'pulls' | 'checks'> {
  return {
    comments: memoryComments(world),
    labels: memoryLabels(world),
    items: memoryItems(world),
    reviews: memoryReviews(world),
    changes: memoryChanges(world),
    releases: memoryReleases(world),
    repos: {
      facts: async (slug) => {
        world.find(slug, 'repos.facts');
        return { slug, defaultBranch: 'main', isPrivate: false, isArchived: false };
      },
      file: async (slug, { branch, path }) => {
        const text = world.find(slug, 'repos.file').texts.get(`${branch}:${path}`);
        return text === undefined ? null : { text, link: null };
      },
      rulesets: async (slug) => [...world.find(slug, 'repos.rulesets').rulesets],
      ruleset: async (slug, id) => world.find(slug, 'repos.ruleset').rulesets.find((one) => one.id === id) ?? null,
      rulesOn: async (slug, branch) => world.find(slug, 'repos.rulesOn').rules.get(branch) ?? [],
    },
    webhooks: {
      ofApp: async () => null,
      ofRepo: async (slug) => [...world.find(slug, 'webhooks.ofRepo').webhooks],
      attempts: async () => [],
      payload: async () => null,
      redeliver: async (_place, attempt) => {
        throw notFound(`Delivery ${attempt}`);
      },
    },
  };
}
