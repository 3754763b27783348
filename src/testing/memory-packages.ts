import type { ByteSource } from '../domain/byte-source.ts';
import type { Digest } from '../domain/canonical-json.ts';
import { Instant } from '../domain/instant.ts';
import type { FileRef } from '../ports/artifact-files.ts';
import type { ChannelPlaceRef } from '../ports/index-pages.ts';
import type { PackageFiles, PackageVersion, PublishedFile } from '../ports/package-files.ts';
import { PackageIndexError } from '../ports/package-index.ts';
import { normalizeName } from '../domain/package-name.ts';
import { sha256Of } from './memory-store.ts';

/** What happens to one call of the port: it fails before anything was done, or after. */
export type PackageFault = 'before' | 'after';

/** Package indexes that forget, with the hands of those who use them by their pages. */
export interface MemoryPackages extends PackageFiles {
  /** Puts a file there as other hands would. */
  plant(
    at: ChannelPlaceRef,
    of: PackageVersion,
    file: { readonly name: string; readonly bytes: string | Uint8Array },
  ): void;
  /** A person yanks a version on the page of the project, or takes that back (null). */
  yankByHand(at: ChannelPlaceRef, of: PackageVersion, reason: string | null): void;
  /** A person deletes a file; its name stays used. */
  deleteByHand(at: ChannelPlaceRef, name: string): void;
  /** Every file that lies there, in order. */
  files(at: ChannelPlaceRef): readonly { readonly name: string; readonly digest: Digest }[];
  /** Every file that an upload brought, with its digest, in order. */
  readonly uploads: readonly { readonly name: string; readonly digest: Digest }[];
  /** Calls of the port so far. */
  calls(): number;
  /** What happens to the n-th call from now on, counted from 1; null for nothing. */
  harm: (call: number) => PackageFault | null;
  /** So many looks do not show a file that was uploaded just now. */
  lag: number;
}

interface Kept extends PublishedFile {
  readonly digest: Digest;
  readonly of: string;
  hiddenFor: number;
}

const UPLOADED = Instant.parse('2025-06-24T15:00:00Z');

function keyOf({ project, version }: PackageVersion): string {
  return `${normalizeName(project)} ${version}`;
}

function usedKey({ channel, place }: ChannelPlaceRef, name: string): string {
  return `${channel}#${place}/${name}`;
}

/** `sourceOf` gives the bytes of a file of a channel. */
export function memoryPackages(sourceOf: (from: FileRef) => Promise<ByteSource>): MemoryPackages {
  const indexes = new Map<string, Map<string, Kept>>();
  const used = new Set<string>();
  const uploads: { name: string; digest: Digest }[] = [];
  let calls = 0;
  const indexOf = ({ channel, place }: ChannelPlaceRef): Map<string, Kept> => {
    const key = `${channel}#${place}`;
    const found = indexes.get(key) ?? new Map<string, Kept>();
    indexes.set(key, found);
    return found;
  };
  const harmed = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    calls += 1;
    const fault = packages.harm(calls);
    const failure = new PackageIndexError('unreachable', 'the connection broke off, as planned');
    if (fault === 'before') throw failure;
    const answer = await work();
    if (fault === 'after') throw failure;
    return answer;
  };
  const keep = (
    at: ChannelPlaceRef,
    of: PackageVersion,
    file: { readonly name: string; readonly bytes: Uint8Array },
  ) => {
    const digest = sha256Of(file.bytes);
    const facts = {
      name: file.name,
      size: file.bytes.length,
      digest,
      uploadedAt: UPLOADED,
      yanked: null,
      listed: true,
    };
    indexOf(at).set(file.name, { ...facts, of: keyOf(of), hiddenFor: packages.lag });
    used.add(usedKey(at, file.name));
    return digest;
  };
  const packages: MemoryPackages = {
    uploads,
    files: (at) => [...indexOf(at).values()].map(({ name, digest }) => ({ name, digest })),
    calls: () => calls,
    harm: () => null,
    lag: 0,
    missing: () => Promise.resolve(null),
    look: (at, of) =>
      harmed(async () => {
        const files = [...indexOf(at).values()].filter((file) => file.of === keyOf(of));
        const shown = files.filter(({ hiddenFor }) => hiddenFor === 0);
        for (const file of files) file.hiddenFor = Math.max(0, file.hiddenFor - 1);
        return shown.map(({ name, size, digest, uploadedAt, yanked, listed }) => {
          return { name, size, digest, uploadedAt, yanked, listed };
        });
      }),
    upload: (at, of, file) =>
      harmed(async () => {
        const { bytes } = await (await sourceOf(file.from)).tail(Number.MAX_SAFE_INTEGER);
        if (bytes.length !== file.size || sha256Of(bytes) !== file.digest) {
          return { accepted: false, reason: 'the digest that was sent is not that of the content' };
        }
        const there = indexOf(at).get(file.name);
        if (there?.digest === file.digest) return { accepted: true };
        if (used.has(usedKey(at, file.name))) {
          return { accepted: false, reason: `File already exists: the name ${file.name} was used before` };
        }
        uploads.push({ name: file.name, digest: keep(at, of, { name: file.name, bytes }) });
        return { accepted: true };
      }),
    yank: (at, of) =>
      harmed(async () => {
        const files = [...indexOf(at).values()].filter((file) => file.of === keyOf(of));
        if (files.length > 0 && files.every(({ yanked }) => yanked !== null)) return { accepted: true };
        return { accepted: false, reason: `a person yanks it at memory:/manage/project/${normalizeName(of.project)}` };
      }),
    plant: (at, of, { name, bytes }) => {
      keep(at, of, { name, bytes: Buffer.from(bytes) });
    },
    yankByHand: (at, of, reason) => {
      for (const [name, file] of indexOf(at)) {
        if (file.of === keyOf(of)) indexOf(at).set(name, { ...file, yanked: reason });
      }
    },
    deleteByHand: (at, name) => {
      indexOf(at).delete(name);
    },
  };
  return packages;
}
