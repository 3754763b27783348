import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ArtifactsView } from '../../api/views/artifacts.ts';
import { artifactApp, type ArtifactApp } from '../../testing/artifact-app.ts';
import { cliRun, type CliRan } from '../../testing/cli-terminal.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { roomOf } from '../../testing/pick-views.ts';
import { artifactsPage } from './artifacts.ts';

let world: ArtifactApp;
const go = (...argv: readonly string[]): Promise<CliRan> =>
  cliRun(argv, { app: world.app, now: '2025-06-24T14:00:04Z' });
const read = async (query: Record<string, string> = {}) => {
  const answer = await artifactsPage.read({ app: world.app, params: { release: '2.8.0' }, query });
  if (!answer.ok) throw new Error(answer.problems[0].code);
  return { ...answer.value, view: ArtifactsView.parse(answer.value.view) };
};
const Cells = z.object({
  data: z.object({
    cells: z.array(
      z.object({
        expected: z.object({ key: z.string() }),
        state: z.string(),
        size: z.number().nullable(),
        digest: z.string().nullable(),
      }),
    ),
    gates: z.array(z.object({ id: z.string(), verdict: z.string() })),
  }),
});

beforeEach(async () => {
  world = artifactApp();
  await go('release', 'create', '2.8.0', '--yes');
});

describe('what the page of artifacts reads', () => {
  it('is what the command line answers of the newest candidate', async () => {
    world.tag('core', 1);
    world.upload('core', 1);
    const { data } = Cells.parse(JSON.parse((await go('artifact', 'matrix', '2.8.0-rc1', '--json')).out));
    const { view } = await read();
    expect(view.candidate).toBe('2.8.0-rc1');
    expect(view.cells.map(({ key, state, size, digest }) => ({ expected: { key }, state, size, digest }))).toEqual(
      data.cells,
    );
    expect(view.gates.map(({ id, verdict }) => ({ id, verdict }))).toEqual(data.gates);
    expect(textOfDoc(artifactsPage.doc(view, roomOf()))).toContain('small wheel: 6 of 6 present');
  });

  it('shows what is expected while there is no candidate', async () => {
    const { view } = await read();
    expect(view.candidate).toBeNull();
    expect(new Set(view.cells.map(({ state }) => state))).toEqual(new Set(['no-candidate']));
  });

  it('shows an older candidate as it was recorded, with the trend of sizes and its stages', async () => {
    for (const repo of ['core', 'vision'] as const) {
      world.tag(repo, 1);
      world.upload(repo, 1);
    }
    await go('artifact', 'record', '2.8.0-rc1', '--yes');
    world.tag('core', 2);
    world.upload('core', 2);
    const { view } = await read({ candidate: '2.8.0-rc1', stages: 'all' });
    expect(view.from).toBe('record');
    expect(view.candidates).toEqual(['2.8.0-rc1']);
    const small = view.sizes.find((each) => each.package === 'small');
    expect(small?.limit).toEqual({ channel: 'index', bytes: 1024 });
    expect(small?.points.map(({ candidate }) => candidate)).toEqual(['2.8.0-rc1']);
    expect(view.stages?.places.map((place) => (place.known ? place.channel : place.place))).toContain('stable');
    const newest = (await read()).view;
    expect(newest.candidates).toEqual(['2.8.0-rc2', '2.8.0-rc1']);
  });

  it('says why stages cannot be compared before anything was recorded', async () => {
    world.tag('core', 1);
    const { view } = await read({ stages: 'all' });
    expect(view.stages?.reason).toContain('were not recorded');
  });

  it('refuses a candidate of another release', async () => {
    await expect(read({ candidate: '2.7.0-rc1' })).rejects.toThrow('not-a-candidate');
    await expect(read({ candidate: '<b>' })).rejects.toThrow('not-a-candidate');
  });
});
