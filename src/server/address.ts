import type { Page } from './page.ts';

/** In which form a page was asked for. */
export type Form = 'html' | 'json' | 'text';

/** A page, and what of the address it needs. */
export interface Address {
  readonly page: Page;
  readonly params: Readonly<Record<string, string>>;
  /** As the address has it, each name once: the last one counts. */
  readonly query: Readonly<Record<string, string>>;
  readonly form: Form | null;
  /** Path and query without the ending of the form: what a stream and a link name the page by. */
  readonly path: string;
}

const LONGEST = 2_000;
const ENDINGS = [
  ['.json', 'json'],
  ['.txt', 'text'],
] as const;

interface Pattern {
  readonly page: Page;
  readonly segments: readonly string[];
}

function segmentsOf(path: string): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}

function decoded(segment: string): string | null {
  try {
    const text = decodeURIComponent(segment);
    // A segment that is another path, or a control sign, is no name of anything.
    return text === '' || text === '.' || text === '..' || /[/\\\p{Cc}]/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

function match({ segments }: Pattern, found: readonly string[]): Readonly<Record<string, string>> | null {
  if (segments.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const given = found[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== given) return null;
      continue;
    }
    const text = decoded(given);
    if (text === null) return null;
    params[segment.slice(1)] = text;
  }
  return params;
}

function fixed({ segments }: Pattern): number {
  return segments.filter((segment) => !segment.startsWith(':')).length;
}

/** Finds pages by their addresses. A fixed segment goes before a parameter, whatever the order of the pages. */
export function pageFinder(pages: readonly Page[]): (path: string, search: URLSearchParams) => Address | null {
  const patterns = pages
    .map((page): Pattern => ({ page, segments: segmentsOf(page.path) }))
    .toSorted((one, other) => fixed(other) - fixed(one));
  const find = (path: string, search: URLSearchParams, form: Form | null): Address | null => {
    const found = segmentsOf(path);
    for (const pattern of patterns) {
      const params = match(pattern, found);
      if (params === null) continue;
      const query = Object.fromEntries(search);
      const text = search.size === 0 ? '' : `?${search.toString()}`;
      return { page: pattern.page, params, query, form, path: `${path}${text}` };
    }
    return null;
  };
  return (path, search) => {
    if (path.length > LONGEST || search.toString().length > LONGEST || !path.startsWith('/')) return null;
    for (const [ending, form] of ENDINGS) {
      if (!path.endsWith(ending)) continue;
      const bare = path.slice(0, -ending.length);
      // The page `/` is asked for as `/index.json`.
      const address = find(bare === '/index' ? '/' : bare, search, form);
      if (address !== null) return address;
    }
    return find(path, search, null);
  };
}
