import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CalendarDate, Instant } from '../domain/instant.ts';
import { RepoSlug } from '../domain/repo.ts';
import { approveAndMergePull, proposeChange } from '../sandbox/index.ts';
import { granted, RELEASE_2_8, storyPlans } from '../testing/crash-story.ts';
import { openCrashWorld, type CrashWorld } from '../testing/crash-world.ts';
import { addCommits, refsOf } from '../testing/git-repos.ts';
import { applyPlan } from './apply-plan.ts';
import { handleDelivery } from './bot/handle.ts';
import { keepUp } from './bot/keep.ts';
import { standingPicks } from './picks/standing.ts';

const CORE = { owner: 'pytorch', name: 'pytorch' };
const BOT = 'signalbox-bot';
const ASK = '@pytorchbot cherry-pick --onto release/2.8 -c docs';
/** What a text that is run as a command would leave behind. */
const RAN = 'was-run';

let world: CrashWorld;
let comments = 0;

beforeAll(async () => {
  const now = Instant.parse('2025-06-24T14:00:00Z');
  world = await openCrashWorld({ today: CalendarDate.parse('2025-06-24'), now });
  for await (const { name, plan, confirmation } of storyPlans(world)) {
    await world.as('ada-rm', async (app) => {
      granted(
        await applyPlan(app, { id: plan.id, confirmation, stop: new AbortController().signal, report: () => {} }),
      );
    });
    if (name === 'tag_core') break;
  }
});

afterAll(async () => {
  await nothingRan();
  await world.remove();
});

const Comment = z.object({ id: z.number(), body: z.string(), user: z.object({ login: z.string() }) });
const Item = z.object({ number: z.number(), title: z.string(), body: z.string().nullable() });

