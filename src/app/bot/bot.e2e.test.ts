import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { approveAndMergePull, proposeChange } from '../../sandbox/index.ts';
import { openCrashWorld, type CrashWorld } from '../../testing/crash-world.ts';
import { granted, RELEASE_2_8, storyPlans } from '../../testing/crash-story.ts';
import { testGit } from '../../testing/git-repos.ts';
import { applyPlan } from '../apply-plan.ts';
import { examine } from '../doctor.ts';
import { standingPicks } from '../picks/standing.ts';
import { handleDelivery } from './handle.ts';
import { keepUp } from './keep.ts';

const CORE = { owner: 'pytorch', name: 'pytorch' };
const SLUG = RepoSlug.parse('pytorch/pytorch');
const BOT = 'signalbox-bot';
const ISSUE = 'https://github.com/pytorch/pytorch/issues/1';

let world: CrashWorld;
let comments = 0;

beforeAll(async () => {
  const now = Instant.parse('2025-06-24T14:00:00Z');
  world = await openCrashWorld({ today: CalendarDate.parse('2025-06-24'), now });
  // Up to the first candidate of core: cut, release-only changes merged, tagged.
  for await (const { name, plan, confirmation } of storyPlans(world)) {
    await world.as('ada-rm', async (app) => {
      const applied = granted(
        await applyPlan(app, { id: plan.id, confirmation, stop: new AbortController().signal, report: () => {} }),
      );
      if (applied.end !== 'finished') throw new Error(`${name} ended as ${applied.end}`);
    });
    if (name === 'tag_core') break;
  }
});

afterAll(async () => {
  await world.remove();
});

async function merged(
  branch: string,
  files: Readonly<Record<string, string>>,
  title: string,
  by = 'gita-r',
): Promise<number> {
  const number = await proposeChange(world.sandbox(), { ...CORE, by, branch, title, body: 'what and why', files });
  await approveAndMergePull(world.sandbox(), { ...CORE, number, by: 'bruno-rm' });
  return number;
}

/** Somebody writes a comment, and the bot is told of it; answers what the bot has said on that item since. */
async function comment(item: number, by: string, body: string, times = 1): Promise<readonly string[]> {
  comments += 1;
  const id = await post(`/repos/pytorch/pytorch/issues/${item}/comments`, by, body);
  const delivery: Delivery = {
    event: 'comment-written',
    id: `d-${comments}`,
    repo: SLUG,
    by,
    at: world.clock.now(),
    item,
    isPullRequest: true,
    comment: id,
    body,
  };
  for (let time = 0; time < times; time += 1) await world.as(BOT, (app) => handleDelivery(app, delivery));
  return said(item, id);
}

const Comment = z.object({ id: z.number(), body: z.string(), user: z.object({ login: z.string() }) });

async function post(path: string, by: string, body: string): Promise<number> {
  const answer = await fetch(`${world.sandbox().apiUrl}${path}`, {
    method: 'POST',
    headers: headers(by),
    body: JSON.stringify({ body }),
  });
  return Comment.parse(await answer.json()).id;
}

async function said(item: number, comment: number): Promise<readonly string[]> {
  const answer = await fetch(`${world.sandbox().apiUrl}/repos/pytorch/pytorch/issues/${item}/comments?per_page=100`, {
    headers: headers('ci-bot'),
  });
  return Comment.array()
    .parse(await answer.json())
    .filter(({ user, body }) => user.login === BOT && body.includes(`signalbox:answer ${comment}.`))
    .map(({ body }) => body);
}

function headers(login: string): Record<string, string> {
  return { authorization: `Bearer ${world.sandbox().tokens[login] ?? ''}`, 'content-type': 'application/json' };
}

const Issue = z.object({ number: z.number(), title: z.string(), body: z.string().nullable() });

/** The tracker that the cut has opened. */
async function tracker(): Promise<{ readonly number: number; readonly body: string }> {
  const answer = await fetch(
    `${world.sandbox().apiUrl}/repos/pytorch/pytorch/issues?labels=release%20tracker&state=open`,
    { headers: headers('ci-bot') },
  );
  const [issue] = Issue.array().parse(await answer.json());
  if (issue === undefined) throw new Error('there is no tracker');
  return { number: issue.number, body: issue.body ?? '' };
}

