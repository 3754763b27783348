import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { App } from '../../app/app.ts';
import { ChangeView } from '../../api/views/change.ts';
import { DiffView } from '../../api/views/diff.ts';
import { PicksView } from '../../api/views/picks.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { roomOf } from '../../testing/pick-views.ts';
import { pickWorld, type PickWorld } from '../../testing/pick-app.ts';
import { PatchView } from '../../api/views/patch.ts';
import { candidate } from '../../testing/patch-world.ts';
import { createRelease } from '../../app/releases.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { changePage } from './change.ts';
import { diffPage } from './diff.ts';
import { patchPage } from './patch.ts';
import { picksPage } from './picks.ts';

let folder = '';
let world: PickWorld;

/** The data of a command's answer. */
const told = async (...argv: readonly string[]): Promise<unknown> => {
  const ran = await cliRun([...argv, '--json'], { app: world.appOf('rita'), now: '2026-06-08T12:00:04Z' });
  return z.object({ data: z.unknown() }).parse(JSON.parse(ran.out)).data;
};
const read = async (query: Record<string, string> = {}, release = '2.8.0') =>
  picksPage.read({ app: world.appOf('rita'), params: { release }, query });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-picks-page-'));
  world = await pickWorld(folder);
  const [layout] = await world.commit([{ message: 'New layout pass (#9)', files: { 'layout.txt': 'on\n' } }]);
  await world.commit([{ branch: 'release/2.8', message: '[release only] Pin', files: { 'pin.txt': 'pin\n' } }]);
  const [fix] = await world.commit([
    { message: 'Fix NaN (#12)', files: { 'nan.txt': 'no NaN\n' } },
    { message: `Revert "New layout pass (#9)"\n\nThis reverts commit ${layout ?? ''}.`, files: { 'layout.txt': null } },
  ]);
  if (fix === undefined) throw new Error('the fix was not made');
  world.merged({ number: 12, title: 'Fix NaN', commit: fix });
  const app = world.appOf('rita');
  const go = (...argv: readonly string[]) => cliRun(argv, { app, now: '2026-06-08T12:00:04Z' });
  await go('release', 'create', '2.8.0', '--yes');
  await go('pick', 'request', '12', '--onto', 'release/2.8', '-c', 'docs', '--yes');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the page of cherry-picks reads', () => {
  it('is what the command line answers', async () => {
    const answer = await read();
    if (!answer.ok) throw new Error(answer.problems[0].text);
    const view = PicksView.parse(answer.value.view);
    const Told = z.array(
      z.object({
        record: z.object({ pick: z.unknown(), class: z.string() }),
        state: z.string(),
        owners: z.array(z.string()),
      }),
    );
    const picks = Told.parse(await told('pick', 'list', '2.8.0'));
    expect(picks).toHaveLength(1);
    expect(
      view.picks.map(({ pick, class: name, state, owners }) => ({ record: { pick, class: name }, state, owners })),
    ).toEqual(picks);
    expect(view.reverts).toBeNull();
    expect(textOfDoc(picksPage.doc(view, roomOf()))).toContain('core #12 Fix NaN');
  });

  it('looks for reverts only where they are asked for, and finds what the command finds', async () => {
    const answer = await read({ kind: 'revert' });
    if (!answer.ok) throw new Error(answer.problems[0].text);
    const view = PicksView.parse(answer.value.view);
    const { reverts } = z
      .object({ reverts: z.array(z.object({ repo: z.string(), revert: z.string() })) })
      .parse(await told('pick', 'reverts', '2.8.0'));
    expect(reverts).toHaveLength(1);
    expect(view.reverts?.owed.map(({ repo, revert }) => ({ repo, revert }))).toEqual(
      reverts.map(({ repo, revert }) => ({ repo, revert })),
    );
  });

  it('refuses a release that there is not, and what is none', async () => {
    expect(await read({}, '9.9.9')).toMatchObject({ ok: false, problems: [{ code: 'release-unknown' }] });
    expect(await read({}, '<b>')).toMatchObject({ ok: false, problems: [{ code: 'not-a-release' }] });
  });
});

/** The world while its forge answers nothing about pull requests. */
function silent(): App {
  const app = world.appOf('rita');
  const failure = Object.assign(new Error('the forge answers with 502'), { code: 'server-error' });
  if (app.forge === null) throw new Error('the world has a forge');
  const pulls = { ...app.forge.pulls, get: () => Promise.reject(failure), onto: () => Promise.reject(failure) };
  return { ...app, forge: { ...app.forge, pulls } };
}

describe('what the pages of picks and of a patch read while the forge does not answer', () => {
  it('is what the ledger knows, marked as old, with why the rest is not known', async () => {
    const answer = await picksPage.read({ app: silent(), params: { release: '2.8.0' }, query: {} });
    if (!answer.ok) throw new Error(answer.problems[0].text);
    expect(answer.value.stale).toBe(true);
    const view = PicksView.parse(answer.value.view);
    expect(view.picks).toEqual([]);
    expect(view.unread).toMatchObject([
      { pick: { repo: 'core', pr: 12, onto: 'release/2.8' }, class: 'docs', reason: 'the forge answers with 502' },
    ]);
    const text = textOfDoc(picksPage.doc(view, roomOf()));
    expect(text).toContain(
      'Where one pick is could not be read, on the line and at the forge: the forge answers with 502',
    );
    expect(text).toContain('core #12 onto release/2.8 | [no-data] | docs');
    expect(text).not.toContain('No picks requested');
    expect(view.window).not.toBeNull();
  });

  it('counts what is not known of a patch as such, and still tells its rules', async () => {
    const answer = await patchPage.read({ app: silent(), params: { release: '2.8.0' }, query: {} });
    if (!answer.ok) throw new Error(answer.problems[0].text);
    expect(answer.value.stale).toBe(true);
    const text = textOfDoc(patchPage.doc(answer.value.view, roomOf()));
    expect(text).toContain('1 asked for, 0 open, 1 [no-data]');
    expect(text).toContain('the forge answers with 502');
    expect(text).toContain('regression (Regression)');
  });
});

