import type { UnsafeName, ZipProblem } from './problem.ts';

/** Longer than PATH_MAX of every system. */
const LONGEST = 4096;
// Controls, line ends, marks of direction, and characters that take no room: a name with them is not the one that people see.
const HIDING = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
// eslint-disable-next-line no-control-regex
const PLAIN = /^[\x20-\x7e]*$/;

/** What a byte may be in a usual name: a slash, a dot, anything else that is printable but for colons and backslashes; 0 for what is not usual. */
const [SLASH, DOT, OTHER] = [1, 2, 3];
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const sign = String.fromCharCode(byte);
  if (byte < 0x20 || byte > 0x7e || sign === ':' || sign === '\\') return 0;
  return sign === '/' ? SLASH : sign === '.' ? DOT : OTHER;
});

/**
 * Whether a name, in its bytes, can be told at a glance to be safe: nearly all names there are. Its characters are usual ones, and its parts do not begin
 * with a dot.
 */
export function isUsualName(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > LONGEST) return false;
  let begins = true;
  for (let at = from; at < to; at += 1) {
    const kind = KINDS[bytes[at] ?? 0] ?? 0;
    if (kind === 0 || (begins && kind !== OTHER)) return false;
    begins = kind === SLASH;
  }
  return true;
}

/** Why a path cannot be unpacked safely on every system; null when it can. */
export function unsafeName(name: string): UnsafeName | null {
  if (name === '') return 'empty';
  if (name.length > LONGEST) return 'too-long';
  if (name.startsWith('/')) return 'absolute';
  if (name.includes('\\')) return 'backslash';
  if (/^[a-z]:/i.test(name)) return 'drive';
  if (!PLAIN.test(name) && HIDING.test(name)) return 'control';
  if (/(^|\/)\.\.(\/|$)/.test(name)) return 'climbs';
  return /(^|\/)\.?(\/|$)/.test(name.endsWith('/') ? name.slice(0, -1) : name) ? 'empty-part' : null;
}

/** The name as file systems that ignore case and Unicode form have it. */
function folded(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase();
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFC');
}

type Told = (problem: ZipProblem) => void;

/** What a name of a file or folder becomes where case and form do not count. */
function keyOf(name: string): string {
  return folded(name.endsWith('/') ? name.slice(0, -1) : name);
}

/** Tells names that are there twice, and those that become one on some systems. */
function tellTwins(file: string, names: readonly string[], tell: Told): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const key = keyOf(name);
    const other = seen.get(key);
    if (other === name) tell({ code: 'name-twice', file, entry: name });
    else if (other !== undefined) tell({ code: 'names-alike', file, entry: other, other: name });
    seen.set(key, name);
  }
}

/** Every folder that a name lies in, with the first such name. */
class Folders {
  readonly #inside = new Map<string, string>();
  #last = '';

  add(key: string, name: string): void {
    // Neighbours mostly lie in one folder.
    if (key.lastIndexOf('/') === this.#last.length && key.startsWith(this.#last)) return;
    this.#last = key.slice(0, Math.max(0, key.lastIndexOf('/')));
    for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      const folder = key.slice(0, slash);
      if (this.#inside.has(folder)) return;
      this.#inside.set(folder, name);
    }
  }

  entries(): IterableIterator<[folder: string, inside: string]> {
    return this.#inside.entries();
  }
}

/**
 * Where a name stands among these; null where it is none of them. Tells names that are there twice, that become one on some systems, and files that
 * are folders of others: after those what it gives back is of no use.
 */
export function indexNames(file: string, names: readonly string[], tell: Told): (name: string) => number | null {
  const places = new Map<string, number>();
  const folders = new Folders();
  names.forEach((name, place) => {
    const key = keyOf(name);
    places.set(key, place);
    folders.add(key, name);
  });
  if (places.size < names.length) tellTwins(file, names, tell);
  for (const [folder, inside] of folders.entries()) {
    const entry = names[places.get(folder) ?? -1];
    if (entry !== undefined && !entry.endsWith('/')) tell({ code: 'file-and-folder', file, entry, other: inside });
  }
  return (name) => {
    const place = places.get(keyOf(name));
    return place !== undefined && names[place] === name ? place : null;
  };
}
