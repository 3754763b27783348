import type { CellKey } from '../../../domain/artifact.ts';
import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import { filled } from '../../../domain/expected/names.ts';
import type { GetStarted } from '../../../domain/train/get-started.ts';
import { holdsFor } from '../../../domain/train/span.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { Line, ReleaseVersion } from '../../../domain/version.ts';
import type { Slot } from './slots.ts';

/** What the page is made from: the cells of the release that there are files of, and where everybody reads them. */
export interface StartFacts {
  readonly train: Train;
  readonly settings: GetStarted;
  readonly release: ReleaseVersion;
  readonly line: Line;
  readonly cells: readonly ExpectedCell[];
  /** Where the file of a cell lies below the address of its place, by the manifest; the expected place otherwise. */
  readonly keys: ReadonlyMap<CellKey, string>;
  /** Addresses of the stable channel, each with a slash at its end; null where nothing of the kind is public there. */
  readonly addresses: { readonly wheel: string | null; readonly libtorch: string | null };
}

/** A command that a user copies, and what it is meant to install. */
export interface Install {
  readonly system: string;
  readonly label: string;
  readonly command: string;
  readonly packages: readonly string[];
  /** Folder of the channel's index; empty for its root. */
  readonly folder: string;
  /** Whether the command takes the packages from the package index, so that it names no address. */
  readonly isPublished: boolean;
  readonly cells: readonly ExpectedCell[];
}

/** What a system is told to install for a button; null where the release has nothing for the two. */
export function installFor(facts: StartFacts, system: string, { label, build }: Slot): Install | null {
  const { train, settings, addresses } = facts;
  const platform = settings.systems[system];
  const cells = facts.cells.filter(
    ({ cell }) => cell.kind === 'wheel' && cell.platform === platform && cell.accelerator === build.name,
  );
  const [first] = cells;
  if (first === undefined || addresses.wheel === null) return null;
  const packages = [...new Set(cells.map(({ cell }) => cell.package))];
  const channel = train.promotion.pypi;
  const isPublished = channel !== null && cells.every(({ publish }) => publish.some((one) => one.channel === channel));
  const { folder } = first;
  const words = { packages: packages.join(' '), index: `${addresses.wheel}${folder}`.replace(/\/$/, '') };
  const command = filled(isPublished ? settings.pip.published : settings.pip.index, words);
  return { system, label, command, packages, folder, isPublished, cells };
}

/** The downloads of the C++ library for a system and a button, by the text before each; empty where there are none. */
export function downloadsFor(facts: StartFacts, system: string, { build }: Slot): ReadonlyMap<string, string> {
  const { settings, line, addresses, keys } = facts;
  const platform = settings.systems[system];
  const found = settings.downloads
    .filter((download) => download.system === system && holdsFor(download, line))
    .flatMap(({ variant, text }): readonly (readonly [string, string])[] => {
      const archive = facts.cells.find(
        ({ cell }) =>
          cell.kind === 'libtorch' &&
          cell.platform === platform &&
          cell.accelerator === build.name &&
          cell.variant === variant,
      );
      if (archive === undefined || addresses.libtorch === null) return [];
      const { folder, file } = archive;
      const key = keys.get(archive.key) ?? (folder === '' ? file : `${folder}/${file}`);
      return [[text, `${addresses.libtorch}${key.split('/').map(encodeURIComponent).join('/')}`]];
    });
  return new Map(found);
}
