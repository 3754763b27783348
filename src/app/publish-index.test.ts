import { describe, expect, it } from 'vitest';
import { StoreKey } from '../domain/store-key.ts';
import type { ManifestFile } from '../domain/manifest.ts';
import type { Step } from '../domain/plan/step.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { channelApp, plantWheel, recordCandidate, type ChannelApp } from '../testing/channel-app.ts';
import { sha256Of, type MemoryStore } from '../testing/memory-store.ts';
import { applyPlan } from './apply-plan.ts';
import type { Planned } from './planned.ts';
import { publishIndex, type PublishIndexInput } from './publish-index.ts';
import { planUndo } from './undo-plan.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');
const running = { confirmation: null, stop: new AbortController().signal, report: () => {} };

async function planned({ app }: ChannelApp, change: Partial<PublishIndexInput> = {}): Promise<Planned> {
  const answer = await publishIndex(app, { release: RELEASE, channel: 'test', removals: [], dryRun: false, ...change });
  if (!answer.ok) throw new Error(answer.problems.map(({ text }) => text).join('\n'));
  return answer.value;
}

async function refused({ app }: ChannelApp, removals: readonly string[] = []): Promise<readonly string[]> {
  const answer = await publishIndex(app, { release: RELEASE, channel: 'test', removals, dryRun: true });
  return answer.ok ? [] : answer.problems.map(({ text }) => text);
}

function idOf(plan: Planned): string {
  if (plan.kind !== 'planned') throw new Error(plan.why);
  return plan.view.plan.id;
}

async function carriedOut({ app }: ChannelApp, id: string): Promise<readonly [end: string, ...reasons: string[]]> {
  const answer = await applyPlan(app, { id, ...running });
  if (!answer.ok) return ['refused', ...answer.problems.map(({ text }) => text)];
  return [answer.value.end, ...answer.value.stopped.map(({ reason }) => reason)];
}

async function publish(world: ChannelApp, change: Partial<PublishIndexInput> = {}): Promise<void> {
  expect(await carriedOut(world, idOf(await planned(world, change)))).toEqual(['finished']);
}

const stepsOf = (plan: Planned): readonly Step[] => (plan.kind === 'planned' ? plan.view.plan.body.steps : []);
const pagesOf = (plan: Planned): readonly string[] =>
  stepsOf(plan).flatMap((step) =>
    step.kind === 'publish-page' ? [`${step.page.folder}/${step.page.project ?? ''}`] : [],
  );

async function everything(memory: MemoryStore): Promise<Readonly<Record<string, string | null>>> {
  const all: Record<string, string | null> = {};
  for await (const page of memory.list('')) {
    for (const { key, sha256 } of page.objects) all[key] = sha256;
  }
  return all;
}

const torch = (version: string, tags = 'cp313-cp313-manylinux_2_28_x86_64') => ({ name: 'torch', version, tags });

function channel(write: 'append' | 'replace' = 'append'): ChannelApp {
  const world = channelApp('stores/test', write);
  plantWheel(world.memory, 'cu126', torch('2.8.0+cu126'));
  plantWheel(world.memory, 'cu126', torch('2.8.0+cu126', 'cp312-cp312-manylinux_2_28_x86_64'));
  plantWheel(world.memory, 'cpu', torch('2.8.0+cpu'));
  plantWheel(world.memory, 'cpu', { name: 'torch_vision', version: '0.23.0+cpu' });
  return world;
}

