import { expect } from 'vitest';
import { instantOf, epochMillis } from '../domain/instant.ts';
import type { ForgeGround } from './forge-ground.ts';

type Keep = (sentence: string, test: (ground: ForgeGround) => Promise<void>) => void;

const issueDraft = { title: 'Release 2.8', body: '', labels: [], milestone: null, assignees: [] };

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ instead: value }),
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

/** What every forge promises about people's work on issues, pull requests and commits. */
export function workPromises(keep: Keep): void {
  commentPromises(keep);
  itemPromises(keep);
  reviewPromises(keep);
  changePromises(keep);
  otherPromises(keep);
}

function commentPromises(keep: Keep): void {
  keep('writes a comment, shows it, and edits it', async ({ forge, repo, me }) => {
    const { number } = await forge.issues.create(repo, issueDraft);
    const made = await forge.comments.write(repo, number, '<!-- signalbox:pick 1 -->\n**waiting**');
    expect(made).toMatchObject({ item: number, author: me, body: '<!-- signalbox:pick 1 -->\n**waiting**' });
    const edited = await forge.comments.edit(repo, made.id, 'landed');
    expect(edited).toMatchObject({ id: made.id, body: 'landed', writtenAt: made.writtenAt });
    expect(await forge.comments.get(repo, made.id)).toEqual(edited);
    expect(await forge.comments.list(repo, number)).toEqual([edited]);
  });
  keep('lists the comments of one item only, oldest first, whoever wrote them', async (ground) => {
    const { forge, repo } = ground;
    const { number } = await forge.issues.create(repo, issueDraft);
    const other = await forge.issues.create(repo, issueDraft);
    const first = await ground.writeComment(ground.reader, number, '@signalbox cherry-pick --onto release/2.8 -c docs');
    await ground.writeComment(ground.reader, other.number, 'elsewhere');
    const second = await forge.comments.write(repo, number, 'answer');
    const found = await forge.comments.list(repo, number);
    expect(found.map(({ id, author }) => ({ id, author }))).toEqual([
      { id: first, author: ground.reader },
      { id: second.id, author: ground.me },
    ]);
  });
  keep('lists what was written since a moment, wherever it stands', async (ground) => {
    const { forge, repo } = ground;
    const { number } = await forge.issues.create(repo, issueDraft);
    const other = await forge.issues.create(repo, issueDraft);
    const first = await forge.comments.write(repo, number, 'one');
    await ground.writeComment(ground.reader, other.number, 'two');
    const start = epochMillis(first.writtenAt);
    const since = async (millis: number) =>
      (await forge.comments.since(repo, instantOf(millis))).map(({ item }) => item).toSorted((a, b) => a - b);
    expect(await since(start - 365 * 86_400_000)).toEqual([number, other.number]);
    expect(await since(start + 365 * 86_400_000)).toEqual([]);
  });
  keep(
    'finds no comment that was not written, and writes none under an item that is not there',
    async ({ forge, repo }) => {
      expect(await forge.comments.get(repo, 4711)).toBeNull();
      expect(await codeOf(forge.comments.write(repo, 4711, 'x'))).toBe('not-found');
      expect(await codeOf(forge.comments.list(repo, 4711))).toBe('not-found');
    },
  );
  keep('reacts to a comment once, however often it is asked', async (ground) => {
    const { forge, repo } = ground;
    const { number } = await forge.issues.create(repo, issueDraft);
    const id = await ground.writeComment(ground.reader, number, 'please');
    await forge.comments.react(repo, id, '+1');
    await forge.comments.react(repo, id, '+1');
    expect((await forge.comments.get(repo, id))?.body).toBe('please');
  });
}

