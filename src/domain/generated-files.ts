import { z } from 'zod';

/** Files that a command makes from other files of the repository. The command is a list of words, never given to a shell. */
export const GeneratedFiles = z.strictObject({
  files: z.array(z.string().min(1)).min(1).describe('Paths; * for a name, ** for any folders.'),
  command: z.array(z.string().min(1)).min(1).describe('The command and its arguments, each by itself; no shell.'),
});
export type GeneratedFiles = z.infer<typeof GeneratedFiles>;
