import { z } from 'zod';

/** A path of a file in a repository: nothing that leads out of it. */
export const FilePath = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[A-Za-z0-9_./-]{1,200}$/, {
  error: 'not a path of a file in a repository: a/b.json, without a slash at the front',
});
