import { digestOf } from '../../../domain/canonical-json.ts';
import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { known, observe, type Observed } from '../../../domain/observation.ts';
import type { PublicChannel } from '../../../ports/public-channel.ts';
import type { Resolution, ResolveQuestion, Resolver } from '../../../ports/resolver.ts';
import { parseMetadata } from '../../../wheel/metadata.ts';
import type { Requirement } from '../../../wheel/requirement.ts';
import { fileKey, metadataKey, pageKeys, projectName } from '../../../wheel/simple-index/index.ts';
import type { FileToList } from '../index-valid/index.ts';
import type { Companion, CompanionFacts, CompanionGroup } from './facts.ts';
import { standInsFor } from '../../../wheel/stand-ins.ts';
import { targetOf } from '../../../wheel/install-target.ts';

export interface CompanionPorts {
  readonly channel: PublicChannel;
  readonly resolver: Resolver;
  /** Public address of the place, with a slash at its end. */
  readonly address: string;
  readonly cells: readonly ExpectedCell[];
  readonly files: readonly FileToList[];
  /** Of every object of the place, by its key: another text for other bytes. */
  readonly states: ReadonlyMap<string, string>;
  readonly now: Instant;
  /** Whether the installer is asked where it was not before; a run takes seconds. */
  readonly ask: boolean;
}

/** Installers run at once: each takes a core. */
const RUNS = 2;
/** The METADATA of no wheel is larger by far. */
const LARGEST_METADATA = 4 * 1024 * 1024;

/** Lets the installer resolve the train's packages together, once for each machine that the release is for. */
export async function readCompanions(ports: CompanionPorts): Promise<CompanionFacts> {
  const groups = groupsOf(ports);
  const asked = await inLanes(groups, RUNS, (group) => askGroup(ports, group));
  return { address: ports.address, groups: asked };
}

interface Group {
  readonly name: string;
  readonly python: string;
  readonly cells: readonly ExpectedCell[];
}

/** Cells of one platform, accelerator and Python, with those of every package that does not depend on one of them. */
function groupsOf({ cells }: CompanionPorts): readonly Group[] {
  const wheels = cells.filter(({ cell }) => cell.kind === 'wheel');
  const whole = wheels.filter(({ cell }) => cell.platform !== null && cell.python !== null);
  const byMachine = Map.groupBy(whole, ({ cell }) => `${cell.platform} ${cell.accelerator ?? 'any'} ${cell.python}`);
  return [...byMachine].flatMap(([name, [first]]) => {
    const python = first?.cell.python ?? null;
    if (first === undefined || python === null) return [];
    const fits = ({ cell }: ExpectedCell): boolean =>
      (['platform', 'accelerator', 'python'] as const).every(
        (part) => cell[part] === null || cell[part] === first.cell[part],
      );
    return { name, python, cells: wheels.filter(fits) };
  });
}

async function askGroup(ports: CompanionPorts, { name, python, cells }: Group): Promise<CompanionGroup> {
  const { address, now, resolver, ask } = ports;
  const folders = new Set(cells.map(({ folder }) => folder));
  const [only] = folders;
  const folder = folders.size === 1 && only !== undefined ? only : '';
  const index = folder === '' ? address : `${address}${folder.split('/').map(encodeURIComponent).join('/')}/`;
  const found = cells.map((cell) => ({ cell, file: fileOf(ports, cell) }));
  const group = { name, index, companions: found.map(({ cell, file }) => companionOf(cell, file)) };
  const target = cells.map(({ file }) => targetOf(file, python)).find((one) => one !== null);
  // Without any of its files there is nothing to ask about.
  if (target === undefined || found.every(({ file }) => file === null)) return { ...group, resolution: null };
  const resolution = await observe(index, now, async (): Promise<Resolution | null> => {
    const texts = await inLanes(found, RUNS, ({ file }) =>
      file === null ? Promise.resolve([]) : required(ports, file),
    );
    const question: ResolveQuestion = {
      index,
      requirements: cells.map(({ cell, version }) => `${cell.package}==${version}`),
      target,
      standIns: standInsFor(texts.flat(), new Set(cells.flatMap(({ cell }) => projectName(cell.package) ?? []))),
      restsOn: restsOn(ports, folder, found),
    };
    return (await resolver.known(question)) ?? (ask ? await resolver.resolve(question) : null);
  });
  return { ...group, resolution: answered(resolution) };
}

function answered(resolution: Observed<Resolution | null>): Observed<Resolution> | null {
  if (!resolution.known) return resolution;
  return resolution.value === null ? null : known(resolution.value, resolution.at, resolution.source);
}

function fileOf({ files }: CompanionPorts, { file, others, folder }: ExpectedCell): FileToList | null {
  return files.find((each) => each.folder === folder && (each.name === file || others.includes(each.name))) ?? null;
}

function companionOf({ cell, version }: ExpectedCell, file: FileToList | null): Companion {
  return { package: cell.package, version, digest: file?.digest ?? null, isThere: file !== null };
}

/** What a wheel requires, by its metadata file; nothing where there is none, which is for `index-valid` to tell. */
async function required(
  { channel, address }: CompanionPorts,
  { folder, name }: FileToList,
): Promise<readonly Requirement[]> {
  const way = metadataKey(folder, name).split('/').map(encodeURIComponent).join('/');
  const bytes = await channel.file(`${address}${way}`, LARGEST_METADATA);
  if (bytes === null) return [];
  return parseMetadata(new TextDecoder().decode(bytes)).requiresDist.map(({ requirement }) => requirement);
}

/** The files, and the pages that list them: what comes of the question may only change with one of these. */
function restsOn(
  { states }: CompanionPorts,
  folder: string,
  found: readonly { readonly cell: ExpectedCell; readonly file: FileToList | null }[],
): ResolveQuestion['restsOn'] {
  const keys = found.flatMap(({ cell, file }) => {
    const pages = Object.values(pageKeys({ folder, project: projectName(cell.cell.package) }));
    return file === null ? pages : [...pages, fileKey(file.folder, file.name), metadataKey(file.folder, file.name)];
  });
  return digestOf(keys.toSorted().map((key) => [key, states.get(key) ?? null]));
}
