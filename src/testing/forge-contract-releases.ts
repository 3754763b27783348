import { expect } from 'vitest';
import { ByteSourceError, type ByteSource } from '../domain/byte-source.ts';
import { runningDigest } from '../domain/sha256.ts';
import type { ReleaseFileDraft } from '../ports/forge.ts';
import type { ForgeGround } from './forge-ground.ts';
import { memorySource } from './memory-source.ts';

type Keep = (sentence: string, test: (ground: ForgeGround) => Promise<void>) => void;

const TAG = 'v2.8.0';
const BYTES = Buffer.from('a wheel\n'.repeat(1000));

/** The code of the failure, or what came instead. */
async function codeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ instead: value }),
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

function fileOf(name: string, bytes: Uint8Array = BYTES): ReleaseFileDraft {
  const running = runningDigest();
  running.add(bytes);
  return { name, size: bytes.length, digest: running.digest(), bytes: memorySource(bytes, name) };
}

async function draftOf({ forge, repo, topic }: ForgeGround, body = 'What is new'): Promise<number> {
  return (await forge.releases.draft(repo, { tag: TAG, commit: topic, title: 'torch 2.8.0', body })).id;
}

/** What every forge promises about releases. */
export function releasePromises(keep: Keep): void {
  draftPromises(keep);
  filePromises(keep);
  publishPromises(keep);
}

function draftPromises(keep: Keep): void {
  keep('finds a draft by its tag, which need not exist', async ({ forge, repo, topic, me }) => {
    expect(await forge.releases.find(repo, TAG)).toEqual([]);
    const body = '<!-- signalbox:release v2.8.0 -->\nWhat is new';
    const made = await forge.releases.draft(repo, { tag: TAG, commit: topic, title: 'torch 2.8.0', body });
    expect(made).toMatchObject({ tag: TAG, title: 'torch 2.8.0', body, state: 'draft', author: me });
    expect(await forge.releases.find(repo, TAG)).toEqual([made]);
    expect(await forge.releases.find(repo, 'v2.8')).toEqual([]);
    expect(await forge.releases.tagAt(repo, TAG)).toBeNull();
  });
  keep('tells all drafts of one tag, oldest first, whoever made them', async (ground) => {
    const { forge, repo } = ground;
    const first = await ground.draftAs('ci-bot', { tag: TAG, body: 'by hand' });
    const second = await draftOf(ground);
    await draftOf(ground, 'again');
    const found = await forge.releases.find(repo, TAG);
    expect(found.slice(0, 2).map(({ id, author }) => ({ id, author }))).toEqual([
      { id: first, author: 'ci-bot' },
      { id: second, author: ground.me },
    ]);
    expect(found.length).toBe(3);
  });
  keep('deletes a draft once or twice', async (ground) => {
    const { forge, repo } = ground;
    const id = await draftOf(ground);
    await forge.releases.discard(repo, id);
    await forge.releases.discard(repo, id);
    expect(await forge.releases.find(repo, TAG)).toEqual([]);
  });
  keep('tells the commit of a tag, annotated or not', async (ground) => {
    const { forge, repo, topic } = ground;
    await ground.tag('v1.0.0', topic, 'light');
    await ground.tag('v1.0.1', topic, 'annotated');
    expect(await forge.releases.tagAt(repo, 'v1.0.0')).toBe(topic);
    expect(await forge.releases.tagAt(repo, 'v1.0.1')).toBe(topic);
    expect(await forge.releases.tagAt(repo, 'v1.0')).toBeNull();
  });
  keep('says of releases in a repository that is gone that it is', async ({ forge, gone, topic }) => {
    const draft = { tag: TAG, commit: topic, title: 't', body: '' };
    const { releases } = forge;
    const calls = [
      releases.find(gone, TAG),
      releases.tagAt(gone, TAG),
      releases.draft(gone, draft),
      releases.files(gone, 1),
      releases.discard(gone, 1),
      releases.detach(gone, 1),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'not-found'));
  });
}

/** Breaks off after its first pieces, once the forge knows of the file. */
function breakingOff({ forge, repo }: ForgeGround, release: number): ByteSource {
  return {
    ...memorySource(BYTES),
    stream: async function* stream() {
      yield BYTES.subarray(0, 1000);
      yield BYTES.subarray(1000, 2000);
      for (let looks = 0; looks < 200; looks += 1) {
        if ((await forge.releases.files(repo, release)).length > 0) break;
      }
      throw new ByteSourceError('unreachable', 'the store went away');
    },
  };
}

