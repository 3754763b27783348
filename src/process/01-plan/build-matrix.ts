import type { ExpectedCell } from '../../domain/expected/expectation.ts';
import type { CalendarDate } from '../../domain/instant.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import type { Channel, ChannelPlace } from '../../domain/train/channels.ts';
import { holdsFor } from '../../domain/train/span.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';

/** One job of the build matrix, in the words that workflows of the project read. */
export interface BuildRow {
  readonly build_name: string;
  readonly package: string;
  readonly package_type: string;
  readonly os: string;
  readonly runner: string;
  /** Empty for what does not depend on the Python. */
  readonly python_version: string;
  readonly gpu_arch_type: string;
  readonly gpu_arch_version: string;
  readonly desired_cuda: string;
  readonly libtorch_variant: string;
  readonly stable_version: string;
  readonly channel: string;
  readonly experimental: boolean;
  readonly file: string;
  /** Installs from the channel what this row builds, with everything of the train that is built for the same. */
  readonly installation: string;
}

export interface BuildMatrix {
  readonly include: readonly BuildRow[];
}

export type MatrixProblem =
  | { readonly code: 'channel-unknown'; readonly said: string; readonly known: readonly string[] }
  | { readonly code: 'no-place'; readonly channel: string; readonly kind: string }
  | { readonly code: 'no-companion'; readonly accelerator: string; readonly tag: string }
  | { readonly code: 'too-many-rows'; readonly count: number; readonly most: number };

/** GitHub starts at most so many jobs from one matrix. */
const MOST_ROWS = 256;

export interface MatrixRequest {
  readonly train: Train;
  readonly release: ReleaseVersion;
  /** Every cell of the release: what is installed together is taken from them. */
  readonly all: readonly ExpectedCell[];
  /** The cells to build. */
  readonly chosen: readonly ExpectedCell[];
  /** Kinds that were asked for by name. */
  readonly kinds: readonly string[];
  /** `all`: every channel that is written more than once. */
  readonly channel: string;
  /** The day that nightly files are named after. */
  readonly day: CalendarDate;
}

/**
 * The build matrix of CI: rows for what the channel holds. A kind that was asked for by name and that the channel does not hold refuses the whole, and
 * so does a matrix without a row.
 */
export function buildMatrix(request: MatrixRequest): Result<BuildMatrix, MatrixProblem> {
  const { train, chosen, release, channel: said, kinds } = request;
  const channels = channelsOf(train, said);
  if (!channels.ok) return channels;
  const include = channels.value.flatMap((channel) =>
    chosen.flatMap((expected) => {
      const place = placeFor(channel, expected, lineOf(release));
      return place === null ? [] : [rowOf(request, channel, place, expected)];
    }),
  );
  const wanted = new Set(include.length === 0 ? chosen.map(({ cell }) => cell.kind) : kinds);
  const lacking = [...wanted].filter((kind) => !include.some((row) => row.package_type === kind));
  const problems: readonly MatrixProblem[] = [
    ...lacking.map((kind) => ({ code: 'no-place' as const, channel: said, kind })),
    ...(include.length > MOST_ROWS ? [{ code: 'too-many-rows' as const, count: include.length, most: MOST_ROWS }] : []),
  ];
  return refuseOr<BuildMatrix, MatrixProblem>(problems, () => ({ include }));
}

const ALL = 'all';

interface NamedChannel extends Channel {
  readonly name: string;
}

/** The channels that are meant. `release` is what older tools call the stable channel. */
export function channelsOf(train: Train, said: string): Result<readonly NamedChannel[], MatrixProblem> {
  const named = Object.entries(train.channels).map(([name, channel]) => ({ ...channel, name }));
  if (said === ALL) return succeed(named.filter(({ write, places }) => write !== 'once' && places.some(isOpen)));
  const wanted = said === 'release' && !Object.hasOwn(train.channels, said) ? 'stable' : said;
  const found = named.filter(({ name }) => name === wanted);
  return found.length > 0
    ? succeed(found)
    : refuse({ code: 'channel-unknown', said, known: [...named.map(({ name }) => name), ALL] });
}