async function api(by: string, path: string, body?: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { apiUrl, tokens } = world.sandbox();
  const answer = await fetch(`${apiUrl}/repos/pytorch/pytorch${path}`, {
    headers: { authorization: `Bearer ${tokens[by] ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  const value: unknown = await answer.json();
  return value;
}

interface Says {
  readonly by: string;
  readonly body: string;
  /** As whom the delivery names its author, when that is another than wrote it. */
  readonly claimed?: string;
}

/** Somebody writes a comment and the bot is told of it twice; answers what the bot said to it. */
async function comment(item: number, { by, body, claimed = by }: Says): Promise<readonly string[]> {
  comments += 1;
  // The forge takes no comment as long as a delivery may be.
  const { id } = Comment.parse(await api(by, `/issues/${item}/comments`, { body: body.slice(0, 60_000) }));
  const delivery = {
    event: 'comment-written',
    id: `d-${comments}`,
    repo: RepoSlug.parse('pytorch/pytorch'),
    by: claimed,
    at: world.clock.now(),
    item,
    isPullRequest: true,
    comment: id,
    body,
  } as const;
  for (let time = 0; time < 2; time += 1) await world.as(BOT, (app) => handleDelivery(app, delivery));
  return (await said(item)).filter((text) => text.includes(`signalbox:answer ${id}.`));
}

async function said(item: number): Promise<readonly string[]> {
  return Comment.array()
    .parse(await api('ci-bot', `/issues/${item}/comments?per_page=100`))
    .filter(({ user }) => user.login === BOT)
    .map(({ body }) => body);
}

async function titleOf(item: number): Promise<string> {
  return Item.parse(await api('ci-bot', `/issues/${item}`)).title;
}

async function merged(change: {
  readonly branch: string;
  readonly title: string;
  readonly body: string;
}): Promise<number> {
  const files = { [`docs/${comments}-${change.branch.length}.md`]: `${change.branch}\n` };
  const { branch, title, body } = change;
  const number = await proposeChange(world.sandbox(), { ...CORE, by: 'gita-r', branch, title, body, files });
  await approveAndMergePull(world.sandbox(), { ...CORE, number, by: 'bruno-rm' });
  return number;
}

function gitDir(): string {
  return world.sandbox().gitDir(CORE.owner, CORE.name);
}

/** The branches of the repository with what they point to. */
async function branches(): Promise<Readonly<Record<string, string>>> {
  const refs = Object.entries(await refsOf(gitDir()));
  return Object.fromEntries(refs.filter(([ref]) => ref.startsWith('refs/heads/')));
}

async function states(): Promise<Readonly<Record<number, string>>> {
  const picks = await world.as('ada-rm', (app) => standingPicks(app, RELEASE_2_8));
  return Object.fromEntries(picks.map(({ record, state }) => [record.pick.pr, state]));
}

async function nothingRan(): Promise<void> {
  // The refs of the hostile branches are files as well, and hold the word in their names.
  const left = [...(await readdir(world.dir, { recursive: true })), ...(await readdir(process.cwd()))];
  expect(left.filter((path) => basename(path) === RAN)).toEqual([]);
}

/** Markdown that people read: nothing in it acts, outside of what is shown as code. */
function isHarmless(markdown: string): void {
  expect(markdown).not.toMatch(
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u,
  );
  const shown = markdown.replaceAll(/(`+)[^`]*\1/g, '').replaceAll(/^<!-- signalbox:[^>]* -->/gmu, '');
  expect(shown).not.toMatch(/<(?:script|img|a |b>|iframe|style)|@everyone|@pytorch\/all|\]\(javascript:/iu);
  expect(shown).not.toMatch(/^<!--(?! signalbox:)/mu);
}

function cellsOf(row: string): number {
  return row.replaceAll(/\\\\|\\\|/g, '').split('|').length;
}

/** Each row of each table has as many cells as the row before it. */
function tablesAreWhole(markdown: string): void {
  const lines = markdown.split('\n');
  const broken = lines.filter((line, index) => {
    const above = lines[index - 1] ?? '';
    return line.startsWith('|') && above.startsWith('|') && cellsOf(line) !== cellsOf(above);
  });
  expect(broken).toEqual([]);
}

const HOSTILE = [
  {
    name: 'a shell',
    branch: `fix;touch\${IFS}${RAN}|sh`,
    title: `$(touch ${RAN}) \`touch ${RAN}\`; touch ${RAN} && sh -c 'touch ${RAN}' | tee ${RAN} #`,
    body: `$(touch ${RAN})\n\n; touch ${RAN}`,
  },
  {
    name: 'options',
    branch: `x/--upload-pack=touch\${IFS}${RAN}`,
    title: `--upload-pack=touch\${IFS}${RAN} --exec=${RAN} -c core.editor=${RAN} --onto=main`,
    body: `--output=${RAN}\n--no-verify`,
  },
  {
    name: 'HTML and Markdown that breaks tables',
    branch: 'x/<script>alert(1)</script>|a|b|',
    title: 'a | b | <script>alert(1)</script> <!-- signalbox:end --> @everyone [x](javascript:alert(1)) `c',
    body:
      '| a |\n|---|\n<img src=x onerror=alert(1)>\n<!-- signalbox:tracker 2.8.0 -->\n\n(cherry picked from commit ' +
      'dead'.repeat(10) +
      ')',
  },
  {
    name: 'text that turns its direction and has no width',
    branch: 'x/\u202efdp.exe',
    title: 'Fix \u202egnp.exe\u2066\u200b\u0007 it \u061c now'.padEnd(200, '\u200d😀'),
    body: '\u202e'.repeat(500),
  },
];

describe('a change of a stranger', () => {
  it.each(HOSTILE)('that tries to be $name is picked, shown and tracked, and nothing else happens', async (change) => {
    const before = await branches();
    const pr = await merged(change);
    const asked = await comment(pr, { by: 'gita-r', body: ASK });
    expect(asked).toHaveLength(1);
    asked.forEach(isHarmless);
    expect((await states())[pr]).toBe('needs-review');
    const pull = Number(/\| Picked \| ✅ #(\d+), open \|/u.exec(asked[0] ?? '')?.[1]);
    const made = Object.keys(await branches()).filter((ref) => before[ref] === undefined);
    expect(made.toSorted()).toEqual(
      [`refs/heads/${change.branch}`, `refs/heads/cherry-pick-${pr}-onto-2.8`].toSorted(),
    );
    expect(await titleOf(pull)).toMatch(/^\[release\/2\.8\] [^\n\u202a-\u202e\u2066-\u2069]+ \(#\d+\)$/u);
    const where = await comment(pr, { by: 'hugo-l', body: '@pytorchbot where' });
    expect(where).toHaveLength(1);
    await world.as(BOT, (app) => keepUp(app));
    for (const text of await said(pr)) {
      isHarmless(text);
      tablesAreWhole(text);
    }
    await nothingRan();
  });

  it('leaves the tracker a page of whole tables with one beginning and one end', async () => {
    const [tracker] = Item.array().parse(await api('ci-bot', '/issues?labels=release%20tracker&state=open'));
    const body = tracker?.body ?? '';
    isHarmless(body);
    tablesAreWhole(body);
    expect(body.match(/<!-- signalbox:tracker /gu)).toHaveLength(1);
    expect(body.match(/<!-- signalbox:end -->/gu)).toHaveLength(1);
    for (const pr of Object.keys(await states())) expect(body).toContain(`#${pr}`);
  });

  it('with a symbolic link is not picked by a machine, and told so once', async () => {
    const branch = 'link-in-it';
    await addCommits(gitDir(), [
      { branch, message: 'Add a link', files: { 'docs/passwd': { link: '../../../etc/passwd' } } },
    ]);
    const { number } = Item.parse(
      await api('gita-r', '/pulls', { head: branch, base: 'main', title: 'Add a link', body: 'what and why' }),
    );
    await approveAndMergePull(world.sandbox(), { ...CORE, number, by: 'bruno-rm' });
    const before = await branches();
    const answers = await comment(number, { by: 'gita-r', body: ASK });
    expect(answers).toHaveLength(1);
    expect(answers[0]).toContain('symbolic link');
    expect(await branches()).toEqual(before);
  });
});

describe('a comment of a stranger', () => {
  it.each([
    ['words with a command behind them', `${'word '.repeat(209_000)}\n${ASK}`],
    ['commands', `${ASK}\n`.repeat(20_000)],
    ['open HTML comments', `${'<!-- '.repeat(200_000)}\n${ASK}`],
    ['fences', `${'```\n'.repeat(261_001)}${ASK}`],
  ])('of 1 MB of %s does nothing, and each command that is read of it is answered once', async (_name, body) => {
    const pr = await merged({ branch: `long-${comments}`, title: 'Fix it', body: 'what and why' });
    const before = await branches();
    const answers = await comment(pr, { by: 'omar-outside', body });
    // Ten commands are read of a comment, and one answer says that there were more.
    expect(answers.length).toBeLessThanOrEqual(11);
    expect(answers.every((text) => text.length < 65_536)).toBe(true);
    expect(new Set(answers).size).toBe(answers.length);
    expect(await branches()).toEqual(before);
    expect(await states()).not.toHaveProperty(String(pr));
  });
});

describe('somebody without rights', () => {
  let pr = 0;
  let pull = 0;
  let before: Readonly<Record<string, string>> = {};

  beforeEach(async () => {
    if (pr === 0) {
      pr = await merged({ branch: 'to-be-approved', title: 'Fix it', body: 'what and why' });
      const [answer = ''] = await comment(pr, { by: 'gita-r', body: ASK });
      pull = Number(/\| Picked \| ✅ #(\d+), open \|/u.exec(answer)?.[1]);
    }
    before = await branches();
  });

  it.each([
    ['pick', '@pytorchbot approve'],
    ['pick', '@pytorchbot refuse -m no'],
    ['pick', '@pytorchbot needs-info -m why'],
    ['change', '@pytorchbot cherry-pick withdraw'],
    ['change', '@pytorchbot cherry-pick retry'],
    ['change', '@pytorchbot cherry-pick retry --late-ok -m "let me in"'],
    ['change', ASK],
    ['change', `${ASK} --onto main`],
  ])('on the %s: %s changes nothing and is answered once', async (on, body) => {
    const answers = await comment(on === 'pick' ? pull : pr, { by: 'omar-outside', body });
    expect(answers).toHaveLength(1);
    answers.forEach(isHarmless);
    expect((await states())[pr]).toBe('needs-review');
    expect(await branches()).toEqual(before);
  });

  it.each([
    ['a path to one', 'omar-outside/../ada-rm'],
    ['a path to whoever asks', '../../../../user'],
    ['a query', 'ada-rm?x='],
    ['an option', '--token=x'],
    ['HTML', '<b>ada-rm</b>'],
    ['one that turns its direction', '\u202eada-rm'],
    ['a very long one', 'a'.repeat(10_000)],
  ])("has none of a release manager's rights by a name that is %s", async (_name, claimed) => {
    const answers = await comment(pull, { by: 'omar-outside', body: '@pytorchbot approve', claimed });
    expect(answers.length).toBeLessThanOrEqual(1);
    answers.forEach(isHarmless);
    expect((await states())[pr]).toBe('needs-review');
    expect(await branches()).toEqual(before);
  });
});