describe('the index of a channel', () => {
  it('has pages per folder and over all folders, in both forms, with metadata files beside the wheels', async () => {
    const world = channel();
    await publish(world);
    const keys = Object.keys(await everything(world.memory)).filter((key) => !key.endsWith('.whl'));
    expect(keys).toEqual([
      'cpu/index.html',
      'cpu/index.json',
      'cpu/torch-2.8.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl.metadata',
      'cpu/torch-vision/index.html',
      'cpu/torch-vision/index.json',
      'cpu/torch/index.html',
      'cpu/torch/index.json',
      'cpu/torch_vision-0.23.0+cpu-py3-none-any.whl.metadata',
      'cu126/index.html',
      'cu126/index.json',
      'cu126/torch-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl.metadata',
      'cu126/torch-2.8.0+cu126-cp313-cp313-manylinux_2_28_x86_64.whl.metadata',
      'cu126/torch/index.html',
      'cu126/torch/index.json',
      'index.html',
      'index.json',
      'torch-vision/index.html',
      'torch-vision/index.json',
      'torch/index.html',
      'torch/index.json',
    ]);
    expect(world.memory.text('torch/index.json')).toContain(
      '"url":"../cu126/torch-2.8.0%2Bcu126-cp313-cp313-manylinux_2_28_x86_64.whl"',
    );
    expect(world.memory.text('cu126/torch/index.html')).toContain(
      '<a href="../torch-2.8.0%2Bcu126-cp313-cp313-manylinux_2_28_x86_64.whl#sha256=',
    );
    expect(world.memory.text('cpu/index.html')).toContain('<a href="torch-vision/">torch-vision</a>');
    const page = await world.memory.look(StoreKey.parse('torch/index.json'));
    expect([page?.contentType, page?.cacheControl]).toEqual(['application/vnd.pypi.simple.v1+json', 'no-cache']);
  });

  it('is in the plan in the order in which a reader may see it: metadata files, pages, root pages', async () => {
    const plan = await planned(channel());
    const order = stepsOf(plan).map(({ kind, wave }) => `${wave} ${kind}`);
    expect([...new Set(order)]).toEqual(['0 publish-metadata', '1 publish-page', '2 publish-page']);
    expect(plan.notes).toContain('test: 8 pages change, 0 as they should be');
    expect(plan.notes).toContain('+ torch_vision-0.23.0+cpu-py3-none-any.whl');
  });

  it('that says what lies there is left alone', async () => {
    const world = channel();
    await publish(world);
    world.store.asked();
    expect(await planned(world)).toMatchObject({ kind: 'nothing-to-do' });
    const asked = world.store.asked();
    expect(asked.filter(({ call }) => call === 'put')).toEqual([]);
    // Only the pages over all folders, and the root pages, are read: the listing tells that the others are right.
    expect(new Set(asked.filter(({ call }) => call === 'read').map(({ key }) => key))).toEqual(
      new Set(['index.html', 'torch', 'torch-vision', 'cpu', 'cu126'].flatMap((folder) => formsIn(folder))),
    );
    expect(asked.filter(({ call }) => call === 'list')).toHaveLength(1);
  });

  it('is read and written only where one wheel came', async () => {
    const world = channel();
    await publish(world);
    const wheel = plantWheel(world.memory, 'cpu', torch('2.8.1+cpu'));
    world.store.asked();
    const plan = await planned(world);
    const planning = world.store.asked();
    expect(pagesOf(plan).toSorted()).toEqual(['/torch', 'cpu/torch']);
    const wheels = planning.filter(({ key }) => key.endsWith('.whl'));
    expect(new Set(wheels.map(({ key }) => key))).toEqual(new Set([`cpu/${wheel}`]));
    expect(planning.filter(({ call }) => call === 'look')).toEqual([]);
    expect(await carriedOut(world, idOf(plan))).toEqual(['finished']);
    const writes = world.store.asked().filter(({ call }) => call === 'put');
    expect(writes.map(({ key }) => key).toSorted()).toEqual([
      `cpu/${wheel}.metadata`,
      'cpu/torch/index.html',
      'cpu/torch/index.json',
      'torch/index.html',
      'torch/index.json',
    ]);
  });

  it('asks nothing for each object, however many there are', async () => {
    const world = channelApp();
    for (let number = 0; number < 30; number += 1) plantWheel(world.memory, 'cpu', torch(`2.8.${number}`));
    await publish(world);
    const requests = async (): Promise<number> => {
      world.store.asked();
      await planned(world, { dryRun: true });
      return world.store.asked().length;
    };
    const few = await requests();
    for (let number = 30; number < 300; number += 1) plantWheel(world.memory, 'cpu', torch(`2.8.${number}`));
    await publish(world);
    expect(await requests()).toBe(few);
  });

  it('is served right again where somebody stored a page under another type: by request, once, and not taken back', async () => {
    const world = channel();
    await publish(world);
    const key = StoreKey.parse('cpu/torch/index.html');
    const bytes = world.memory.bytes(key) ?? new Uint8Array();
    const served = { contentType: 'binary/octet-stream', cacheControl: null };
    await world.memory.put(key, { bytes }, { sha256: sha256Of(bytes), served, onlyIf: null });
    expect(await planned(world)).toMatchObject({ kind: 'nothing-to-do' });
    const plan = await planned(world, { types: true });
    expect(pagesOf(plan)).toEqual(['cpu/torch']);
    expect(plan.notes[1]).toBe('of these, the content type is set of 1: it was of no kind that installers take');
    expect(await carriedOut(world, idOf(plan))).toEqual(['finished']);
    expect(await world.memory.look(key)).toMatchObject({ contentType: 'text/html; charset=utf-8' });
    expect(world.memory.bytes(key)).toEqual(bytes);
    expect(await planned(world, { types: true })).toMatchObject({ kind: 'nothing-to-do' });
    const undo = await planUndo(world.app, idOf(plan));
    expect(undo).toMatchObject({ ok: false, problems: [{ kind: 'refused' }] });
  });

  it('in a store whose listing tells no digests is read page by page, and no file of it', async () => {
    const world = channel();
    // As S3 lists: names, sizes and ETags.
    const told = { ...world.memory };
    world.memory.list = async function* bare(...given) {
      for await (const page of told.list(...given)) {
        yield { ...page, objects: page.objects.map((object) => ({ ...object, sha256: null })) };
      }
    };
    await publish(world);
    world.store.asked();
    expect(await planned(world)).toMatchObject({ kind: 'nothing-to-do' });
    const asked = world.store.asked();
    expect(asked.filter(({ key }) => key.endsWith('.whl') || key.endsWith('.metadata'))).toEqual([]);
    expect(asked.filter(({ call }) => call === 'put')).toEqual([]);
    const wheel = plantWheel(world.memory, 'cpu', torch('2.8.1+cpu'));
    await publish(world);
    expect(world.store.asked().filter(({ key, call }) => key.endsWith('.whl') && call === 'look')).toEqual([
      { call: 'look', key: `cpu/${wheel}` },
    ]);
  });

  it('takes a digest that the store did not record from the record of the candidate', async () => {
    const world = channelApp();
    const wheel = plantWheel(world.memory, 'cpu', torch('2.8.0'), 'bare');
    await recordCandidate(world, 1);
    world.store.asked();
    await publish(world);
    expect(world.store.asked()).not.toContainEqual({ call: 'look', key: `cpu/${wheel}` });
    const digest = sha256Of(world.memory.bytes(`cpu/${wheel}`) ?? '');
    expect(world.memory.text('torch/index.html')).toContain(digest.replace(':', '='));
  });

  it('takes a digest that nobody recorded from the bytes, once', async () => {
    const world = channelApp();
    const wheel = plantWheel(world.memory, 'cpu', torch('2.8.0'), 'bare');
    await publish(world);
    const digest = sha256Of(world.memory.bytes(`cpu/${wheel}`) ?? '');
    expect(world.memory.text('torch/index.html')).toContain(digest.replace(':', '='));
    world.store.asked();
    expect(await planned(world)).toMatchObject({ kind: 'nothing-to-do' });
    expect(world.store.asked().filter(({ key }) => key.endsWith('.whl'))).toEqual([]);
  });

  it('keeps what people wrote by hand: yanked files, and projects whose files lie elsewhere', async () => {
    const world = channel();
    await publish(world);
    const json = world.memory.text('torch/index.json') ?? '';
    const file = '"filename":"torch-2.8.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl"';
    const yanked = json.replace(
      new RegExp(`(${file.replaceAll('+', '\\+')}[^}]*\\}[^}]*\\})\\}`),
      '$1,"yanked":"bad"}',
    );
    expect(yanked).not.toBe(json);
    world.memory.plant('torch/index.json', yanked);
    const root = world.memory.text('index.html') ?? '';
    world.memory.plant('index.html', root.replace('  </body>', '    <a href="nvidia/">nvidia</a><br>\n  </body>'));
    world.memory.plant('index.json', (world.memory.text('index.json') ?? '').replace('[', '[{"name":"nvidia"},'));
    await publish(world);
    expect(world.memory.text('torch/index.html')).toContain('data-yanked="bad"');
    expect(world.memory.text('cpu/torch/index.html')).toContain('data-yanked="bad"');
    expect(world.memory.text('index.json')).toContain('nvidia');
  });

  it('takes over the page of another program, and says what it gains', async () => {
    const world = channelApp();
    const wheel = plantWheel(world.memory, 'cpu', torch('2.8.0'));
    const digest = sha256Of(world.memory.bytes(`cpu/${wheel}`) ?? '');
    world.memory.plant('torch/index.html', `<a href="/whl/cpu/${wheel}#${digest.replace(':', '=')}">${wheel}</a><br/>`);
    const plan = await planned(world);
    const page = stepsOf(plan).find((step) => step.kind === 'publish-page' && step.page.folder === '');
    expect(page).toMatchObject({ exact: false, change: { add: [{ name: wheel }], remove: [{ name: wheel }] } });
    expect(await carriedOut(world, idOf(plan))).toEqual(['finished']);
    expect(world.memory.text('torch/index.html')).toContain(`href="../cpu/${wheel}#`);
  });
});

