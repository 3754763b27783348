import { parseBranch } from '../../domain/branch.ts';
import { branchRef, shortRef, tagRef, type BranchName, type ObjectId, type RefName } from '../../domain/git-names.ts';
import { RepoSlug } from '../../domain/repo.ts';
import type { RepoEntry } from '../../domain/train/repo-entry.ts';
import {
  compareVersions,
  parseTag,
  tagOf,
  type CandidateVersion,
  type Line,
  type ReleaseVersion,
} from '../../domain/version.ts';
import type { LineHistory } from '../../history/types.ts';
import type { RemoteRepo } from '../../ports/git.ts';
import type { App } from '../app.ts';
import { isGeneratedBy } from './generated.ts';
import { readLine } from './read-line.ts';

/** A release branch of a repository, fetched. */
export interface FetchedLine {
  readonly branch: string;
  readonly line: Line;
  readonly variant: string | null;
  readonly head: ObjectId;
}

/** A tag of a release or candidate, fetched. */
export interface FetchedTag {
  readonly version: CandidateVersion | ReleaseVersion;
  readonly commit: ObjectId;
}

/** Main, the release branches and the tags of one repository, as the remote has them now and fetched. */
export interface RepoLines {
  readonly key: string;
  readonly at: RemoteRepo;
  readonly slug: RepoSlug | null;
  readonly main: ObjectId;
  readonly lines: readonly FetchedLine[];
  readonly tags: readonly FetchedTag[];
}

/** Where a repository lies, by the train. */
export interface RepoPlace {
  readonly key: string;
  readonly entry: RepoEntry;
  readonly remote: string;
}

/** Lists what the remote has and brings what is new; when nothing is, it costs two lists. Null when it has no main branch. */
export async function fetchRepoLines(app: App, { key, entry, remote }: RepoPlace): Promise<RepoLines | null> {
  const at = { repo: key, remote };
  const { train } = app.loaded;
  // Git matches a beginning: what follows the line's number, and a variant's name, is judged when the names are read.
  const [before = ''] = (entry.branch ?? train.branches.release).split('{line}');
  const mainRef = branchRef(entry.main);
  // Candidates of the train's own form; other tags are none of ours.
  const refs = await app.git.remoteRefs(at, [mainRef, `refs/heads/${before}*`, 'refs/tags/v*']);
  const main = refs.find(({ ref }) => ref === mainRef);
  if (main === undefined) return null;
  const lines = refs.flatMap(({ ref, id }): FetchedLine[] => {
    const parsed = ref.startsWith('refs/heads/') ? parseBranch(train, key, shortRef(ref)) : null;
    if (parsed === null || parsed.kind !== 'release' || parsed.product !== null) return [];
    return [{ branch: shortRef(ref), line: parsed.line, variant: parsed.variant, head: id }];
  });
  const tags = refs.flatMap(({ ref, id, peeled }): FetchedTag[] => {
    const tag = ref.startsWith('refs/tags/') ? parseTag(ref.slice('refs/tags/'.length)) : null;
    return tag === null
      ? []
      : [{ version: tag.kind === 'candidate' ? tag.candidate : tag.release, commit: peeled ?? id }];
  });
  const wanted: readonly RefName[] = [
    mainRef,
    ...lines.map(({ branch }) => branchRef(branch)),
    ...tags.map(({ version }) => tagRef(tagOf(version))),
  ];
  await app.git.fetch(at, wanted);
  const sorted = lines.toSorted(
    (one, other) => compareVersions(other.line, one.line) || (one.branch < other.branch ? -1 : 1),
  );
  return { key, at, slug: RepoSlug.safeParse(entry.slug).data ?? null, main: main.id, lines: sorted, tags };
}

/** What every commit of one of the branches is. A variant is compared with the branch it was made from, too. */
export async function readLineOf(app: App, repo: RepoLines, line: FetchedLine): Promise<LineHistory> {
  const parent =
    line.variant === null
      ? null
      : (repo.lines.find((other) => other.variant === null && other.line === line.line)?.head ?? null);
  const generated = app.loaded.train.picks.generated.flatMap(({ files }) => files);
  return readLine({
    history: app.history,
    at: repo.at,
    slug: repo.slug,
    main: repo.main,
    line: line.head,
    parent,
    siblings: repo.lines.filter(({ head }) => head !== line.head).map(({ head }) => head),
    ...(generated.length === 0 ? {} : { isGenerated: isGeneratedBy(generated), generatedKey: generated.join(' ') }),
  });
}

/** The branch of a line, not a variant of it. */
export function lineNamed(repo: RepoLines, branch: BranchName): FetchedLine | null {
  return repo.lines.find((line) => line.branch === branch) ?? null;
}
