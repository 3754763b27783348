import type { Digest } from '../../domain/canonical-json.ts';
import type { PageDigests, PagePlace } from '../../domain/index-page.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { ArtifactStoreError, type ArtifactStore, type StoredObject } from '../../ports/artifact-store.ts';
import type { ChannelPlaceRef, IndexPages, PageAnswer, PageWrite } from '../../ports/index-pages.ts';
import {
  applyChange,
  digestsOf,
  explainIndex,
  explainMetadataFile,
  fileKey,
  INDEX_TYPES,
  metadataKey,
  pageKeys,
  readContent,
  readMetadataFile,
  renderContent,
  type PageForms,
} from '../../wheel/simple-index/index.ts';

/** Read at once from the end of a page: all of the largest that is ever written. */
const PAGE_TAIL = 33 * 1024 * 1024;

/** Whoever keeps a page asks first whether it is still the same. */
const CACHE_CONTROL = 'no-cache';

/** Gives the store of a place of a channel. */
export type StoreOf = (at: ChannelPlaceRef) => Promise<ArtifactStore>;

/** Pages that lie in stores of artifacts, beside the files they list. */
export function storedIndexPages(storeOf: StoreOf): IndexPages {
  return {
    look: async (at, page) => {
      const [html, json] = await readForms(await storeOf(at), page);
      return { html: html?.digest ?? null, json: json?.digest ?? null };
    },
    write: async (at, write) => writePage(await storeOf(at), write),
    lookMetadata: async (at, { folder, wheel }) =>
      (await readObject(await storeOf(at), metadataKey(folder, wheel)))?.digest ?? null,
    writeMetadata: async (at, { folder, wheel }, { before, after }) => {
      const store = await storeOf(at);
      const key = metadataKey(folder, wheel);
      const read = await readMetadataFile(store.source(StoreKey.parse(fileKey(folder, wheel))));
      if (!read.ok) return { written: false, reason: explainMetadataFile(read.problems[0]) };
      const { bytes, digest } = read.value;
      if (digest !== after) {
        return { written: false, reason: `${wheel} has other metadata than when this was planned; plan again` };
      }
      const there = await readObject(store, key);
      if ((there?.digest ?? null) !== before) return { written: false, reason: `${key} was written since; plan again` };
      return swap(store, key, { there, bytes, type: 'text/plain; charset=utf-8' });
    },
  };
}

/** An object with its bytes, of one state. */
interface ReadObject {
  readonly object: StoredObject;
  readonly bytes: Uint8Array;
  /** Of the bytes, whatever is recorded. */
  readonly digest: Digest;
}

async function readObject(store: ArtifactStore, key: string): Promise<ReadObject | null> {
  const object = await store.look(StoreKey.parse(key));
  if (object === null) return null;
  const { bytes } = await store.source(object.key, object.etag).tail(PAGE_TAIL);
  return { object, bytes, digest: digestOf(bytes) };
}

function digestOf(bytes: Uint8Array): Digest {
  const digest = runningDigest();
  digest.add(bytes);
  return digest.digest();
}

function readForms(
  store: ArtifactStore,
  page: PagePlace,
): Promise<readonly [html: ReadObject | null, json: ReadObject | null]> {
  const keys = pageKeys(page);
  return Promise.all([readObject(store, keys.html), readObject(store, keys.json)]);
}

const FORMS = ['json', 'html'] as const;

async function writePage(store: ArtifactStore, write: PageWrite): Promise<PageAnswer> {
  const { page, before, after } = write;
  const [html, json] = await readForms(store, page);
  const there = { html, json };
  const astray = FORMS.find((form) => {
    const digest = there[form]?.digest ?? null;
    return digest !== before[form] && digest !== after[form];
  });
  const keys = pageKeys(page);
  if (astray !== undefined) return lost(keys[astray]);
  const forms = formsAfter(write, there);
  if (typeof forms === 'string') return { written: false, reason: `${keys.json}: ${forms}` };
  for (const form of FORMS) {
    if ((there[form]?.digest ?? null) === after[form]) continue;
    const answer = await swap(store, keys[form], { there: there[form], bytes: forms[form], type: INDEX_TYPES[form] });
    if (!answer.written) return answer;
  }
  return { written: true };
}

function lost(key: string): PageAnswer {
  return {
    written: false,
    reason: `${key} was written by somebody else since this was planned; plan again, and the difference is shown`,
  };
}

/** The bytes that the forms are to have; a text where they cannot be made as planned. */
function formsAfter({ page, before, after, change }: PageWrite, there: ThereForms): PageForms | string {
  if (after.html === null && after.json === null) return { html: null, json: null };
  // One form may have been written before a kill: what it says is what the other one is to say.
  const written = FORMS.find((form) => after[form] !== before[form] && there[form]?.digest === after[form]);
  const base = readContent(
    page,
    written === undefined ? bytesOf(there) : { html: null, json: null, [written]: there[written]?.bytes ?? null },
  );
  if (!base.ok) return explainIndex(base.problems[0]);
  const content = written === undefined ? applyChange(page, base.value, change) : base;
  if (!content.ok) return explainIndex(content.problems[0]);
  const forms = renderContent(content.value);
  return isAsPlanned(digestsOf(forms), after)
    ? forms
    : 'it would not come out as planned: another version of Signalbox planned it. Plan again.';
}

type ThereForms = Readonly<Record<(typeof FORMS)[number], ReadObject | null>>;

function bytesOf({ html, json }: ThereForms): PageForms {
  return { html: html?.bytes ?? null, json: json?.bytes ?? null };
}

function isAsPlanned(found: PageDigests, planned: PageDigests): boolean {
  return found.html === planned.html && found.json === planned.json;
}

interface Swap {
  readonly there: ReadObject | null;
  /** Null: it is to go. */
  readonly bytes: Uint8Array | null;
  readonly type: string;
}

/** Writes over what was read, and nothing else, and reads it back. */
async function swap(store: ArtifactStore, key: string, { there, bytes, type }: Swap): Promise<PageAnswer> {
  const name = StoreKey.parse(key);
  try {
    if (bytes === null) {
      if (there !== null) await store.remove(name, { etag: there.object.etag });
      return { written: true };
    }
    const onlyIf = there === null ? 'absent' : { etag: there.object.etag };
    const served = { contentType: type, cacheControl: CACHE_CONTROL };
    await store.put(name, { bytes }, { sha256: digestOf(bytes), served, onlyIf });
  } catch (error) {
    if (error instanceof ArtifactStoreError && ['exists', 'changed', 'missing'].includes(error.code)) return lost(key);
    throw error;
  }
  const back = await readObject(store, key);
  return back?.digest === digestOf(bytes) ? { written: true } : lost(key);
}
