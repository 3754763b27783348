import { beforeEach, describe, expect, it } from 'vitest';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import { FinalChecks } from '../../domain/train/final.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { memoryForge, type MemoryForge } from '../../testing/memory-forge.ts';
import { recordManifest } from '../../testing/recorded-manifest.ts';
import { saidIn } from '../../process/07-finalize/comment-form.ts';
import { applyPlan } from '../apply-plan.ts';
import { showGate } from '../gates.ts';
import { judge } from '../judge.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { createRelease } from '../releases.ts';
import { askAuthors } from './milestone-ask.ts';
import { milestoneFacts } from './milestone.ts';
import { validateItem, type ValidateInput } from './validate-item.ts';

const release = ReleaseVersion.parse('2.8.0');
const rc1 = CandidateVersion.parse('2.8.0-rc1');
const rc2 = CandidateVersion.parse('2.8.0-rc2');
const CORE = RepoSlug.parse('acme/core');
const VISION = RepoSlug.parse('acme/vision');
const train = {
  ...smallTrain,
  final: FinalChecks.parse({ milestone: { people: ['quinn'] } }),
  roles: { ...smallTrain.roles, 'triage-reviewer': ['tom'] },
  repos: {
    ...smallTrain.repos,
    core: { ...smallTrain.repos[RepoKey.parse('core')], role: 'core' as const, slug: CORE },
    vision: { ...smallTrain.repos[RepoKey.parse('vision')], role: 'domain' as const, slug: VISION },
  },
};

let forge: MemoryForge = memoryForge();
let app = memoryApp();
const as = (login: string) => ({ ...app, who: () => Promise.resolve(login) });
const said = (result: Result<unknown, AppProblem>): string =>
  result.ok ? '' : result.problems.map(({ kind, code, text }) => `${kind} ${code}: ${text}`).join('\n');

/** A closed issue in the milestone, by `author`; its number. */
async function closedIssue(
  slug: RepoSlug,
  author: string,
  more: { readonly labels?: readonly string[] } = {},
): Promise<number> {
  const { milestones, items, issues, labels } = forge.forge;
  await milestones.create(slug, { title: '2.8.0', description: '' });
  const number = forge.writeIssue(slug, author, { title: `Broken by ${author}`, body: 'It does not work.' });
  await items.setMilestone(slug, number, '2.8.0');
  if (more.labels !== undefined) await labels.add(slug, number, more.labels);
  await issues.close(slug, number);
  return number;
}
async function comment(login: string, number: number, body: string, slug = CORE): Promise<void> {
  const { id } = await forge.forge.comments.write(slug, number, body);
  const written = forge.repo(slug).comments.find((each) => each.id === id);
  if (written !== undefined) written.author = login;
}

async function gate() {
  const shown = await showGate(app, release, 'milestone-validated');
  if (!shown.ok) throw new Error(shown.problems[0].text);
  return shown.value.gate;
}
const standing = async (number: number) =>
  (await milestoneFacts(app, release))?.items.find((item) => item.number === number)?.standing;
const validate = (who: string, number: number, more: Partial<ValidateInput> = {}) =>
  validateItem(as(who), {
    release,
    item: { repo: RepoKey.parse('core'), number },
    does: 'validated',
    note: '',
    ...more,
  });

beforeEach(async () => {
  app = memoryApp();
  forge = memoryForge({ now: () => app.clock.now() });
  for (const slug of [CORE, VISION]) forge.repo(slug);
  app = { ...app, forge: forge.forge, loaded: { train, digest: TRAIN_DIGEST } };
  await createRelease(app, release);
});

const validatedIn = (body: string, form: string) => saidIn(body, form).map(({ candidate }) => candidate);

describe('a comment that says so', () => {
  it.each([
    ['Validated on 2.8.0-rc1', ['2.8.0-rc1']],
    ['validated   on v2.8.0-rc1.', ['2.8.0-rc1']],
    ['- **Validated on `2.8.0-rc1`** with cu128', ['2.8.0-rc1']],
    ['✅ Validated on: 2.8.0-rc1', ['2.8.0-rc1']],
    ['Thanks!\r\nValidated on 2.8.0-rc1\nvalidated on 2.8.0-rc2', ['2.8.0-rc1', '2.8.0-rc2']],
    ['Validated on 2.8.0-rc10', ['2.8.0-rc10']],
    ['> Validated on 2.8.0-rc1', []],
    ['```\nValidated on 2.8.0-rc1\n```', []],
    ['    Validated on 2.8.0-rc1', []],
    ['Not validated on 2.8.0-rc1', []],
    ['I have not Validated on 2.8.0-rc1 yet', []],
    ['Validated on 2.8.0', []],
    ['Validated on 2.8.0-rc1.2', []],
    ['', []],
  ])('is read: %j', (body, candidates) => {
    expect(validatedIn(body, 'Validated on {candidate}')).toEqual(candidates);
  });

  it('has the form that the train gives it, whatever signs are in it', () => {
    expect(validatedIn('[OK] (rc) 2.8.0-rc1 works', '[ok] (rc) {candidate} works')).toEqual(['2.8.0-rc1']);
    expect(validatedIn('[OK] (rc) 2.8.0-rc1 fails', '[ok] (rc) {candidate} works')).toEqual([]);
  });
});

