import { refuseOr, type Result } from '../../domain/result.ts';
import type { IndexFile } from '../../domain/index-page.ts';
import { fileProblem } from './file.ts';
import { inIndexOrder, versionPlaces, type VersionPlaces } from './order.ts';
import type { IndexProblem } from './problem.ts';
import type { ProjectName } from './project-name.ts';

/** The files of one project, in the order of the index: by version, then by name. No two have one name. */
export interface ProjectPage {
  readonly project: ProjectName;
  readonly files: readonly IndexFile[];
}

/** Makes a page; refuses names twice, and what an index cannot carry. `places` may be of more files than these. */
export function projectPage(
  project: ProjectName,
  files: readonly IndexFile[],
  places: VersionPlaces = versionPlaces(files.map(({ name }) => name)),
): Result<ProjectPage, IndexProblem> {
  const seen = new Set<string>();
  const problems: IndexProblem[] = [];
  for (const file of files) {
    const problem = fileProblem(file);
    if (problem !== null) problems.push(problem);
    else if (seen.has(file.name)) problems.push({ code: 'listed-twice', file: file.name });
    seen.add(file.name);
  }
  return refuseOr(problems, () => ({ project, files: inIndexOrder(files, places) }));
}
