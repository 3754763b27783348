import type { AcceleratorBuild } from '../../domain/expected/builds.ts';
import { filled } from '../../domain/expected/names.ts';
import { refuse, refuseOr, type Result } from '../../domain/result.ts';
import type { ImageBuild } from '../../domain/train/artifacts.ts';
import type { Channel } from '../../domain/train/channels.ts';
import { holdsFor } from '../../domain/train/span.ts';
import { lineOf } from '../../domain/version.ts';
import { channelsOf, type MatrixProblem, type MatrixRequest } from './build-matrix.ts';

/** One image of the matrix. */
export interface ImageRow {
  readonly image: string;
  readonly channel: string;
  readonly os: string;
  readonly runner: string;
  readonly gpu_arch_type: string;
  readonly gpu_arch_version: string;
  readonly desired_cuda: string;
  readonly target: string;
}

export interface ImageMatrix {
  readonly include: readonly ImageRow[];
}

interface ImageBase {
  readonly image: ImageBuild;
  readonly channel: string;
  readonly versions: Channel['versions'];
  readonly repository: string;
  readonly platform: string;
  readonly accelerator: AcceleratorBuild;
}

/** The matrix of images: one for each channel, platform, accelerator and target (MAT-07). */
export function imageMatrix(request: MatrixRequest): Result<ImageMatrix, MatrixProblem> {
  const channels = channelsOf(request.train, request.channel);
  if (!channels.ok) return channels;
  const bases = channels.value.flatMap(({ name, versions }) => basesOf(request, name, versions));
  if (bases.length === 0) return refuse({ code: 'no-place', channel: request.channel, kind: 'image' });
  const lacking = bases.filter(
    ({ image, accelerator }) => image.tag.includes('{companion-major}') && accelerator.companion === null,
  );
  const problems = new Map(
    lacking.map(({ image, accelerator }) => [
      accelerator.name,
      { code: 'no-companion' as const, accelerator: accelerator.name, tag: image.tag },
    ]),
  );
  return refuseOr<ImageMatrix, MatrixProblem>([...problems.values()], () => ({
    include: bases.flatMap((base) => base.image.targets.map((target) => rowOf(request, base, target))),
  }));
}

function basesOf(
  { train, release, chosen }: MatrixRequest,
  channel: string,
  versions: Channel['versions'],
): readonly ImageBase[] {
  const builds = new Map(
    chosen.flatMap(({ cell: { platform }, accelerator }) =>
      accelerator === null || platform === null
        ? []
        : [[`${platform} ${accelerator.name}`, { platform, accelerator }] as const],
    ),
  );
  return train.artifacts.images
    .filter((image) => holdsFor(image, lineOf(release)))
    .flatMap((image) => {
      const repository = image.repository[channel];
      if (repository === undefined) return [];
      return [...builds.values()]
        .filter(
          ({ platform, accelerator }) =>
            image.platforms.includes(platform) && image.accelerators.includes(accelerator.accelerator),
        )
        .map((build) => ({ image, channel, versions, repository, ...build }));
    });
}

function rowOf({ train, release, day }: MatrixRequest, base: ImageBase, target: string): ImageRow {
  const { image, channel, versions, repository, platform, accelerator } = base;
  const tag = filled(image.tag, {
    version: versions === 'nightly' ? `${release}.dev${day.replaceAll('-', '')}` : release,
    accelerator: accelerator.name,
    'accelerator-version': accelerator.version ?? '',
    'companion-major': accelerator.companion?.split('.')[0] ?? '',
    target,
  });
  return {
    image: `${repository}:${tag}`,
    channel,
    os: platform,
    runner: train.artifacts.platforms[platform]?.runner ?? '',
    gpu_arch_type: accelerator.accelerator,
    gpu_arch_version: accelerator.version ?? '',
    desired_cuda: accelerator.name,
    target,
  };
}