function itemPromises(keep: Keep): void {
  keep('labels an item, takes labels off, and takes off none that is not there', async ({ forge, repo }) => {
    const { number } = await forge.issues.create(repo, issueDraft);
    const labels = async () => (await forge.issues.get(repo, number))?.labels.toSorted();
    await forge.labels.add(repo, number, ['triaged', 'cherry-picked: 2.8']);
    await forge.labels.add(repo, number, ['triaged']);
    expect(await labels()).toEqual(['cherry-picked: 2.8', 'triaged']);
    await forge.labels.remove(repo, number, 'triaged');
    await forge.labels.remove(repo, number, 'triaged');
    expect(await labels()).toEqual(['cherry-picked: 2.8']);
    expect(await codeOf(forge.labels.remove(repo, 4711, 'triaged'))).toBe('not-found');
  });
  keep('lists issues and pull requests by a label, open ones or all, and no others', async ({ forge, repo }) => {
    await forge.labels.create(repo, { name: 'triage review', color: 'ededed', description: '' });
    const one = await forge.issues.create(repo, { ...issueDraft, labels: ['triage review'] });
    const closed = await forge.issues.create(repo, { ...issueDraft, labels: ['triage review'] });
    await forge.issues.create(repo, issueDraft);
    const draft = { head: 'topic', base: 'main', title: 'own', body: '', draft: false };
    const pull = await forge.pulls.open(repo, draft);
    await forge.labels.add(repo, pull.number, ['triage review']);
    await forge.issues.close(repo, closed.number);
    const numbers = async (state: 'open' | 'all') =>
      (await forge.items.labelled(repo, 'triage review', state)).map(({ number }) => number);
    expect(await numbers('open')).toEqual([one.number, pull.number]);
    expect(await numbers('all')).toEqual([one.number, closed.number, pull.number]);
    expect(await forge.items.labelled(repo, 'no such label', 'all')).toEqual([]);
  });
  keep('moves an item into a milestone by its title and out again', async ({ forge, repo }) => {
    const { number } = await forge.issues.create(repo, issueDraft);
    await forge.milestones.create(repo, { title: '2.8.0', description: '' });
    await forge.items.setMilestone(repo, number, '2.8.0');
    expect((await forge.issues.get(repo, number))?.milestone).toBe('2.8.0');
    await forge.items.setMilestone(repo, number, null);
    expect((await forge.issues.get(repo, number))?.milestone).toBeNull();
    expect(await codeOf(forge.items.setMilestone(repo, number, '9.9'))).toBe('not-found');
  });
  keep('moves a pull request into a milestone, and tells it like an issue', async ({ forge, repo }) => {
    const { number } = await forge.pulls.open(repo, {
      head: 'topic',
      base: 'main',
      title: 'own',
      body: '',
      draft: false,
    });
    await forge.milestones.create(repo, { title: '2.8.0', description: '' });
    await forge.items.setMilestone(repo, number, '2.8.0');
    expect(await forge.issues.get(repo, number)).toMatchObject({ isPullRequest: true, milestone: '2.8.0' });
    expect(await forge.milestones.find(repo, '2.8.0')).toMatchObject({ openItems: 1, closedItems: 0 });
    await forge.pulls.close(repo, number);
    await forge.items.setMilestone(repo, number, null);
    expect(await forge.milestones.find(repo, '2.8.0')).toMatchObject({ openItems: 0, closedItems: 0 });
  });
  keep('edits title and body, and opens again what was closed', async ({ forge, repo }) => {
    const { number } = await forge.issues.create(repo, issueDraft);
    await forge.items.edit(repo, number, { body: 'new' });
    await forge.items.edit(repo, number, { title: 'Later' });
    await forge.issues.close(repo, number);
    await forge.items.reopen(repo, number);
    expect(await forge.issues.get(repo, number)).toMatchObject({ title: 'Later', body: 'new', open: true });
  });
  keep('tells what happened to an item, in its order', async ({ forge, repo, me }) => {
    const { number } = await forge.issues.create(repo, issueDraft);
    await forge.milestones.create(repo, { title: '2.8.0', description: '' });
    await forge.labels.add(repo, number, ['triaged']);
    await forge.items.setMilestone(repo, number, '2.8.0');
    await forge.items.edit(repo, number, { title: 'Later' });
    await forge.labels.remove(repo, number, 'triaged');
    const events = await forge.items.timeline(repo, number);
    expect(events.map(({ at: _at, ...event }) => event)).toEqual([
      { kind: 'labeled', label: 'triaged', by: me },
      { kind: 'milestoned', milestone: '2.8.0', by: me },
      { kind: 'renamed', from: 'Release 2.8', to: 'Later', by: me },
      { kind: 'unlabeled', label: 'triaged', by: me },
    ]);
  });
}

