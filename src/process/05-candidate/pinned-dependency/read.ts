import { candidatesIn } from '../../../domain/release-tags.ts';
import { StoreKey } from '../../../domain/store-key.ts';
import { BranchName, branchRef, ObjectId, tagRef } from '../../../domain/git-names.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Manifest } from '../../../domain/manifest.ts';
import { known, observe, unknown, type Observed } from '../../../domain/observation.ts';
import { escapeName, normalizeName } from '../../../domain/package-name.ts';
import { withoutLocal } from '../../../domain/pep440.ts';
import { RepoKey } from '../../../domain/repo.ts';
import { pinnedWord, type OutsideDependency } from '../../../domain/train/dependency.ts';
import { repoIn, reposOf, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import { wheelSays } from '../../../domain/expected/match.ts';
import {
  candidateNumber,
  candidateOf,
  lineOf,
  tagOf,
  type CandidateVersion,
  type ReleaseVersion,
} from '../../../domain/version.ts';
import type { ReadableStore } from '../../../ports/artifact-store.ts';
import type { Git, RemoteRepo } from '../../../ports/git.ts';
import type { PackageIndex } from '../../../ports/package-index.ts';
import type { OwnFile, PackagePlaces, PinnedAt, PinnedFacts, RequiredPackage } from './facts.ts';
import { requiredPackages } from './required.ts';

interface PinnedPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  /** The manifest that was recorded of a candidate. */
  readonly manifest: (candidate: CandidateVersion) => Manifest | null;
  /** The index of a channel, or why it cannot be read. */
  readonly index: (channel: string) => Promise<PackageIndex | string>;
  /** The places of the candidates' channel that hold wheels, or why they cannot be read. */
  readonly stores: () => Promise<readonly ReadableStore[] | string>;
  /** Folders of that channel in which wheels lie. */
  readonly folders: readonly string[];
  readonly now: Instant;
}

/** Reads every dependency of the train for which it says that the pinned commit must be a released one. */
export async function readPinned(ports: PinnedPorts): Promise<readonly PinnedFacts[]> {
  const asked = Object.entries(ports.train.dependencies).filter(([, { released }]) => released !== undefined);
  return Promise.all(asked.map(([name, dependency]) => readOne(ports, name, dependency)));
}

async function readOne(ports: PinnedPorts, name: string, dependency: OutsideDependency): Promise<PinnedFacts> {
  const { train, release, now } = ports;
  const core = reposOf(train, release).find(({ entry }) => entry.role === 'core') ?? null;
  const { channel } = train.candidates;
  const at = await readPin(ports, core, dependency);
  const here = at.known ? at.value : null;
  const version = here === null ? null : pinnedWord(here.versions.get(dependency.versionFile ?? ''));
  const of = { line: lineOf(release), channel };
  const required = here === null ? [] : requiredPackages(train, dependency, { ...of, at: here }).packages;
  const [tag, places] = await Promise.all([
    version === null ? known(null, now, at.source) : readTag(ports, dependency, version),
    Promise.all(required.map((one) => readPlaces(ports, one))),
  ]);
  const candidate = here?.candidate ?? null;
  const manifest = candidate === null ? null : ports.manifest(candidate);
  return { release, channel, name, dependency, core, at, tag, places, manifest };
}

/** The pin and the versions at the tag of the newest candidate, and before there is one on the release branch. */
async function readPin(
  { git, release, now }: PinnedPorts,
  core: RepoInRelease | null,
  { pinFile, versionFile, rules }: OutsideDependency,
): Promise<Observed<PinnedAt | null>> {
  if (core === null || core.remote === null)
    return unknown('the train file gives the core repository no remote', now, 'train file');
  if (pinFile === undefined) return unknown('it names no pinFile', now, 'train file');
  const at: RemoteRepo = { repo: core.key, remote: core.remote };
  return observe(`git remote of ${core.key}`, now, async (): Promise<PinnedAt | null> => {
    const branch = branchRef(core.branch);
    const refs = await git.remoteRefs(at, [branch, `${tagRef(tagOf(core.release))}-rc*`]);
    const [newest] = candidatesIn(refs);
    const head = refs.find(({ ref }) => ref === branch);
    const from =
      newest === undefined
        ? head === undefined
          ? null
          : { ref: branch, commit: head.id, name: core.branch, candidate: null }
        : {
            ref: newest.ref,
            commit: newest.commit,
            name: tagOf(newest.candidate),
            candidate: candidateOf(release, candidateNumber(newest.candidate)),
          };
    if (from === null) return null;
    await git.fetch(at, [from.ref]);
    const versionFiles = [versionFile, ...rules.map((rule) => rule.versionFile)].filter((path) => path !== undefined);
    const files = await git.files(at, from.commit, [...new Set([pinFile, ...versionFiles])]);
    const texts = new Map(files.map(({ path, text }) => [path, pinnedWord(text)]));
    const pin = ObjectId.safeParse(texts.get(pinFile));
    const { commit, name, candidate } = from;
    return { commit, name, candidate, pin: pin.success ? pin.data : null, versions: texts };
  });
}

