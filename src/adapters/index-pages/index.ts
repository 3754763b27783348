import type { PageDigests, PagePlace } from '../../domain/index-page.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { ChannelPlaceRef, IndexPages, PageAnswer, PageWrite } from '../../ports/index-pages.ts';
import {
  applyChange,
  digestsOf,
  explainIndex,
  formOf,
  INDEX_TYPES,
  pageKeys,
  readContent,
  renderContent,
  type PageForms,
} from '../../wheel/simple-index/index.ts';
import { lookAtMetadata, metadataMemory, writeMetadata } from './metadata.ts';
import { lost, readObject, swap, type ReadObject } from './objects.ts';

/** Gives the store of a place of a channel. */
export type StoreOf = (at: ChannelPlaceRef) => Promise<ArtifactStore>;

/** Pages that lie in stores of artifacts, beside the files they list. */
export function storedIndexPages(storeOf: StoreOf): IndexPages {
  const known = metadataMemory();
  return {
    look: async (at, page) => {
      const [html, json] = await readForms(await storeOf(at), page);
      return { html: html?.digest ?? null, json: json?.digest ?? null };
    },
    isMisserved: async (at, page) => {
      const forms = await readForms(await storeOf(at), page);
      return forms.some((found, index) => found !== null && isWrong(found, index === 0 ? 'html' : 'json'));
    },
    write: async (at, write) => writePage(await storeOf(at), write),
    lookMetadata: async (at, wanted) => lookAtMetadata(await storeOf(at), wanted),
    writeMetadata: async (at, file, digests) => writeMetadata(await storeOf(at), file, { ...digests, known }),
  };
}

function readForms(
  store: ArtifactStore,
  page: PagePlace,
): Promise<readonly [html: ReadObject | null, json: ReadObject | null]> {
  const keys = pageKeys(page);
  return Promise.all([readObject(store, keys.html), readObject(store, keys.json)]);
}

const FORMS = ['json', 'html'] as const;

function isWrong({ object }: ReadObject, form: (typeof FORMS)[number]): boolean {
  return formOf(object.contentType ?? '') !== form;
}

async function writePage(store: ArtifactStore, write: PageWrite): Promise<PageAnswer> {
  const { before } = write;
  if (before.html === null && before.json === null) {
    // Nothing was there: the store says with the writing whether something came since, and then it is read.
    const answer = await writeForms(store, write, { html: null, json: null });
    if (answer.written) return answer;
  }
  const [html, json] = await readForms(store, write.page);
  return writeForms(store, write, { html, json });
}

async function writeForms(store: ArtifactStore, write: PageWrite, there: ThereForms): Promise<PageAnswer> {
  const { page, before, after } = write;
  const astray = FORMS.find((form) => {
    const digest = there[form]?.digest ?? null;
    return digest !== before[form] && digest !== after[form];
  });
  const keys = pageKeys(page);
  if (astray !== undefined) return lost(keys[astray]);
  const forms = formsAfter(write, there);
  if (typeof forms === 'string') return { written: false, reason: `${keys.json}: ${forms}` };
  for (const form of FORMS) {
    const found = there[form];
    const isThere = (found?.digest ?? null) === after[form];
    if (isThere && !(write.serves === true && found !== null && isWrong(found, form))) continue;
    const answer = await swap(store, keys[form], { there: there[form], bytes: forms[form], type: INDEX_TYPES[form] });
    if (!answer.written) return answer;
  }
  return { written: true };
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
