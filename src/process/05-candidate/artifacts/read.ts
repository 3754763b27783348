import { candidatesIn } from '../../../domain/release-tags.ts';
import { cellFinder, distributionOf, looseName, wheelSays } from '../../../domain/expected/match.ts';
import { escapeName } from '../../../domain/package-name.ts';
import type { Expectation } from '../../../domain/expected/expectation.ts';
import { expectedArtifacts } from '../../../domain/expected/expected.ts';
import { tagRef } from '../../../domain/git-names.ts';
import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import { StoreKey } from '../../../domain/store-key.ts';
import { reposOf, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import { candidateNumber, candidateOf, tagOf, type ReleaseVersion } from '../../../domain/version.ts';
import type { ListedObject, ReadableStore } from '../../../ports/artifact-store.ts';
import type { CondaChannel } from '../../../ports/conda-channel.ts';
import type { Forge } from '../../../ports/forge.ts';
import type { Git, RemoteRepo } from '../../../ports/git.ts';
import type { ArtifactFacts, CandidateTag, FoundFile, PlaceContent, PlaceFacts, RepoArtifacts } from './facts.ts';

/** A place of the candidates' channel, opened, or why it was not. */
export interface ArtifactPlace {
  readonly holds: PlaceFacts['holds'];
  readonly name: string;
  readonly opened:
    | { readonly as: 'store'; readonly store: ReadableStore }
    | { readonly as: 'conda'; readonly conda: CondaChannel }
    | { readonly as: 'closed'; readonly reason: string };
}

export interface ArtifactPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly forge: Forge | null;
  readonly places: readonly ArtifactPlace[];
  readonly now: Instant;
}

/** Reads the tags of every repository that builds packages, and lists the candidates' channel. */
export async function readArtifacts(ports: ArtifactPorts): Promise<ArtifactFacts> {
  const { train, release, places } = ports;
  const expectation = expectedArtifacts(train, release);
  const built = new Set(expectation.ok ? expectation.value.cells.map(({ cell }) => cell.repo) : []);
  const repos = reposOf(train, release).filter(({ key }) => built.has(key));
  const [tags, contents] = await Promise.all([
    Promise.all(repos.map((repo) => readTag(ports, repo))),
    Promise.all(places.map((place) => readPlace(ports, place, expectation.ok ? expectation.value : null))),
  ]);
  const core = tags.find(({ repo }) => repo.entry.role === 'core')?.tag;
  return {
    release,
    candidate:
      core?.known === true && core.value !== null ? candidateOf(release, candidateNumber(core.value.candidate)) : null,
    channel: train.candidates.channel,
    expectation,
    repos: tags,
    places: places.map(({ name, holds }, index) => ({
      name,
      holds,
      isMirror: places.slice(0, index).some((earlier) => earlier.holds === holds),
      content: contents[index] ?? unknown('it was not read', ports.now, name),
    })),
  };
}

async function readTag(ports: ArtifactPorts, repo: RepoInRelease): Promise<RepoArtifacts> {
  const { git, forge, now } = ports;
  const { key, remote } = repo;
  if (remote === null) return { repo, tag: unknown(`the train file gives ${key} no remote`, now, 'train file') };
  const at: RemoteRepo = { repo: key, remote };
  const tag = await observe(`git remote of ${key}`, now, async (): Promise<CandidateTag | null> => {
    const refs = await git.remoteRefs(at, [`${tagRef(tagOf(repo.release))}-rc*`]);
    const [newest] = candidatesIn(refs);
    if (newest === undefined) return null;
    await git.fetch(at, [newest.ref]);
    const commit = await git.commit(at, newest.commit);
    const { slug } = repo.entry;
    const jobs =
      forge === null || slug === undefined
        ? null
        : await observe(`forge ${slug}`, now, () => forge.checks.onCommit(slug, newest.commit));
    return { candidate: newest.candidate, commit: newest.commit, committedAt: commit.committedAt, jobs };
  });
  return { repo, tag };
}

/** More than any channel holds; what is longer is a mistake in the address, and would be read for hours. */
const MOST_OBJECTS = 1_000_000;

