import type { ObjectId } from '../../../domain/git-names.ts';
import type { Edit } from '../../../domain/train/edit.ts';
import type { GitFile } from '../../../ports/git.ts';
import { editFile } from './file.ts';
import { editInput } from './input.ts';
import type { EditedText, LineMatch, Unmanaged } from './lines.ts';
import { matchesPath, withYamlTwins } from './paths.ts';
import { fillPlaceholders, pinnedRepos, type Names } from './placeholders.ts';
import { editReplace } from './replace.ts';
import { editSubmodule } from './submodule.ts';
import { editWorkflowRefs, type ManagedRepos } from './workflow-refs.ts';

/** What edits are judged by besides the files themselves. */
export interface EditContext {
  readonly names: Names;
  readonly managed: ManagedRepos;
  /** Commits found in files that are on the named repository's release branch since its cut: as good a pin as its head. */
  readonly goodPins: ReadonlyMap<string, readonly ObjectId[]>;
  /** Files in which a later version than the wanted one stays: main has gone on meanwhile. Empty on a release branch. */
  readonly neverOlder: readonly string[];
}

/** What one edit did over its files. */
export interface EditReport {
  readonly id: string;
  readonly kind: Edit['kind'];
  readonly matched: number;
  readonly already: number;
  readonly files: readonly { readonly path: string; readonly matches: readonly LineMatch[] }[];
}

/** A file that the edits change. */
export interface ChangedFile {
  readonly path: string;
  readonly mode: '100644' | '100755';
  readonly blob: ObjectId;
  readonly before: string;
  readonly after: string;
}

export interface UnmanagedPlace extends Unmanaged {
  readonly path: string;
}

/** An edit that cannot be made as the train declares it. */
export type EditFault =
  | {
      readonly fault: 'too-little';
      readonly edit: string;
      readonly matched: number;
      readonly already: number;
      readonly atLeast: number;
      readonly files: readonly string[];
    }
  | { readonly fault: 'placeholder'; readonly edit: string; readonly placeholder: string; readonly why: string }
  | { readonly fault: 'not-settling'; readonly edit: string; readonly path: string };

export interface EditsDone {
  readonly changed: readonly ChangedFile[];
  readonly reports: readonly EditReport[];
  readonly unmanaged: readonly UnmanagedPlace[];
  readonly faults: readonly EditFault[];
}

/** The paths that an edit looks at. */
export function patternsOf(edit: Edit): readonly string[] {
  if (edit.kind === 'submodule') return ['.gitmodules'];
  return edit.kind === 'workflow-refs' || edit.kind === 'input' ? withYamlTwins(edit.files) : edit.files;
}

/** Makes the edits one after the other on the texts of the files. Pure: the same files and edits give the same result. */
export function applyEdits(edits: readonly Edit[], files: readonly GitFile[], context: EditContext): EditsDone {
  const texts = new Map(
    files.flatMap((file) => (file.text === null || file.mode === '120000' ? [] : [[file.path, file.text] as const])),
  );
  const reports: EditReport[] = [];
  const unmanaged: UnmanagedPlace[] = unreadable(edits, files);
  const faults: EditFault[] = [];
  for (const edit of edits) {
    const made = applyEdit(edit, texts, context);
    reports.push(made.report);
    faults.push(...made.faults);
    unmanaged.push(...made.unmanaged);
    for (const [path, text] of made.after) texts.set(path, text);
  }
  const changed = files.flatMap(({ path, mode, blob, text: before }): readonly ChangedFile[] => {
    const after = texts.get(path);
    if (after === undefined || before === null || mode === '120000' || after === before) return [];
    return [{ path, mode, blob, before, after }];
  });
  return { changed, reports, unmanaged: withoutRepeats(unmanaged), faults };
}

interface Made {
  readonly report: EditReport;
  readonly after: readonly (readonly [string, string])[];
  readonly unmanaged: readonly UnmanagedPlace[];
  readonly faults: readonly EditFault[];
}

