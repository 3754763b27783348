import { releasesIn } from '../../../domain/release-tags.ts';
import { branchRef } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import { RepoKey } from '../../../domain/repo.ts';
import type { DocsPointer } from '../../../domain/train/docs-pointer.ts';
import { remoteOf } from '../../../domain/train/naming.ts';
import type { RepoEntry } from '../../../domain/train/repo-entry.ts';
import type { Train } from '../../../domain/train/train.ts';
import { type ReleaseVersion } from '../../../domain/version.ts';
import type { Forge } from '../../../ports/forge.ts';
import type { Git, RemoteRepo } from '../../../ports/git.ts';

/** What lies at a path: a symbolic link with where it leads, a text, or something that is neither. */
export type Found =
  | { readonly is: 'link'; readonly to: string }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'none' }
  | { readonly is: 'other' };

/** The documentation's repository as everybody sees it. */
export interface DocsShown {
  readonly stable: Found;
  readonly menu: Found;
  /** Where people look at the repository; null for one that is on no forge. */
  readonly link: string | null;
}

export interface DocsPorts {
  readonly train: Train;
  readonly settings: DocsPointer;
  readonly forge: Forge | null;
  readonly git: Git;
  readonly now: Instant;
}

/**
 * Reads both files as the branch has them. One by one through the forge where there is one: a repository of documentation is gigabytes, and two small files of it
 * are asked for (docs/decisions/0281). By git otherwise.
 */
export async function readDocsShown(ports: DocsPorts): Promise<Observed<DocsShown>> {
  const { train, settings, forge, now } = ports;
  const entry = train.repos[settings.repo];
  if (entry === undefined) return unknown(`the train file has no repository ${settings.repo}`, now, 'train file');
  const { slug } = entry;
  if (train.forge === undefined || slug === undefined) return readByGit(ports, entry);
  const source = `forge ${slug}`;
  if (forge === null) return unknown('nobody is signed in to the forge', now, source);
  const { branch } = settings;
  const at = async (path: string): Promise<Found> => {
    const file = await forge.repos.file(slug, { branch, path });
    if (file === null) return { is: 'none' };
    if (file.target !== undefined) return { is: 'link', to: file.target };
    return file.text === null ? { is: 'other' } : { is: 'text', text: file.text };
  };
  return observe(source, now, async () => {
    const [stable, menu] = await Promise.all([at(settings.stable), at(settings.menu)]);
    return { stable, menu, link: `${train.forge?.web.replace(/\/$/, '') ?? ''}/${slug}/tree/${branch}` };
  });
}

/** The remote has no such branch: a failure of the world like any other. */
class NoBranchError extends Error {
  readonly code = 'not-found';
}

async function readByGit({ train, settings, git, now }: DocsPorts, entry: RepoEntry): Promise<Observed<DocsShown>> {
  const remote = remoteOf(train, entry);
  const source = `git remote of ${settings.repo}`;
  if (remote === null) return unknown(`the train file does not say where ${settings.repo} lies`, now, 'train file');
  const at: RemoteRepo = { repo: settings.repo, remote };
  const ref = branchRef(settings.branch);
  return observe(source, now, async () => {
    const commit = (await git.remoteRefs(at, [ref])).find((one) => one.ref === ref)?.id;
    if (commit === undefined) throw new NoBranchError(`it has no branch ${settings.branch}`);
    await git.fetch(at, [ref]);
    const files = await git.files(at, commit, [settings.stable, settings.menu]);
    const found = (path: string): Found => {
      const file = files.find((one) => one.path === path);
      if (file === undefined) return { is: 'none' };
      if (file.text === null) return { is: 'other' };
      return file.mode === '120000' ? { is: 'link', to: file.text } : { is: 'text', text: file.text };
    };
    return { stable: found(settings.stable), menu: found(settings.menu), link: null };
  });
}

/** The releases that are out, by the final tags of the repository that sets the number. */
export async function readReleased({
  train,
  git,
  now,
}: Pick<DocsPorts, 'train' | 'git' | 'now'>): Promise<Observed<readonly ReleaseVersion[]>> {
  const [key, core] = Object.entries(train.repos).find(([, { role }]) => role === 'core') ?? [];
  const remote = core === undefined ? null : remoteOf(train, core);
  if (key === undefined || remote === null)
    return unknown('the train file gives the core repository no remote', now, 'train file');
  return observe(`git remote of ${key}`, now, async () => {
    const refs = await git.remoteRefs({ repo: RepoKey.parse(key), remote }, ['refs/tags/v*']);
    return releasesIn(refs);
  });
}