function formsIn(folder: string): readonly string[] {
  return folder === 'index.html' ? ['index.html', 'index.json'] : [`${folder}/index.html`, `${folder}/index.json`];
}

describe('what is refused', () => {
  it('a file that is listed and gone, in every page it is on, until its removal is asked for', async () => {
    const world = channel();
    await publish(world);
    const gone = 'torch_vision-0.23.0+cpu-py3-none-any.whl';
    await world.memory.remove(StoreKey.parse(`cpu/${gone}`), null);
    // The project has no file left, so no page of it is looked at: that is for the check of the channel.
    plantWheel(world.memory, 'cpu', { name: 'torch_vision', version: '0.23.1+cpu' });
    const texts = await refused(world);
    expect(texts).toHaveLength(2);
    expect(texts[0]).toBe(
      `test, page cpu/torch-vision/index.html: ${gone} would no longer be listed, and the plan does not say so. Put the file back, or plan its removal.`,
    );
    await publish(world, { removals: [gone] });
    expect(world.memory.text('torch-vision/index.html')).not.toContain(gone);
  });

  it('other bytes under a published name', async () => {
    const world = channel();
    await publish(world);
    const name = 'torch-2.8.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl';
    plantWheel(world.memory, 'cpu', { ...torch('2.8.0+cpu'), description: 'built again' });
    const texts = await refused(world);
    expect(texts.every((text) => text.includes(`${name} would be listed with sha256:`))).toBe(true);
    expect(texts).toHaveLength(2);
  });

  it('a file that is not the one recorded for the newest candidate; an earlier candidate says nothing', async () => {
    const world = channel();
    const other = sha256Of('another build');
    const lie = (file: ManifestFile): ManifestFile =>
      file.key.startsWith('cpu/torch-') ? { ...file, digest: other } : file;
    await recordCandidate(world, 1, lie);
    expect(await refused(world)).toEqual([
      expect.stringMatching(
        /^cpu\/torch-2\.8\.0\+cpu-.*\.whl lies in the store with sha256:[0-9a-f]{64}, and the record of the candidate has sha256:/,
      ),
    ]);
    await recordCandidate(world, 2);
    expect(await refused(world)).toEqual([]);
    await recordCandidate(world, 3, (file) => ({ ...file, size: file.size + 1 }));
    expect((await refused(world))[0]).toContain('bytes. Nothing is listed on a doubt');
  });

  it('other bytes under a published name, unless the files of a candidate take the place of those before', async () => {
    const world = channel('replace');
    await publish(world);
    plantWheel(world.memory, 'cpu', { ...torch('2.8.0+cpu'), description: 'built again' });
    await publish(world);
    const key = 'cpu/torch-2.8.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl';
    const wheel = await world.memory.look(StoreKey.parse(key));
    expect(world.memory.text('cpu/torch/index.html')).toContain(String(wheel?.sha256).replace('sha256:', '#sha256='));
    expect(world.memory.text(`${key}.metadata`)).toContain('built again');
  });

  it('one name for two files', async () => {
    const world = channel();
    plantWheel(world.memory, 'cu126', { ...torch('2.8.0+cpu'), description: 'the CPU wheel under the CUDA name' });
    expect(await refused(world)).toEqual([
      'test: torch-2.8.0+cpu-cp313-cp313-manylinux_2_28_x86_64.whl lies in cpu and in cu126 with different bytes. One name is one file: find out which is right, and take the other away.',
    ]);
  });

  it('a removal that takes nothing away', async () => {
    const world = channel();
    await publish(world);
    expect(await refused(world, ['torch-9.whl'])).toEqual([
      'torch-9.whl is on no page of test, so it cannot be taken off one. Check its spelling: names are written as the index has them.',
    ]);
  });

  it('a wheel that is none', async () => {
    const world = channelApp();
    world.memory.plant('cpu/torch-1-py3-none-any.whl', 'no zip', sha256Of('no zip'));
    expect((await refused(world))[0]).toContain('cpu/torch-1-py3-none-any.whl cannot be read: ');
  });

  it('a page that cannot be read', async () => {
    const world = channel();
    world.memory.plant('torch/index.json', '{"meta":{"api-version":"9.0"},"name":"torch","files":[]}');
    expect(await refused(world)).toEqual([
      'test, page torch/index.html: the page is of version "9.0" of the index format; versions 1.x can be read.',
    ]);
  });

  it('a folder with the name of a project', async () => {
    const world = channel();
    plantWheel(world.memory, 'torch', torch('2.9.0'));
    expect(await refused(world)).toEqual([
      'test: torch/index.html would be the page of a project and of a folder of the same name. Move the files of the folder.',
    ]);
  });
});