function applyEdit(edit: Edit, texts: ReadonlyMap<string, string>, context: EditContext): Made {
  const { id, kind, atLeast } = edit;
  const patterns = patternsOf(edit);
  const filled = 'to' in edit ? fillPlaceholders(edit.to, context.names) : ({ ok: true, text: '' } as const);
  const report = { id, kind, matched: 0, already: 0, files: [] };
  if (!filled.ok) {
    const { placeholder, why } = filled;
    return { report, after: [], unmanaged: [], faults: [{ fault: 'placeholder', edit: id, placeholder, why }] };
  }
  const faults: EditFault[] = [];
  const paths = [...texts.keys()].filter((path) => patterns.some((pattern) => matchesPath(pattern, path)));
  const results = paths.map((path) => {
    const once = editText(edit, { path, text: texts.get(path) ?? '' }, filled.text, context);
    const twice = editText(edit, { path, text: once.content }, filled.text, context);
    if (twice.content !== once.content) faults.push({ fault: 'not-settling', edit: id, path });
    return { path, ...once };
  });
  const matched = sum(results.flatMap(({ matches }) => matches.map(({ count }) => count)));
  const already = sum(results.map((result) => result.already));
  if (matched + already < atLeast)
    faults.push({ fault: 'too-little', edit: id, matched, already, atLeast, files: patterns });
  return {
    report: {
      id,
      kind,
      matched,
      already,
      files: results.filter(({ matches }) => matches.length > 0).map(({ path, matches }) => ({ path, matches })),
    },
    after: results.map(({ path, content }) => [path, content]),
    unmanaged: results.flatMap(({ path, unmanaged }) => unmanaged.map((place) => ({ ...place, path }))),
    faults,
  };
}

function editText(
  edit: Edit,
  file: { readonly path: string; readonly text: string },
  to: string,
  context: EditContext,
): EditedText {
  switch (edit.kind) {
    case 'workflow-refs':
      return editWorkflowRefs(file.text, edit.from, context.managed);
    case 'input':
      return editInput(file.text, { name: edit.name, from: edit.from, to });
    case 'file':
      return editFile(file.text, to, (present) => isAsGood(present, to, { edit: edit.to, path: file.path }, context));
    case 'replace':
      return editReplace(file.path, file.text, { find: edit.find, to, comments: edit.comments });
    case 'submodule':
      return editSubmodule(file.text, {
        path: edit.path,
        url: fillSetting(edit.url, context),
        branch: fillSetting(edit.branch, context),
      });
  }
}

/** Url and branch of a submodule with their placeholders; one that stands for nothing stays as it is written, and is seen in the plan. */
function fillSetting(text: string | undefined, { names }: EditContext): string | undefined {
  const filled = text === undefined ? undefined : fillPlaceholders(text, names);
  return filled?.ok === true ? filled.text : text;
}

function isAsGood(
  present: string,
  wanted: string,
  place: { readonly edit: string; readonly path: string },
  context: EditContext,
): boolean {
  const pins = pinnedRepos(place.edit).flatMap((key) => context.goodPins.get(key) ?? []);
  if (pins.some((pin) => pin === present)) return true;
  return context.neverOlder.includes(place.path) && isLater(present, wanted);
}

function isLater(present: string, wanted: string): boolean {
  const [one, other] = [numbersOf(present), numbersOf(wanted)];
  if (one === null || other === null) return false;
  const [major = 0, minor = 0] = one;
  const [wantedMajor = 0, wantedMinor = 0] = other;
  return major > wantedMajor || (major === wantedMajor && minor > wantedMinor);
}

function numbersOf(version: string): readonly number[] | null {
  return /^\d+\.\d+/.exec(version)?.[0].split('.').map(Number) ?? null;
}

/** Files that an edit names and nobody may edit: they are told, not passed over. */
function unreadable(edits: readonly Edit[], files: readonly GitFile[]): UnmanagedPlace[] {
  const patterns = edits.flatMap(patternsOf);
  return files.flatMap(({ path, text, mode }) => {
    if ((text !== null && mode !== '120000') || !patterns.some((pattern) => matchesPath(pattern, path))) return [];
    return [
      { path, line: 0, text: '', why: mode === '120000' ? 'a symbolic link' : 'not a text in UTF-8, or too large' },
    ];
  });
}

function withoutRepeats(places: readonly UnmanagedPlace[]): readonly UnmanagedPlace[] {
  const seen = new Map(places.map((place) => [`${place.path}:${place.line}:${place.why}`, place]));
  return [...seen.values()];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
