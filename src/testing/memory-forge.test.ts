import { ObjectId } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import { RepoSlug } from '../domain/repo.ts';
import type { JobResult } from '../ports/forge.ts';
import { forgeContract } from './forge-contract.ts';
import { memoryForge } from './memory-forge.ts';

const repo = RepoSlug.parse('acme/core');
const tip = ObjectId.parse('a'.repeat(40));
const topic = ObjectId.parse('b'.repeat(40));
const merged = ObjectId.parse('c'.repeat(40));

const states = {
  queued: 'queued',
  running: 'running',
  pending: 'running',
  success: 'green',
  failure: 'red',
  skipped: 'skipped',
} as const;

forgeContract('the forge in memory', async () => {
  const world = memoryForge({ login: 'alma' });
  const content = world.repo(repo);
  content.branches.set('main', tip).set('topic', topic);
  content.permissions.set('alma', 'admin').set('rita', 'read');
  world.teams.set('acme/releng', ['rita']);
  const post = async (commit: ObjectId, name: string, state: keyof typeof states): Promise<number> => {
    const jobs = content.jobs.get(commit) ?? [];
    const before = jobs.find((job) => job.name === name)?.attempts ?? 0;
    const none = { startedAt: null, finishedAt: null, link: null };
    const job: JobResult = { name, state: states[state], attempts: before + 1, ...none };
    content.jobs.set(commit, [...jobs.filter((other) => other.name !== name), job]);
    const id = content.jobRuns.length + 1;
    content.jobRuns.push({ id, name, commit, state: job.state, link: null });
    return id;
  };
  return {
    forge: world.forge,
    repo,
    gone: RepoSlug.parse('acme/gone'),
    me: 'alma',
    reader: 'rita',
    topic,
    writeIssue: async (by, written) => world.writeIssue(repo, by, written),
    merge: async (pull) => {
      world.merge(repo, pull, merged);
      return merged;
    },
    runCheck: post,
    postStatus: async (...status) => void (await post(...status)),
    team: 'acme/releng',
    writeComment: async (by, item, body) => {
      const at = Instant.parse('2025-03-01T00:00:00Z');
      const id = content.comments.length + 1;
      content.comments.push({
        id,
        item,
        author: by,
        body,
        writtenAt: at,
        editedAt: at,
        link: 'https://forge.example/',
      });
      return id;
    },
    tag: async (name, commit) => void content.tags.set(name, commit),
    draftAs: async (by, draft) => {
      const { id } = await world.forge.releases.draft(repo, { ...draft, commit: topic, title: '' });
      for (const release of content.releases) if (release.id === id) release.author = by;
      return id;
    },
    openPull: async (draft) => {
      const branches = { head: 'topic', base: 'main', body: '' };
      const { number } = await world.forge.pulls.open(repo, { ...branches, ...draft });
      for (const pull of content.pulls) if (pull.number === number) pull.author = 'ci-bot';
      content.files.set(number, [{ path: 'pin.txt', before: null, change: 'added', added: 1, removed: 0 }]);
      content.commits.set(number, [{ id: topic, parents: [tip], message: 'Add pin.txt', author: null }]);
      return number;
    },
  };
});
