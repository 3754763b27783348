import type { Digest } from '../../../domain/canonical-json.ts';
import type { IndexFile } from '../../../domain/index-page.ts';
import {
  disagreements,
  explainIndex,
  projectIn,
  type IndexProblem,
  type ReadPage,
} from '../../../wheel/simple-index/index.ts';
import type { FileToList, IndexFacts, ServedPage } from './facts.ts';
import { metadataAddress } from './read.ts';

/** The kinds of what can be wrong with an index, the gravest first, each with the words that count them. */
export const FINDING_KINDS = {
  'wrong-hash': ['file listed with the hash of another', 'files listed with the hash of another'],
  'no-hash': ['file listed without a hash', 'files listed without a hash'],
  'dead-link': ['file listed that is not there', 'files listed that are not there'],
  'not-listed': ['file of the release not listed', 'files of the release not listed'],
  'no-page': ['page not there', 'pages not there'],
  'wrong-type': ['page served under a wrong content type', 'pages served under a wrong content type'],
  unreadable: ['page that cannot be read', 'pages that cannot be read'],
  disagreement: ['difference between HTML and JSON', 'differences between HTML and JSON'],
  'wrong-metadata': ['metadata file with the hash of another', 'metadata files with the hash of another'],
  'dead-metadata': ['metadata file that is not there', 'metadata files that are not there'],
  'other-size': ['file of another size than listed', 'files of another size than listed'],
  'no-json': ['page without JSON', 'pages without JSON'],
  'no-metadata': ['wheel without a metadata file', 'wheels without a metadata file'],
} as const;
export type FindingKind = keyof typeof FINDING_KINDS;

/** One thing that is wrong, with the page and, where it is about one, the file. */
export interface IndexFinding {
  readonly kind: FindingKind;
  readonly page: string;
  readonly file: string | null;
  readonly text: string;
}

/** Something that could not be read, so that nobody knows whether it is right. */
export interface IndexGap {
  readonly address: string;
  readonly reason: string;
}

/** Everything that is wrong with the index, and what could not be looked at. */
export function indexFindings(facts: IndexFacts): {
  readonly findings: readonly IndexFinding[];
  readonly gaps: readonly IndexGap[];
} {
  const findings = facts.pages.flatMap((page) => pageFindings(facts, page));
  return { findings, gaps: gapsOf(facts) };
}

function gapsOf({ pages, links, metadata }: IndexFacts): readonly IndexGap[] {
  const forms = pages.flatMap(({ address, html, json }) => [html, json].map((seen) => ({ address, seen })));
  const files = [...links].map(([address, { answer }]) => ({ address, seen: answer }));
  const beside = [...metadata].map(([address, seen]) => ({ address, seen }));
  return [...forms, ...files, ...beside].flatMap(({ address, seen }) =>
    seen.known ? [] : [{ address, reason: seen.reason }],
  );
}

function pageFindings(facts: IndexFacts, page: ServedPage): readonly IndexFinding[] {
  const { html, json, address } = page;
  const found = (kind: FindingKind, text: string): IndexFinding => ({ kind, page: address, file: null, text });
  // What could not be read is a gap, and nothing is concluded from it.
  if (!html.known || !json.known) return [];
  if (html.value === null && json.value === null) return [found('no-page', `${address} is not there`)];
  const unreadable = [html.value, json.value].flatMap((form) =>
    form === null || form.ok ? [] : [found(kindOf(form.problems[0]), `${address}: ${explainIndex(form.problems[0])}`)],
  );
  const noJson = json.value === null ? [found('no-json', `${address} is served as HTML only`)] : [];
  const readHtml = html.value?.ok === true ? html.value.value : null;
  const readJson = json.value?.ok === true ? json.value.value : null;
  const both = readHtml !== null && readJson !== null ? differences(address, readHtml, readJson) : [];
  // An installer that takes either is told of what is wrong in either.
  const forms = [readHtml, readJson].flatMap((form) => (form === null ? [] : formFindings(facts, page, form)));
  return unique([...unreadable, ...forms, ...both, ...noJson]);
}

