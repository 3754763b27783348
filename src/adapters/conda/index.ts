import { z } from 'zod';
import { Digest } from '../../domain/canonical-json.ts';
import { instantOf, type Instant } from '../../domain/instant.ts';
import { CondaChannelError, type CondaChannel, type CondaFile, type CondaSubdir } from '../../ports/conda-channel.ts';
import { httpSource } from '../http/byte-source.ts';
import { httpDocument, systemDocumentTools, type DocumentTools, type HttpDocument } from '../http/document.ts';
import { reading } from '../http/read-failure.ts';
import { Repodata, RepodataEntry } from './schema.ts';

const MEBIBYTE = 1024 * 1024;
/** The channels of one project have some 20 MB; those with everything in them some 300. */
const LARGEST = 512 * MEBIBYTE;
const MOST_STRANGE = 100;
const SECOND = 1000;
/** A timestamp below this is in seconds, as the first ones were. */
const FIRST_MILLIS = 100_000_000_000;

export interface CondaOptions {
  /** Where the channel begins; the folders of the platforms lie below. */
  readonly address: string;
  readonly tools?: DocumentTools;
}

/** A conda channel over HTTP, by its `repodata.json`. */
export function condaChannel({ address, tools = systemDocumentTools }: CondaOptions): CondaChannel {
  const root = new URL(address.endsWith('/') ? address : `${address}/`);
  return {
    name: root.href,
    subdir: async (subdir) => {
      if (!/^[a-z0-9]+(?:-[a-z0-9_]+)?$/.test(subdir)) {
        throw new CondaChannelError(
          'invalid',
          `“${subdir.slice(0, 80)}” is no platform of conda: write linux-64, noarch`,
        );
      }
      const url = new URL(`${subdir}/repodata.json`, root);
      const document = await read(() => httpDocument({ url, accept: 'application/json', most: LARGEST }, tools));
      return document === null ? null : subdirIn(document, subdir);
    },
    source: ({ url }) => {
      if (!/^https?:/.test(url) || !URL.canParse(url))
        throw new CondaChannelError('invalid', `${url} is no address of a file`);
      return httpSource(new URL(url), { http: tools.http, now: tools.now });
    },
  };
}

function read<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  return reading(work, (code, why, cause) => new CondaChannelError(code, `cannot read the channel: ${why}`, cause));
}

function wrong({ url }: HttpDocument, what: string, cause?: unknown): CondaChannelError {
  return new CondaChannelError('unexpected-answer', `${url.href} ${what}`, cause === undefined ? undefined : { cause });
}

function repodataIn(document: HttpDocument): Repodata {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(document.bytes));
  } catch (error) {
    throw wrong(document, 'is not JSON in UTF-8', error);
  }
  const repodata = Repodata.safeParse(json);
  if (!repodata.success) throw wrong(document, `is no repodata: ${z.prettifyError(repodata.error).slice(0, 300)}`);
  return repodata.data;
}

function subdirIn(document: HttpDocument, subdir: string): CondaSubdir {
  const repodata = repodataIn(document);
  const said = repodata.info.subdir;
  if (said !== undefined && said !== subdir) throw wrong(document, `is of ${said.slice(0, 80)}, not of ${subdir}`);
  const base = baseOf(document, repodata);
  const files: CondaFile[] = [];
  const strange: string[] = [];
  const entries = [...Object.entries(repodata.packages), ...Object.entries(repodata['packages.conda'])];
  for (const [fileName, given] of entries) {
    const entry = RepodataEntry.safeParse(given);
    if (isFileName(fileName) && entry.success) files.push(fileOf(entry.data, { fileName, subdir, base }));
    else if (strange.length < MOST_STRANGE) strange.push(complaint(fileName, entry.error));
  }
  return { files: files.toSorted(byName), removed: repodata.removed.filter(isFileName), strange };
}

/** Where its files lie: beside it, unless it says otherwise. */
function baseOf({ url }: HttpDocument, { info: { base_url: said } }: Repodata): URL {
  if (said === undefined) return url;
  const text = said.endsWith('/') ? said : `${said}/`;
  if (!URL.canParse(text, url.href))
    throw new CondaChannelError('unexpected-answer', `${url.href} says that its files lie at no address`);
  return new URL(text, url);
}

function isFileName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._+!-]{0,250}\.(?:tar\.bz2|conda)$/.test(name);
}

function complaint(fileName: string, error: z.ZodError | undefined): string {
  const name = JSON.stringify(fileName.slice(0, 80));
  const [issue] = error?.issues ?? [];
  return issue === undefined
    ? `${name} is no name of a package file`
    : `${name}: ${issue.path.join('.')}: ${issue.message}`;
}

function byName(left: CondaFile, right: CondaFile): number {
  if (left.fileName === right.fileName) return 0;
  return left.fileName < right.fileName ? -1 : 1;
}

interface Place {
  readonly fileName: string;
  readonly subdir: string;
  readonly base: URL;
}

function fileOf(entry: RepodataEntry, { fileName, subdir, base }: Place): CondaFile {
  const sha256 = Digest.safeParse(`sha256:${entry.sha256?.toLowerCase() ?? ''}`);
  const md5 = entry.md5?.toLowerCase() ?? '';
  return {
    subdir,
    fileName,
    url: new URL(encodeURIComponent(fileName), base).href,
    name: entry.name,
    version: entry.version,
    build: entry.build,
    buildNumber: entry.build_number,
    depends: entry.depends,
    size: entry.size ?? null,
    sha256: sha256.success ? sha256.data : null,
    md5: /^[0-9a-f]{32}$/.test(md5) ? md5 : null,
    builtAt: momentOf(entry.timestamp ?? null),
  };
}

function momentOf(timestamp: number | null): Instant | null {
  if (timestamp === null) return null;
  const millis = timestamp < FIRST_MILLIS ? timestamp * SECOND : timestamp;
  // The last moment that a date can hold with four digits of a year.
  return millis < 253_402_300_800_000 ? instantOf(Math.floor(millis)) : null;
}
