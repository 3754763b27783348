import { z } from 'zod';
import { BranchName } from '../git-names.ts';
import { RepoKey } from '../repo.ts';
import { FilePath } from './file-path.ts';

/** Where the train file itself lies: changes of it are proposed there as pull requests. */
export const TrainFilePlace = z.strictObject({
  repo: RepoKey.describe('Repository of the train that holds it.'),
  branch: BranchName.optional().describe('Its branch that counts; by default the default branch of the repository.'),
  path: FilePath.default('train.yaml').describe(
    'Path of the train file; support.yaml and calendar.yaml lie beside it where it is called train.yaml.',
  ),
});
export type TrainFilePlace = z.infer<typeof TrainFilePlace>;
