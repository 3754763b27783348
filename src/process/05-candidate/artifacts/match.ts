import { ArtifactKind } from '../../../domain/artifact.ts';
import type { Digest } from '../../../domain/canonical-json.ts';
import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import { cellFinder, looseName, wheelSays } from '../../../domain/expected/match.ts';
import { escapeName } from '../../../domain/package-name.ts';
import type { Manifest } from '../../../domain/manifest.ts';
import { localOf, withoutLocal } from '../../../domain/pep440.ts';
import { tagOf } from '../../../domain/version.ts';
import type { ArtifactFacts, CandidateTag, FoundFile, PlaceFacts, RepoArtifacts } from './facts.ts';

/** How a cell stands in the candidates' channel. */
export type CellState =
  | { readonly state: 'present'; readonly file: FoundFile; readonly digest: Digest }
  /** `near`: files that were perhaps meant to be it. */
  | { readonly state: 'missing'; readonly near: readonly string[] }
  | { readonly state: 'twice'; readonly files: readonly FoundFile[] }
  | { readonly state: 'misplaced'; readonly file: FoundFile }
  | { readonly state: 'empty'; readonly file: FoundFile }
  | { readonly state: 'no-digest'; readonly file: FoundFile }
  /** Not built from the candidate's commit. */
  | { readonly state: 'stale'; readonly file: FoundFile; readonly why: string }
  /** Another file than the one that was recorded for this very candidate. */
  | { readonly state: 'changed'; readonly file: FoundFile; readonly recorded: Digest }
  | { readonly state: 'unknown'; readonly reason: string };

/** A mirror that is not as the place it mirrors. */
export interface MirrorFault {
  readonly place: string;
  readonly fault: 'lacks' | 'differs' | 'unknown';
}

export interface JudgedCell {
  readonly expected: ExpectedCell;
  readonly state: CellState;
  readonly mirrors: readonly MirrorFault[];
}

/** Files of one repository's candidate against what is expected of it. */
export interface JudgedRepo {
  readonly repo: RepoArtifacts['repo'];
  readonly tag: CandidateTag;
  readonly cells: readonly JudgedCell[];
  /** Files of the release that are no cell's, as their keys. */
  readonly surplus: readonly string[];
}

/** What is recorded already: of this candidate, and of the one before. */
export interface RecordedBefore {
  readonly current: Manifest | null;
  readonly before: Manifest | null;
}

/** Holds each expected cell of a repository against what lies in the channel. */
export function judgeRepo(
  facts: ArtifactFacts,
  { repo, tag }: { readonly repo: RepoArtifacts['repo']; readonly tag: CandidateTag },
  recorded: RecordedBefore,
): JudgedRepo {
  const all = facts.expectation.ok ? facts.expectation.value.cells : [];
  const own = all.filter(({ cell }) => cell.repo === repo.key);
  const places = ArtifactKind.options.map((kind) => placesOf(facts, own, kind));
  const cells = own.map((expected) => {
    const place = places.find(({ kind }) => kind === expected.cell.kind);
    const state = place === undefined ? NO_PLACE : stateOf(place, expected, tag);
    const settled = state.state === 'present' ? againstRecord({ repo, tag }, expected, state, recorded) : state;
    return { expected, state: settled, mirrors: mirrorFaults(place?.mirrors ?? [], expected, settled) };
  });
  const surplus = places.flatMap(({ main, finder }) =>
    main.flatMap(({ key, name }) => (finder.find(name) === null && finder.isOfRelease(name) ? [key] : [])),
  );
  return { repo, tag, cells, surplus: [...new Set(surplus)] };
}

const NO_PLACE: CellState = { state: 'unknown', reason: 'no place of the channel holds such files' };

interface KindPlaces {
  readonly kind: ArtifactKind;
  readonly finder: ReturnType<typeof cellFinder>;
  /** Why the place that counts could not be read; null when it was. */
  readonly unread: string | null;
  readonly main: readonly FoundFile[];
  readonly byCell: ReadonlyMap<ExpectedCell, readonly FoundFile[]>;
  readonly mirrors: readonly {
    readonly place: string;
    readonly byCell: ReadonlyMap<ExpectedCell, readonly FoundFile[]> | null;
  }[];
}

