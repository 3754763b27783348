import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PicksView } from '../../api/views/picks.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { roomOf } from '../../testing/pick-views.ts';
import { pickWorld, type PickWorld } from '../../testing/pick-app.ts';
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
