/** A submodule as .gitmodules has it. */
export interface DeclaredSubmodule {
  readonly name: string;
  readonly path: string;
  readonly url: string;
  /** Null where none is recorded. `.` stands for the branch of the repository itself. */
  readonly branch: string | null;
}

const SECTION = /^\s*\[\s*submodule\s+"(?<name>(?:[^"\\]|\\.)*)"\s*\]/i;
const OTHER_SECTION = /^\s*\[/;
const SETTING = /^\s*(?<key>[A-Za-z][A-Za-z0-9-]*)\s*=\s*(?<value>.*?)\s*$/;

/** The submodules of a .gitmodules file, in its order; of a setting that is written twice the last counts, as for git. One without path or url is left out. */
export function readGitmodules(text: string): readonly DeclaredSubmodule[] {
  const sections: { readonly name: string; readonly settings: Map<string, string> }[] = [];
  let current: Map<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    const name = SECTION.exec(line)?.groups?.['name'];
    if (name !== undefined) {
      current = sections.find((section) => section.name === name)?.settings ?? new Map<string, string>();
      if (!sections.some((section) => section.name === name)) sections.push({ name, settings: current });
    } else if (OTHER_SECTION.test(line)) current = null;
    else {
      const { key, value } = SETTING.exec(line)?.groups ?? {};
      if (key !== undefined && value !== undefined) current?.set(key.toLowerCase(), plain(value));
    }
  }
  return sections.flatMap(({ name, settings }) => {
    const [path, url] = [settings.get('path'), settings.get('url')];
    return path === undefined || url === undefined ? [] : [{ name, path, url, branch: settings.get('branch') ?? null }];
  });
}

/** Without quotes, and without a comment behind it. */
function plain(value: string): string {
  const quoted = /^"(?<text>(?:[^"\\]|\\.)*)"/.exec(value)?.groups?.['text'];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1');
  return value.replace(/\s+[#;].*$/, '');
}

/**
 * Where a submodule is fetched from: its address as it is, or a relative one from that of its repository, as git resolves it. Null for what a file of a
 * repository must not make us ask: only https, and otherwise what lies where the repository itself does.
 */
export function submoduleAddress(url: string, parent: string): string | null {
  const full = /^\.{1,2}\//.test(url) ? relativeTo(url, parent) : url;
  if (full === null) return null;
  if (/^https:\/\/[^/]/i.test(full)) return full;
  const root = rootOf(parent);
  return root !== null && full.startsWith(root) ? full : null;
}

function relativeTo(url: string, parent: string): string | null {
  const parts = parent.replace(/\/+$/, '').split('/');
  let rest = url;
  while (rest.startsWith('./') || rest.startsWith('../')) {
    if (rest.startsWith('../')) parts.pop();
    rest = rest.slice(rest.indexOf('/') + 1);
  }
  // `http:`, ``, host: nothing above it can be meant.
  return parts.length < 2 || (parent.includes('://') && parts.length < 3) ? null : [...parts, rest].join('/');
}

/** What begins every address at the same place: `http://127.0.0.1:8080/`, or the folder two above a path. */
function rootOf(parent: string): string | null {
  const web = /^https?:\/\/[^/]+\//i.exec(parent)?.[0];
  if (web !== undefined) return web;
  return parent.startsWith('/') ? `${parent.split('/').slice(0, -2).join('/')}/` : null;
}

/** Whether an address lies below another, whatever its case. */
export function isBelow(address: string, root: string): boolean {
  return address.toLowerCase().startsWith(`${root.toLowerCase().replace(/\/+$/, '')}/`);
}