function filePromises(keep: Keep): void {
  keep('attaches files to a draft and takes them away, once or twice', async (ground) => {
    const { forge, repo } = ground;
    const id = await draftOf(ground);
    expect(await forge.releases.files(repo, id)).toEqual([]);
    const name = 'torch-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl';
    const made = await forge.releases.attach(repo, id, fileOf(name));
    expect(made).toMatchObject({ name, size: BYTES.length, whole: true });
    expect(await forge.releases.files(repo, id)).toEqual([made]);
    await forge.releases.detach(repo, made.id);
    await forge.releases.detach(repo, made.id);
    expect(await forge.releases.files(repo, id)).toEqual([]);
  });
  keep('tells the digest of what it has', async (ground) => {
    const { forge, repo } = ground;
    const id = await draftOf(ground);
    const file = fileOf('SHA256SUMS');
    await forge.releases.attach(repo, id, file);
    expect(await forge.releases.files(repo, id)).toMatchObject([{ name: 'SHA256SUMS', digest: file.digest }]);
  });
  keep('attaches no file under a name that is taken', async (ground) => {
    const { forge, repo } = ground;
    const id = await draftOf(ground);
    const made = await forge.releases.attach(repo, id, fileOf('a.whl'));
    expect(await codeOf(forge.releases.attach(repo, id, fileOf('a.whl', Buffer.from('other'))))).toBe('invalid');
    expect(await forge.releases.files(repo, id)).toEqual([made]);
  });
  keep('attaches no file under a name that it would change', async (ground) => {
    const { forge, repo } = ground;
    const id = await draftOf(ground);
    for (const name of ['a b.whl', '../a.whl', '.hidden', 'a.', 'ü.whl', '']) {
      expect(await codeOf(forge.releases.attach(repo, id, fileOf(name)))).toBe('invalid');
    }
    expect(await forge.releases.files(repo, id)).toEqual([]);
  });
  keep('never has bytes whole that are not the planned ones', async (ground) => {
    const { forge, repo } = ground;
    const id = await draftOf(ground);
    const bytes = memorySource(Buffer.from(BYTES).fill('x', 7990));
    expect(await codeOf(forge.releases.attach(repo, id, { ...fileOf('a.whl'), bytes }))).toBe('changed');
    expect((await forge.releases.files(repo, id)).filter(({ whole }) => whole)).toEqual([]);
  });
  keep('shows a file whose upload broke off as not whole, and takes it anew once that is away', async (ground) => {
    const { forge, repo } = ground;
    const id = await draftOf(ground);
    const broken = { ...fileOf('a.whl'), bytes: breakingOff(ground, id) };
    expect(await codeOf(forge.releases.attach(repo, id, broken))).toBe('unreachable');
    const [partial] = await forge.releases.files(repo, id);
    expect(partial).toMatchObject({ name: 'a.whl', whole: false });
    expect(await codeOf(forge.releases.attach(repo, id, fileOf('a.whl')))).toBe('invalid');
    await forge.releases.detach(repo, partial?.id ?? 0);
    expect(await forge.releases.attach(repo, id, fileOf('a.whl'))).toMatchObject({ whole: true });
  });
  keep('attaches nothing to a release that is not there', async ({ forge, repo }) => {
    expect(await codeOf(forge.releases.attach(repo, 4711, fileOf('a.whl')))).toBe('not-found');
  });
}

function publishPromises(keep: Keep): void {
  keep('publishes a draft once or twice, with its files', async (ground) => {
    const { forge, repo, topic } = ground;
    await ground.tag(TAG, topic, 'annotated');
    const id = await draftOf(ground);
    const file = await forge.releases.attach(repo, id, fileOf('a.whl'));
    const published = await forge.releases.publish(repo, id, { commit: topic, latest: true });
    expect(published).toMatchObject({ id, tag: TAG, state: 'published' });
    expect(await forge.releases.publish(repo, id, { commit: topic, latest: true })).toEqual(published);
    expect(await forge.releases.find(repo, TAG)).toEqual([published]);
    expect(await forge.releases.files(repo, id)).toEqual([file]);
    expect(await forge.releases.tagAt(repo, TAG)).toBe(topic);
  });
  keep('deletes no release that was published', async (ground) => {
    const { forge, repo, topic } = ground;
    const id = await draftOf(ground);
    await forge.releases.publish(repo, id, { commit: topic, latest: false });
    expect(await codeOf(forge.releases.discard(repo, id))).toBe('invalid');
    expect(await forge.releases.find(repo, TAG)).toMatchObject([{ id, state: 'published' }]);
  });
  keep('publishes one release of a tag only', async (ground) => {
    const { forge, repo, topic } = ground;
    const [first, second] = [await draftOf(ground), await draftOf(ground)];
    await forge.releases.publish(repo, first, { commit: topic, latest: false });
    expect(await codeOf(forge.releases.publish(repo, second, { commit: topic, latest: false }))).toBe('invalid');
  });
  keep('makes the tag where the release says, if it is published without one', async (ground) => {
    const { forge, repo, topic } = ground;
    const id = await draftOf(ground);
    await forge.releases.publish(repo, id, { commit: topic, latest: false });
    expect(await forge.releases.tagAt(repo, TAG)).toBe(topic);
  });
}
