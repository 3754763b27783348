import { beforeEach, describe, expect, it } from 'vitest';
import type { IssueDraft } from '../ports/forge.ts';
import { releasePromises } from './forge-contract-releases.ts';
import { workPromises } from './forge-contract-work.ts';
import type { ForgeGround } from './forge-ground.ts';

export type { ForgeGround } from './forge-ground.ts';

/** Promises that a forge under test does not keep, with the reason; their tests are shown as skipped. */
export type Unkept = Readonly<Record<string, string>>;

function draft(change: Partial<IssueDraft> = {}): IssueDraft {
  return { title: 'Release 2.8', body: 'The tracker.', labels: [], milestone: null, assignees: [], ...change };
}

const topicToMain = { head: 'topic', base: 'main' } as const;
const pullDraft = { ...topicToMain, title: 'Pin Triton', body: 'For 2.8.', draft: false } as const;

/** The code of the failure, or what came instead. */
async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ instead: value }),
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

/** What every forge promises to the rest of the product. `make` gives a fresh ground for each test. */
export function forgeContract(name: string, make: () => Promise<ForgeGround>, unkept: Unkept = {}): void {
  let ground: ForgeGround;
  const sentences = new Set<string>();
  const keep = (sentence: string, test: () => Promise<void>): void => {
    sentences.add(sentence);
    const reason = unkept[sentence];
    // oxlint-disable-next-line vitest/no-conditional-tests, vitest/valid-title, vitest/expect-expect -- registers the tests below, whose titles and assertions are there
    if (reason === undefined) it(sentence, test);
    // oxlint-disable-next-line vitest/no-disabled-tests -- shown as skipped with its reason
    else it.skip(`${sentence} (not here: ${reason})`, test);
  };

  describe(`the forge promises of ${name}`, () => {
    beforeEach(async () => {
      ground = await make();
    });
    peoplePromises();
    milestonePromises();
    issuePromises();
    pullPromises();
    checkPromises();
    workPromises((sentence, test) => keep(sentence, () => test(ground)));
    releasePromises((sentence, test) => keep(sentence, () => test(ground)));
    it('knows each promise that it is said not to keep', () => {
      expect(Object.keys(unkept).filter((sentence) => !sentences.has(sentence))).toEqual([]);
    });
  });

  function peoplePromises(): void {
    keep('tells whose token is used', async () => {
      expect(await ground.forge.people.whoami()).toBe(ground.me);
    });
    keep('tells who may do what', async () => {
      const { people } = ground.forge;
      expect(await people.permission(ground.repo, ground.me)).toBe('admin');
      expect(await people.permission(ground.repo, ground.reader)).toBe('read');
    });
    keep('gives no permission to a login that nobody has', async () => {
      expect(await ground.forge.people.permission(ground.repo, 'nobody-has-this-login')).toBe('none');
    });
  }

  function milestonePromises(): void {
    const description = 'What 2.8 waits for';
    keep('finds no milestone where there is none', async () => {
      expect(await ground.forge.milestones.find(ground.repo, '2.8.0')).toBeNull();
    });
    keep('finds a milestone by its exact title', async () => {
      const { milestones } = ground.forge;
      const made = await milestones.create(ground.repo, { title: '2.8.0', description });
      await milestones.create(ground.repo, { title: '2.8.0 RC', description });
      expect(made).toMatchObject({ title: '2.8.0', open: true, openItems: 0, closedItems: 0 });
      expect(await milestones.find(ground.repo, '2.8.0')).toEqual(made);
      expect(await milestones.find(ground.repo, '2.8')).toBeNull();
    });
    keep('creates a milestone once, however often it is asked', async () => {
      const { milestones } = ground.forge;
      const first = await milestones.create(ground.repo, { title: '2.8.0', description });
      expect(await milestones.create(ground.repo, { title: '2.8.0', description })).toEqual(first);
    });
    keep('finds a milestone after it was closed, and says that it is', async () => {
      const { milestones } = ground.forge;
      const { number } = await milestones.create(ground.repo, { title: '2.8.0', description });
      await milestones.close(ground.repo, number);
      await milestones.close(ground.repo, number);
      expect(await milestones.find(ground.repo, '2.8.0')).toMatchObject({ number, open: false });
    });
    keep('lists the items of a milestone by state, oldest first', async () => {
      const { issues, milestones } = ground.forge;
      const { number } = await milestones.create(ground.repo, { title: '2.8.0', description });
      const milestone = '2.8.0';
      const first = await issues.create(ground.repo, draft({ title: 'first', milestone }));
      const second = await issues.create(ground.repo, draft({ title: 'second', milestone }));
      await issues.create(ground.repo, draft({ title: 'elsewhere' }));
      await issues.close(ground.repo, first.number);
      const numbers = async (state: 'open' | 'closed' | 'all'): Promise<readonly number[]> =>
        (await milestones.items(ground.repo, number, state)).map((item) => item.number);
      expect(await numbers('open')).toEqual([second.number]);
      expect(await numbers('closed')).toEqual([first.number]);
      expect(await numbers('all')).toEqual([first.number, second.number]);
      expect(await milestones.find(ground.repo, milestone)).toMatchObject({ openItems: 1, closedItems: 1 });
    });
  }

  function issuePromises(): void {
    keep('opens an issue with its labels, and shows what it opened', async () => {
      const { issues, labels } = ground.forge;
      await labels.create(ground.repo, {
        name: 'release tracker',
        color: 'd93f0b',
        description: 'one per release',
      });
      const made = await issues.create(ground.repo, draft({ labels: ['release tracker'], assignees: [ground.me] }));
      expect(made).toMatchObject({
        title: 'Release 2.8',
        body: 'The tracker.',
        isPullRequest: false,
        open: true,
        author: ground.me,
        labels: ['release tracker'],
        assignees: [ground.me],
      });
      expect(await issues.get(ground.repo, made.number)).toEqual(made);
    });
    keep('keeps a body as it was written, whatever is in it', async () => {
      const body = '# Ünïcode ✅\n\n<!-- a:b -->\n```sh\nrm -rf "$HOME" && `x`\n```\n| a | b |\n\u{1F680}';
      const made = await ground.forge.issues.create(ground.repo, draft({ body }));
      expect((await ground.forge.issues.get(ground.repo, made.number))?.body).toBe(body);
    });
    keep('opens no issue for a milestone that is not there', async () => {
      const { issues } = ground.forge;
      expect(await failure(issues.create(ground.repo, draft({ body: 'x', milestone: '9.9' })))).toBe('not-found');
      expect(await issues.get(ground.repo, 1)).toBeNull();
    });
    keep('finds issues by their marker, whoever wrote them and also when closed', async () => {
      const { issues } = ground.forge;
      const marked = '<!-- signalbox:tracker:2.8 -->\nall about 2.8';
      const first = await ground.writeIssue(ground.reader, { title: 'forged', body: marked });
      await ground.writeIssue(ground.reader, { title: 'other', body: '<!-- signalbox:tracker:2.80 -->' });
      await ground.writeIssue(ground.reader, { title: 'in words', body: 'signalbox:tracker:2.8' });
      const own = await issues.create(ground.repo, draft({ body: marked }));
      await issues.close(ground.repo, first);
      const found = await issues.findByMarker(ground.repo, 'signalbox:tracker:2.8');
      expect(found.map(({ number, author, open }) => ({ number, author, open }))).toEqual([
        { number: first, author: ground.reader, open: false },
        { number: own.number, author: ground.me, open: true },
      ]);
      expect(await issues.findByMarker(ground.repo, 'signalbox:tracker:2.9')).toEqual([]);
    });
    keep('closes an issue once or twice with the same end', async () => {
      const { issues } = ground.forge;
      const { number } = await issues.create(ground.repo, draft());
      await issues.close(ground.repo, number);
      await issues.close(ground.repo, number);
      expect((await issues.get(ground.repo, number))?.open).toBe(false);
    });
    keep('finds no issue under a number that was not given', async () => {
      expect(await ground.forge.issues.get(ground.repo, 4711)).toBeNull();
      expect(await failure(ground.forge.issues.close(ground.repo, 4711))).toBe('not-found');
    });
    keep('creates a label once, however often it is asked', async () => {
      const { labels } = ground.forge;
      const label = { name: 'topic: cherry-pick/2.8', color: '#0e8a16', description: 'picked' };
      expect(await labels.find(ground.repo, label.name)).toBeNull();
      await labels.create(ground.repo, label);
      await labels.create(ground.repo, label);
      expect(await labels.find(ground.repo, label.name)).toEqual({ name: label.name });
    });
    keep('says of a repository that is gone that it is, and never that nothing is in it', async () => {
      const { issues, milestones, labels, pulls, checks } = ground.forge;
      const calls = [
        milestones.find(ground.gone, '2.8.0'),
        issues.findByMarker(ground.gone, 'x'),
        issues.get(ground.gone, 1),
        labels.find(ground.gone, 'x'),
        pulls.find(ground.gone, topicToMain),
        pulls.get(ground.gone, 1),
        checks.onCommit(ground.gone, ground.topic),
      ];
      expect(await Promise.all(calls.map(failure))).toEqual(calls.map(() => 'not-found'));
    });
  }

  function pullPromises(): void {
    keep('opens a pull request, finds it by its branches and shows its head', async () => {
      const { pulls } = ground.forge;
      expect(await pulls.find(ground.repo, topicToMain)).toEqual([]);
      const made = await pulls.open(ground.repo, pullDraft);
      expect(made).toMatchObject({
        title: 'Pin Triton',
        body: 'For 2.8.',
        state: 'open',
        base: 'main',
        mergeCommit: null,
        author: ground.me,
        head: { branch: 'topic', commit: ground.topic },
      });
      expect(await pulls.find(ground.repo, topicToMain)).toEqual([made]);
      expect(await pulls.find(ground.repo, { head: 'main', base: 'topic' })).toEqual([]);
      expect(await pulls.get(ground.repo, made.number)).toEqual(made);
      expect((await ground.forge.issues.get(ground.repo, made.number))?.isPullRequest).toBe(true);
    });
    keep('opens one pull request for two branches, however often it is asked', async () => {
      const { pulls } = ground.forge;
      const first = await pulls.open(ground.repo, pullDraft);
      expect((await pulls.open(ground.repo, { ...pullDraft, title: 'again' })).number).toBe(first.number);
      expect(await pulls.find(ground.repo, topicToMain)).toHaveLength(1);
    });
    keep('opens no pull request from a branch that is not there', async () => {
      const { pulls } = ground.forge;
      expect(await failure(pulls.open(ground.repo, { ...pullDraft, head: 'no-such-branch' }))).toBe('invalid');
    });
    keep('shows a closed pull request as closed, and one opened after it before it', async () => {
      const { pulls } = ground.forge;
      const first = await pulls.open(ground.repo, pullDraft);
      await pulls.close(ground.repo, first.number);
      await pulls.close(ground.repo, first.number);
      const second = await pulls.open(ground.repo, pullDraft);
      const found = await pulls.find(ground.repo, topicToMain);
      expect(found.map(({ number, state }) => ({ number, state }))).toEqual([
        { number: second.number, state: 'open' },
        { number: first.number, state: 'closed' },
      ]);
    });
    keep('shows a merged pull request as merged, with the commit on its base', async () => {
      const { pulls } = ground.forge;
      const { number } = await pulls.open(ground.repo, pullDraft);
      const mergeCommit = await ground.merge(number);
      expect(await pulls.get(ground.repo, number)).toMatchObject({ state: 'merged', mergeCommit });
      expect(await pulls.find(ground.repo, topicToMain)).toMatchObject([{ number, state: 'merged', mergeCommit }]);
    });
    keep('finds no pull request under the number of an issue', async () => {
      const { number } = await ground.forge.issues.create(ground.repo, draft());
      expect(await ground.forge.pulls.get(ground.repo, number)).toBeNull();
    });
  }

  async function states(): Promise<Readonly<Record<string, string>>> {
    const jobs = await ground.forge.checks.onCommit(ground.repo, ground.topic);
    return Object.fromEntries(jobs.map((job) => [job.name, job.state]));
  }

  function checkPromises(): void {
    keep('shows no jobs on a commit without any', async () => {
      expect(await states()).toEqual({});
    });
    keep('shows the state of each check run on a commit', async () => {
      await ground.runCheck(ground.topic, 'lint', 'success');
      await ground.runCheck(ground.topic, 'build', 'failure');
      await ground.runCheck(ground.topic, 'docs', 'skipped');
      await ground.runCheck(ground.topic, 'test', 'running');
      await ground.runCheck(ground.topic, 'wheel', 'queued');
      expect(await states()).toEqual({
        build: 'red',
        docs: 'skipped',
        lint: 'green',
        test: 'running',
        wheel: 'queued',
      });
    });
    keep('lets the newest run of a job decide, and counts how often it was started', async () => {
      await ground.runCheck(ground.topic, 'build', 'failure');
      await ground.runCheck(ground.topic, 'build', 'success');
      await ground.runCheck(ground.topic, 'lint', 'success');
      const jobs = await ground.forge.checks.onCommit(ground.repo, ground.topic);
      expect(jobs).toMatchObject([
        { name: 'build', state: 'green', attempts: 2 },
        { name: 'lint', state: 'green', attempts: 1 },
      ]);
    });
    keep('shows commit statuses beside check runs, the newest of each', async () => {
      await ground.runCheck(ground.topic, 'build', 'success');
      await ground.postStatus(ground.topic, 'ci/old', 'pending');
      await ground.postStatus(ground.topic, 'ci/old', 'failure');
      await ground.postStatus(ground.topic, 'ci/new', 'pending');
      expect(await states()).toEqual({ build: 'green', 'ci/new': 'running', 'ci/old': 'red' });
    });
    keep('reads all pages of a long list of jobs', async () => {
      const names = Array.from({ length: 120 }, (_unused, index) => `job ${String(index).padStart(3, '0')}`);
      for (const name of names) await ground.runCheck(ground.topic, name, 'success');
      expect(Object.keys(await states())).toEqual(names);
    });
  }
}
