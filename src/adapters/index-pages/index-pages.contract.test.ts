import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Digest } from '../../domain/canonical-json.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { IndexPages, PageWrite } from '../../ports/index-pages.ts';
import { objectServer } from '../../testing/ceph.ts';
import { makeWheel } from '../../testing/make-wheel.ts';
import { sha256Of } from '../../testing/memory-store.ts';
import { testBucket } from '../../testing/test-bucket.ts';
import {
  desiredPages,
  editOf,
  readMetadataFile,
  renderContent,
  type ChannelFile,
  type PageContent,
} from '../../wheel/simple-index/index.ts';
import { folderStore } from '../folder/store.ts';
import { s3Store } from '../s3/store.ts';
import { storedIndexPages } from './index.ts';

interface Ground {
  readonly store: ArtifactStore;
  readonly close: () => Promise<void>;
}

const AT = { channel: 'test', place: 0 };
const NOTHING = { html: null, json: null };

function file(version: string): ChannelFile {
  const name = `torch-${version}-py3-none-any.whl`;
  const facts = { size: 7, requiresPython: '>=3.9', metadata: null, yanked: null, uploadedAt: null };
  return { folder: 'cpu', file: { name, digest: sha256Of(name), ...facts } };
}

const PLACE = { folder: 'cpu', project: 'torch' };

/** The page of torch in `cpu` with these versions; null with none. */
function pageOf(versions: readonly string[]): PageContent | null {
  const pages = desiredPages(versions.map(file));
  if (!pages.ok) throw new Error(JSON.stringify(pages.problems));
  return pages.value.find(({ place: { folder, project } }) => folder === 'cpu' && project === 'torch')?.content ?? null;
}

/** From one set of versions to another. */
function write(before: readonly string[], after: readonly string[]): PageWrite {
  const removals = new Set(before.map((version) => file(version).file.name));
  const edit = editOf({
    place: PLACE,
    forms: renderContent(pageOf(before)),
    desired: pageOf(after),
    allowed: { removals, replaces: false },
  });
  if (!edit.ok || edit.value === null) throw new Error('nothing changes');
  return { page: PLACE, ...edit.value };
}

async function metadataDigest(store: ArtifactStore, wheel: StoreKey): Promise<Digest> {
  const read = await readMetadataFile(store.source(wheel));
  if (!read.ok) throw new Error('the wheel has no metadata');
  return read.value.digest;
}

const grounds: readonly (readonly [name: string, open: () => Promise<Ground>])[] = [
  [
    'a folder',
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'signalbox-pages-'));
      return { store: folderStore(root), close: () => rm(root, { recursive: true }) };
    },
  ],
  [
    'an S3 server (Ceph)',
    async () => {
      const { endpoint, ...credentials } = await objectServer();
      const bucket = await testBucket({ endpoint, ...credentials });
      const server = { endpoint, region: 'us-east-1', pathStyle: true, credentials };
      const store = s3Store({ ...server, bucket: bucket.name, prefix: 'whl/test' });
      return {
        store,
        close: async () => {
          store.close();
          bucket.close();
        },
      };
    },
  ],
];

