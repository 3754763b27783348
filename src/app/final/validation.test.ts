import { beforeEach, describe, expect, it } from 'vitest';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { FinalChecks } from '../../domain/train/final.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { memoryForge, type MemoryForge } from '../../testing/memory-forge.ts';
import { recordManifest } from '../../testing/recorded-manifest.ts';
import { applyPlan } from '../apply-plan.ts';
import { showGate } from '../gates.ts';
import { judge } from '../judge.ts';
import type { AppProblem } from '../problem.ts';
import { createRelease } from '../releases.ts';
import { openValidation, syncValidation } from './validation-open.ts';

const release = ReleaseVersion.parse('2.8.0');
const rc1 = CandidateVersion.parse('2.8.0-rc1');
const rc2 = CandidateVersion.parse('2.8.0-rc2');
const CORE = RepoSlug.parse('acme/core');
const sections = [
  { title: 'Binaries', items: [{ id: 'libtorch', text: 'libtorch links', people: ['lena'] }] },
  { title: 'Documentation', items: [{ id: 'docs', text: 'the pages are right', roles: ['triage-reviewer'] }] },
];
const train = {
  ...smallTrain,
  final: FinalChecks.parse({ issue: { sections } }),
  roles: { ...smallTrain.roles, 'triage-reviewer': ['tom'] },
  repos: {
    ...smallTrain.repos,
    core: { ...smallTrain.repos[RepoKey.parse('core')], role: 'core' as const, slug: CORE },
  },
};

let forge: MemoryForge = memoryForge();
let app = memoryApp();
const said = (result: Result<unknown, AppProblem>): string =>
  result.ok ? '' : result.problems.map(({ kind, code, text }) => `${kind} ${code}: ${text}`).join('\n');

async function gate() {
  const shown = await showGate(app, release, 'validation-issue');
  if (!shown.ok) throw new Error(shown.problems[0].text);
  return shown.value.gate;
}

/** Opens the issue by its plan; answers its number. */
async function opened(): Promise<number> {
  const planned = await openValidation(app, { release, dryRun: false });
  if (!planned.ok || planned.value.kind !== 'planned') throw new Error('nothing was planned');
  const { id } = planned.value.view.plan;
  const run = { id, confirmation: null, stop: new AbortController().signal, report: () => {} };
  expect(await applyPlan(app, run)).toMatchObject({ ok: true, value: { end: 'finished' } });
  return forge.repo(CORE).items.at(-1)?.number ?? 0;
}
const bodyOf = async (number: number) => (await forge.forge.issues.get(CORE, number))?.body ?? '';

async function comment(login: string, number: number, body: string): Promise<void> {
  const { id } = await forge.forge.comments.write(CORE, number, body);
  const written = forge.repo(CORE).comments.find((each) => each.id === id);
  if (written !== undefined) written.author = login;
}

beforeEach(async () => {
  app = memoryApp();
  forge = memoryForge({ now: () => app.clock.now() });
  forge.repo(CORE);
  app = { ...app, forge: forge.forge, loaded: { train, digest: TRAIN_DIGEST } };
  await createRelease(app, release);
});

it('is no gate of a train that names nothing to validate', async () => {
  const bare = memoryApp();
  expect((await judge(bare, release, { families: ['validation-issue'] })).gates).toEqual([]);
  expect(said(await syncValidation(bare, release))).toMatch(/^usage no-rule: /u);
});

it('is opened once, from the sections of the train, and found by its marker', async () => {
  expect(await gate()).toMatchObject({ verdict: 'needs-you', fix: 'signalbox validation open 2.8.0' });
  const number = await opened();
  const issue = await forge.forge.issues.get(CORE, number);
  expect(issue).toMatchObject({ title: '[v.2.8.0] Validations', labels: ['release validation'] });
  expect(issue?.body).toContain('<!-- signalbox:validation 2.8.0 -->');
  expect(issue?.body).toContain('## Binaries\n- [ ] `libtorch` libtorch links @lena');
  expect(await openValidation(app, { release, dryRun: false })).toMatchObject({ value: { kind: 'nothing-to-do' } });
  expect(await gate()).toMatchObject({ verdict: 'queued' });
});

it("is not an outsider's issue that bears the marker", async () => {
  forge.writeIssue(CORE, 'mallory', { title: 'Validations', body: '<!-- signalbox:validation 2.8.0 -->' });
  const judged = await gate();
  expect(judged.verdict).toBe('needs-you');
  expect(judged.evidence[0]?.text).toContain('was opened by mallory, whom the train does not trust');
});

describe('its items', () => {
  it('are done by what people whose item it is say, and their boxes bear the names', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await opened();
    await comment('mallory', number, 'Done libtorch on 2.8.0-rc1');
    await comment('Lena', number, '- **Done `libtorch` on `v2.8.0-rc1`**, all platforms');
    expect(await gate()).toMatchObject({
      verdict: 'needs-you',
      summary: `#${number}: 1 of 2 done on 2.8.0-rc1; open: docs`,
    });
    await comment('tom', number, 'done docs on 2.8.0-rc1');
    expect(await gate()).toMatchObject({ verdict: 'pass' });
    expect(await syncValidation(app, release)).toMatchObject({ value: { changed: true, done: 2, of: 2 } });
    expect(await bodyOf(number)).toContain('- [x] `libtorch` libtorch links @lena: [@Lena on 2.8.0-rc1](');
    expect(await syncValidation(app, release)).toMatchObject({ value: { changed: false } });
  });

  it('are asked anew of another candidate whose files are others, and told as done on the older one', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await opened();
    for (const [who, item] of [
      ['lena', 'libtorch'],
      ['tom', 'docs'],
    ] as const)
      await comment(who, number, `Done ${item} on 2.8.0-rc1`);
    await recordManifest(app, rc2, { core: 'one' });
    expect(await gate()).toMatchObject({ verdict: 'pass' });
    await recordManifest(app, rc2, { core: 'two' });
    expect(await gate()).toMatchObject({ verdict: 'needs-you' });
    await syncValidation(app, release);
    expect(await bodyOf(number)).toContain('- [ ] `libtorch` libtorch links @lena: only on 2.8.0-rc1, by @lena');
  });

  it('are not done by a box that somebody ticked by hand, and what people wrote below the end stays', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await opened();
    const ticked = `${(await bodyOf(number)).replaceAll('- [ ]', '- [x]').trim()}\nNotes of ours.\n`;
    await forge.forge.items.edit(CORE, number, { body: ticked });
    expect(await gate()).toMatchObject({ verdict: 'needs-you' });
    await syncValidation(app, release);
    expect(await bodyOf(number)).toContain('- [ ] `libtorch`');
    expect(await bodyOf(number)).toMatch(/never touched\.\nNotes of ours\.\n$/u);
  });

  it('are not known where the forge cannot be read', async () => {
    app = { ...app, forge: null };
    expect((await gate()).verdict).toBe('no-data');
    expect(said(await syncValidation(app, release))).toMatch(/^no-data validation-unread: /u);
  });
});

it.each([
  [
    'a name twice',
    [
      {
        title: 'A',
        items: [
          { id: 'x', text: 'x', people: ['a'] },
          { id: 'x', text: 'y', people: ['a'] },
        ],
      },
    ],
  ],
  ['nobody for an item', [{ title: 'A', items: [{ id: 'x', text: 'x' }] }]],
  ['no items', [{ title: 'A', items: [] }]],
])('is refused in the train file with %s', (_what, bad) => {
  expect(FinalChecks.safeParse({ issue: { sections: bad } }).success).toBe(false);
});
