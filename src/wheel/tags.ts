import { quoted } from './text.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';

/** What a wheel says it is for, compressed as in file names: every Python with every ABI with every platform. Lower case. */
export interface TagSet {
  readonly python: readonly string[];
  readonly abi: readonly string[];
  readonly platform: readonly string[];
}

/** Why a text is no set of tags. */
export type TagProblem =
  | { readonly code: 'not-three-parts'; readonly text: string }
  | { readonly code: 'bad-tag'; readonly text: string; readonly tag: string }
  | { readonly code: 'too-many-tags'; readonly text: string; readonly count: number };

/** More than any wheel has: a name that asks for more is made to hurt. */
const MOST_TAGS = 1_000;

/** Reads `cp313-cp313t-manylinux_2_17_x86_64.manylinux2014_x86_64`. */
export function parseTagSet(text: string): Result<TagSet, TagProblem> {
  const [python, abi, platform, ...rest] = text
    .toLowerCase()
    .split('-')
    .map((part) => [...new Set(part.split('.'))]);
  if (python === undefined || abi === undefined || platform === undefined || rest.length > 0)
    return refuse({ code: 'not-three-parts', text });
  const bad = [...python, ...abi, ...platform].find((tag) => !/^[a-z0-9_]+$/.test(tag));
  if (bad !== undefined) return refuse({ code: 'bad-tag', text, tag: bad });
  const count = python.length * abi.length * platform.length;
  return count > MOST_TAGS ? refuse({ code: 'too-many-tags', text, count }) : succeed({ python, abi, platform });
}

/** Every tag of the set by itself, in order: `py2-none-any`, `py3-none-any`. */
export function expandTags({ python, abi, platform }: TagSet): readonly string[] {
  return python
    .flatMap((first) => abi.flatMap((second) => platform.map((third) => `${first}-${second}-${third}`)))
    .toSorted();
}

/** Why the text is no set of tags, as the end of a sentence. */
export function explainTags(problem: TagProblem): string {
  switch (problem.code) {
    case 'not-three-parts':
      return `${quoted(problem.text)} is not Python, ABI and platform with a hyphen between them, as in py3-none-any`;
    case 'bad-tag':
      return `the tag ${quoted(problem.tag)} has other characters than letters, digits and underscores`;
    case 'too-many-tags':
      return `${quoted(problem.text)} stands for ${problem.count} tags; more than ${MOST_TAGS} are not read`;
  }
}