describe('carrying it out', () => {
  it('after a kill at any write goes on where it was, to the same bytes', async () => {
    const whole = channel();
    await publish(whole);
    const wanted = await everything(whole.memory);
    const writes = Object.keys(wanted).filter((key) => !key.endsWith('.whl')).length;
    for (let kill = 0; kill < writes; kill += 1) {
      const world = channel();
      const id = idOf(await planned(world));
      let count = 0;
      world.store.beforeWrite = () => {
        count += 1;
        if (count > kill) throw Object.assign(new Error('killed'), { code: 'killed' });
      };
      await expect(applyPlan(world.app, { id, ...running })).rejects.toThrow('killed');
      world.store.beforeWrite = () => undefined;
      expect(await carriedOut(world, id)).toEqual(['finished']);
      expect(await everything(world.memory)).toEqual(wanted);
    }
  });

  it('of two writers at once one wins; the other stops, plans again, and both files are listed', async () => {
    const world = channel();
    await publish(world);
    const first = plantWheel(world.memory, 'cpu', torch('2.8.1+cpu'));
    const slow = idOf(await planned(world));
    const second = plantWheel(world.memory, 'cpu', torch('2.8.2+cpu'));
    await publish(world);
    const [end, reason] = await carriedOut(world, slow);
    expect(end).toBe('stopped');
    expect(reason).toContain('was written by somebody else since this was planned; plan again');
    expect(await planned(world)).toMatchObject({ kind: 'nothing-to-do' });
    for (const name of [first, second]) {
      expect(world.memory.text('cpu/torch/index.html')).toContain(encodeURIComponent(name));
    }
  });

  it('loses to one who writes between its look and its write, and changes nothing then', async () => {
    const world = channel();
    await publish(world);
    plantWheel(world.memory, 'cpu', torch('2.8.1+cpu'));
    const id = idOf(await planned(world));
    world.store.beforeWrite = (key) => {
      if (key === 'cpu/torch/index.json') world.memory.plant(key, '{"theirs":true}');
    };
    const [end, reason] = await carriedOut(world, id);
    expect([end, reason]).toEqual([
      'stopped',
      'cpu/torch/index.json was written by somebody else since this was planned; plan again, and the difference is shown',
    ]);
    expect(world.memory.text('cpu/torch/index.json')).toBe('{"theirs":true}');
  });

  it('stops for a page that was changed by hand, and names it', async () => {
    const world = channel();
    const id = idOf(await planned(world));
    world.memory.plant('cpu/torch/index.html', 'mine');
    expect(await carriedOut(world, id)).toEqual([
      'stopped',
      'the page of torch in test/cpu was written by somebody else since this was planned; plan again, and the difference is shown',
    ]);
  });

  it('stops for a wheel that was replaced since', async () => {
    const world = channel();
    const id = idOf(await planned(world));
    const wheel = plantWheel(world.memory, 'cpu', { ...torch('2.8.0+cpu'), requiresDist: ['sneaky'] });
    expect(await carriedOut(world, id)).toEqual([
      'stopped',
      `${wheel} has other metadata than when this was planned; plan again`,
    ]);
  });

  it('is taken back: the pages are as they were, byte for byte', async () => {
    const world = channel();
    await publish(world);
    const before = await everything(world.memory);
    const wheel = plantWheel(world.memory, 'xpu', torch('2.8.0+xpu'));
    const id = idOf(await planned(world));
    expect(await carriedOut(world, id)).toEqual(['finished']);
    const undo = await planUndo(world.app, id);
    if (!undo.ok) throw new Error(undo.problems[0].text);
    expect(await carriedOut(world, undo.value.view.plan.id)).toEqual(['finished']);
    const { [`xpu/${wheel}`]: _wheel, [`xpu/${wheel}.metadata`]: _metadata, ...rest } = await everything(world.memory);
    expect(rest).toEqual(before);
  });
});