const code = async (repo: string, number: string) => {
  const answer = await changePage.read({ app: world.appOf('rita'), params: { repo, number }, query: {} });
  return answer.ok ? 'read' : answer.problems[0].code;
};

describe('what the page of a change reads', () => {
  it('is where the command line finds it, with its pick', async () => {
    const app = world.appOf('rita');
    const answer = await changePage.read({ app, params: { repo: 'core', number: '12' }, query: {} });
    if (!answer.ok) throw new Error(answer.problems[0].text);
    const view = ChangeView.parse(answer.value.view);
    const { changes } = z
      .object({ changes: z.array(z.object({ commit: z.object({ id: z.string() }) })) })
      .parse(await told('find', '12'));
    expect(view.commits.map(({ id }) => id)).toEqual(changes.map(({ commit }) => commit.id));
    expect(view.picks.map(({ pick }) => pick.onto)).toEqual(['release/2.8']);
    const text = textOfDoc(changePage.doc(view, roomOf()));
    expect(text).toContain('main | [pass]');
    expect(text).toContain('release/2.8 | [needs-you]');
  });

  it('refuses what is no number and no repository of the train', async () => {
    expect(await code('core', '0')).toBe('not-a-pull-request');
    expect(await code('core', '<b>')).toBe('not-a-pull-request');
    expect(await code('nowhere', '12')).not.toBe('read');
    expect(await code('core', '4711')).toBe('read');
  });
});

describe('what the page of a patch reads', () => {
  it('is criteria, window and picks, and says of a minor release that it is none', async () => {
    const answer = await patchPage.read({ app: world.appOf('rita'), params: { release: '2.8.0' }, query: {} });
    if (!answer.ok) throw new Error(answer.problems[0].text);
    const text = textOfDoc(patchPage.doc(answer.value.view, roomOf()));
    expect(text).toContain('2.8.0 is a minor release');
    expect(text).toContain('1 asked for, 1 open');
    expect(text).toContain('regression (Regression) | Fixes a regression. | a link to the issue is required');
    expect(PatchView.parse(answer.value.view)).toMatchObject({ triage: null, brief: null, owed: null });
  });

  it('is of a patch what waits for triage with its evidence, the case for go or no-go as the command line makes it, and its acts', async () => {
    const app = world.appOf('rita');
    await createRelease(app, ReleaseVersion.parse('2.8.1'));
    const item = await candidate(world.forge, { title: 'It <b>crashes</b>', body: 'There is no workaround' });
    const answer = await patchPage.read({ app, params: { release: '2.8.1' }, query: {} });
    if (!answer.ok) throw new Error(answer.problems[0].text);
    const view = PatchView.parse(answer.value.view);
    const { decision, risk } = z
      .object({ decision: z.object({ is: z.string() }), risk: z.object({ unknown: z.int() }) })
      .parse(await told('patch', 'brief', '2.8.1'));
    expect(view.brief?.decision.is).toBe(decision.is);
    expect(view.brief?.accepted).toBe(risk.unknown);
    const doc = patchPage.doc(answer.value.view, roomOf());
    const text = textOfDoc(doc);
    expect(text).toContain(`core#${item} It <b>crashes</b>`);
    expect(text).toContain('nobody has decided; a release manager must say go');
    expect(text).toContain('Record go, Record no-go');
    expect(JSON.stringify(doc)).toContain(
      `signalbox patch decide 2.8.1 --issue ${item} --repo core --accept -m REASON`,
    );
    expect(view.triage?.candidates).toMatchObject([{ item, suggests: 'unknown', decision: null }]);
  });
});

describe('what the page of a difference reads', () => {
  it('is what the command line tells of two candidates', async () => {
    const [first, second] = await world.commit([
      { branch: 'release/2.8', message: 'One more (#30)', files: { 'one.txt': '1\n' } },
      { branch: 'release/2.8', message: 'Another (#31)', files: { 'two.txt': '2\n' } },
    ]);
    if (first === undefined || second === undefined) throw new Error('no commits were made');
    await world.tag('v2.8.0-rc1', first);
    await world.tag('v2.8.0-rc2', second);
    const read = (range: string) =>
      diffPage.read({ app: world.appOf('rita'), params: { release: '2.8.0', range }, query: {} });
    const answer = await read('rc1..rc2');
    if (!answer.ok) throw new Error(answer.problems[0].text);
    const view = DiffView.parse(answer.value.view);
    const { repos } = z
      .object({ repos: z.array(z.object({ repo: z.string(), added: z.array(z.object({ id: z.string() })) })) })
      .parse(await told('diff', '2.8.0-rc1', '2.8.0-rc2'));
    expect(view.repos.map(({ repo, added }) => ({ repo, added: added.map(({ id }) => ({ id })) }))).toEqual(repos);
    expect(view.files).toMatchObject({ known: false });
    for (const bad of ['rc1', 'rc1..rc2..rc3', '<b>..rc2', '..'])
      expect(await read(bad)).toMatchObject({ ok: false, problems: [{ code: 'not-a-range' }] });
    expect(await read('rc7..rc8')).toMatchObject({ ok: false, problems: [{ code: 'candidates-unknown' }] });
  });
});
