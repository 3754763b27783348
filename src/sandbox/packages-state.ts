import { z } from 'zod';
import type { Keep } from './packages-keep.ts';

/** A file of the index. */
const StoredFile = z.object({
  name: z.string(),
  /** In its one form. */
  project: z.string(),
  version: z.string(),
  filetype: z.string(),
  pyversion: z.string(),
  size: z.number(),
  sha256: z.string(),
  md5: z.string(),
  blake2: z.string(),
  /** METADATA of a wheel, as text. */
  metadata: z.string().nullable(),
  metadataSha256: z.string().nullable(),
  requiresPython: z.string().nullable(),
  uploadedAt: z.string(),
  uploadedBy: z.string(),
  attestations: z.array(z.unknown()),
  /** The job that published it with them. */
  publisher: z
    .object({ repository: z.string(), workflow: z.string(), environment: z.string().nullable() })
    .nullable()
    .default(null),
  /** How often the pages of its project are still asked for before they show it. */
  hiddenFor: z.number(),
});
export type StoredFile = z.infer<typeof StoredFile>;

/** A version of a project: what its first file said, and whether it is yanked. */
const StoredRelease = z.object({
  project: z.string(),
  version: z.string(),
  summary: z.string(),
  classifiers: z.array(z.string()),
  requiresDist: z.array(z.string()),
  requiresPython: z.string().nullable(),
  /** The reason, '' where none was given; null: not yanked. */
  yanked: z.string().nullable(),
});
export type StoredRelease = z.infer<typeof StoredRelease>;

const StoredProject = z.object({ name: z.string(), normal: z.string(), owners: z.array(z.string()) });
export type StoredProject = z.infer<typeof StoredProject>;

const PackagesState = z.object({
  version: z.literal(1),
  serial: z.number(),
  projects: z.array(StoredProject),
  releases: z.array(StoredRelease),
  files: z.array(StoredFile),
  /** Every file name that was ever taken. */
  used: z.array(z.string()),
});
export type PackagesState = z.infer<typeof PackagesState>;

/** A state that cannot be read. */
class PackagesStateError extends Error {
  override readonly name = 'PackagesStateError';
}

export interface PackagesStore {
  state(): PackagesState;
  /** A change is made on a copy, written, and only then seen. */
  change(make: (draft: PackagesState) => void): void;
}

export function openPackages(keep: Keep): PackagesStore {
  const empty: PackagesState = { version: 1, serial: 0, projects: [], releases: [], files: [], used: [] };
  let state = stateIn(keep.load()) ?? empty;
  return {
    state: () => state,
    change: (make) => {
      const draft = structuredClone(state);
      make(draft);
      draft.serial += 1;
      keep.save(JSON.stringify(draft));
      state = draft;
    },
  };
}

function stateIn(text: string | null): PackagesState | null {
  if (text === null) return null;
  try {
    return PackagesState.parse(JSON.parse(text));
  } catch (cause) {
    throw new PackagesStateError('The state of the package index is not readable. Begin a new folder.', { cause });
  }
}

/** The one form of a project's name. */
export const normalName = (name: string) => name.replaceAll(/[-_.]+/gu, '-').toLowerCase();

/** The files of a project that its pages show; asking makes a hidden one a step more visible. */
export function shownFiles(store: PackagesStore, project: string): readonly StoredFile[] {
  const all = store.state().files.filter((file) => file.project === project);
  const shown = all.filter(({ hiddenFor }) => hiddenFor === 0);
  if (shown.length < all.length) {
    store.change((draft) => {
      for (const file of draft.files) if (file.project === project) file.hiddenFor = Math.max(0, file.hiddenFor - 1);
    });
  }
  return shown;
}
