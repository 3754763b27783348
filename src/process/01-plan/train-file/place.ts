import type { BranchName } from '../../../domain/git-names.ts';
import type { RepoKey, RepoSlug } from '../../../domain/repo.ts';
import { remoteOf } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';

/** Where the train file lies. */
export interface TrainPlace {
  readonly repo: RepoKey;
  readonly remote: string;
  /** On the forge, where its pull requests are opened. */
  readonly slug: RepoSlug;
  readonly branch: BranchName;
  readonly path: string;
}

/** The place, or why no change can be proposed there, with what to say in the train file. */
export function trainPlace(train: Train): TrainPlace | { readonly why: string } {
  const { trainFile, forge } = train;
  const explain = 'signalbox config explain trainFile';
  if (trainFile === undefined)
    return {
      why: `The train file does not say where it lies itself. Say it: ${explain}; until then, edit it by hand.`,
    };
  const { repo, path } = trainFile;
  const entry = train.repos[repo];
  const remote = entry === undefined ? null : remoteOf(train, entry);
  if (entry === undefined || remote === null)
    return { why: `The train file does not say where the repository ${repo} lies, which holds it. See: ${explain}` };
  if (entry.slug === undefined || forge === undefined)
    return {
      why: `The repository ${repo}, which holds the train file, is on no forge: no pull request can be opened there. Edit it by hand.`,
    };
  return { repo, remote, slug: entry.slug, branch: trainFile.branch ?? entry.main, path };
}
