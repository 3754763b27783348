import type { CellKey } from '../../../domain/artifact.ts';
import { digestOf, type Digest } from '../../../domain/canonical-json.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import { runningDigest } from '../../../domain/sha256.ts';
import type { PublicChannel } from '../../../ports/public-channel.ts';
import type { Resolution, ResolveQuestion, Resolver } from '../../../ports/resolver.ts';
import { targetOf } from '../../../wheel/install-target.ts';
import { parseRequirement } from '../../../wheel/requirement.ts';
import { projectName } from '../../../wheel/simple-index/index.ts';
import { standInsFor } from '../../../wheel/stand-ins.ts';
import { installFor, type Install, type StartFacts } from './offers.ts';
import type { Slot } from './slots.ts';

/** Where the commands are tried: the candidates' channel before a release, what everybody installs from after it. */
export interface TryPlace {
  readonly name: string;
  /** Address of the channel's index, with a slash at its end; null where it has none. */
  readonly index: string | null;
  /** Address of the package index's list, with a slash at its end; null to try its commands at `index` as well. */
  readonly published: string | null;
}

export interface TryPorts {
  readonly channel: PublicChannel;
  readonly resolver: Resolver;
  /** What each wheel requires, by the manifest. */
  readonly requires: ReadonlyMap<CellKey, readonly string[]>;
  readonly manifest: Digest;
  readonly now: Instant;
  /** Whether the installer is asked where it was not before; a run takes seconds. */
  readonly ask: boolean;
}

/** A command and what the installer came to; null where it was not asked. */
export interface Tried {
  readonly install: Install;
  /** `linux cuda.x (Python 3.13)`. */
  readonly name: string;
  readonly index: string;
  readonly resolution: Observed<Resolution> | null;
}

/** Installers run at once: each takes a core. */
const RUNS = 2;

/** The commands of the page, each once, that there are files for. */
export function installsOf(facts: StartFacts, slots: readonly Slot[]): readonly Install[] {
  return Object.keys(facts.settings.systems).flatMap((system) =>
    slots.flatMap((slot) => installFor(facts, system, slot) ?? []),
  );
}

/** Lets the installer that users have resolve every command of the page, for the newest Python of each, at a place. */
export async function tryInstalls(
  installs: readonly Install[],
  place: TryPlace,
  ports: TryPorts,
): Promise<readonly Tried[]> {
  return inLanes(installs, RUNS, (install) => tryInstall(install, place, ports));
}

async function tryInstall(install: Install, place: TryPlace, ports: TryPorts): Promise<Tried> {
  const python = newestPython(install);
  const cells = install.cells.filter(({ cell }) => cell.python === null || cell.python === python);
  const name = `${install.system} ${install.label} (Python ${python})`;
  const address = install.isPublished && place.published !== null ? place.published : withFolder(place.index, install);
  const target = cells.map(({ file }) => targetOf(file, python)).find((one) => one !== null);
  if (address === null || target === undefined) {
    const why = address === null ? `${place.name} has no public address` : 'its wheels run everywhere';
    return { install, name, index: '', resolution: unknown(why, ports.now, place.name) };
  }
  const own = new Set(install.packages.flatMap((each) => projectName(each) ?? []));
  const required = cells
    .flatMap(({ key }) => ports.requires.get(key) ?? [])
    .flatMap((text) => {
      const parsed = parseRequirement(text);
      return parsed.ok ? [parsed.value] : [];
    });
  const resolution = await observe(address, ports.now, async (): Promise<Resolution | null> => {
    const question: ResolveQuestion = {
      index: address,
      requirements: install.packages,
      target,
      standIns: standInsFor(required, own),
      restsOn: digestOf({ manifest: ports.manifest, pages: await pagesOf(ports.channel, address, install.packages) }),
    };
    return (await ports.resolver.known(question)) ?? (ports.ask ? ports.resolver.resolve(question) : null);
  });
  if (!resolution.known) return { install, name, index: address, resolution };
  const { value, at, source } = resolution;
  return { install, name, index: address, resolution: value === null ? null : { known: true, value, at, source } };
}

/** A promised one before one that is only tried. */
function newestPython({ cells }: Install): string {
  const pythons = cells.flatMap(({ cell, stage }) => (cell.python === null ? [] : [{ name: cell.python, stage }]));
  const plain = pythons.filter(({ name, stage }) => stage === 'stable' && !name.endsWith('t'));
  return (plain.at(-1) ?? pythons.at(-1))?.name ?? '3';
}

function withFolder(index: string | null, { folder }: Install): string | null {
  if (index === null) return null;
  return folder === '' ? index : `${index}${folder.split('/').map(encodeURIComponent).join('/')}/`;
}

/** What the index says of the packages now: the installer's answer may only change with it. */
async function pagesOf(
  channel: PublicChannel,
  address: string,
  packages: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const pages = packages.map(async (name): Promise<readonly string[]> => {
    const page = await channel.page(`${address}${projectName(name) ?? name}/`, 'html');
    if (page === null) return [name, 'none'];
    const digest = runningDigest();
    digest.add(page.bytes);
    return [name, digest.digest()];
  });
  return Promise.all(pages);
}
