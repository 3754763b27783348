import { inLanes } from '../../domain/in-lanes.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { normalizeName } from '../../domain/package-name.ts';
import { comparePep440, parsePep440, Pep440Version } from '../../domain/pep440.ts';
import type { Instant } from '../../domain/instant.ts';
import type { PackageIndex } from '../../ports/package-index.ts';
import { parseWheelFileName } from '../../wheel/file-name.ts';
import {
  judgePublishers,
  type ProjectPublishers,
  type PublishedVersion,
  type PublisherFindings,
} from '../../process/07-finalize/index.ts';
import type { App } from '../app.ts';

const PROJECTS_AT_ONCE = 4;

/** What is to be uploaded. */
interface ProjectVersion {
  readonly project: string;
  readonly version: string;
}

/** Who published the projects before, by the index that the channel names, beside who does by the train file. */
export async function publishersOnIndex(
  app: App,
  { channel, projects }: { readonly channel: string; readonly projects: readonly ProjectVersion[] },
  now: Instant,
): Promise<Observed<PublisherFindings>> {
  const source = `channel ${channel}`;
  const opened = await observe(source, now, () => app.stores.indexesOf(channel));
  if (!opened.known) return opened;
  if (!opened.value.ok) return unknown(opened.value.problems[0].text, now, source);
  const [index] = opened.value.value;
  if (index === undefined) return unknown(`channel ${channel} has no package index`, now, source);
  const places = app.loaded.train.channels[channel]?.places ?? [];
  const publishers = places.find(({ store }) => store === 'package-index')?.publishers ?? [];
  return observe(source, now, async () => {
    const versions = [...new Map(projects.map(({ project, version }) => [project, version]))];
    const read = await inLanes(versions, PROJECTS_AT_ONCE, async ([project, version]): Promise<ProjectPublishers> => {
      const of = await readVersions(index, project, Pep440Version.parse(version));
      const expected = publishers.filter(
        ({ packages }) => packages?.some((name) => normalizeName(name) === normalizeName(project)) ?? true,
      );
      return { project, expected, ...of };
    });
    return judgePublishers(read);
  });
}

/** This release, as far as it is there, the release before it, and whether the one before that had provenance: one of its files tells. */
async function readVersions(
  index: PackageIndex,
  project: string,
  release: Pep440Version,
): Promise<Pick<ProjectPublishers, 'judged' | 'earlier'>> {
  const listed = (await index.project(normalizeName(project)))?.files ?? [];
  const wheels = listed.flatMap(({ name }) => {
    const parsed = parseWheelFileName(name);
    return parsed.ok ? [{ name, version: parsed.value.version }] : [];
  });
  const versions = [...Map.groupBy(wheels, ({ version }) => version)]
    .map(([version, files]) => ({ version, names: files.map(({ name }) => name) }))
    .toSorted((left, right) => comparePep440(right.version, left.version));
  const [before, further] = versions.filter(({ version }) => isFinal(version) && comparePep440(version, release) < 0);
  const own = versions.filter(({ version }) => comparePep440(version, release) === 0);
  const judged = [...own, ...(before === undefined ? [] : [before])];
  const sample = further === undefined ? [] : further.names.slice(0, 1);
  const wanted = [...judged.flatMap(({ names }) => names), ...sample];
  if (wanted.length === 0) return { judged: [], earlier: null };
  const told = await index.provenance(normalizeName(project), wanted);
  const withProvenance = (version: Pep440Version, names: readonly string[]): PublishedVersion => ({
    version,
    files: names.map((name) => ({ name, provenance: told.get(name) ?? { told: 'nothing' } })),
  });
  return {
    judged: judged.map(({ version, names }) => withProvenance(version, names)),
    earlier: further === undefined ? null : withProvenance(further.version, sample),
  };
}

function isFinal(version: Pep440Version): boolean {
  const parts = parsePep440(version);
  return parts !== null && parts.pre === null && parts.dev === null;
}
