import { editLines, splitLines, type EditedText, type LineEdit, type Replacement } from './lines.ts';
import { scanYaml, type YamlEntry, type YamlLine } from './yaml-scan.ts';

/** Where a repository of the train is to be taken from: its release branch, or null when it has none in this release. */
export interface ManagedRepo {
  readonly key: string;
  readonly branch: string | null;
}

/** Repositories of the train by `owner/name` in lower case, as the forge compares them. */
export type ManagedRepos = ReadonlyMap<string, ManagedRepo>;

/**
 * Turns `uses: owner/repo/path@FROM` of repositories of the train to that repository's own release branch; every one of a line, quoted or not, in
 * block and flow style. Foreign ones, comments and scripts stay and are listed; `./local` and `docker://` are none of the edit's business.
 */
export function editWorkflowRefs(content: string, from: string, managed: ManagedRepos): EditedText {
  const scanned = scanYaml(splitLines(content).lines.map(({ text }) => text));
  return editLines(content, (text, index) => {
    const line = scanned[index];
    return line === undefined ? { replacements: [], already: 0, unmanaged: [] } : editLine(text, line, from, managed);
  });
}

function editLine(text: string, line: YamlLine, from: string, managed: ManagedRepos): LineEdit {
  const replacements: Replacement[] = [];
  const unmanaged: string[] = [];
  let already = 0;
  const uses = line.entries.filter((entry) => entry.key === 'uses' && entry.value !== null);
  for (const entry of uses) {
    const judged = judge(entry, from, managed);
    if (judged.is === 'unmanaged') unmanaged.push(judged.why);
    if (judged.is === 'already') already += 1;
    if (judged.is === 'match') replacements.push(judged.replacement);
  }
  for (const place of mentions(text, from)) {
    if (uses.some(({ start, end }) => place.start >= start && place.end <= end)) continue;
    unmanaged.push(`${place.reference} is ${whereIs(line, place.start)}`);
  }
  return { replacements, already, unmanaged };
}

type Judged =
  | { readonly is: 'match'; readonly replacement: Replacement }
  | { readonly is: 'unmanaged'; readonly why: string }
  | { readonly is: 'already' | 'none' };

function judge(entry: YamlEntry, from: string, managed: ManagedRepos): Judged {
  const value = entry.value ?? '';
  const at = value.lastIndexOf('@');
  const [owner, name] = value.slice(0, Math.max(at, 0)).split('/');
  if (at < 0 || owner === undefined || name === undefined || owner === '.' || value.startsWith('docker://'))
    return { is: 'none' };
  const ref = value.slice(at + 1);
  const isFrom = ref === from || ref === `refs/heads/${from}`;
  const repo = managed.get(`${owner}/${name}`.toLowerCase());
  if (repo === undefined) return unmanagedIf(isFrom, `${owner}/${name} is not a repository of the train`);
  if (repo.branch === null) return unmanagedIf(isFrom, `${repo.key} has no release branch in this release`);
  if (ref === repo.branch || ref === `refs/heads/${repo.branch}`) return { is: 'already' };
  if (!isFrom)
    return unmanagedIf(true, `${owner}/${name} is pinned to ${ref}, which is neither ${from} nor ${repo.branch}`);
  return { is: 'match', replacement: { start: entry.end - from.length, end: entry.end, to: repo.branch } };
}

function unmanagedIf(isSo: boolean, why: string): Judged {
  return isSo ? { is: 'unmanaged', why } : { is: 'none' };
}

interface Mention {
  readonly reference: string;
  readonly start: number;
  readonly end: number;
}

/** What looks like `owner/repo…@FROM` anywhere on the line. Looks back from each `@`, so that a long line costs no more than its length. */
function mentions(text: string, from: string): readonly Mention[] {
  const found: Mention[] = [];
  const needle = `@${from}`;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    let start = at;
    while (start > 0 && /[\w./-]/.test(text[start - 1] ?? '')) start -= 1;
    const name = text.slice(start, at);
    const isReference = /^[\w-][\w.-]*\/[\w.-]/.test(name) && !/[\w/-]/.test(text[end] ?? '');
    if (isReference) found.push({ reference: text.slice(start, end), start, end });
  }
  return found;
}

function whereIs(line: YamlLine, start: number): string {
  if (line.kind === 'script') return 'in a script, not a `uses`';
  return start >= line.commentAt ? 'in a comment' : 'not the value of a `uses`';
}