function kindOf({ code }: IndexProblem): FindingKind {
  return code === 'not-known-type' ? 'wrong-type' : 'unreadable';
}

function unique(findings: readonly IndexFinding[]): readonly IndexFinding[] {
  return [...new Map(findings.map((finding) => [`${finding.kind} ${finding.text}`, finding])).values()];
}

function differences(address: string, html: ReadPage, json: ReadPage): readonly IndexFinding[] {
  return disagreements(html, json).map(({ file, what, html: inHtml, json: inJson }) => ({
    kind: 'disagreement',
    page: address,
    file: file === '' ? null : file,
    text: `${file === '' ? address : file}: ${what} is ${inHtml} in the HTML and ${inJson} in the JSON of ${address}`,
  }));
}

function formFindings(
  facts: IndexFacts,
  { place, address }: ServedPage,
  { page, problems }: ReadPage,
): readonly IndexFinding[] {
  const listed = new Map(page.files.map((file) => [file.name, file]));
  const wanted = facts.files.filter(
    (file) => projectIn(file.name) === place.project && (place.folder === '' || place.folder === file.folder),
  );
  const expected = new Map(wanted.map((file) => [file.name, file]));
  const missing = wanted
    .filter(({ name }) => !listed.has(name))
    .map(({ name }): IndexFinding => ({
      kind: 'not-listed',
      page: address,
      file: name,
      text: `${name} is not listed on ${address}`,
    }));
  const broken = problems.map((problem): IndexFinding => ({
    kind: 'unreadable',
    page: address,
    file: 'file' in problem ? problem.file : null,
    text: `${address}: ${explainIndex(problem)}`,
  }));
  const entries = page.files.flatMap((entry) => entryFindings(facts, address, entry, expected.get(entry.name) ?? null));
  return [...broken, ...missing, ...entries];
}

function entryFindings(
  { links, metadata }: IndexFacts,
  page: string,
  entry: IndexFile,
  expected: FileToList | null,
): readonly IndexFinding[] {
  const { name, url, digest, size } = entry;
  const found = (kind: FindingKind, text: string): IndexFinding => ({ kind, page, file: name, text });
  const findings: IndexFinding[] = [];
  const wanted = expected?.digest ?? null;
  if (digest === null) findings.push(found('no-hash', `${name} is listed without a hash on ${page}`));
  else if (wanted !== null && digest !== wanted) {
    findings.push(found('wrong-hash', `${name} is listed as ${short(digest)} on ${page}, and is ${short(wanted)}`));
  }
  const answer = links.get(url)?.answer;
  if (answer?.known === true) {
    if (answer.value === null)
      findings.push(found('dead-link', `${name} is listed on ${page}, and ${url} is not there`));
    else if (size !== null && answer.value.size !== null && size !== answer.value.size) {
      findings.push(
        found('other-size', `${name} is listed with ${size} bytes on ${page}, and has ${answer.value.size}`),
      );
    }
  }
  return [...findings, ...metadataFindings(metadata, page, entry, expected !== null)];
}

function metadataFindings(
  seen: IndexFacts['metadata'],
  page: string,
  entry: IndexFile,
  isExpected: boolean,
): readonly IndexFinding[] {
  const { name, metadata } = entry;
  const found = (kind: FindingKind, text: string): readonly IndexFinding[] => [{ kind, page, file: name, text }];
  if (metadata === null) {
    const isMissing = isExpected && name.endsWith('.whl');
    return isMissing ? found('no-metadata', `${name} has no metadata file on ${page}`) : [];
  }
  const beside = seen.get(metadataAddress(entry));
  if (beside === undefined || !beside.known || beside.value === true) return [];
  if (beside.value === null)
    return found('dead-metadata', `${name} is listed with a metadata file on ${page}, and it is not there`);
  if (metadata === 'unhashed' || metadata === beside.value) return [];
  return found(
    'wrong-metadata',
    `the metadata file of ${name} is listed as ${short(metadata)} on ${page}, and is ${short(beside.value)}`,
  );
}

/** A digest as people compare it. */
function short(digest: Digest): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
