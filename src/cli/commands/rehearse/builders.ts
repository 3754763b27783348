import { join } from 'node:path';
import { z } from 'zod';
import { channelFolder, uploadWheels, type WheelOrder } from '../../../sandbox/index.ts';
import { worldFolder, type Theatre } from './theatre.ts';
import { RELEASE } from './train-file.ts';

/** Where the wheels of candidates lie in a rehearsal. */
export function testChannel(folder: string): string {
  return channelFolder(worldFolder(folder), join('whl', 'test'));
}

/** What a builder needs to know of an expected file. */
const Asked = z.object({
  data: z.object({
    cells: z.array(
      z.object({
        key: z.string(),
        cell: z.object({ package: z.string(), kind: z.string(), accelerator: z.string().nullable() }),
        version: z.string(),
        file: z.string(),
        folder: z.string(),
      }),
    ),
  }),
});

type AskedCell = z.infer<typeof Asked>['data']['cells'][number];

export interface Building {
  /** The release that is built; that of the line unless told. */
  readonly release?: string;
  readonly package: string;
  /** Written into the files, so that those of another candidate are other bytes. */
  readonly candidate: string;
}

/** The wheels of a package as CI would build them: what is to be built it asks Signalbox. */
export async function ordersFor({ asks }: Theatre, building: Building): Promise<readonly WheelOrder[]> {
  const { release = RELEASE } = building;
  const said = await asks('ada-rm', ['artifact', 'expected', release, '--package', building.package, '--json']);
  const { data } = Asked.parse(JSON.parse(said));
  return data.cells.map((cell) => orderFor(cell, building));
}

/** Builds and uploads all wheels of a package. */
export async function uploadAll(theatre: Theatre, building: Building): Promise<readonly WheelOrder[]> {
  const orders = await ordersFor(theatre, building);
  await uploadWheels(testChannel(theatre.folder), orders);
  return orders;
}

/** What the nightly builds of the day put into the nightly channel: the same wheels, with the day in their versions. */
export async function uploadNightlies(theatre: Theatre, day: string): Promise<void> {
  const folder = channelFolder(worldFolder(theatre.folder), join('whl', 'nightly'));
  for (const name of ['torch', 'torchvision', 'torchaudio']) {
    const orders = await ordersFor(theatre, { package: name, candidate: `nightly of ${day}` });
    await uploadWheels(
      folder,
      orders.map((order) => nightly(order, day)),
    );
  }
}

/** `2.8.0+cu126` of a nightly: `2.8.0.dev20250624+cu126`. */
function nightly({ path, recipe }: WheelOrder, day: string): WheelOrder {
  const [release = '', local] = recipe.version.split('+');
  const version = `${release}.dev${day.replaceAll('-', '')}${local === undefined ? '' : `+${local}`}`;
  return { path: path.replace(`-${recipe.version}-`, `-${version}-`), recipe: { ...recipe, version } };
}

function orderFor({ cell, version, file, folder }: AskedCell, { candidate, release = RELEASE }: Building): WheelOrder {
  const name = cell.package;
  const isCuda = cell.accelerator?.startsWith('cu') === true;
  const isCore = name === 'torch';
  const library = file.includes('win_') ? 'torch_cuda.dll' : 'libtorch_cuda.so';
  return {
    path: `${folder}/${file}`,
    recipe: {
      name,
      version,
      tags: file
        .replace(/\.whl$/, '')
        .split('-')
        .slice(-3)
        .join('-'),
      requiresPython: '>=3.9',
      requiresDist: isCore ? (isCuda ? ['nvidia-cublas-cu12'] : []) : [`torch==${release}`],
      files: {
        [`${name}/__init__.py`]: `from .version import candidate\n`,
        [`${name}/version.py`]: `candidate = "${candidate}"\n`,
        ...(isCore && isCuda ? { [`${name}/lib/${library}`]: `${cell.accelerator ?? ''} kernels\n` } : {}),
      },
    },
  };
}
