import type { ByteSource } from '../../domain/byte-source.ts';
import { normalizeName } from '../../domain/package-name.ts';
import { Pep440Version } from '../../domain/pep440.ts';
import { StoreKey } from '../../domain/store-key.ts';
import type { FileRef } from '../../ports/artifact-files.ts';
import type { ChannelPlaceRef } from '../../ports/index-pages.ts';
import type { PackageFiles, PackageVersion, PublishedFile, UploadAnswer } from '../../ports/package-files.ts';
import { PackageIndexError, type PackageIndex } from '../../ports/package-index.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { versionIn } from '../../wheel/simple-index/index.ts';
import { memoryAnswerCache } from '../http/answer-cache.ts';
import { systemDocumentTools, type DocumentTools } from '../http/document.ts';
import { addressesOf, isPrivate, managePage } from './addresses.ts';
import { ATTESTATION, attestationField } from './attestation.ts';
import { authorizing, type Authorization, type IndexCredentials } from './credentials.ts';
import { formFields, type FormField, type WheelUpload } from './fields.ts';
import { pypiIndex } from './index.ts';
import { uploadWheel } from './upload.ts';

/** A package index that a train's channel names. */
export interface IndexPlace {
  /** As `pypiIndex` takes it. */
  readonly address: string;
  /** Where files are uploaded to; null where nothing says it. */
  readonly upload: string | null;
  readonly credentials: IndexCredentials | null;
  /** How to give what is null, for people. */
  readonly howToGive: { readonly upload: string; readonly credentials: string };
}

export interface PypiFilesOptions {
  readonly placeOf: (at: ChannelPlaceRef) => Promise<IndexPlace>;
  /** The bytes of a file of a channel. */
  readonly sourceOf: (from: FileRef) => Promise<ByteSource>;
  readonly tools?: DocumentTools;
}

/** Waits before an accepted file that is not listed is looked for again. */
const PATIENCE = [1000, 2000, 4000, 8000];

/** Package indexes over the legacy API for uploads, and the simple and JSON APIs for what came of them. */
export function pypiFiles({ placeOf, sourceOf, tools = systemDocumentTools }: PypiFilesOptions): PackageFiles {
  // Asked again each time; what has not changed is not sent again: a large project's list is looked at before and after each of its files.
  const fresh = { ...tools, cache: memoryAnswerCache() };
  const authorizations = new Map<string, () => Promise<Authorization>>();
  /** Files that were accepted through here, and not yet seen listed. */
  const awaited = new Set<string>();
  const authorizationOf = (at: ChannelPlaceRef, place: IndexPlace, credentials: IndexCredentials) => {
    const key = `${at.channel}#${at.place}`;
    const known = authorizations.get(key) ?? authorizing(addressesOf(place.address), credentials, fresh);
    authorizations.set(key, known);
    return known;
  };
  const look = async (at: ChannelPlaceRef, of: PackageVersion): Promise<readonly PublishedFile[]> => {
    const index = pypiIndex({ address: (await placeOf(at)).address, tools: fresh, past: 'every-cache' });
    return filesOf(index, of);
  };
  return {
    missing: async (at) => missingIn(await placeOf(at)),
    async look(at, of) {
      let files = await look(at, of);
      for (const wait of PATIENCE) {
        for (const { name, listed } of files) if (listed) awaited.delete(fileKey(at, of, name));
        if (![...awaited].some((key) => key.startsWith(fileKey(at, of, '')))) break;
        await fresh.http.timers.sleep(wait);
        files = await look(at, of);
      }
      // Whoever asks again later is told at once: it was waited for.
      for (const key of awaited) if (key.startsWith(fileKey(at, of, ''))) awaited.delete(key);
      return files;
    },
    async upload(at, of, file) {
      const place = await placeOf(at);
      const missing = missingIn(place);
      if (missing !== null || place.upload === null || place.credentials === null) {
        return { accepted: false, reason: missing ?? 'there is nothing to upload with' };
      }
      const { from, ...facts } = file;
      const upload: WheelUpload = { ...facts, of, source: await sourceOf(from) };
      const fields = await fieldsOf(upload, await besideIt(sourceOf, from));
      if (typeof fields === 'string') return { accepted: false, reason: fields };
      const answer = await uploadWheel(upload, fields, {
        address: new URL(place.upload),
        authorize: authorizationOf(at, place, place.credentials),
        seen: async () => whatIsThere(await look(at, of), upload),
        tools: fresh,
      });
      if (answer.accepted) awaited.add(fileKey(at, of, file.name));
      return answer;
    },
    async yank(at, of, reason) {
      const files = await look(at, of);
      if (files.length > 0 && files.every(({ yanked }) => yanked !== null)) return { accepted: true };
      return byAPerson(managePage(addressesOf((await placeOf(at)).address), of.project, of.version), of, reason);
    },
  };
}

