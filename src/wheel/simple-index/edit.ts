import type { Digest } from '../../domain/canonical-json.ts';
import type { IndexFile, PageChange, PageDigests, PagePlace } from '../../domain/index-page.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { runningDigest } from '../../domain/sha256.ts';
import { allowDifference, comparePages, type AllowedChange } from './compare.ts';
import type { PageContent } from './layout.ts';
import { projectPage, type ProjectPage } from './page.ts';
import type { IndexProblem } from './problem.ts';
import { projectName, type ProjectName } from './project-name.ts';
import { readProjectPage, readRoot } from './read-page.ts';
import { INDEX_TYPES, renderProject, renderRoot } from './render.ts';

/** The bytes of both forms of a page; null where a form is not there. */
export interface PageForms {
  readonly html: Uint8Array | null;
  readonly json: Uint8Array | null;
}

const encoder = new TextEncoder();

/** A page in both forms; nothing when it says nothing, which is how a page is taken away. */
export function renderContent(content: PageContent | null): PageForms {
  if (content === null || isEmpty(content)) return { html: null, json: null };
  const { html, json } = content.of === 'project' ? renderProject(content.page) : renderRoot(content.projects);
  return { html: encoder.encode(html), json: encoder.encode(json) };
}

function isEmpty(content: PageContent): boolean {
  return content.of === 'project' ? content.page.files.length === 0 : content.projects.length === 0;
}

export function digestsOf({ html, json }: PageForms): PageDigests {
  return { html: digestOfBytes(html), json: digestOfBytes(json) };
}

function digestOfBytes(bytes: Uint8Array | null): Digest | null {
  if (bytes === null) return null;
  const digest = runningDigest();
  digest.add(bytes);
  return digest.digest();
}

/** What the stored page says: by its JSON where that can be read whole, since it tells more, otherwise by its HTML. Null where neither form is there. */
export function readContent(place: PagePlace, forms: PageForms): Result<PageContent | null, IndexProblem> {
  const read = (['json', 'html'] as const).flatMap((form) => {
    const bytes = forms[form];
    return bytes === null ? [] : [readForm(place, { bytes, contentType: INDEX_TYPES[form] })];
  });
  return read.find(({ ok }) => ok) ?? read[0] ?? succeed(null);
}

/** Both forms as far as they are there, each read by itself. */
function readEach(place: PagePlace, forms: PageForms): readonly PageContent[] {
  return (['json', 'html'] as const).flatMap((form) => {
    const read = forms[form] === null ? null : readContent(place, { html: null, json: null, [form]: forms[form] });
    return read?.ok === true && read.value !== null ? [read.value] : [];
  });
}

function readForm({ project }: PagePlace, given: Parameters<typeof readRoot>[0]): Result<PageContent, IndexProblem> {
  if (project === null) {
    const root = readRoot(given);
    return root.ok ? succeed({ of: 'root', projects: root.value }) : root;
  }
  const name = projectName(project);
  if (name === null) return refuse({ code: 'bad-project-name', written: project });
  const read = readProjectPage(given, { project: name, url: null });
  if (!read.ok) return read;
  const { page, problems } = read.value;
  return refuseOr(problems, () => ({ of: 'project', page }));
}

/** How one page becomes another; null when nothing is to be done. */
export interface PageEdit {
  readonly place: PagePlace;
  readonly before: PageDigests;
  readonly after: PageDigests;
  readonly change: PageChange;
  /** Whether taking the change back gives the bytes that were there: not for a page that somebody else's program wrote. */
  readonly exact: boolean;
  /** Whether how it is served is set as well: a form of it lies there under a type that no installer takes for it. */
  readonly serves?: true;
}

export interface EditRequest {
  readonly place: PagePlace;
  readonly forms: PageForms;
  /** What the page is to say; null: it is to go. */
  readonly desired: PageContent | null;
  readonly allowed: AllowedChange;
  /** Whether a form of the stored page is served under a wrong type. */
  readonly misserved?: boolean;
}