async function readTag(
  { train, release, git, now }: PinnedPorts,
  { repo: key, released }: OutsideDependency,
  version: string,
): Promise<PinnedFacts['tag']> {
  const name = (released?.tag ?? '').replaceAll('{version}', version);
  const parsed = RepoKey.safeParse(key);
  const repo = parsed.success ? repoIn(train, parsed.data, release) : null;
  const lost = (reason: string): Observed<never> => unknown(reason, now, 'train file');
  if (repo === null) return lost(`it gives ${key} no line for ${release}`);
  const { remote } = repo;
  if (remote === null) return lost(`it gives ${key} no remote`);
  if (!BranchName.safeParse(name).success) return lost(`"${name.slice(0, 60)}" is no tag that git takes`);
  return observe(`git remote of ${key}`, now, async () => {
    const ref = tagRef(name);
    const found = (await git.remoteRefs({ repo: repo.key, remote }, [ref])).find((one) => one.ref === ref);
    return { name, commit: found === undefined ? null : (found.peeled ?? found.id) };
  });
}

async function readPlaces(ports: PinnedPorts, required: RequiredPackage): Promise<PackagePlaces> {
  const { train, now } = ports;
  const { from, name, version } = required;
  const index = from !== null && Object.hasOwn(train.channels, from) ? from : null;
  const own = readOwn(ports, required);
  if (index !== null) {
    const opened = await ports.index(index);
    const published =
      typeof opened === 'string'
        ? unknown(opened, now, `channel ${index}`)
        : await observe(opened.name, now, async () => {
            const found = await opened.release(name, version);
            return (found?.files ?? []).filter(({ yanked }) => yanked === null);
          });
    return { required, index, published, own: await own };
  }
  if (from === null || isOurs(train, from)) return { required, index: null, published: null, own: await own };
  const why = `${from} is no channel of the train: name one, so that it can be looked at`;
  return { required, index: from, published: unknown(why, now, 'train file'), own: await own };
}

/** Whether an address is below a place of the candidates' channel: then its files lie there. */
function isOurs({ channels, candidates }: Train, from: string): boolean {
  const places = channels[candidates.channel]?.places ?? [];
  return places.some(({ address }) => address !== undefined && from.startsWith(address));
}

const LANES = 8;

/** Files of the package and version in the candidates' channel, found by the beginnings of their names. */
async function readOwn(
  { stores, folders, now, train }: PinnedPorts,
  { name, version }: RequiredPackage,
): Promise<Observed<readonly OwnFile[]>> {
  const source = `channel ${train.candidates.channel}`;
  const opened = await stores();
  if (typeof opened === 'string') return unknown(opened, now, source);
  return observe(source, now, async () => {
    const prefixes = [...new Set(['', ...folders.map((folder) => (folder === '' ? '' : `${folder}/`))])];
    const asked = opened.flatMap((store) =>
      prefixes.map((prefix) => ({ store, prefix: `${prefix}${escapeName(name)}-` })),
    );
    const found = await inLanes(asked, LANES, ({ store, prefix }) => listed(store, prefix, { name, version }));
    // Mirrors have the same files once more.
    return [...new Map(found.flat().map((file) => [`${file.name} ${file.digest}`, file])).values()];
  });
}

async function listed(
  store: ReadableStore,
  prefix: string,
  wanted: Pick<RequiredPackage, 'name' | 'version'>,
): Promise<readonly OwnFile[]> {
  const files: OwnFile[] = [];
  for await (const page of store.list(prefix)) {
    for (const { key, sha256 } of page.objects) {
      const name = key.slice(key.lastIndexOf('/') + 1);
      const says = wheelSays(name);
      if (says === null || normalizeName(says.distribution) !== wanted.name) continue;
      if (says.version !== wanted.version && withoutLocal(says.version) !== wanted.version) continue;
      files.push({ name, digest: sha256 ?? (await store.look(StoreKey.parse(key)))?.sha256 ?? null });
    }
  }
  return files;
}
