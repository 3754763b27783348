import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CORE, pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { pickTrain } from '../../testing/pick-train.ts';
import { testGit } from '../../testing/git-repos.ts';
import { applyPlan } from '../apply-plan.ts';
import { createRelease } from '../releases.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { requestPick } from '../picks.ts';
import { standingPicks } from './standing.ts';

const MAKE = `import('node:fs').then((fs) => fs.writeFileSync('made.txt', fs.readFileSync('list.txt', 'utf8').replace(/\\n/g, ' ')))`;
/** Something else each time: what came out is told by nobody but the plan. */
const CHANCE = `import('node:fs').then((fs) => fs.writeFileSync('made.txt', String(process.hrtime.bigint())))`;

const list = (...more: readonly string[]) =>
  'abcdefghij'
    .split('')
    .map((name) => `${more.includes(name) ? name : '-'}\n`)
    .join('');

const files = (...more: readonly string[]) => ({
  'list.txt': list(...more),
  'made.txt': list(...more).replaceAll('\n', ' '),
});

describe('a pick that conflicts in a generated file alone', () => {
  let folder = '';
  let ran = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-generated-'));
    ran = join(folder, 'ran');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The change adds `e` to a list that main has added `h` to: the list merges, the line that is made of it does not. */
  async function world(script: string): Promise<PickWorld> {
    const generated = [{ files: ['made.txt'], command: ['node', '-e', script] }];
    const made = await pickWorld(folder, { picks: { ...pickTrain().picks, generated } });
    await made.commit([{ message: 'List', files: files('a') }]);
    await made.commit([{ branch: 'release/2.8', message: 'Begin', files: { 'x.txt': 'x\n' } }]);
    const [, fix] = await made.commit([
      { message: 'More (#6)', files: files('a', 'i') },
      { message: 'Fix (#7)', files: files('a', 'e', 'i') },
    ]);
    if (fix === undefined) throw new Error('no commit');
    made.merged({ number: 7, title: 'Fix', commit: fix });
    const created = await createRelease(made.appOf('rita'), ReleaseVersion.parse('2.8.0'));
    if (!created.ok) throw new Error(created.problems[0].text);
    return made;
  }

  const input = { repo: 'core', pr: 7, onto: ['release/2.8'], class: 'docs', fixes: null };
  async function ask(one: PickWorld, { by = 'rita', dryRun = false } = {}) {
    const answer = await requestPick(one.appOf(by), { ...input, dryRun });
    if (!answer.ok) throw new Error(answer.problems[0].text);
    const [first] = answer.value;
    if (first === undefined) throw new Error('no answer');
    return first;
  }
  async function planOf(one: PickWorld) {
    const { outcome } = await ask(one);
    if (!outcome.ok || outcome.value.kind !== 'planned' || outcome.value.planned.kind !== 'planned')
      throw new Error(JSON.stringify(outcome));
    return outcome.value.planned.view.plan;
  }
  const apply = async (one: PickWorld, id: Awaited<ReturnType<typeof planOf>>['id']) => {
    const stop = new AbortController().signal;
    const applied = await applyPlan(one.appOf('rita'), { id, confirmation: null, stop, report: () => {} });
    if (!applied.ok) throw new Error(applied.problems[0].text);
    return applied.value;
  };

  it('is planned with what its command made, and that is what is pushed', async () => {
    const one = await world(MAKE);
    const { id, body } = await planOf(one);
    expect(body.steps[0]).toMatchObject({
      kind: 'push-pick',
      generated: [{ files: ['made.txt'], command: ['node', '-e', MAKE] }],
    });
    expect(await apply(one, id)).toMatchObject({ end: 'finished' });
    const at = join(folder, 'core.git');
    expect(await testGit(at, ['show', 'cherry-pick-7-onto-2.8:made.txt'])).toBe('a - - - e - - - - - ');
    expect(one.forge.repo(CORE).pulls.at(-1)?.body).toMatch(/Made again for [0-9a-f]{7,} by `node -e/u);
  });

  it('is not pushed when the command makes something else than when it was planned', async () => {
    const one = await world(CHANCE);
    const { id } = await planOf(one);
    const applied = await apply(one, id);
    expect(applied.end).toBe('stopped');
    expect(applied.stopped[0]?.reason).toContain('made other files than when it was planned');
    expect(await testGit(join(folder, 'core.git'), ['branch', '--list', 'cherry-pick*'])).toBe('');
  });

  it('is a problem with an owner when the command fails, and is told with what it said', async () => {
    const one = await world(`console.error('no template for e'); process.exit(1)`);
    const { outcome, problem } = await ask(one);
    expect(problem).toMatchObject({ code: 'regeneration-failed', why: 'failed', paths: ['made.txt'] });
    expect(outcome).toMatchObject({ ok: false, problems: [{ kind: 'conflict' }] });
    expect(JSON.stringify(outcome)).toContain('no template for e');
    const [pick] = await standingPicks(one.appOf('rita'), ReleaseVersion.parse('2.8.0'));
    expect(pick).toMatchObject({ record: { pick: { pr: 7 } } });
  });

  it('runs nothing for somebody without rights, nor against a rule', async () => {
    const one = await world(`import('node:fs').then((fs) => fs.writeFileSync(${JSON.stringify(ran)}, ''))`);
    expect((await ask(one, { by: 'mallory' })).problem).toMatchObject({ code: 'not-allowed' });
    expect((await requestPick(one.appOf('rita'), { ...input, class: 'nonsense', dryRun: true })).ok).toBe(true);
    await expect(testGit(folder, ['hash-object', ran])).rejects.toThrow('ran');
    await ask(one, { dryRun: true });
    expect(await testGit(folder, ['hash-object', ran])).not.toBe('');
  });
});
