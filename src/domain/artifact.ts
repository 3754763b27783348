import { z } from 'zod';
import { RepoKey } from './repo.ts';

/** The kinds of file that a train publishes. */
export const ArtifactKind = z.enum(['wheel', 'libtorch', 'conda']);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

/**
 * `<package>/<kind>/<platform>/<accelerator>/<python>`, for example `torch/wheel/linux-x86_64/cu126/3.13t`; `any` for what a file does not depend on. Where several
 * files are built for the same, their variant follows: `torch/libtorch/linux-x86_64/cu126/any/shared-with-deps`.
 */
export const CellKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9._-]+){4,5}$/i)
  .brand<'CellKey'>();
export type CellKey = z.infer<typeof CellKey>;

/** A cell of the expected matrix: what one built file is for. */
export const Cell = z.strictObject({
  /** Name of the package as its makers write it. */
  package: z.string().min(1),
  repo: RepoKey,
  kind: ArtifactKind,
  /** Operating system and architecture, as in `linux-x86_64`, `macos-arm64`, `windows-x86_64`; null for a file that runs everywhere. */
  platform: z.string().nullable(),
  /** `cpu`, `cu126`, `rocm6.3`, `xpu`; null for a package that has no builds per accelerator. */
  accelerator: z.string().nullable(),
  /** The Python build: 3.13, 3.13t; null for a file that does not depend on it. */
  python: z.string().nullable(),
  /** Which of several files for the same: `shared-with-deps`. Left out where there is only one. */
  variant: z.string().min(1).optional(),
});
export type Cell = z.infer<typeof Cell>;

/** The one text of a cell. */
export function cellKey({ package: name, kind, platform, accelerator, python, variant }: Cell): CellKey {
  const words = [name, kind, platform ?? 'any', accelerator ?? 'any', python ?? 'any'];
  return CellKey.parse((variant === undefined ? words : [...words, variant]).join('/'));
}

/** The kind of file that a cell is for: `wheel` of `torch/wheel/linux-x86_64/cu126/3.13`. */
export function kindOfCell(cell: CellKey): ArtifactKind {
  return ArtifactKind.parse(cell.split('/')[1]);
}