async function readPlace(
  { now }: ArtifactPorts,
  { name, holds, opened }: ArtifactPlace,
  expectation: Expectation | null,
): Promise<Observed<PlaceContent>> {
  if (opened.as === 'closed') return unknown(opened.reason, now, name);
  if (expectation === null) return unknown('nothing is expected there', now, name);
  if (opened.as === 'conda') return observe(name, now, () => readConda(opened.conda, expectation));
  const { store } = opened;
  const sieve = sieveFor(expectation, holds);
  const listed: ListedObject[] = [];
  const strange: string[] = [];
  let count = 0;
  let tooMany = false;
  const content = await observe(name, now, async (): Promise<PlaceContent> => {
    for await (const page of store.list('')) {
      count += page.objects.length + page.strange.length;
      listed.push(...page.objects.filter(({ key }) => sieve.lets(nameIn(key))));
      strange.push(...page.strange.slice(0, MOST_STRANGE - strange.length));
      tooMany = count > MOST_OBJECTS;
      if (tooMany) break;
    }
    const files = await inLanes(listed, LANES, (object) =>
      lookedAt(store, object, sieve.isOfRelease(nameIn(object.key))),
    );
    return { files: files.flatMap((file) => file ?? []), strange };
  });
  return tooMany
    ? unknown(`more than ${MOST_OBJECTS} objects lie there: give the place an address of its own`, now, name)
    : content;
}

const MOST_STRANGE = 100;
const LANES = 16;

/** The folders of a conda channel in which files are expected; one that it does not have is empty. */
async function readConda(conda: CondaChannel, { cells }: Expectation): Promise<PlaceContent> {
  const folders = [...new Set(cells.flatMap(({ cell, folder }) => (cell.kind === 'conda' ? [folder] : [])))];
  const subdirs = await inLanes(folders, LANES, (folder) => conda.subdir(folder));
  const files = subdirs.flatMap((subdir) => subdir?.files ?? []);
  return {
    files: files.flatMap(({ subdir, fileName, size, sha256, builtAt }) => {
      const key = StoreKey.safeParse(`${subdir}/${fileName}`);
      return key.success
        ? [{ key: key.data, folder: subdir, name: fileName, size: size ?? 0, digest: sha256, modified: builtAt }]
        : [];
    }),
    strange: subdirs.flatMap((subdir) => subdir?.strange ?? []).slice(0, MOST_STRANGE),
  };
}

interface Sieve {
  /** Whether a file has to do with the release, or could be meant so: every wheel of its packages, and what is spelled almost right. */
  lets(name: string): boolean;
  isOfRelease(name: string): boolean;
}

function sieveFor({ cells }: Expectation, holds: PlaceFacts['holds']): Sieve {
  const here = cells.filter(({ cell }) => holds === 'any' || cell.kind === holds);
  const finder = cellFinder(here);
  const packages = new Set(here.map(({ cell }) => escapeName(cell.package)));
  const loose = new Set(here.flatMap(({ file, others }) => [file, ...others].map(looseName)));
  const isOfRelease = (name: string): boolean => finder.find(name) !== null || finder.isOfRelease(name);
  return {
    isOfRelease,
    lets: (name) =>
      isOfRelease(name) ||
      loose.has(looseName(name)) ||
      (packages.has(distributionOf(name)) && packages.has(wheelSays(name)?.distribution ?? '')),
  };
}

/** What the listing does not tell of a file of the release, the store is asked for; null for what is gone since. */
async function lookedAt(store: ReadableStore, listed: ListedObject, matters: boolean): Promise<FoundFile | null> {
  const { key, size, sha256, modified } = listed;
  const slash = key.lastIndexOf('/');
  const place = { key, folder: slash < 0 ? '' : key.slice(0, slash), name: nameIn(key) };
  if (!matters || (size !== null && sha256 !== null && modified !== null))
    return { ...place, size: size ?? 0, digest: sha256, modified };
  const object = await store.look(key);
  return object === null ? null : { ...place, size: object.size, digest: object.sha256, modified: object.modified };
}

function nameIn(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