/** The edit from the stored page to the desired one; refuses removals that nobody planned, and other digests under a published name. */
export function editOf({
  place,
  forms,
  desired,
  allowed,
  misserved = false,
}: EditRequest): Result<PageEdit | null, IndexProblem> {
  const rendered = renderContent(desired);
  const [before, after] = [digestsOf(forms), digestsOf(rendered)];
  if (before.html === after.html && before.json === after.json && !misserved) return succeed(null);
  const base = readContent(place, forms);
  if (!base.ok) return base;
  const problems = readEach(place, forms).flatMap((content) => refusals(content, desired, allowed));
  return refuseOr(distinct(problems), () => ({
    place,
    before,
    after,
    change: changeBetween(base.value, desired, place),
    exact: equalForms(renderContent(base.value), forms),
    ...(misserved ? { serves: true as const } : {}),
  }));
}

function distinct(problems: readonly IndexProblem[]): readonly IndexProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function equalForms(one: PageForms, other: PageForms): boolean {
  const [left, right] = [digestsOf(one), digestsOf(other)];
  return left.html === right.html && left.json === right.json;
}

function refusals(before: PageContent, after: PageContent | null, allowed: AllowedChange): readonly IndexProblem[] {
  if (before.of === 'root') {
    const named: readonly string[] = after?.of === 'root' ? after.projects : [];
    // A project goes from the root page when the last of its files does, which was judged on its own page.
    return before.projects
      .filter((name) => !named.includes(name) && !allowed.removals.has(name))
      .map((file) => ({ code: 'unplanned-removal', file }));
  }
  const page: ProjectPage = after?.of === 'project' ? after.page : { ...before.page, files: [] };
  const judged = allowDifference(comparePages(before.page, page), allowed);
  return judged.ok ? [] : judged.problems;
}

function changeBetween(before: PageContent | null, after: PageContent | null, { project }: PagePlace): PageChange {
  if (project === null) {
    const [old, now] = [namesOf(before), namesOf(after)];
    return {
      of: 'root',
      add: now.filter((name) => !old.includes(name)),
      remove: old.filter((name) => !now.includes(name)),
    };
  }
  const [old, now] = [filesOf(before), filesOf(after)];
  const texts = new Map(old.map((file) => [file.name, textOf(file)]));
  const names = new Map(now.map((file) => [file.name, textOf(file)]));
  return {
    of: 'project',
    add: now.filter((file) => texts.get(file.name) !== textOf(file)),
    remove: old.filter((file) => names.get(file.name) !== textOf(file)),
  };
}

function namesOf(content: PageContent | null): readonly ProjectName[] {
  return content?.of === 'root' ? content.projects : [];
}

function filesOf(content: PageContent | null): readonly IndexFile[] {
  return content?.of === 'project' ? content.page.files : [];
}

/** All of an entry as one text, for comparing. */
function textOf({ name, url, digest, size, requiresPython, metadata, yanked, uploadedAt }: IndexFile): string {
  return JSON.stringify([name, url, digest, size, requiresPython, metadata, yanked, uploadedAt]);
}

/** The page after a change; refuses when what is to go is not there as planned, or what is to come is there already. */
export function applyChange(
  place: PagePlace,
  before: PageContent | null,
  change: PageChange,
): Result<PageContent, IndexProblem> {
  if (change.of === 'root') return changedRoot(namesOf(before), change);
  const name = projectName(place.project ?? '');
  if (name === null) return refuse({ code: 'bad-project-name', written: place.project ?? '' });
  const there = new Map(filesOf(before).map((file) => [file.name, file]));
  for (const file of change.remove) {
    const found = there.get(file.name);
    if (found === undefined || textOf(found) !== textOf(file))
      return refuse({ code: 'not-as-planned', file: file.name });
    there.delete(file.name);
  }
  for (const file of change.add) {
    if (there.has(file.name)) return refuse({ code: 'not-as-planned', file: file.name });
    there.set(file.name, file);
  }
  const page = projectPage(name, [...there.values()]);
  return page.ok ? succeed({ of: 'project', page: page.value }) : page;
}

function changedRoot(
  before: readonly ProjectName[],
  { add, remove }: Extract<PageChange, { of: 'root' }>,
): Result<PageContent, IndexProblem> {
  const gone = new Set(remove);
  const missing = remove.find((name) => !before.some((one) => one === name));
  if (missing !== undefined) return refuse({ code: 'not-as-planned', file: missing });
  const projects = before.filter((name) => !gone.has(name));
  for (const written of add) {
    const name = projectName(written);
    if (name === null || projects.includes(name)) return refuse({ code: 'not-as-planned', file: written });
    projects.push(name);
  }
  return succeed({ of: 'root', projects: projects.toSorted() });
}