async function edit(item: number, body: string): Promise<void> {
  await fetch(`${world.sandbox().apiUrl}/repos/pytorch/pytorch/issues/${item}`, {
    method: 'PATCH',
    headers: headers('ada-rm'),
    body: JSON.stringify({ body }),
  });
}

const states = (): Promise<readonly string[]> =>
  world.as('ada-rm', async (app) =>
    (await standingPicks(app, RELEASE_2_8)).map(({ record, state }) => `#${record.pick.pr} ${state}`),
  );

const pickNumber = (text: string | undefined): number => Number(/\| Picked \| ✅ #(\d+)/.exec(text ?? '')?.[1] ?? '0');

/** Everything the bot has said on an item. */
async function everything(item: number): Promise<readonly string[]> {
  const answer = await fetch(`${world.sandbox().apiUrl}/repos/pytorch/pytorch/issues/${item}/comments?per_page=100`, {
    headers: headers('ci-bot'),
  });
  return Comment.array()
    .parse(await answer.json())
    .flatMap(({ user, body }) => (user.login === BOT ? [body] : []));
}

describe('a cherry-pick asked for in a comment', () => {
  it('becomes a reviewed pull request, is answered once whatever is delivered twice, and is known to have landed', async () => {
    const pr = await merged('fix-nan', { 'torch/fix_nan.py': 'limit = 1\n' }, 'Fix NaN with float16 accumulation');
    const answers = await comment(
      pr,
      'gita-r',
      '@pytorchbot cherry-pick --onto release/2.8 -c critical --fixes https://github.com/pytorch/pytorch/issues/1',
      3,
    );
    expect(answers).toHaveLength(1);
    const pull = pickNumber(answers[0]);
    expect(pull).toBeGreaterThan(0);
    // The answer is the status comment: it says where the pick is, and is edited from now on.
    expect(answers[0]).toContain(`**Cherry-pick of #${pr} onto \`release/2.8\`: waiting for a release manager**`);
    expect(answers[0]).toContain('| Lands in | 2.8.0-rc2, if approved');
    expect(answers[0]).toContain(`Tracker: #${(await tracker()).number}.`);
    await world.as(BOT, (app) => keepUp(app));
    expect(await everything(pr)).toHaveLength(1);
    expect(await states()).toEqual([`#${pr} needs-review`]);
    const dir = world.sandbox().gitDir(CORE.owner, CORE.name);
    expect(await testGit(dir, ['log', '-1', '--format=%B', `cherry-pick-${pr}-onto-2.8`])).toMatch(
      /\(cherry picked from commit [0-9a-f]{40}\)/,
    );
    expect((await comment(pull, 'omar-outside', '@pytorchbot approve')).join()).toContain('release manager');
    expect((await comment(pull, 'ada-rm', '@pytorchbot approve')).join()).toContain('approved');
    await approveAndMergePull(world.sandbox(), { ...CORE, number: pull, by: 'bruno-rm' });
    expect(await states()).toEqual([`#${pr} landed`]);
    await world.as(BOT, (app) => keepUp(app));
    const [status, ...more] = await everything(pr);
    expect(more).toEqual([]);
    expect(status).toContain('signalbox:answer');
    expect(status).toContain(': landed**');
    expect((await comment(pr, 'hugo-l', '@pytorchbot where')).join()).toContain('release/2.8');
    expect(
      (
        await comment(
          pr,
          'gita-r',
          '@pytorchbot cherry-pick --onto release/2.8 -c critical --fixes https://github.com/pytorch/pytorch/issues/1',
        )
      ).join(),
    ).toContain('already');
  });

  it('asked for before the merge is picked once the change is merged, and told once', async () => {
    const number = await proposeChange(world.sandbox(), {
      ...CORE,
      by: 'gita-r',
      branch: 'early',
      title: 'An early fix',
      body: 'what and why',
      files: { 'torch/early.py': 'on = 1\n' },
    });
    const [waits = ''] = await comment(
      number,
      'gita-r',
      `@pytorchbot cherry-pick --onto release/2.8 -c critical --fixes ${ISSUE}`,
    );
    expect(waits).toContain('not merged yet');
    const commit = ObjectId.parse(await approveAndMergePull(world.sandbox(), { ...CORE, number, by: 'bruno-rm' }));
    const delivery: Delivery = {
      event: 'pull-merged',
      id: 'm-1',
      repo: SLUG,
      by: 'bruno-rm',
      at: world.clock.now(),
      item: number,
      base: 'main',
      commit,
    };
    await world.as(BOT, (app) => handleDelivery(app, delivery));
    await world.as(BOT, (app) => handleDelivery(app, delivery));
    expect(await states()).toContain(`#${number} needs-review`);
    const told = await fetch(`${world.sandbox().apiUrl}/repos/pytorch/pytorch/issues/${number}/comments?per_page=100`, {
      headers: headers('ci-bot'),
    });
    expect(
      Comment.array()
        .parse(await told.json())
        .filter(({ body }) => body.includes('signalbox:merged')),
    ).toHaveLength(1);
  });

  it('has one status comment that is edited, and a tracker that says what is so and keeps what people wrote', async () => {
    const first = await world.as(BOT, (app) => keepUp(app));
    expect(first.failed).toEqual([]);
    expect(first.trackers).toBe(1);
    const found = await tracker();
    await edit(found.number, `${found.body}\nA note of ours.\n`);
    const again = await world.as(BOT, (app) => keepUp(app));
    expect({ comments: again.comments, trackers: again.trackers }).toEqual({ comments: 0, trackers: 0 });
    const kept = await tracker();
    expect(kept.body).toContain('A note of ours.');
    expect(kept.body).toContain('Landed');
  });

  it('says which files conflict and what is missing on the branch, and pushes nothing', async () => {
    const first = await merged('refactor', { 'torch/scatter.py': 'a = 2\nb = 1\n' }, 'Refactor scatter');
    const second = await merged(
      'fix-scatter',
      { 'torch/scatter.py': 'a = 3\nb = 1\n' },
      'Fix silent wrong result in scatter',
    );
    const [answer = ''] = await comment(
      second,
      'gita-r',
      '@pytorchbot cherry-pick --onto release/2.8 -c regression --fixes https://github.com/pytorch/pytorch/issues/1',
    );
    expect(answer).toContain('conflict');
    expect(answer).toContain('torch/scatter.py');
    expect(answer).toContain(`#${first}`);
    const dir = world.sandbox().gitDir(CORE.owner, CORE.name);
    expect(await testGit(dir, ['branch', '--list', `cherry-pick-${second}-onto-2.8`])).toBe('');
    expect(await states()).toContain(`#${second} conflict`);
  });

  it('is refused to people without rights, for branches that are none, and in words for what is not understood', async () => {
    const pr = await merged('fix-docs', { 'docs/a.md': 'text\n' }, 'Fix a typo');
    const ask = (by: string, text: string): Promise<readonly string[]> => comment(pr, by, text);
    expect((await ask('omar-outside', '@pytorchbot cherry-pick --onto release/2.8 -c docs')).join()).toContain(
      'may not ask',
    );
    expect((await ask('gita-r', '@pytorchbot cherry-pick --onto 2.8 -c docs')).join()).toContain(
      'Did you mean release/2.8',
    );
    expect((await ask('gita-r', '@pytorchbot cherry-pick --onto "release/2.8; rm -rf /" -c docs')).join()).toContain(
      'not a release branch',
    );
    expect((await ask('gita-r', '@pytorchbot cherrypick --onto release/2.8')).join()).toContain('cherry-pick');
    expect(await ask('gita-r', '```\n@pytorchbot cherry-pick --onto release/2.8 -c docs\n```')).toEqual([]);
    expect(await ask(BOT, '@pytorchbot cherry-pick --onto release/2.8 -c docs')).toEqual([]);
  });

  it('becomes a revert when main has taken the change back and the line has it', async () => {
    const pr = await merged('new-pass', { 'torch/layout.py': 'pass_on = 1\n' }, 'New layout pass');
    const [picked] = await comment(
      pr,
      'gita-r',
      '@pytorchbot cherry-pick --onto release/2.8 -c critical --fixes https://github.com/pytorch/pytorch/issues/1',
    );
    await approveAndMergePull(world.sandbox(), { ...CORE, number: pickNumber(picked), by: 'bruno-rm' });
    const dir = world.sandbox().gitDir(CORE.owner, CORE.name);
    const landed = (await testGit(dir, ['log', '-1', '--format=%H', 'main'])).trim();
    const number = await proposeChange(world.sandbox(), {
      ...CORE,
      by: 'hugo-l',
      branch: 'revert-new-pass',
      title: `Revert "New layout pass (#${pr})"`,
      body: `This reverts commit ${landed}.`,
      files: { 'torch/layout.py': '' },
    });
    await approveAndMergePull(world.sandbox(), { ...CORE, number, by: 'bruno-rm' });
    const [answer = ''] = await comment(
      pr,
      'gita-r',
      '@pytorchbot cherry-pick --onto release/2.8 -c critical --fixes https://github.com/pytorch/pytorch/issues/1',
    );
    expect(answer).toMatch(
      /was reverted on main by [0-9a-f]{9}, and `release\/2\.8` has it, so I prepared a \*\*revert\*\* instead: #\d+/,
    );
  });

  it('tells the author a question and a refusal by one new comment each, and a reply that names the regression takes it back to review, once', async () => {
    const pr = await merged('appeal', { 'torch/appeal.py': 'on = 1\n' }, 'Fix what was refused');
    const [answer] = await comment(
      pr,
      'gita-r',
      `@pytorchbot cherry-pick --onto release/2.8 -c critical --fixes ${ISSUE}`,
    );
    const pull = pickNumber(answer);
    const state = async () => (await states()).find((each) => each.startsWith(`#${pr} `));
    await comment(pull, 'ada-rm', '@pytorchbot needs-info -m "Since when?"');
    await world.as(BOT, (app) => keepUp(app));
    await world.as(BOT, (app) => keepUp(app));
    const calls = async () => (await everything(pr)).filter((body) => body.includes('signalbox:said'));
    expect(await calls()).toHaveLength(1);
    expect((await calls())[0]).toContain('@gita-r');
    expect(await comment(pr, 'gita-r', 'Since 2.7, in every build.')).toEqual([]);
    expect(await state()).toBe(`#${pr} needs-review`);
    await comment(pull, 'ada-rm', '@pytorchbot refuse -m "a new feature"');
    await world.as(BOT, (app) => keepUp(app));
    await world.as(BOT, (app) => keepUp(app));
    expect(await calls()).toHaveLength(2);
    expect((await calls())[1]).toMatch(
      /@gita-r #\d+ will not go into 2\.8\.0\. Decision of `ada-rm`[\s\S]*> a new feature[\s\S]*2\.9\.0/,
    );
    await comment(pr, 'omar-outside', 'It is a regression, see #1');
    await comment(pr, 'gita-r', 'Ok, thanks.');
    expect(await state()).toBe(`#${pr} refused`);
    await comment(pr, 'gita-r', 'But it fixes #1, a regression.');
    expect(await state()).toBe(`#${pr} needs-review`);
    await comment(pull, 'ada-rm', '@pytorchbot refuse -m "still a feature"');
    await comment(pr, 'gita-r', 'Still it fixes #1.');
    expect(await state()).toBe(`#${pr} refused`);
  });

  it('says no more than twenty lines, and what to do next where there is nothing', async () => {
    const pr = await merged('nobody-asked', { 'torch/nobody.py': 'on = 1\n' }, 'Nobody asked');
    const number = (await tracker()).number;
    const answers = [
      ...(await comment(pr, 'gita-r', '@pytorchbot cherry-pick status')),
      ...(await comment(pr, 'gita-r', '@pytorchbot cherry-pick retry')),
      ...(await comment(pr, 'gita-r', '@pytorchbot cherry-pick withdraw')),
      ...(await comment(pr, 'ada-rm', '@pytorchbot approve')),
      ...(await comment(pr, 'gita-r', '@pytorchbot where')),
      ...(await comment(number, 'ada-rm', '@pytorchbot blockers')),
      ...(await comment(number, 'ada-rm', '@pytorchbot status')),
    ];
    expect(answers).toHaveLength(7);
    for (const text of answers) expect(text.split('\n').length).toBeLessThanOrEqual(20);
    for (const text of answers.slice(0, 3))
      expect(text).toContain('@pytorchbot cherry-pick --onto release/2.8 -c CLASS');
    expect(answers[3]).toContain('@pytorchbot cherry-pick status');
    expect(answers[5]).toContain('**2.8.0**');
  });
});

it('doctor tells what the forge still allows, and looks at the repositories of the live release only', async () => {
  const checks = await world.as('ada-rm', (app) => examine(app));
  expect(checks.find(({ name }) => name === 'requests')?.text).toMatch(/left this hour: .*\d+ of 5000/);
  expect(checks.filter(({ name }) => name.startsWith('repo ')).map(({ name, state }) => `${name} ${state}`)).toEqual(
    ['test-infra', 'pytorch', 'vision', 'audio'].map((repo) => `repo ${repo} pass`),
  );
});
