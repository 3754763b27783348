import { ByteSourceError } from '../domain/byte-source.ts';
import { runningDigest } from '../domain/sha256.ts';
import {
  ForgeError,
  type ForgeRelease,
  type ForgeReleases,
  type ReleaseFile,
  type ReleaseFileDraft,
} from '../ports/forge.ts';
import { link, notFound, type MemoryRelease, type MemoryRepo, type MemoryWorld } from './memory-forge-world.ts';

function view({ files: _files, bytes: _bytes, latest: _latest, ...release }: MemoryRelease): ForgeRelease {
  return release;
}

function releaseIn(repo: MemoryRepo, id: number): MemoryRelease {
  const found = repo.releases.find((release) => release.id === id);
  if (found === undefined) throw notFound(`Release ${id}`);
  return found;
}

function nextId(repo: MemoryRepo): number {
  return 1 + Math.max(0, ...repo.releases.flatMap(({ id, files }) => [id, ...files.map((file) => file.id)]));
}

function invalid(message: string): ForgeError {
  return new ForgeError('invalid', message, { status: 422 });
}

async function receive(repo: MemoryRepo, release: MemoryRelease, draft: ReleaseFileDraft): Promise<ReleaseFile> {
  const id = nextId(repo);
  const { name, size } = draft;
  release.files.push({ id, name, size: 0, digest: null, whole: false });
  const running = runningDigest();
  const pieces: Uint8Array[] = [];
  for await (const piece of draft.bytes.stream(0, size)) {
    running.add(piece);
    pieces.push(piece);
  }
  const digest = running.digest();
  if (digest !== draft.digest) throw new ByteSourceError('changed', `${name} is not what was planned.`);
  const bytes = Buffer.concat(pieces);
  const file = { id, name, size: bytes.length, digest, whole: true };
  release.files.splice(
    release.files.findIndex((each) => each.id === id),
    1,
    file,
  );
  release.bytes.set(id, bytes);
  return file;
}

/** Releases in memory: a draft of a tag as often as it is asked for, files that may break off, published once and for all. */
export function memoryReleases(world: MemoryWorld): ForgeReleases {
  return {
    find: async (slug, tag) =>
      world
        .find(slug, 'releases.find')
        .releases.filter((release) => release.tag === tag)
        .map(view),
    tagAt: async (slug, tag) => world.find(slug, 'releases.tagAt').tags.get(tag) ?? null,
    draft: async (slug, { tag, title, body }) => {
      const repo = world.find(slug, 'releases.draft');
      const id = nextId(repo);
      const about = { id, tag, title, body, state: 'draft', author: world.login } as const;
      const release = { ...about, link: link(slug, `releases/${id}`), files: [], bytes: new Map(), latest: false };
      repo.releases.push(release);
      return view(release);
    },
    files: async (slug, id) => [...releaseIn(world.find(slug, 'releases.files'), id).files],
    attach: async (slug, id, draft) => {
      const repo = world.find(slug, 'releases.attach');
      const release = releaseIn(repo, id);
      if (!/^[\w+-](?:[\w.+-]*[\w+-])?$/.test(draft.name)) throw invalid(`${draft.name} would be changed.`);
      if (release.files.some((file) => file.name === draft.name)) throw invalid(`${draft.name} is there already.`);
      return receive(repo, release, draft);
    },
    detach: async (slug, id) => {
      for (const { files, bytes } of world.find(slug, 'releases.detach').releases) {
        const at = files.findIndex((file) => file.id === id);
        if (at !== -1) files.splice(at, 1);
        bytes.delete(id);
      }
    },
    publish: async (slug, id, { commit, latest }) => {
      const repo = world.find(slug, 'releases.publish');
      const release = releaseIn(repo, id);
      if (
        repo.releases.some((other) => other !== release && other.tag === release.tag && other.state === 'published')
      ) {
        throw invalid(`${release.tag} has a release already.`);
      }
      if (!repo.tags.has(release.tag)) repo.tags.set(release.tag, commit);
      if (latest) for (const other of repo.releases) other.latest = false;
      release.state = 'published';
      release.latest = latest;
      return view(release);
    },
    discard: async (slug, id) => {
      const repo = world.find(slug, 'releases.discard');
      const at = repo.releases.findIndex((release) => release.id === id);
      if (repo.releases[at]?.state === 'published') throw invalid(`Release ${id} was published.`);
      if (at !== -1) repo.releases.splice(at, 1);
    },
  };
}
