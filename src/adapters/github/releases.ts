import { z } from 'zod';
import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import {
  ForgeError,
  type ForgeRelease,
  type ForgeReleases,
  type ReleaseFile,
  type ReleaseFileDraft,
} from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { cannot, unexpected, type Ask } from './failure.ts';
import { orNull, placeOf } from './repo.ts';
import { Anything } from './schema.ts';
import { FileAnswer, PointerAnswer, ReleaseAnswer } from './schema-releases.ts';
import type { Uploader } from './upload.ts';

/** GitHub's limit: a file must be smaller than 2 GiB. */
const SIZE_LIMIT = 2 * 1024 ** 3;

/** A tag of a tag of a tag: more than this is no tag of a release. */
const DEEPEST_TAG = 5;

function releaseOf(answer: ReleaseAnswer): ForgeRelease {
  return {
    id: answer.id,
    tag: answer.tag_name,
    title: answer.name ?? '',
    body: answer.body ?? '',
    state: answer.draft ? 'draft' : 'published',
    author: answer.author,
    link: answer.html_url,
  };
}

function fileOf({ id, name, size, digest, state }: FileAnswer): ReleaseFile {
  return { id, name, size, digest: digest ?? null, whole: state === 'uploaded' };
}

/** GitHub finds no draft by its tag: the list is read to its end. */
async function find(client: Client, repo: RepoSlug, tag: string): Promise<readonly ForgeRelease[]> {
  const query = { ...placeOf(repo), per_page: 100 };
  const ask = { act: 'read the releases', repo };
  const route = 'GET /repos/{owner}/{repo}/releases';
  const found = new Map<number, ForgeRelease>();
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(ReleaseAnswer))) {
    for (const each of body) if (each.tag_name === tag) found.set(each.id, releaseOf(each));
  }
  return [...found.values()].toSorted((a, b) => a.id - b.id);
}

async function tagAt(client: Client, repo: RepoSlug, tag: string): Promise<ObjectId | null> {
  const ask = { act: `read the tag ${tag}`, repo };
  const route = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
  const query = { ...placeOf(repo), ref: `tags/${tag}` };
  const ref = await client.look(ask, (api) => api.request(route, query), PointerAnswer);
  let at = (await orNull(client, repo, ref))?.object ?? null;
  for (let depth = 0; at?.type === 'tag' && depth < DEEPEST_TAG; depth += 1) {
    const inner = { ...placeOf(repo), tag_sha: at.sha };
    const tagRoute = 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}';
    at = (await client.call(ask, (api) => api.request(tagRoute, inner), PointerAnswer)).object;
  }
  if (at === null || at.type === 'commit') return at?.sha ?? null;
  throw unexpected(ask, `tag ${tag}`, `a ${at.type} instead of a commit`);
}

function readRelease(client: Client, repo: RepoSlug, release: number): Promise<ReleaseAnswer | null> {
  const query = { ...placeOf(repo), release_id: release };
  const route = 'GET /repos/{owner}/{repo}/releases/{release_id}';
  return client.look({ act: `read release ${release}`, repo }, (api) => api.request(route, query), ReleaseAnswer);
}

async function files(client: Client, repo: RepoSlug, release: number): Promise<readonly ReleaseFile[]> {
  const ask = { act: `read the files of release ${release}`, repo };
  const query = { ...placeOf(repo), release_id: release, per_page: 100 };
  const route = 'GET /repos/{owner}/{repo}/releases/{release_id}/assets';
  const found = new Map<number, ReleaseFile>();
  for await (const { body } of client.pages(ask, (api) => api.request(route, query), z.array(FileAnswer))) {
    for (const each of body) found.set(each.id, fileOf(each));
  }
  return [...found.values()].toSorted((a, b) => a.id - b.id);
}

/** GitHub puts dots in the place of what it does not like in a name, and takes dots off its ends. */
function checkName(ask: Ask, { name, size }: ReleaseFileDraft): void {
  if (!/^[\w+-](?:[\w.+-]*[\w+-])?$/.test(name)) {
    const next = 'Use letters, digits, dot, dash, plus and underscore, without a dot at either end.';
    throw new ForgeError('invalid', `${cannot(ask)}: GitHub would give the file another name. ${next}`);
  }
  if (size < SIZE_LIMIT) return;
  throw new ForgeError('invalid', `${cannot(ask)}: it has ${size} bytes, and GitHub takes files under ${SIZE_LIMIT}.`);
}

interface Tools {
  readonly client: Client;
  readonly upload: Uploader;
}

async function attach(
  { client, upload }: Tools,
  repo: RepoSlug,
  release: number,
  file: ReleaseFileDraft,
): Promise<ReleaseFile> {
  const ask = { act: `attach ${file.name} to release ${release}`, repo };
  checkName(ask, file);
  const found = await readRelease(client, repo, release);
  if (found === null) {
    throw new ForgeError('not-found', `${cannot(ask)}: the release is not there. Look for its draft again.`);
  }
  const made = fileOf(await upload(ask, found, file));
  const isIt = made.name === file.name && made.size === file.size && (made.digest ?? file.digest) === file.digest;
  if (made.whole && isIt) return made;
  throw unexpected(ask, 'the upload', `another file than was sent: ${made.name} of ${made.size} bytes`);
}

async function discard(client: Client, repo: RepoSlug, release: number): Promise<void> {
  const ask = { act: `delete the draft ${release}`, repo };
  const found = await orNull(client, repo, await readRelease(client, repo, release));
  if (found === null) return;
  if (!found.draft) {
    const message = `${cannot(ask)}: it was published, and what was published stays: ${found.html_url}`;
    throw new ForgeError('invalid', message);
  }
  const query = { ...placeOf(repo), release_id: release };
  const route = 'DELETE /repos/{owner}/{repo}/releases/{release_id}';
  await client.look(ask, (api) => api.request(route, query), Anything);
}

export function releases(client: Client, upload: Uploader): ForgeReleases {
  return {
    find: (repo, tag) => find(client, repo, tag),
    tagAt: (repo, tag) => tagAt(client, repo, tag),
    draft: async (repo, { tag, commit, title, body }) => {
      const ask = { act: `draft the release of ${tag}`, repo };
      const asked = { tag_name: tag, target_commitish: commit, name: title, body, draft: true, prerelease: false };
      const route = 'POST /repos/{owner}/{repo}/releases';
      const made = await client.call(ask, (api) => api.request(route, { ...placeOf(repo), ...asked }), ReleaseAnswer);
      return releaseOf(made);
    },
    files: (repo, release) => files(client, repo, release),
    attach: (repo, release, file) => attach({ client, upload }, repo, release, file),
    detach: async (repo, file) => {
      const query = { ...placeOf(repo), asset_id: file };
      const route = 'DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}';
      const ask = { act: `take away file ${file} of a release`, repo };
      const gone = await client.look(
        ask,
        (api) => api.request(route, query),
        z.unknown().transform(() => true),
      );
      await orNull(client, repo, gone);
    },
    publish: async (repo, release, { commit, latest }) => {
      const ask = { act: `publish release ${release}`, repo };
      const change = { draft: false, target_commitish: commit, make_latest: latest ? 'true' : 'false' } as const;
      const route = 'PATCH /repos/{owner}/{repo}/releases/{release_id}';
      const query = { ...placeOf(repo), release_id: release, ...change };
      const made = releaseOf(await client.call(ask, (api) => api.request(route, query), ReleaseAnswer));
      if (made.state === 'published') return made;
      throw unexpected(ask, `release ${release}`, 'a draft');
    },
    discard: (repo, release) => discard(client, repo, release),
  };
}
