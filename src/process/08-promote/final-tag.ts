import { tagRef, type ObjectId } from '../../domain/git-names.ts';
import type { AssumedRef } from '../../domain/plan/plan.ts';
import type { DraftReleaseStep, PublishReleaseStep, PushTagStep } from '../../domain/plan/step.ts';
import { releaseMarker } from '../../domain/release-marker.ts';
import { refuse, refuseOr, succeed, type Result } from '../../domain/result.ts';
import { fillText, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { compareVersions, releaseOf, tagOf } from '../../domain/version.ts';
import { sayVersionFile, wrongVersionFiles } from '../../domain/version-file.ts';
import type { GitCommit } from '../../ports/git.ts';
import type { FinalTagProblem } from './final-tag-problem.ts';
import type { FinalFacts, FinalState, RepoFinal } from './read-final-tag.ts';

export interface FinalTagOrder {
  readonly train: Train;
  /** When each kind of step comes: tags before what is published on them. */
  readonly waves: { readonly tag: number; readonly draft: number; readonly publish: number };
  /** Repositories whose gate `version-file-matches` was waived: a person decided that the file need not agree. */
  readonly waived: readonly string[];
}

/** What is tagged and released at the end of a promotion. */
export interface FinalTags {
  readonly steps: readonly (PushTagStep | DraftReleaseStep | PublishReleaseStep)[];
  /** The tags of the candidates: what is tagged must still be what was built. */
  readonly assumes: readonly AssumedRef[];
  /** What is there already, and what people should know. */
  readonly notes: readonly string[];
}

/** One repository that may be tagged. */
interface Tagging {
  readonly repo: RepoInRelease;
  readonly remote: string;
  readonly final: RepoFinal;
  readonly state: FinalState;
  readonly commit: GitCommit;
}

/**
 * The final tag of every repository of the final candidate, at the commit its files were built from, and its release on the forge: drafted, then
 * published. What is there as planned is left out and noted; anything else of that name is a problem, never moved or written over.
 */
export function decideFinalTag(facts: FinalFacts, order: FinalTagOrder): Result<FinalTags, FinalTagProblem> {
  const judged = facts.repos.map((final) => judge(facts, order, final));
  return refuseOr(
    judged.flatMap((one) => (one.ok ? [] : one.problems)),
    () => {
      const taggings = judged.flatMap((one) => (one.ok ? [one.value] : []));
      return {
        steps: [
          ...taggings.flatMap((tagging) => tagSteps(order, tagging)),
          ...taggings.flatMap((tagging) => releaseSteps(facts, order, tagging)),
        ],
        assumes: taggings.map(assumed),
        notes: taggings.flatMap(notesOf),
      };
    },
  );
}

function judge(
  { manifest: { release } }: FinalFacts,
  order: FinalTagOrder,
  final: RepoFinal,
): Result<Tagging, FinalTagProblem> {
  const { of, repo, state } = final;
  const named = { repo: of.repo, release };
  if (repo === null) return refuse({ code: 'final-unknown-repo', ...named });
  if (!state.known) return refuse({ code: 'final-unread', ...named, reason: state.reason, source: state.source });
  const { value } = state;
  const { commit } = value;
  if (releaseOf(of.candidate) !== repo.release) {
    return refuse({ code: 'final-other-release', ...named, candidate: of.candidate, own: repo.release });
  }
  if (commit === null || repo.remote === null) {
    const { candidate, commit: recorded } = of;
    return refuse({ code: 'final-candidate-moved', ...named, candidate, recorded, at: value.candidateAt });
  }
  const [first, ...rest] = [
    ...elsewhere(named, repo, { value, planned: of.commit }),
    ...versionProblems(named, repo, { value, commit, order }),
    ...byHand(named, repo, value),
  ];
  if (first !== undefined) return refuse(first, ...rest);
  return succeed({ repo, remote: repo.remote, final, state: value, commit });
}

type Named = Pick<FinalTagProblem, 'repo' | 'release'>;

function elsewhere(
  named: Named,
  repo: RepoInRelease,
  { value, planned }: { readonly value: FinalState; readonly planned: ObjectId },
): readonly FinalTagProblem[] {
  if (value.final === null || value.final.commit === planned) return [];
  return [{ code: 'final-tag-elsewhere', ...named, tag: tagOf(repo.release), at: value.final.commit, planned }];
}

interface Versions {
  readonly value: FinalState;
  readonly commit: GitCommit;
  readonly order: FinalTagOrder;
}

function versionProblems(
  named: Named,
  repo: RepoInRelease,
  { value, commit, order }: Versions,
): readonly FinalTagProblem[] {
  const wrong = wrongVersionFiles(value.versionFiles, repo.release);
  if (wrong.length === 0 || order.waived.includes(repo.key)) return [];
  const found = wrong.map(sayVersionFile).join(', ');
  const about = { tag: tagOf(repo.release), commit: commit.id, found, needed: repo.release };
  return [{ code: 'final-version-mismatch', ...named, ...about }];
}

function byHand(named: Named, repo: RepoInRelease, { release }: FinalState): readonly FinalTagProblem[] {
  if (release?.is !== 'foreign') return [];
  const { author, link } = release;
  return [{ code: 'final-release-by-hand', ...named, tag: tagOf(repo.release), author, link }];
}

/** Placeholders of titles and messages, for one repository. */
function fill(text: string, { repo, final }: Tagging): string {
  return fillText(text, { release: repo.release })
    .replaceAll('{repo}', repo.key)
    .replaceAll('{tag}', tagOf(repo.release))
    .replaceAll('{candidate}', final.of.candidate);
}

function tagSteps({ train, waves }: FinalTagOrder, tagging: Tagging): readonly PushTagStep[] {
  const { repo, remote, final, state, commit } = tagging;
  if (state.final !== null) return [];
  const tag = tagOf(repo.release);
  return [
    {
      kind: 'push-tag',
      key: `push-tag:${repo.key}:${tag}`,
      wave: waves.tag,
      reversible: 'never',
      undo: 'none: a public tag is fetched by others and never moved; a mistake is put right by the next patch release',
      repo: repo.key,
      remote,
      via: tagRef(tagOf(final.of.candidate)),
      tag,
      commit: commit.id,
      message: `${fill(train.promotion.tag, tagging)}\n`,
      tagger: train.committer,
      // Not the time of planning: the same world has to give the same plan, and the same tag.
      date: commit.committedAt,
      sign: train.candidates.sign,
    },
  ];
}

function releaseSteps(
  facts: FinalFacts,
  order: FinalTagOrder,
  tagging: Tagging,
): readonly (DraftReleaseStep | PublishReleaseStep)[] {
  const { repo, state, commit } = tagging;
  const { slug } = repo.entry;
  if (slug === undefined || state.release === null || state.release.is === 'published') return [];
  const { train, waves } = order;
  const tag = tagOf(repo.release);
  const common = { repo: repo.key, slug, tag, commit: commit.id };
  return [
    {
      ...common,
      kind: 'draft-release',
      key: `draft-release:${repo.key}:${tag}`,
      wave: waves.draft,
      reversible: 'yes',
      undo: 'delete the draft',
      title: fill(train.promotion.releaseTitle, tagging),
      body: `${releaseMarker(tag)}\n${bodyOf(facts, train, tagging)}\n`,
    },
    {
      ...common,
      kind: 'publish-release',
      key: `publish-release:${repo.key}:${tag}`,
      wave: waves.publish,
      reversible: 'never',
      undo: 'none: a published release has been seen; its text can be edited on the forge',
      latest: state.released.every((other) => compareVersions(other, repo.release) < 0),
      files: [],
    },
  ];
}

/** The text of the train, or a short one: the packages of the repository with their version, and the candidate they were. */
function bodyOf({ manifest }: FinalFacts, train: Train, tagging: Tagging): string {
  const { repo, final, commit } = tagging;
  const packages = repo.entry.packages.map((name) => `- ${name} ${repo.release}`).join('\n');
  const text = train.texts['release'];
  if (text !== undefined) return fill(text.replaceAll('{packages}', packages), tagging).trim();
  const built = `Built as ${tagOf(final.of.candidate)} from ${commit.id}.`;
  const core = repo.entry.role === 'core' ? '' : ` Goes with ${train.product} ${manifest.release}.`;
  return [...(packages === '' ? [] : [packages, '']), `${built}${core}`].join('\n');
}

function assumed({ repo, remote, final }: Tagging): AssumedRef {
  return { repo: repo.key, remote, ref: tagRef(tagOf(final.of.candidate)), at: final.of.commit };
}

function notesOf({ repo, state }: Tagging): readonly string[] {
  const tag = tagOf(repo.release);
  const lines: string[] = [];
  if (state.final !== null) {
    lines.push(
      `${repo.key} has its tag ${tag} already${state.final.annotated ? '' : ', without a message of its own'}`,
    );
  }
  if (state.release?.is === 'published') lines.push(`the release of ${repo.key} ${tag} is published already`);
  if (state.release === null) lines.push(`${repo.key} gets no release on a forge: the train names none for it`);
  return lines;
}
