import type { Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { foldLineage, lineageOf, type Lineage } from '../../engine/fold-lineage.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf } from '../record.ts';
import { indexBound, type IndexBound } from './for-index.ts';

type BoundFile = IndexBound['files'][number];

/** A file for the index with what its lineage says it became; null where no plan said it. */
export interface StagedFile extends BoundFile {
  readonly lineage: Lineage | null;
}

/** The wheels for the index with their lineage, in the order of the train file. */
export async function stagedFiles(
  app: App,
  release: ReleaseVersion,
): Promise<Result<IndexBound & { readonly staged: readonly StagedFile[] }, AppProblem>> {
  const bound = await indexBound(app, release);
  if (!bound.ok) return bound;
  const lineages = foldLineage(await entriesOf(app, release));
  const staged = bound.value.files.map((each) => ({
    ...each,
    lineage: lineageOf(lineages, each.file.source.digest, each.staged),
  }));
  return { ok: true, value: { ...bound.value, staged } };
}