describe.each(grounds)('pages of an index in %s', (_name, open) => {
  let ground: Ground;
  let pages: IndexPages;
  beforeAll(async () => {
    ground = await open();
    pages = storedIndexPages(async () => ground.store);
  });
  afterAll(() => ground.close());

  it('are made, changed and taken away, each time from the bytes that were planned', async () => {
    const [first, second] = [write([], ['2.8.0']), write(['2.8.0'], ['2.8.0', '2.8.1'])];
    expect(await pages.look(AT, first.page)).toEqual(NOTHING);
    expect(await pages.write(AT, first)).toEqual({ written: true });
    expect(await pages.look(AT, first.page)).toEqual(first.after);
    expect(await pages.write(AT, second)).toEqual({ written: true });
    const object = await ground.store.look(StoreKey.parse('cpu/torch/index.json'));
    expect(object).toMatchObject({ contentType: 'application/vnd.pypi.simple.v1+json', cacheControl: 'no-cache' });
    const last = write(['2.8.0', '2.8.1'], []);
    expect(await pages.write(AT, last)).toEqual({ written: true });
    expect(await pages.look(AT, first.page)).toEqual(NOTHING);
  });

  it('are left alone when they are not what was planned on', async () => {
    await pages.write(AT, write([], ['2.8.0']));
    expect(await pages.write(AT, write(['2.7.0'], ['2.7.0', '2.8.0']))).toMatchObject({ written: false });
    expect(await pages.look(AT, PLACE)).toEqual(write([], ['2.8.0']).after);
  });

  it('are finished when one form was written before a kill, and not written again when both were', async () => {
    const change = write(['2.8.0'], ['2.8.0', '2.9.0']);
    await pages.write(AT, change);
    const before = await ground.store.look(StoreKey.parse('cpu/torch/index.json'));
    const html = StoreKey.parse('cpu/torch/index.html');
    const old = renderContent(pageOf(['2.8.0'])).html ?? new Uint8Array();
    const served = { contentType: 'text/html', cacheControl: null };
    await ground.store.put(html, { bytes: old }, { sha256: sha256Of(old), served, onlyIf: null });
    expect(await pages.look(AT, change.page)).toEqual({ html: change.before.html, json: change.after.json });
    expect(await pages.write(AT, change)).toEqual({ written: true });
    expect(await pages.look(AT, change.page)).toEqual(change.after);
    expect(await ground.store.look(StoreKey.parse('cpu/torch/index.json'))).toEqual(before);
  });

  it('are written again with the same bytes where they are served under a wrong type, and only then', async () => {
    const { after } = write([], ['2.9.1']);
    const at = { folder: 'cpu', project: 'torch' };
    const key = StoreKey.parse('cpu/torch/index.json');
    const forms = renderContent(pageOf(['2.9.1']));
    for (const [form, contentType] of [
      ['html', 'text/html; charset=utf-8'],
      ['json', 'binary/octet-stream'],
    ] as const) {
      const bytes = forms[form] ?? new Uint8Array();
      const served = { contentType, cacheControl: null };
      const draft = { sha256: sha256Of(bytes), served, onlyIf: null };
      await ground.store.put(StoreKey.parse(`cpu/torch/index.${form}`), { bytes }, draft);
    }
    const html = await ground.store.look(StoreKey.parse('cpu/torch/index.html'));
    const same: PageWrite = { page: at, before: after, after, change: { of: 'project', add: [], remove: [] } };
    expect(await pages.isMisserved(AT, at)).toBe(true);
    expect(await pages.write(AT, same)).toEqual({ written: true });
    expect(await pages.isMisserved(AT, at)).toBe(true);
    expect(await pages.write(AT, { ...same, serves: true })).toEqual({ written: true });
    expect(await pages.isMisserved(AT, at)).toBe(false);
    expect(await pages.look(AT, at)).toEqual(after);
    expect(await ground.store.look(key)).toMatchObject({ contentType: 'application/vnd.pypi.simple.v1+json' });
    expect(await ground.store.look(StoreKey.parse('cpu/torch/index.html'))).toEqual(html);
    expect(await pages.write(AT, write(['2.9.1'], []))).toEqual({ written: true });
    expect(await pages.isMisserved(AT, at)).toBe(false);
  });

  it('have metadata files beside the wheels, taken out of them', async () => {
    const { fileName: wheel, bytes } = makeWheel({ name: 'torch', version: '2.8.0', requiresPython: '>=3.9' });
    const key = StoreKey.parse(`cpu/${wheel}`);
    const served = { contentType: 'application/zip', cacheControl: null };
    await ground.store.put(key, { bytes }, { sha256: sha256Of(bytes), served, onlyIf: null });
    const at = { folder: 'cpu', wheel };
    const wrong = Digest.parse(`sha256:${'0'.repeat(64)}`);
    expect(await pages.writeMetadata(AT, at, { before: null, after: wrong })).toMatchObject({ written: false });
    const look = () => pages.lookMetadata(AT, { folder: 'cpu', wheels: [wheel, 'torch-2.9.0-py3-none-any.whl'] });
    const absent = ['torch-2.9.0-py3-none-any.whl', null] as const;
    expect(await look()).toEqual(new Map([[wheel, null], absent]));
    const found = await metadataDigest(ground.store, key);
    expect(await pages.writeMetadata(AT, at, { before: null, after: found })).toEqual({ written: true });
    expect(await look()).toEqual(new Map([[wheel, found], absent]));
    const beside = StoreKey.parse(`${key}.metadata`);
    const written = await ground.store.look(beside);
    expect(await pages.writeMetadata(AT, at, { before: null, after: found })).toEqual({ written: true });
    expect(await ground.store.look(beside)).toEqual(written);
    const other = Buffer.from('of somebody else');
    const plain = { contentType: 'text/plain', cacheControl: null };
    await ground.store.put(beside, { bytes: other }, { sha256: sha256Of(other), served: plain, onlyIf: null });
    expect(await pages.writeMetadata(AT, at, { before: null, after: found })).toMatchObject({ written: false });
    expect(await look()).toEqual(new Map([[wheel, sha256Of(other)], absent]));
    expect(await pages.writeMetadata(AT, at, { before: sha256Of(other), after: found })).toEqual({ written: true });
    expect(await look()).toEqual(new Map([[wheel, found], absent]));
  });
});
