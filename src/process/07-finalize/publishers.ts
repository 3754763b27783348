import type { Pep440Version } from '../../domain/pep440.ts';
import type { ExpectedPublisher } from '../../domain/train/channels.ts';
import type { FileProvenance, FilePublisher } from '../../ports/package-index.ts';

/** A version of a project on the index, with what the index tells of who published its files. */
export interface PublishedVersion {
  readonly version: Pep440Version;
  readonly files: readonly { readonly name: string; readonly provenance: FileProvenance }[];
}

/** Who published a project before. */
export interface ProjectPublishers {
  readonly project: string;
  /** Who publishes it by the train file; empty where that does not say it. */
  readonly expected: readonly ExpectedPublisher[];
  /** The release that is to be uploaded, as far as it is there already, and the one before it. */
  readonly judged: readonly PublishedVersion[];
  /** The release before those: whether it had provenance. */
  readonly earlier: PublishedVersion | null;
}

/** What is to be told of who published before: faults close the gate, notes do not. */
export interface PublisherFindings {
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares who published a project before with who does by the train file (PEP 740). Somebody else, and provenance that disappeared, is a fault where the
 * train says who publishes: then an account or a token was used that nobody expects. Where it does not say it, the same is told, and closes nothing.
 */
export function judgePublishers(projects: readonly ProjectPublishers[]): PublisherFindings {
  const found = projects.map(findingsOf);
  return { faults: found.flatMap(({ faults }) => faults), notes: found.flatMap(({ notes }) => notes) };
}

function findingsOf({ project, expected, judged, earlier }: ProjectPublishers): PublisherFindings {
  if (judged.length === 0)
    return { faults: [], notes: [`${project}: no earlier release on the index says who publishes`] };
  const hadSome = hasProvenance(earlier) || judged.some(hasProvenance);
  const before = earlier === null ? [] : publishersIn(earlier);
  const found = judged.map((version): PublisherFindings => {
    const named = `${project} ${version.version}`;
    const others = groupsIn(version).map(({ publisher, files }) => {
      const isExpected = expected.some((one) => fits(publisher, one));
      return { text: `${named}: ${filesOf(files)} published by ${nameOf(publisher)}`, publisher, isExpected };
    });
    const none = toldOf(version, 'none');
    const silent = toldOf(version, 'nothing');
    const lost = none.length === 0 ? [] : [lostText(named, none, hadSome)];
    const unknown = silent.length === 0 ? [] : [`${named}: the index does not tell who published ${filesOf(silent)}`];
    if (expected.length === 0) {
      const told = others.map(({ text, publisher }) => `${text}${changeOf(publisher, before)}`);
      return { faults: [], notes: [...told, ...lost, ...unknown] };
    }
    const strangers = others.filter(({ isExpected }) => !isExpected);
    const wanted = expected.map(expectedText).join(' or ');
    return {
      faults: [
        ...strangers.map(({ text }) => `${text}; the train expects ${wanted}. Find out who published it`),
        ...(hadSome ? lost : []),
      ],
      notes: [
        ...others.filter(({ isExpected }) => isExpected).map(({ text }) => `${text}, as the train says`),
        ...(hadSome ? [] : lost),
        ...unknown,
      ],
    };
  });
  return { faults: found.flatMap(({ faults }) => faults), notes: found.flatMap(({ notes }) => notes) };
}

function lostText(named: string, files: readonly string[], hadSome: boolean): string {
  return hadSome
    ? `${named}: ${filesOf(files)} published without provenance, which others of the project have: it disappeared. Find out who published it, and how`
    : `${named}: ${filesOf(files)} published without provenance`;
}

function changeOf(publisher: FilePublisher, before: readonly FilePublisher[]): string {
  const [other] = before;
  if (other === undefined || before.some((one) => nameOf(one) === nameOf(publisher))) return '';
  return `, and the release before by ${nameOf(other)}. Look whether that is right`;
}

function hasProvenance(version: PublishedVersion | null): boolean {
  return version !== null && version.files.some(({ provenance }) => provenance.told === 'publishers');
}

function publishersIn({ files }: PublishedVersion): readonly FilePublisher[] {
  return files.flatMap(({ provenance }) => (provenance.told === 'publishers' ? provenance.publishers : []));
}

interface Group {
  readonly publisher: FilePublisher;
  readonly files: string[];
}

/** Files by who published them; one that several vouch for is among the files of each. */
function groupsIn({ files }: PublishedVersion): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { name, provenance } of files) {
    if (provenance.told !== 'publishers') continue;
    for (const publisher of provenance.publishers) {
      const key = nameOf(publisher);
      const group = groups.get(key) ?? { publisher, files: [] };
      group.files.push(name);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function toldOf({ files }: PublishedVersion, told: 'none' | 'nothing'): readonly string[] {
  return files.filter(({ provenance }) => provenance.told === told).map(({ name }) => name);
}

/** Repositories of forges are the same in any case of their letters; files of workflows are not. */
function fits(publisher: FilePublisher, { kind, repository, workflow, environment }: ExpectedPublisher): boolean {
  return (
    publisher.kind.toLowerCase() === kind.toLowerCase() &&
    publisher.repository?.toLowerCase() === repository.toLowerCase() &&
    (workflow === undefined || publisher.workflow === workflow) &&
    (environment === undefined || publisher.environment === environment)
  );
}

function filesOf(files: readonly string[]): string {
  const [first = '', ...others] = files;
  return others.length === 0 ? first : `${files.length} files, ${first} first,`;
}

/** `GitHub acme/acme, release.yml in pypi`. */
function nameOf({ kind, repository, workflow, environment }: FilePublisher): string {
  const where = repository === null ? kind : `${kind} ${repository}`;
  return `${where}${workflow === null ? '' : `, ${workflow}`}${environment === null ? '' : ` in ${environment}`}`;
}

function expectedText({ kind, repository, workflow, environment }: ExpectedPublisher): string {
  return nameOf({ kind, repository, workflow: workflow ?? null, environment: environment ?? null });
}
