import { clean } from '@renovatebot/pep440';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { blake2b } from './blake2b.ts';
import { checkAttestations, checkFields, checkFileName, IndexRefusal, type CheckedFields } from './packages-checks.ts';
import { boundaryOf, FormError, readForm } from './packages-form.ts';
import type { Incoming, Keep } from './packages-keep.ts';
import type { Uploader } from './packages-people.ts';
import { normalName, type PackagesState, type PackagesStore } from './packages-state.ts';
import { NoWheelError, readUploadedWheel } from './packages-wheel.ts';

/** How large files and projects may be, in bytes. */
export interface PackageLimits {
  readonly file: number;
  readonly project: number;
  /** Raised ones, by the name of the project. */
  readonly raised: Readonly<Record<string, { readonly file?: number; readonly project?: number }>>;
}

export interface UploadDesk {
  readonly store: PackagesStore;
  readonly keep: Keep;
  readonly limits: PackageLimits;
  /** Every classifier that is known; null takes those of the known groups. */
  readonly classifiers: readonly string[] | null;
  readonly now: () => string;
  readonly help: (anchor: string) => string;
  /** How many pages of its project do not show the next file that is taken. */
  readonly hideNext: () => number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const FIELDS = 8 * MIB;

/** A file that came whole, with its digests. */
interface Came {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly md5: string;
  readonly blake2: string;
  readonly incoming: Incoming;
}

/** Takes an upload of the legacy API, or throws `IndexRefusal`. Nothing of a refused one stays but, as at the real one, its name is free. */
export async function takeUpload(desk: UploadDesk, request: IncomingMessage, uploader: Uploader | null): Promise<void> {
  const most = largestOf(desk.limits);
  const said = Number(request.headers['content-length'] ?? 0);
  // As whoever stands before the real one: what is said to be too long is not read at all.
  if (said > most + FIELDS + MIB) throw new IndexRefusal(413, 'Request Entity Too Large');
  if (uploader === null) {
    const see = `See ${desk.help('invalid-auth')} for more information.`;
    throw new IndexRefusal(403, `Invalid or non-existent authentication information. ${see}`);
  }
  const boundary = boundaryOf(request.headers['content-type']);
  if (boundary === null) throw new IndexRefusal(400, 'Invalid form: it is no multipart/form-data');
  const incoming = await desk.keep.begin();
  let kept = false;
  try {
    const { fields, came } = await read(request, boundary, { incoming, most });
    const checked = checkFields(fields, desk.classifiers, desk.help);
    kept = await takeFile(desk, checked, { came, uploader });
  } finally {
    if (!kept) await incoming.drop();
  }
}

function largestOf({ file, raised }: PackageLimits): number {
  return Math.max(file, ...Object.values(raised).map((each) => each.file ?? 0));
}

async function read(
  request: IncomingMessage,
  boundary: string,
  { incoming, most }: { readonly incoming: Incoming; readonly most: number },
) {
  const [sha256, md5, blake2] = [createHash('sha256'), createHash('md5'), blake2b(32)];
  const sink = {
    write: async (bytes: Uint8Array) => {
      for (const hash of [sha256, md5, blake2]) hash.update(bytes);
      await incoming.write(bytes);
    },
  };
  const limits = { fields: FIELDS, count: 20_000, headers: 16 * 1024, file: most };
  try {
    const { fields, file } = await readForm(stillOpen(request), boundary, { limits, sink });
    const digests = { sha256: sha256.digest('hex'), md5: md5.digest('hex'), blake2: blake2.digest() };
    return { fields, came: file === null ? null : { ...file, ...digests, incoming } };
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    if (error.code === 'too-large')
      throw new IndexRefusal(400, `File too large. Limit is ${Math.floor(most / MIB)} MB.`);
    throw new IndexRefusal(400, `Invalid form: ${error.message}`);
  }
}

/** What comes of a request, which stays open when the reading ends early: the answer still has to go through it. */
async function* stillOpen(request: IncomingMessage): AsyncGenerator<Buffer> {
  const chunks: AsyncIterable<unknown> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) if (Buffer.isBuffer(chunk)) yield chunk;
}

/** Answers whether the bytes were kept: not those of a file that is there already. */
async function takeFile(
  desk: UploadDesk,
  fields: CheckedFields,
  { came, uploader }: { readonly came: Came | null; readonly uploader: Uploader },
): Promise<boolean> {
  const { store, help, limits } = desk;
  const state = store.state();
  requireRight(state, fields, uploader, help);
  if (came === null) throw new IndexRefusal(400, 'Upload payload does not have a file.');
  checkFileName(came.name, fields);
  requireRoom(state, fields, came, { limits, help });
  const { digests } = fields;
  const differs = (['sha256', 'md5', 'blake2'] as const).some(
    (kind) => digests[kind] !== null && digests[kind] !== came[kind],
  );
  if (differs) {
    throw new IndexRefusal(400, 'The digest supplied does not match a digest calculated from the uploaded file.');
  }
  if (isThere(state, fields, came, help)) return false;
  const metadata = await metadataOf(fields, came);
  if (fields.attestations.length > 0) {
    if (uploader.by !== 'publisher') {
      throw new IndexRefusal(400, 'Attestations are only supported when using Trusted Publishing.');
    }
    checkAttestations(fields.attestations, came.name, came.sha256);
  }
  await came.incoming.keep(came.sha256);
  const hiddenFor = desk.hideNext();
  store.change((draft) => {
    addFile(draft, fields, came, { metadata, at: desk.now(), by: uploader, hiddenFor });
  });
  return true;
}

