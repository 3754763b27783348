import { escapeName } from '../package-name.ts';
import type { Pep440Version } from '../pep440.ts';

/** The name a wheel must have: distribution, version and tags, without a build tag. */
export function wheelName(distribution: string, version: Pep440Version, tags: string): string {
  return `${escapeName(distribution)}-${version}-${tags}.whl`;
}

/** `3.13t` fills `{python}-{abi}-win_amd64` to `cp313-cp313t-win_amd64`; null where the tags cannot say that a build is free-threaded. */
export function filledTags(template: string, python: string | null): string | null {
  if (python === null) return /\{(?:python|abi)\}/.test(template) ? null : template;
  const isFree = python.endsWith('t');
  if (isFree && !template.includes('{abi}')) return null;
  const tag = `cp${python.replaceAll(/[^\d]/g, '')}`;
  return template.replaceAll('{python}', tag).replaceAll('{abi}', isFree ? `${tag}t` : tag);
}

/** Words for placeholders; what a text names besides stays as it is. */
export function filled(template: string, words: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{([a-z-]+)\}/g, (whole, word: string) =>
    Object.hasOwn(words, word) ? (words[word] ?? '') : whole,
  );
}
