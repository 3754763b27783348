import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { normalizeName } from '../../domain/package-name.ts';
import { Pep440Version } from '../../domain/pep440.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { Lineage } from '../../engine/fold-lineage.ts';
import {
  readCandidateWheels,
  type CandidateWheel,
  type JudgedWheel,
} from '../../process/05-candidate/artifacts-valid/index.ts';
import {
  decideStaged,
  decideStagedValid,
  type CheckedWheel,
  type ProjectOnIndex,
} from '../../process/07-finalize/index.ts';
import type { PackageIndex } from '../../ports/package-index.ts';
import type { App } from '../app.ts';
import { wheelPolicy } from '../wheel-policy.ts';
import { publishersOnIndex } from './publishers.ts';
import { seeFiles } from './see-files.ts';
import { stagedFiles, type StagedFile } from './staged-files.ts';
import { openStores } from './read-edges.ts';

interface Judging {
  /** Gates that were asked for by name, and are worth the time that their bytes take. */
  readonly wanted: readonly string[];
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** The gates `staged` and `staged-valid`; none where the train sends nothing to an index. */
export async function judgeStaged(app: App, release: ReleaseVersion, judging: Judging): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const { staging, pypi } = train.promotion;
  if (staging === null || pypi === null || Object.keys(train.artifacts.publish).length === 0) return [];
  const deciding = { train, waivers: judging.waivers, now: judging.now };
  const known = await stagedFiles(app, release);
  const source = `channel ${staging}`;
  if (!known.ok) {
    const obstacle = known.problems[0].text.split('. ')[0] ?? known.problems[0].text;
    const nothing = unknown(obstacle, judging.now, source);
    const empty = { release, obstacle, candidate: null, unplanned: 0 };
    return [
      decideStaged({ ...empty, files: nothing }, deciding),
      decideStagedValid({ release, obstacle, wheels: nothing, projects: nothing, publishers: nothing }, deciding),
    ];
  }
  const { recorded, staged } = known.value;
  const planned = staged.flatMap(({ staged: at, lineage, file }) => (lineage === null ? [] : [{ at, lineage, file }]));
  const files = await seeFiles(
    app,
    planned.map(({ at, lineage: { size, digest } }) => ({ at, size, digest })),
    source,
  );
  const unplanned = staged.length - planned.length;
  const gate = decideStaged({ release, obstacle: null, candidate: recorded.candidate, unplanned, files }, deciding);
  const isThere = unplanned === 0 && files.known && files.value.every(({ digest, found }) => found?.digest === digest);
  const obstacle = isThere ? null : `not every wheel of ${recorded.candidate} is staged`;
  const nothing = unknown('not asked', judging.now, source);
  const wheels = isThere ? await checkedWheels(app, planned, judging) : nothing;
  const projects = isThere ? await projectsOnIndex(app, known.value, judging.now) : nothing;
  const publishers = isThere ? await publishersOnIndex(app, toPublish(known.value), judging.now) : nothing;
  return [gate, decideStagedValid({ release, obstacle, wheels, projects, publishers }, deciding)];
}

/** Staged wheels that come to no more bytes than this are read whenever gates are judged. */
const QUICKLY_READ = 256 * 1024 * 1024;

interface Planned {
  readonly at: StagedFile['staged'];
  readonly lineage: Lineage;
  readonly file: StagedFile['file'];
}

async function checkedWheels(
  app: App,
  planned: readonly Planned[],
  { wanted, now }: Judging,
): Promise<Observed<readonly CheckedWheel[]>> {
  const source = `channel ${app.loaded.train.promotion.staging}`;
  const opened = await observe(source, now, () =>
    openStores(
      app,
      planned.map(({ at }) => at.channel),
    ),
  );
  if (!opened.known) return opened;
  if (!opened.value.ok) return unknown(opened.value.problems[0].text, now, source);
  const stores = opened.value.value;
  const wheels = planned.flatMap(({ at, lineage, file }): readonly CandidateWheel[] => {
    const place = stores.at(at);
    if (!place.ok) return [];
    const kind = { name: normalizeName(file.project), version: Pep440Version.parse(file.version) };
    return [
      {
        repo: file.source.repo,
        cell: file.source.cell,
        key: at.key,
        fileName: file.name,
        size: lineage.size,
        digest: lineage.digest,
        policy: wheelPolicy(app.loaded.train, { channel: app.loaded.train.promotion.pypi, accelerator: null }, kind),
        source: place.value.store.source(at.key),
      },
    ];
  });
  return observe(source, now, async () => {
    const judged = await readCandidateWheels(wheels, {
      kept: app.readings,
      atMost: wanted.length > 0 ? Infinity : QUICKLY_READ,
    });
    return planned.map((each): CheckedWheel => checkedWheel(each, judged));
  });
}

function checkedWheel({ lineage, file, at }: Planned, judged: readonly JudgedWheel[]): CheckedWheel {
  const known = judged.find(({ wheel }) => wheel.key === at.key)?.known ?? { state: 'unread' as const };
  const { name, project, fileLimit, projectLimit } = file;
  const { size, digest } = lineage;
  const checked = { name, project, size, digest, fileLimit, projectLimit };
  if (known.state === 'unread') return { ...checked, state: 'unread', faults: [] };
  if (known.state === 'unreadable') return { ...checked, state: { unreadable: known.reason }, faults: [] };
  const { reading } = known;
  return {
    ...checked,
    state: 'read',
    faults: [
      ...(reading.digest === digest ? [] : [`${name}: its bytes are ${reading.digest}, not ${digest}`]),
      ...(reading.broken === null ? [] : [`${name}: ${reading.broken}`]),
      ...reading.findings
        .filter(({ severity }) => severity === 'error')
        .map(({ text, check }) => `${name}: ${text} [${check}]`),
    ],
  };
}

function toPublish({ channel, staged }: { readonly channel: string; readonly staged: readonly StagedFile[] }) {
  return { channel, projects: staged.map(({ file: { project, version } }) => ({ project, version })) };
}

/** What the index has of every project that is to be uploaded. */
async function projectsOnIndex(
  app: App,
  { channel, staged }: { readonly channel: string; readonly staged: readonly StagedFile[] },
  now: Instant,
): Promise<Observed<readonly ProjectOnIndex[]>> {
  const source = `channel ${channel}`;
  const opened = await observe(source, now, () => app.stores.indexesOf(channel));
  if (!opened.known) return opened;
  if (!opened.value.ok) return unknown(opened.value.problems[0].text, now, source);
  const [index] = opened.value.value;
  if (index === undefined) return unknown(`channel ${channel} has no package index`, now, source);
  const projects = [...new Set(staged.map(({ file }) => file.project))];
  const names = new Set(staged.map(({ file }) => file.name));
  return observe(source, now, () => Promise.all(projects.map((project) => projectOn(index, project, names))));
}

async function projectOn(index: PackageIndex, project: string, names: ReadonlySet<string>): Promise<ProjectOnIndex> {
  const found = await index.project(normalizeName(project));
  const files = found?.files ?? [];
  const sizes = files.map(({ size }) => size);
  return {
    project,
    size: sizes.some((size) => size === null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    files: new Map(files.filter(({ name }) => names.has(name)).map(({ name, digest }) => [name, digest])),
  };
}