describe('milestone-validated', () => {
  it('is no gate of a train that does not say how', async () => {
    expect((await judge(memoryApp(), release, { families: ['milestone-validated'] })).gates).toEqual([]);
    const bare = memoryApp();
    expect(
      said(
        await validateItem(bare, {
          release,
          item: { repo: RepoKey.parse('core'), number: 1 },
          does: 'validated',
          note: '',
        }),
      ),
    ).toMatch(/^usage no-rule/u);
  });

  it('waits for a candidate, needs the milestone, and passes by comments of those whose word counts', async () => {
    expect((await gate()).verdict).toBe('queued');
    await recordManifest(app, rc1, { core: 'one' });
    expect(await gate()).toMatchObject({ verdict: 'no-data', summary: 'acme/core has no milestone 2.8.0' });
    const [first, second, third] = [
      await closedIssue(CORE, 'alice'),
      await closedIssue(CORE, 'bob'),
      await closedIssue(VISION, 'carol'),
    ];
    expect(await gate()).toMatchObject({
      verdict: 'needs-you',
      owners: ['ana', 'ben', 'cleo', 'alice', 'bob', 'carol'],
    });
    await comment('mallory', first, 'Validated on 2.8.0-rc1');
    expect(await standing(first)).toEqual({ is: 'open', unheard: 1 });
    expect((await gate()).evidence[0]?.text).toBe(
      `core#${first} Broken by alice: 1 comment say so, by people whose word does not count`,
    );
    await comment('Alice', first, 'Validated on 2.8.0-rc1');
    await comment('tom', second, 'validated on v2.8.0-rc1, thanks');
    await comment('quinn', third, 'Validated on 2.8.0-rc1', VISION);
    expect(await gate()).toMatchObject({ verdict: 'pass', summary: '3 of 3 closed items validated on 2.8.0-rc1' });
  });

  it('tells a validation of an older candidate as that, and counts it where no file of the repository changed', async () => {
    await recordManifest(app, rc1, { core: 'one', vision: 'same' });
    const [inCore, inVision] = [await closedIssue(CORE, 'alice'), await closedIssue(VISION, 'carol')];
    await comment('alice', inCore, 'Validated on 2.8.0-rc1');
    await comment('carol', inVision, 'Validated on 2.8.0-rc1', VISION);
    expect((await gate()).verdict).toBe('pass');
    await recordManifest(app, rc2, { core: 'two', vision: 'same' });
    const judged = await gate();
    expect(judged).toMatchObject({ verdict: 'needs-you' });
    expect(judged.summary).toBe(
      `1 of 2 closed items validated on 2.8.0-rc2, 1 only on an older candidate: core#${inCore}`,
    );
    expect(judged.evidence[0]?.text).toBe(
      `core#${inCore} Broken by alice: validated by @alice on 2.8.0-rc1 only, whose files are others`,
    );
    await comment('alice', inCore, 'Validated on 2.8.0-rc2');
    expect((await gate()).verdict).toBe('pass');
  });

  it('counts a comment no more once other files took the place of those it was about', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await closedIssue(CORE, 'alice');
    await comment('alice', number, 'Validated on 2.8.0-rc1');
    app.clock.move(60);
    await recordManifest(app, rc1, { core: 'other bytes' });
    expect(await standing(number)).toMatchObject({ is: 'older', on: rc1 });
    app.clock.move(60);
    await comment('alice', number, 'Validated on 2.8.0-rc1');
    expect(await standing(number)).toMatchObject({ is: 'validated' });
  });

  it('leaves trackers out, and says of an unreadable forge that it is not known', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await closedIssue(CORE, 'alice', { labels: ['release tracker'] });
    expect(await standing(number)).toBeUndefined();
    expect((await gate()).verdict).toBe('pass');
    app = { ...app, forge: null };
    expect(await gate()).toMatchObject({ verdict: 'no-data' });
  });
});