// oxlint-disable-next-line max-params -- what is asked, who asks, and where the help is
function requireRight(
  state: PackagesState,
  { name, normal }: CheckedFields,
  uploader: Uploader,
  help: UploadDesk['help'],
): void {
  const see = `See ${help('project-name')} for more information.`;
  if (uploader.projects !== null && !uploader.projects.includes(normal)) {
    throw new IndexRefusal(403, `Invalid API Token: project-scoped token is not valid for project: '${name}'. ${see}`);
  }
  const project = state.projects.find((each) => each.normal === normal);
  if (project === undefined || uploader.by === 'publisher' || project.owners.includes(uploader.login)) return;
  throw new IndexRefusal(
    403,
    `The user '${uploader.login}' isn't allowed to upload to project '${project.name}'. ${see}`,
  );
}

// oxlint-disable-next-line max-params -- a file, what it is of, and the limits
function requireRoom(
  state: PackagesState,
  { name, normal }: CheckedFields,
  { size }: Came,
  { limits, help }: Pick<UploadDesk, 'limits' | 'help'>,
): void {
  const raised = Object.entries(limits.raised).find(([project]) => normalName(project) === normal)?.[1];
  const [most, whole] = [raised?.file ?? limits.file, raised?.project ?? limits.project];
  if (size > most) {
    const see = `See ${help('file-size-limit')} for more information.`;
    throw new IndexRefusal(400, `File too large. Limit for project '${name}' is ${Math.floor(most / MIB)} MB. ${see}`);
  }
  const sizes = state.files.filter(({ project }) => project === normal).reduce((sum, file) => sum + file.size, 0);
  if (sizes + size > whole) {
    const see = `See ${help('project-size-limit')} for more information.`;
    const limit = Math.floor(whole / GIB);
    throw new IndexRefusal(
      400,
      `Project size too large. Limit for project '${name}' total size is ${limit} GB. ${see}`,
    );
  }
}

/** Whether the very same file is there: taken once more without anything being done. Another one under its name, or it under another name, is refused. */
// oxlint-disable-next-line max-params -- a file, what it is of, and where the help is
function isThere(state: PackagesState, { normal }: CheckedFields, came: Came, help: UploadDesk['help']): boolean {
  const see = `See ${help('file-name-reuse')} for more information.`;
  const there = state.files.find(({ name, blake2 }) => name === came.name || blake2 === came.blake2);
  if (there === undefined) {
    if (!state.used.includes(came.name)) return false;
    throw new IndexRefusal(400, `This filename has already been used, use a different version. ${see}`);
  }
  if (there.name === came.name && there.blake2 === came.blake2 && there.project === normal) return true;
  throw new IndexRefusal(400, `File already exists ('${there.name}', with blake2_256 hash '${there.blake2}'). ${see}`);
}

async function metadataOf(fields: CheckedFields, came: Came): Promise<Buffer | null> {
  if (fields.filetype !== 'bdist_wheel') return null;
  try {
    const { metadata } = await readUploadedWheel(
      (offset, length) => came.incoming.read(offset, length),
      came.size,
      came.name,
    );
    const text = metadata.toString('utf8');
    const [name = '', version = ''] = ['Name', 'Version'].map(
      (field) => new RegExp(`^${field}:[ \\t]*(\\S+)`, 'mu').exec(text)?.[1],
    );
    if (normalName(name) !== fields.normal || clean(version) !== fields.version) {
      throw new IndexRefusal(400, `Wheel '${came.name}' has METADATA of ${name} ${version}`);
    }
    return metadata;
  } catch (error) {
    if (error instanceof NoWheelError) throw new IndexRefusal(400, error.message);
    throw error;
  }
}

interface Taken {
  readonly metadata: Buffer | null;
  readonly at: string;
  readonly by: Uploader;
  readonly hiddenFor: number;
}

// oxlint-disable-next-line max-params -- the state, and what is added to it
function addFile(
  draft: PackagesState,
  fields: CheckedFields,
  came: Came,
  { metadata, at, by, hiddenFor }: Taken,
): void {
  const { name, normal, version, requiresPython, filetype, pyversion } = fields;
  if (!draft.projects.some((each) => each.normal === normal)) draft.projects.push({ name, normal, owners: [by.login] });
  if (!draft.releases.some((each) => each.project === normal && each.version === version)) {
    draft.releases.push({
      project: normal,
      version,
      summary: fields.summary,
      classifiers: [...fields.classifiers],
      requiresDist: [...fields.requiresDist],
      requiresPython,
      yanked: null,
    });
  }
  draft.files.push({
    name: came.name,
    project: normal,
    version,
    filetype,
    pyversion,
    size: came.size,
    sha256: came.sha256,
    md5: came.md5,
    blake2: came.blake2,
    metadata: metadata?.toString('utf8') ?? null,
    metadataSha256: metadata === null ? null : createHash('sha256').update(metadata).digest('hex'),
    requiresPython,
    uploadedAt: at,
    uploadedBy: by.login,
    attestations: [...fields.attestations],
    publisher: by.job,
    hiddenFor,
  });
  draft.used.push(came.name);
}