function reviewPromises(keep: Keep): void {
  keep('approves another person’s pull request, and never its own', async (ground) => {
    const { forge, repo, topic } = ground;
    const number = await ground.openPull({ title: 'Pin Triton', draft: false });
    expect(await forge.reviews.list(repo, number)).toEqual([]);
    await forge.reviews.approve(repo, number, { commit: topic, body: 'fine' });
    expect(await forge.reviews.list(repo, number)).toMatchObject([
      { author: ground.me, state: 'approved', body: 'fine', commit: topic },
    ]);
    await forge.pulls.close(repo, number);
    const own = await forge.pulls.open(repo, { head: 'topic', base: 'main', title: 'own', body: '', draft: false });
    expect(await codeOf(forge.reviews.approve(repo, own.number, { commit: topic, body: '' }))).toBe('invalid');
  });
  keep('asks people and teams for reviews, and tells who is asked', async (ground) => {
    const { forge, repo, reader, team } = ground;
    const number = await ground.openPull({ title: 'Pin Triton', draft: false });
    expect(await forge.reviews.requested(repo, number)).toEqual({ people: [], teams: [] });
    await forge.reviews.request(repo, number, { people: [reader], teams: [team] });
    await forge.reviews.request(repo, number, { people: [reader], teams: [] });
    expect(await forge.reviews.requested(repo, number)).toEqual({ people: [reader], teams: [team] });
  });
}

function changePromises(keep: Keep): void {
  keep('shows the files and commits of a pull request', async (ground) => {
    const { forge, repo, topic } = ground;
    const number = await ground.openPull({ title: 'Pin Triton', draft: false });
    expect(await forge.changes.files(repo, number)).toEqual([
      { path: 'pin.txt', before: null, change: 'added', added: 1, removed: 0 },
    ]);
    const commits = await forge.changes.commits(repo, number);
    expect(commits.map(({ id }) => id)).toEqual([topic]);
    expect(await codeOf(forge.changes.files(repo, 4711))).toBe('not-found');
  });
  keep('finds the pull request that brought a commit in', async (ground) => {
    const { forge, repo } = ground;
    const number = await ground.openPull({ title: 'Pin Triton', draft: false });
    const landed = await ground.merge(number);
    expect(await forge.changes.pullsOf(repo, landed)).toEqual([number]);
  });
  keep('lists the pull requests onto a branch, and reads several at once', async (ground) => {
    const { forge, repo } = ground;
    const closed = await ground.openPull({ title: 'first', draft: false });
    await forge.pulls.close(repo, closed);
    const open = await ground.openPull({ title: 'second', draft: false });
    await forge.labels.add(repo, open, ['triaged']);
    const numbers = async (base: string, state: 'open' | 'all') =>
      (await forge.pulls.onto(repo, base, state)).map(({ number }) => number);
    expect(await numbers('main', 'all')).toEqual([open, closed]);
    expect(await numbers('main', 'open')).toEqual([open]);
    expect(await numbers('release/2.8', 'all')).toEqual([]);
    const { number: issue } = await forge.issues.create(repo, issueDraft);
    expect(await forge.pulls.many(repo, [open, issue, closed, 4711])).toEqual([
      await forge.pulls.get(repo, open),
      null,
      await forge.pulls.get(repo, closed),
      null,
    ]);
  });
  keep('makes a draft ready for review, once or twice', async (ground) => {
    const { forge, repo } = ground;
    const number = await ground.openPull({ title: 'conflict', draft: true });
    expect((await forge.pulls.get(repo, number))?.draft).toBe(true);
    await forge.pulls.markReady(repo, number);
    await forge.pulls.markReady(repo, number);
    expect((await forge.pulls.get(repo, number))?.draft).toBe(false);
    expect(await codeOf(forge.pulls.markReady(repo, 4711))).toBe('not-found');
  });
}