describe('what is recorded of an item', () => {
  it('is bound to the files of the candidate, by somebody who may', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await closedIssue(CORE, 'alice');
    expect(said(await validate('alice', number))).toMatch(/^not-allowed role-missing/u);
    expect((await entriesOf(app)).at(-1)).toMatchObject({
      event: { type: 'refused', what: `milestone validate core#${number}` },
    });
    expect(await validate('quinn', number, { note: 'ran the script' })).toMatchObject({
      ok: true,
      value: { text: 'validated by @quinn on 2.8.0-rc1, recorded' },
    });
    expect((await gate()).verdict).toBe('pass');
    await recordManifest(app, rc2, { core: 'two' });
    expect(await standing(number)).toMatchObject({ is: 'older', by: 'quinn', on: rc1 });
  });

  it("that nothing has to be validated is a release manager's decision with a reason, for every candidate, and can be taken back", async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await closedIssue(CORE, 'alice');
    const decide = (who: string, does: ValidateInput['does'], note: string) => validate(who, number, { does, note });
    expect(said(await decide('tom', 'not-needed', 'docs only'))).toMatch(/^not-allowed/u);
    expect(said(await decide('ana', 'not-needed', ' '))).toMatch(/^usage reason-missing/u);
    expect((await decide('ana', 'not-needed', 'docs only')).ok).toBe(true);
    await recordManifest(app, rc2, { core: 'two' });
    expect(await gate()).toMatchObject({
      verdict: 'pass',
      summary: '0 of 1 closed item validated on 2.8.0-rc2, 1 need none',
    });
    expect((await decide('ana', 'end', 'it does after all')).ok).toBe(true);
    expect((await gate()).verdict).toBe('needs-you');
    expect(said(await decide('ana', 'end', 'again'))).toMatch(/^refused nothing-recorded/u);
  });

  it('is only of closed items of the milestone', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    await closedIssue(CORE, 'alice');
    expect(said(await validate('ana', 4711))).toMatch(
      /^usage item-unknown: core#4711 is no closed item of the milestone of 2\.8\.0/u,
    );
  });
});

it('needs a form that names the candidate', () => {
  expect(FinalChecks.safeParse({ milestone: { comment: 'it works' } }).success).toBe(false);
});

/** Asks, and answers how many were asked. */
async function applied(): Promise<number> {
  const planned = await askAuthors(app, { release, dryRun: false });
  if (!planned.ok || planned.value.kind !== 'planned') return 0;
  const { id, body } = planned.value.view.plan;
  const run = { id, confirmation: null, stop: new AbortController().signal, report: () => {} };
  expect(await applyPlan(app, run)).toMatchObject({ ok: true, value: { end: 'finished' } });
  return body.steps.length;
}
const under = (number: number) => forge.repo(CORE).comments.filter((each) => each.item === number);

describe('authors of what nobody validated', () => {
  it('are asked once, under the item, in words that say how to answer; not again for another candidate', async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const [open, settled] = [await closedIssue(CORE, 'alice'), await closedIssue(CORE, 'bob')];
    await comment('bob', settled, 'Validated on 2.8.0-rc1');
    expect(await applied()).toBe(1);
    expect(under(open)).toHaveLength(1);
    expect(under(open)[0]?.body).toContain('@alice this is closed in the milestone of 2.8.0');
    expect(under(open)[0]?.body).toContain('`Validated on 2.8.0-rc1`');
    expect(under(settled)).toHaveLength(1);
    expect(await applied()).toBe(0);
    await recordManifest(app, rc2, { core: 'two' });
    // Bob was never asked, and what he said is of the older candidate.
    expect(await applied()).toBe(1);
    expect(under(open)).toHaveLength(1);
    // The question itself is no answer.
    expect(await standing(open)).toEqual({ is: 'open', unheard: 0 });
  });

  it("are asked although an outsider wrote the question's marker", async () => {
    await recordManifest(app, rc1, { core: 'one' });
    const number = await closedIssue(CORE, 'alice');
    await comment('mallory', number, '<!-- signalbox:validate 2.8.0 --> never mind');
    expect(await applied()).toBe(1);
  });

  it('are not asked before there is a candidate, and by nobody but release managers', async () => {
    expect(said(await askAuthors(app, { release, dryRun: true }))).toMatch(/^refused manifest-missing/u);
    expect(said(await askAuthors(as('alice'), { release, dryRun: false }))).toMatch(/^not-allowed role-missing/u);
  });
});
