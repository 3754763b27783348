import { compare, explain } from '@renovatebot/pep440';
import { z } from 'zod';
import type { CalendarDate } from './instant.ts';
import { releaseOf, type ReleaseTag } from './version.ts';

/** A Python version taken apart (PEP 440). */
export interface Pep440Parts {
  readonly epoch: number;
  readonly release: readonly number[];
  /** `['rc', 1]`, letters in their normal form a, b, rc. */
  readonly pre: readonly [string, number] | null;
  readonly post: number | null;
  readonly dev: number | null;
  /** What follows the plus sign, in normal form: lower case, dots, numbers without leading zeros. */
  readonly local: string | null;
}

const MAX_LENGTH = 200;
const letters: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', c: 'rc', pre: 'rc', preview: 'rc' };

// The library's types say something else than it answers: read as what it is.
const Explained = z.object({
  epoch: z.number(),
  release: z.array(z.number()),
  pre: z.tuple([z.string(), z.number()]).nullable(),
  post: z.number().nullable(),
  dev: z.number().nullable(),
});

/** Reads a Python version; null for what is none. Texts over 200 characters are none. */
export function parsePep440(text: string): Pep440Parts | null {
  const answer = text.length > MAX_LENGTH ? null : explain(text);
  if (answer === null) return null;
  const { pre, ...parsed } = Explained.parse(answer);
  const letter = pre?.[0].toLowerCase() ?? '';
  // The local part is read here: the library makes numbers of its parts, which rounds long ones.
  const [, local] = text.trim().split('+');
  const parts: Pep440Parts = {
    ...parsed,
    pre: pre === null ? null : [letters[letter] ?? letter, pre[1]],
    local: local === undefined ? null : normalLocal(local),
  };
  return isSafe(parts) ? parts : null;
}

// A number beyond 2^53 would be rounded, and two versions become one.
function isSafe(parts: Pep440Parts): boolean {
  const numbers = [parts.epoch, ...parts.release, parts.pre?.[1] ?? 0, parts.post ?? 0, parts.dev ?? 0];
  return numbers.every((number) => Number.isSafeInteger(number));
}

function normalLocal(local: string): string {
  return local
    .toLowerCase()
    .split(/[._-]/)
    .map((part) => (/^\d+$/.test(part) ? part.replace(/^0+(?=\d)/, '') : part))
    .join('.');
}

/** The one text of a version: PEP 440's normal form, trailing zeros of the release kept as written. */
function printPep440(parts: Pep440Parts): string {
  const epoch = parts.epoch === 0 ? '' : `${parts.epoch}!`;
  const pre = parts.pre === null ? '' : parts.pre.join('');
  const post = parts.post === null ? '' : `.post${parts.post}`;
  const dev = parts.dev === null ? '' : `.dev${parts.dev}`;
  const local = parts.local === null ? '' : `+${parts.local}`;
  return `${epoch}${parts.release.join('.')}${pre}${post}${dev}${local}`;
}

/** A Python version in its normal form: `2.8.0RC1` becomes `2.8.0rc1`. */
export const Pep440Version = z
  .string()
  .transform((text, context) => {
    const parts = parsePep440(text);
    if (parts !== null) return printPep440(parts);
    context.addIssue({
      code: 'custom',
      message: 'not a Python version (PEP 440), for example 2.8.0, 2.8.0rc1 or 2.9.0a0',
    });
    return z.NEVER;
  })
  .brand<'Pep440Version'>();
export type Pep440Version = z.infer<typeof Pep440Version>;

/** Order of PEP 440: dev before a before b before rc before final before post; a local version after the same without. */
export function comparePep440(left: Pep440Version, right: Pep440Version): number {
  return compare(left, right);
}

/** The version without what follows the plus sign: what a public package index takes. */
export function withoutLocal(version: Pep440Version): Pep440Version {
  return Pep440Version.parse(version.replace(/\+.*$/, ''));
}

/** What follows the plus sign; null when nothing does. */
export function localOf(version: Pep440Version): string | null {
  return parsePep440(version)?.local ?? null;
}

/** Where a build happens, as far as its version depends on it. */
export interface BuildPlace {
  /** `linux`, `windows` or `darwin`; darwin builds carry no local version. */
  readonly system: 'linux' | 'windows' | 'darwin';
  /** The accelerator as the local version names it: cpu, cu126, rocm6.3, xpu. */
  readonly accelerator: string;
}

/** The version of a nightly: the version file's release, the day, the accelerator: `2.9.0.dev20250801+cu126` (VER-03). */
export function nightlyVersion(versionFile: string, day: CalendarDate, place: BuildPlace): Pep440Version | null {
  const parts = parsePep440(versionFile.trim());
  if (parts === null) return null;
  return placed(`${parts.release.join('.')}.dev${day.replaceAll('-', '')}`, place);
}

/** The version built for a tag: the release the tag is for, whatever the version file says: v1.6.0-rc1 builds 1.6.0+cu126 (VER-03). */
export function taggedVersion(tag: ReleaseTag, place: BuildPlace): Pep440Version {
  return placed(tag.kind === 'candidate' ? releaseOf(tag.candidate) : tag.release, place);
}

function placed(version: string, { system, accelerator }: BuildPlace): Pep440Version {
  return Pep440Version.parse(system === 'darwin' ? version : `${version}+${accelerator}`);
}
