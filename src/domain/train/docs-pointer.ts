import { z } from 'zod';
import { BranchName } from '../git-names.ts';
import { RepoKey } from '../repo.ts';
import { FilePath } from './file-path.ts';

/** Where the documentation that everybody reads says which line is the stable one (gate docs-pointer). */
export const DocsPointer = z.strictObject({
  repo: RepoKey.describe('Repository of the train that the documentation is shown from.'),
  branch: BranchName.default(BranchName.parse('main')).describe('Its branch that is shown.'),
  stable: FilePath.default('stable').describe(
    'What leads to the stable documentation: a symbolic link to the folder of a line, or a file that redirects to it.',
  ),
  menu: FilePath.default('versions.html').describe('File with the menu of versions.'),
  owner: z
    .string()
    .min(1)
    .optional()
    .describe('Workstream that sees to it; otherwise the owners of the repository and the release managers.'),
});
export type DocsPointer = z.infer<typeof DocsPointer>;
