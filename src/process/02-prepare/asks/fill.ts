import type { Observed } from '../../../domain/observation.ts';
import { ASK_PLACEHOLDERS } from '../../../domain/train/asks.ts';
import { fillText, repoIn } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import { RepoKey } from '../../../domain/repo.ts';
import { tagOf, type CandidateVersion, type ReleaseVersion } from '../../../domain/version.ts';

/** What the core repository says of a package from outside, on the branch that is released, or before the cut on the one that is cut from. */
export interface RequiredDependency {
  /** What its version file holds; null where the train names none, or it is not there. */
  readonly version: string | null;
  /** What its pin file holds. */
  readonly pin: string | null;
}

/** The final candidate, with what it consists of. */
export interface FinalFacts {
  readonly candidate: CandidateVersion;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

/** What one ask is filled from besides what all are. */
export interface OwnFacts {
  /** Words about the final candidate's packages on the ask's platform, or why there are none; null where the ask names no platform. */
  readonly host: { readonly words: Readonly<Record<string, string>> } | { readonly why: string } | null;
  /** Where the same was asked for an earlier release; null where nobody knows. */
  readonly previous: string | null;
}

/** What the placeholders of an ask are filled from. */
export interface FillFacts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly required: ReadonlyMap<string, Observed<RequiredDependency>>;
  /** Null while no candidate is final. */
  readonly final: FinalFacts | null;
  readonly own: OwnFacts;
}

/** A text with its placeholders filled, or what belongs there and is not known. */
export type Filled =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: readonly string[] };

const PLACEHOLDER = /\{([a-z-]+)(?::([a-z][a-z0-9._-]*))?\}/gu;

type Word = keyof typeof ASK_PLACEHOLDERS;

function isWord(word: string): word is Word {
  return Object.hasOwn(ASK_PLACEHOLDERS, word);
}

/**
 * Fills `{version}`, `{line}`, `{next-line}` of the release; `{candidate}` and `{packages}` of the final candidate; `{version-of:REPO}`, `{line-of:REPO}`,
 * `{branch-of:REPO}` of a repository, external ones too; `{required:NAME}` and `{pin:NAME}` of a dependency, as the core repository's files have them;
 * `{previous}` and the words about the packages of the ask's platform.
 * What is no placeholder of these stays as it is.
 */
export function fillAsk(text: string, facts: FillFacts): Filled {
  const missing = new Set<string>();
  const filled = text.replaceAll(PLACEHOLDER, (whole: string, word: string, name?: string) => {
    if (!isWord(word) || (ASK_PLACEHOLDERS[word] === 'none') !== (name === undefined)) return whole;
    const value = valueOf(word, name ?? '', facts);
    if (value.ok) return value.text;
    missing.add(value.why);
    return whole;
  });
  return missing.size === 0 ? { ok: true, text: filled } : { ok: false, missing: [...missing] };
}

type Value = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

const found = (text: string): Value => ({ ok: true, text });

function valueOf(word: Word, name: string, facts: FillFacts): Value {
  const { release, final } = facts;
  switch (word) {
    case 'version':
    case 'line':
    case 'next-line':
      return found(fillText(`{${word}}`, { release }));
    case 'candidate':
      return final === null ? noFinal(facts) : found(tagOf(final.candidate));
    case 'packages':
      if (final === null) return noFinal(facts);
      return found(final.packages.map((each) => `${each.name} ${each.version}`).join(', '));
    case 'version-of':
    case 'line-of':
    case 'branch-of':
      return ofRepo(word, name, facts);
    case 'required':
    case 'pin':
      return ofDependency(word, name, facts);
    case 'previous':
      return found(facts.own.previous ?? 'none that is known');
    case 'upgrades':
    case 'install':
    case 'pythons':
    case 'accelerator':
    case 'requires':
    case 'notes':
      return ofHost(word, facts);
  }
}

function noFinal({ release }: FillFacts): Value {
  return { ok: false, why: `no candidate of ${release} is final yet` };
}

function ofHost(word: Word, facts: FillFacts): Value {
  const { host } = facts.own;
  if (facts.final === null) return noFinal(facts);
  if (host === null) return { ok: false, why: `the ask names no platform, so nobody can say {${word}}` };
  if ('why' in host) return { ok: false, why: host.why };
  const text = host.words[word];
  return text === undefined ? { ok: false, why: `nothing is known of {${word}}` } : found(text);
}

function ofRepo(word: 'version-of' | 'line-of' | 'branch-of', name: string, { train, release }: FillFacts): Value {
  const key = RepoKey.safeParse(name);
  const repo = key.success ? repoIn(train, key.data, release) : null;
  if (repo === null) return { ok: false, why: `the train file gives ${name} no line for ${release}` };
  return found({ 'version-of': repo.release, 'line-of': repo.line, 'branch-of': repo.branch }[word]);
}

function ofDependency(word: 'required' | 'pin', name: string, { train, required }: FillFacts): Value {
  const read = required.get(name);
  if (read === undefined) return { ok: false, why: `the train has no dependency ${name}` };
  if (!read.known) return { ok: false, why: `${read.source} could not be read: ${read.reason}` };
  const value = word === 'pin' ? read.value.pin : read.value.version;
  if (value !== null) return found(value);
  const file = train.dependencies[name]?.[word === 'pin' ? 'pinFile' : 'versionFile'];
  const why =
    file === undefined
      ? `the train file names no ${word === 'pin' ? 'pinFile' : 'versionFile'} of ${name}`
      : `${read.source} has nothing in ${file} that is one word`;
  return { ok: false, why };
}