function isOpen({ address, public: isPublic }: ChannelPlace): boolean {
  return address !== undefined && isPublic;
}

function placeFor(
  channel: NamedChannel,
  { cell, publish }: ExpectedCell,
  line: ReturnType<typeof lineOf>,
): ChannelPlace | null {
  const place = channel.places.find(({ holds, ...each }) => holds === cell.kind && holdsFor(each, line));
  if (place === undefined) return null;
  if (place.store === 'package-index') return publish.some((each) => each.channel === channel.name) ? place : null;
  return isOpen(place) ? place : null;
}

function rowOf(request: MatrixRequest, channel: NamedChannel, place: ChannelPlace, expected: ExpectedCell): BuildRow {
  const { train } = request;
  const { cell, accelerator } = expected;
  const version = expected.version.replace(/\+.*$/, '');
  return {
    build_name: [cell.package, cell.kind, cell.variant, cell.platform, cell.accelerator, cell.python]
      .filter((part) => part !== undefined && part !== null)
      .join('-')
      .replaceAll('.', '_'),
    package: cell.package,
    package_type: cell.kind,
    os: cell.platform ?? '',
    runner: train.artifacts.platforms[cell.platform ?? '']?.runner ?? '',
    python_version: cell.python ?? '',
    gpu_arch_type: accelerator?.accelerator ?? '',
    gpu_arch_version: accelerator?.version ?? '',
    desired_cuda: cell.accelerator ?? '',
    libtorch_variant: cell.variant ?? '',
    stable_version: version,
    channel: channel.name,
    experimental: expected.stage === 'experimental',
    file: nightly(request, channel, expected, expected.file),
    installation: installation(request, channel, place, expected),
  };
}

/** Files of a channel that is written again and again carry the day. */
function nightly({ day }: MatrixRequest, { versions }: Channel, { version }: ExpectedCell, file: string): string {
  const release = version.replace(/\+.*$/, '');
  return versions === 'nightly' ? file.replace(release, `${release}.dev${day.replaceAll('-', '')}`) : file;
}

function installation(
  request: MatrixRequest,
  channel: NamedChannel,
  place: ChannelPlace,
  expected: ExpectedCell,
): string {
  const { cell, folder } = expected;
  const file = nightly(request, channel, expected, expected.file);
  const below = joined(place.address ?? '', folder);
  switch (cell.kind) {
    case 'libtorch':
      return joined(below, encodeURIComponent(file));
    case 'conda':
      return `conda install ${together(request.all, expected).map(condaSpec).join(' ')} -c ${place.address ?? ''}`;
    case 'wheel': {
      const isNightly = channel.versions === 'nightly';
      const names = together(request.all, expected).map(({ cell: other, version }) =>
        isNightly ? other.package : `${other.package}==${version.replace(/\+.*$/, '')}`,
      );
      const index = place.store === 'package-index' ? '' : ` --index-url ${below}`;
      return `pip3 install ${isNightly ? '--pre ' : ''}${names.join(' ')}${index}`;
    }
  }
}

/** What of the train is built for the very same: this package first, then the others in their order. */
function together(all: readonly ExpectedCell[], { key, cell }: ExpectedCell): readonly ExpectedCell[] {
  const same = all.filter(
    ({ cell: other }) =>
      other.kind === cell.kind &&
      other.platform === cell.platform &&
      other.accelerator === cell.accelerator &&
      other.python === cell.python,
  );
  return same.some((each) => each.key === key) ? same : [];
}

/** A conda package names its build: `"pytorch=2.5.0=py3.11_cuda12.1*"`. */
function condaSpec({ file }: ExpectedCell): string {
  const [name = '', version = '', build = ''] = file.replace(/\.(?:tar\.bz2|conda)$/, '').split(/-(?=\d|py)/);
  return `"${name}=${version}=${build}"`;
}

function joined(address: string, below: string): string {
  return below === '' ? address : `${address.replace(/\/$/, '')}/${below}`;
}