function placesOf({ places, channel }: ArtifactFacts, own: readonly ExpectedCell[], kind: ArtifactKind): KindPlaces {
  const finder = cellFinder(own.filter(({ cell }) => cell.kind === kind));
  const here = places.filter(({ holds }) => holds === kind || holds === 'any');
  const main = here.find(({ isMirror }) => !isMirror);
  const files = main === undefined || !main.content.known ? [] : main.content.value.files;
  return {
    kind,
    finder,
    unread:
      main === undefined
        ? `channel ${channel} has no place for ${kind} files that can be read`
        : main.content.known
          ? null
          : main.content.reason,
    main: files,
    byCell: groupByCell(files, finder),
    mirrors: here
      .filter((place) => place !== main && place.isMirror)
      .map((place: PlaceFacts) => ({
        place: place.name,
        byCell: place.content.known ? groupByCell(place.content.value.files, finder) : null,
      })),
  };
}

function groupByCell(
  files: readonly FoundFile[],
  finder: ReturnType<typeof cellFinder>,
): ReadonlyMap<ExpectedCell, readonly FoundFile[]> {
  const found = new Map<ExpectedCell, readonly FoundFile[]>();
  for (const file of files) {
    const cell = finder.find(file.name);
    if (cell !== null) found.set(cell, [...(found.get(cell) ?? []), file]);
  }
  return found;
}

function stateOf({ unread, byCell, main, finder }: KindPlaces, expected: ExpectedCell, tag: CandidateTag): CellState {
  if (unread !== null) return { state: 'unknown', reason: unread };
  const files = byCell.get(expected) ?? [];
  const [file, second] = files;
  if (file === undefined) {
    const loose = main.filter(({ name }) => finder.find(name) === null);
    return { state: 'missing', near: nearMisses(loose, expected, tag) };
  }
  if (second !== undefined) return { state: 'twice', files };
  if (file.folder !== expected.folder) return { state: 'misplaced', file };
  if (file.size === 0) return { state: 'empty', file };
  if (file.modified !== null && file.modified < tag.committedAt)
    return { state: 'stale', file, why: `written ${file.modified}, before its commit was made (${tag.committedAt})` };
  return file.digest === null ? { state: 'no-digest', file } : { state: 'present', file, digest: file.digest };
}

const MOST_NEAR = 3;

/** A name spelled otherwise, and wheels for the same with another version that were uploaded since the commit. */
function nearMisses(files: readonly FoundFile[], expected: ExpectedCell, tag: CandidateTag): readonly string[] {
  const { cell, file, others, version } = expected;
  const names = [file, ...others];
  const loose = new Set(names.map(looseName));
  const tags = new Set(names.flatMap((name) => wheelSays(name)?.tags ?? []));
  const isNear = (found: FoundFile): boolean => {
    if (loose.has(looseName(found.name))) return true;
    const says = wheelSays(found.name);
    return (
      says !== null &&
      says.distribution === escapeName(cell.package) &&
      tags.has(says.tags) &&
      localOf(says.version) === localOf(version) &&
      withoutLocal(says.version) !== withoutLocal(version) &&
      found.modified !== null &&
      found.modified >= tag.committedAt
    );
  };
  return files
    .filter(isNear)
    .map(({ key }) => key)
    .slice(0, MOST_NEAR);
}

/** A candidate never changes; and a new one from another commit has none of the old one's files. */
function againstRecord(
  { repo, tag }: { readonly repo: RepoArtifacts['repo']; readonly tag: CandidateTag },
  { key }: ExpectedCell,
  found: Extract<CellState, { state: 'present' }>,
  { current, before }: RecordedBefore,
): CellState {
  const isSame = current?.repos.some((each) => each.repo === repo.key && each.commit === tag.commit) === true;
  const now = isSame ? current?.files.find(({ cell }) => cell === key) : undefined;
  if (now !== undefined && now.digest !== found.digest)
    return { state: 'changed', file: found.file, recorded: now.digest };
  const last = before?.repos.find((each) => each.repo === repo.key);
  const old = before?.files.find(({ cell }) => cell === key);
  if (now === undefined && last !== undefined && last.commit !== tag.commit && old?.digest === found.digest)
    return { state: 'stale', file: found.file, why: `still the file of ${tagOf(last.candidate)}` };
  return found;
}

function mirrorFaults(
  mirrors: KindPlaces['mirrors'],
  expected: ExpectedCell,
  state: CellState,
): readonly MirrorFault[] {
  if (state.state !== 'present') return [];
  return mirrors.flatMap(({ place, byCell }): readonly MirrorFault[] => {
    if (byCell === null) return [{ place, fault: 'unknown' }];
    const file = byCell.get(expected)?.find(({ key }) => key === state.file.key);
    if (file === undefined) return [{ place, fault: 'lacks' }];
    return file.digest === state.digest && file.size === state.file.size ? [] : [{ place, fault: 'differs' }];
  });
}
