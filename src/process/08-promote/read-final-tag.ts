import { releasesIn } from '../../domain/release-tags.ts';
import { tagRef, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Manifest, ManifestRepo } from '../../domain/manifest.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { releaseMarker } from '../../domain/release-marker.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { tagOf, type ReleaseVersion } from '../../domain/version.ts';
import type { VersionFile } from '../../domain/version-file.ts';
import type { ForgeReleases } from '../../ports/forge.ts';
import type { Git, GitCommit, RemoteRef, RemoteRepo } from '../../ports/git.ts';

/** A tag as the remote has it: the commit it names, and whether it is an object of its own. */
export interface SeenTag {
  readonly commit: ObjectId;
  readonly annotated: boolean;
}

/** The release of a tag as the forge has it. `foreign`: made by somebody else, and not by a plan. */
export type SeenRelease =
  | { readonly is: 'none' | 'draft' | 'published' }
  | { readonly is: 'foreign'; readonly author: string; readonly link: string };

/** What the final tag of one repository rests on. */
export interface FinalState {
  /** Where the tag of its final candidate is now; null when it is gone. */
  readonly candidateAt: ObjectId | null;
  readonly final: SeenTag | null;
  /** Releases of the repository that have their final tag, this one left out. */
  readonly released: readonly ReleaseVersion[];
  /** The commit of the final candidate; null while the candidate's tag does not lead to it. */
  readonly commit: GitCommit | null;
  readonly versionFiles: readonly VersionFile[];
  /** Null for a repository that has no releases on a forge. */
  readonly release: SeenRelease | null;
}

/** A repository of the final candidate; `repo` is null where the train has none of that name in this release. */
export interface RepoFinal {
  readonly of: ManifestRepo;
  readonly repo: RepoInRelease | null;
  readonly state: Observed<FinalState>;
}

export interface FinalFacts {
  readonly manifest: Manifest;
  readonly repos: readonly RepoFinal[];
}

export interface FinalPorts {
  readonly train: Train;
  readonly manifest: Manifest;
  readonly git: Git;
  /** Null for a train without a forge. */
  readonly releases: ForgeReleases | null;
  readonly now: Instant;
}

/** Reads the tags, the candidate's commit with its version files, and the releases of every repository of the manifest, side by side. */
export async function readFinalTag(ports: FinalPorts): Promise<FinalFacts> {
  const { train, manifest, now } = ports;
  const known = new Map<string, RepoInRelease>(reposOf(train, manifest.release).map((repo) => [repo.key, repo]));
  const repos = manifest.repos.map(async (of): Promise<RepoFinal> => {
    const repo = known.get(of.repo) ?? null;
    if (repo === null) return { of, repo, state: unknown('the train has no such repository', now, 'train file') };
    if (repo.remote === null) {
      return { of, repo, state: unknown(`the train file gives ${of.repo} no remote`, now, 'train file') };
    }
    const at: RemoteRepo = { repo: of.repo, remote: repo.remote };
    return {
      of,
      repo,
      state: await observe(`git remote of ${of.repo}`, now, () => readState(ports, { of, repo, at })),
    };
  });
  return { manifest, repos: await Promise.all(repos) };
}

interface Reading {
  readonly of: ManifestRepo;
  readonly repo: RepoInRelease;
  readonly at: RemoteRepo;
}

async function readState({ git, releases }: FinalPorts, { of, repo, at }: Reading): Promise<FinalState> {
  const candidateTag = tagRef(tagOf(of.candidate));
  const refs = await git.remoteRefs(at, ['refs/tags/v*']);
  const candidateAt = commitOf(refs.find(({ ref }) => ref === candidateTag));
  const final = refs.find(({ ref }) => ref === tagRef(tagOf(repo.release)));
  const { slug } = repo.entry;
  const seen = {
    candidateAt,
    final: final === undefined ? null : { commit: final.peeled ?? final.id, annotated: final.peeled !== null },
    released: releasedIn(refs, repo.release),
    release: releases === null || slug === undefined ? null : await readRelease(releases, slug, tagOf(repo.release)),
  };
  if (candidateAt !== of.commit) return { ...seen, commit: null, versionFiles: [] };
  await git.fetch(at, [candidateTag]);
  const paths = repo.entry.versionFiles;
  const [commit, files] = await Promise.all([
    git.commit(at, of.commit),
    paths.length === 0 ? [] : git.files(at, of.commit, paths),
  ]);
  const versionFiles = paths.map((path) => ({ path, content: files.find((file) => file.path === path)?.text ?? null }));
  return { ...seen, commit, versionFiles };
}

function commitOf(ref: RemoteRef | undefined): ObjectId | null {
  return ref === undefined ? null : (ref.peeled ?? ref.id);
}

function releasedIn(refs: readonly RemoteRef[], but: ReleaseVersion): readonly ReleaseVersion[] {
  return releasesIn(refs).filter((one) => one !== but);
}

async function readRelease(releases: ForgeReleases, slug: RepoSlug, tag: string): Promise<SeenRelease> {
  const found = await releases.find(slug, tag);
  const foreign = found.find(({ body }) => !body.includes(releaseMarker(tag)));
  if (foreign !== undefined) return { is: 'foreign', author: foreign.author, link: foreign.link };
  const [ours] = found;
  return { is: ours?.state ?? 'none' };
}
