import type { UnsafeName, ZipProblem } from './problem.ts';

/** Longer than PATH_MAX of every system. */
const LONGEST = 4096;
// Controls, line ends, marks of direction, and characters that take no room: a name with them is not the one that people see.
const HIDING = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
// eslint-disable-next-line no-control-regex
const PLAIN = /^[\x20-\x7e]*$/;

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
  if (PLAIN.test(name)) return /[A-Z]/.test(name) ? name.toLowerCase() : name;
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFC');
}

type Told = (problem: ZipProblem) => void;

/** Tells names that are there twice, that become one on some systems, and files that are folders of others. */
export function compareNames(file: string, names: readonly string[], tell: Told): void {
  const seen = new Map<string, string>();
  const folders = new Map<string, string>();
  let last = '';
  for (const name of names) {
    const isFolder = name.endsWith('/');
    const key = folded(isFolder ? name.slice(0, -1) : name);
    const other = seen.get(key);
    if (other === name) tell({ code: 'name-twice', file, entry: name });
    else if (other !== undefined) tell({ code: 'names-alike', file, entry: other, other: name });
    seen.set(key, name);
    // Neighbours mostly lie in one folder.
    if (key.lastIndexOf('/') === last.length && key.startsWith(last)) continue;
    last = key.slice(0, Math.max(0, key.lastIndexOf('/')));
    for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      const folder = key.slice(0, slash);
      if (folders.has(folder)) break;
      folders.set(folder, name);
    }
  }
  for (const [folder, inside] of folders) {
    const entry = seen.get(folder);
    if (entry !== undefined && !entry.endsWith('/')) tell({ code: 'file-and-folder', file, entry, other: inside });
  }
}
