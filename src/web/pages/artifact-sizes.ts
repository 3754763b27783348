import type { ArtifactsView } from '../../api/views/artifacts.ts';
import { sizeText } from '../../domain/size.ts';
import type { Block, Inline } from '../doc.ts';
import { axesOf, cellsByPlace, type Build } from './artifact-parts.ts';

const MIB = 1024 ** 2;

/** The sizes of a build as a picture of heat, in MiB. */
export function heatOf(build: Build, view: ArtifactsView): Block {
  const { heads, pythons, short } = axesOf(build, view);
  const at = cellsByPlace(build);
  const columns = heads.flatMap(({ platform, title, accelerators }) =>
    accelerators.map((accelerator) => ({ platform, accelerator, name: `${title} ${short(accelerator)}` })),
  );
  return {
    kind: 'picture',
    id: `sizes-${build.name.replaceAll(' ', '-')}`,
    caption: `${build.name}: size of each file`,
    picture: {
      kind: 'heat',
      unit: 'MiB',
      columns: columns.map(({ name }) => name),
      rows: pythons.map((python) => ({
        name: python,
        values: columns.map(({ platform, accelerator }) => {
          const size = at.cell(platform, accelerator, python)?.size ?? null;
          return size === null ? null : inMiB(size);
        }),
      })),
    },
  };
}

/** How the largest file of each package went over the candidates, against the limit of its index. */
export function trendsOf({ sizes, release }: ArtifactsView, packages: ReadonlySet<string>): readonly Block[] {
  return sizes
    .filter((each) => packages.has(each.package))
    .map(({ package: name, limit, points }): Block => {
      const last = points.at(-1);
      if (last === undefined) {
        return {
          kind: 'paragraph',
          text: [
            `No candidate of ${name} was recorded yet, so there is no trend. Record one: `,
            { kind: 'code', text: `signalbox artifact record ${release}-rcN` },
          ],
        };
      }
      return {
        kind: 'picture',
        id: `trend-${name}`,
        caption: `${name}: largest file ${limit === null ? '' : `for ${limit.channel} `}by candidate, ${againstLimit(last.bytes, limit)}`,
        picture: {
          kind: 'lines',
          unit: 'MiB',
          series: [{ name, points: points.map(({ candidate, bytes }) => ({ at: candidate, value: inMiB(bytes) })) }],
          ...(limit === null ? {} : { limit: { name: `limit of ${limit.channel}`, value: inMiB(limit.bytes) } }),
        },
      };
    });
}

function againstLimit(bytes: number, limit: ArtifactsView['sizes'][number]['limit']): string {
  if (limit === null) return `now ${sizeText(bytes)}, no limit in the train file`;
  const share = Math.round((bytes / limit.bytes) * 100);
  return `now ${sizeText(bytes)}, ${share} % of ${sizeText(limit.bytes)}`;
}

/** A size beside its limit, with the state it makes. */
export function sizeAgainst(size: number | null, limit: number | null): readonly Inline[] {
  if (size === null) return [{ kind: 'state', state: 'no-data' }];
  if (limit === null) return [sizeText(size)];
  const state: Inline = {
    kind: 'state',
    state: size > limit ? 'failing' : 'pass',
    word: size > limit ? 'over' : 'below',
  };
  return [`${sizeText(size)} of ${sizeText(limit)} `, state];
}

function inMiB(bytes: number): number {
  return Math.round((bytes / MIB) * 10) / 10;
}
