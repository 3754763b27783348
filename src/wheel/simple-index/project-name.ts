import { z } from 'zod';
import { normalizeName } from '../../domain/package-name.ts';

const LONGEST = 200;

/** The name of a project in its one form (PEP 503): lower case, a dash for every run of dashes, dots and underscores. */
export const ProjectName = z
  .string()
  .max(LONGEST)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, {
    error: 'not a project name of an index: lower-case letters, digits, dashes',
  })
  .brand<'ProjectName'>();
export type ProjectName = z.infer<typeof ProjectName>;

/** `torch_xla`, `Torch.XLA` and `torch-xla` are one project; null for what is no name at all. */
export function projectName(written: string): ProjectName | null {
  if (written.length > LONGEST) return null;
  const name = ProjectName.safeParse(normalizeName(written));
  return name.success ? name.data : null;
}