function otherPromises(keep: Keep): void {
  keep('tells who is in a team, and that a team is not there', async ({ forge, team, reader }) => {
    expect(await forge.people.teamMembers(team)).toEqual([reader]);
    expect(await codeOf(forge.people.teamMembers(`${team}-not`))).toBe('not-found');
  });
  keep('tells what is left of the rate limit', async ({ forge }) => {
    const [rest] = await forge.people.budget();
    expect(rest).toMatchObject({ kind: 'rest', limit: 5000 });
  });
  keep('posts a status, of which the newest counts', async ({ forge, repo, topic }) => {
    const status = { context: 'signalbox/pick', description: 'asked', link: null };
    await forge.checks.postStatus(repo, topic, { ...status, state: 'pending' });
    await forge.checks.postStatus(repo, topic, { ...status, state: 'success' });
    const jobs = await forge.checks.onCommit(repo, topic);
    expect(jobs.map(({ name, state }) => ({ name, state }))).toEqual([{ name: 'signalbox/pick', state: 'green' }]);
  });
  keep('shows no workflow runs where there were none, and starts none again', async ({ forge, repo, topic }) => {
    expect(await forge.checks.runsOn(repo, topic)).toEqual([]);
    expect(await codeOf(forge.checks.rerunFailed(repo, 4711))).toBe('not-found');
    expect(await forge.checks.run(repo, 4711)).toBeNull();
    expect(await forge.checks.runsOf(repo, 'topic')).toEqual([]);
    expect(await codeOf(forge.checks.jobsOf(repo, 4711))).toBe('not-found');
    expect(await codeOf(forge.checks.rerunJob(repo, 4711))).toBe('not-found');
    expect(await codeOf(forge.checks.notesOf(repo, 4711))).toBe('not-found');
  });
  keep('tells of a job by its number on which commit it ran and how', async (ground) => {
    const { forge, repo, gone, topic } = ground;
    const [first, second] = [
      await ground.runCheck(topic, 'build', 'failure'),
      await ground.runCheck(topic, 'build', 'success'),
    ];
    const told = { name: 'build', commit: topic };
    expect(await forge.checks.job(repo, first)).toMatchObject({ ...told, id: first, state: 'red' });
    expect(await forge.checks.job(repo, second)).toMatchObject({ ...told, id: second, state: 'green' });
    expect(await forge.checks.job(repo, 4_711_000)).toBeNull();
    expect(await codeOf(forge.checks.job(gone, first))).toBe('not-found');
  });
  keep('tells the settings of a repository, and that one is gone', async ({ forge, repo, gone }) => {
    expect(await forge.repos.facts(repo)).toEqual({
      slug: repo,
      defaultBranch: 'main',
      isPrivate: false,
      isArchived: false,
    });
    expect(await codeOf(forge.repos.facts(gone))).toBe('not-found');
    expect(await forge.repos.rulesOn(repo, 'topic')).toEqual([]);
  });
  keep('tells that a ruleset is not there, and that its repository is gone', async ({ forge, repo, gone }) => {
    expect(await forge.repos.ruleset(repo, 4_711)).toBeNull();
    expect(await codeOf(forge.repos.ruleset(gone, 4_711))).toBe('not-found');
  });
}