function fileKey({ channel, place }: ChannelPlaceRef, of: PackageVersion, name: string): string {
  return `${channel}#${place} ${normalizeName(of.project)} ${of.version} ${name}`;
}

function missingIn({ upload, credentials, howToGive }: IndexPlace): string | null {
  if (upload === null) return `it is not said where files are uploaded to. ${howToGive.upload}`;
  if (!URL.canParse(upload) || !isPrivate(new URL(upload))) {
    return `${upload} is no address that a token may be sent to: it has to begin with https://. ${howToGive.upload}`;
  }
  return credentials === null ? `there is no token to upload with. ${howToGive.credentials}` : null;
}

async function besideIt(sourceOf: PypiFilesOptions['sourceOf'], from: FileRef): Promise<ByteSource | null> {
  const key = StoreKey.safeParse(`${from.key}${ATTESTATION}`);
  return key.success ? sourceOf({ ...from, key: key.data }) : null;
}

async function fieldsOf(upload: WheelUpload, beside: ByteSource | null): Promise<readonly FormField[] | string> {
  const fields = await formFields(upload);
  if (!fields.ok) return fields.problems[0];
  if (beside === null) return fields.value;
  const attestation = await attestationField(beside);
  if (!attestation.ok) return attestation.problems[0];
  return attestation.value === null ? fields.value : [...fields.value, ['attestations', attestation.value]];
}

function whatIsThere(files: readonly PublishedFile[], upload: WheelUpload): 'planned' | 'other' | 'none' {
  const found = files.find(({ name }) => name === upload.name);
  if (found === undefined) return 'none';
  return found.digest === upload.digest ? 'planned' : 'other';
}

/** The index has no interface for it: a person does it on the page of the release. */
function byAPerson(page: string, { project, version }: PackageVersion, reason: string): UploadAnswer {
  return {
    accepted: false,
    reason: `the index lets only a person yank: open ${page} as an owner of ${project}, choose Options, Yank, give the reason “${reason}”, and type ${version} to confirm. Apply again afterwards`,
  };
}

/** What both APIs tell of a version: the list that installers read, and the index's own record, which may be ahead of it. */
async function filesOf(index: PackageIndex, { project, version }: PackageVersion): Promise<readonly PublishedFile[]> {
  const [page, release] = await Promise.all([index.project(project), index.release(project, version)]);
  const wanted = Pep440Version.safeParse(version);
  const listed = (page?.files ?? []).filter(({ name }) => wanted.success && versionIn(name) === wanted.data);
  const recorded = new Map((release?.files ?? []).map((file) => [file.name, file]));
  const both = listed.map((file) => {
    const record = recorded.get(file.name);
    recorded.delete(file.name);
    return merged(index, file, record);
  });
  return [...both, ...[...recorded.values()].map((file) => published(file, false))];
}

function merged(index: PackageIndex, file: IndexFile, record: IndexFile | undefined): PublishedFile {
  const told = published(file, true);
  if (record === undefined) return told;
  if (file.digest !== null && record.digest !== null && file.digest !== record.digest) {
    throw new PackageIndexError(
      'unexpected-answer',
      `${index.name} lists ${file.name} with ${file.digest}, and has it recorded with ${record.digest}. Look again later`,
    );
  }
  return {
    ...told,
    size: file.size ?? record.size,
    digest: file.digest ?? record.digest,
    uploadedAt: file.uploadedAt ?? record.uploadedAt,
    // Either may be a little behind; whoever asks wants to know of a yank rather than not.
    yanked: file.yanked ?? record.yanked,
  };
}

function published({ name, size, digest, uploadedAt, yanked }: IndexFile, listed: boolean): PublishedFile {
  return { name, size, digest, uploadedAt, yanked, listed };
}
