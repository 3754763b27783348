import { finishBuilds, forgetHash, takeAway, uploadWheels, type WheelOrder } from '../../../sandbox/index.ts';
import { ordersFor, testChannel, uploadAll } from './builders.ts';
import type { Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

const RC1 = `${RELEASE}-rc1`;
const CUDA = 'cu126';

/** The files of the first candidates arrive with four faults; four gates say which, and what is recorded in the end is what was proved. */
export async function playFiles(theatre: Theatre): Promise<void> {
  const { chapter, types, tell, folder } = theatre;
  const channel = testChannel(folder);
  await chapter('The files of the first candidates: four faults, four gates');
  const { mislabelled, vision, audio } = await arriveWithFaults(theatre);
  tell(
    'The builds of vision and audio are green too, and everything was uploaded. Green jobs are not right files, so the files are looked at:',
  );
  await types('ada-rm', ['artifact', 'matrix', RC1], 3);
  await types('ada-rm', ['gate', 'run', RELEASE, 'artifacts-complete:audio'], 3);
  await types('ada-rm', ['gate', 'run', RELEASE, 'artifacts-valid:vision'], 3);
  await types('ada-rm', ['gate', 'run', RELEASE, 'artifacts-valid:pytorch'], 3);
  await types('ada-rm', ['artifact', 'record', RC1, '--yes'], 3);
  await uploadWheels(channel, [mislabelled, vision, audio]);
  tell('The three cells are built again. The index is written from what lies there:');
  await types('ada-rm', ['artifact', 'index', RELEASE, '--yes']);
  await forgetHash(channel, `${CUDA}/torch`, mislabelled.path.slice(CUDA.length + 1));
  tell('An old script is still running somewhere, and writes one link of a page without its hash:');
  await types('ada-rm', ['gate', 'run', RELEASE, 'index-valid'], 3);
  await types('ada-rm', ['artifact', 'index', RELEASE, '--yes']);
  for (const gate of ['artifacts-valid:pytorch', 'artifacts-valid:vision', 'artifacts-valid:audio', 'index-valid'])
    await types('ada-rm', ['gate', 'run', RELEASE, gate]);
  tell('Nothing is wrong any more, and so it is recorded, byte for byte, what the first candidate is:');
  await types('ada-rm', ['artifact', 'record', RC1, '--yes']);
}

interface Faults {
  readonly mislabelled: WheelOrder;
  readonly vision: WheelOrder;
  readonly audio: WheelOrder;
}

async function arriveWithFaults(theatre: Theatre): Promise<Faults> {
  const { sandbox, folder } = theatre;
  const channel = testChannel(folder);
  for (const [name, tag] of [
    ['vision', 'v0.23.0-rc1'],
    ['audio', `v${RC1}`],
  ] as const)
    await finishBuilds(sandbox, { owner: 'pytorch', name, tag });
  const torch = await ordersFor(theatre, { package: 'torch', candidate: RC1 });
  const vision = pick(await uploadAll(theatre, { package: 'torchvision', candidate: '0.23.0-rc1' }), CUDA);
  const audio = pick(await uploadAll(theatre, { package: 'torchaudio', candidate: RC1 }), 'cpu');
  const mislabelled = pick(torch, CUDA);
  const cpu = pick(torch, 'cpu');
  await takeAway(channel, audio.path);
  await uploadWheels(channel, [
    { path: vision.path, recipe: { ...vision.recipe, broken: { record: 'hash' } } },
    { path: mislabelled.path, recipe: { ...cpu.recipe, version: mislabelled.recipe.version } },
  ]);
  return { mislabelled, vision, audio };
}

/** The first wheel of an accelerator. */
function pick(orders: readonly WheelOrder[], folder: string): WheelOrder {
  const found = orders.find(({ path }) => path.startsWith(`${folder}/`));
  if (found === undefined) throw new Error(`no wheel in ${folder} is built in this world`);
  return found;
}
