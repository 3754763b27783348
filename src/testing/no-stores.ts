import type { Partners } from '../app/partners/partners.ts';
import type { Stores } from '../app/stores.ts';
import { storedArtifactFiles } from '../adapters/artifact-files/index.ts';
import { storedIndexPages } from '../adapters/index-pages/index.ts';
import { unknown } from '../domain/observation.ts';
import { NOW } from './engine-world.ts';
import type { ArtifactFiles } from '../ports/artifact-files.ts';
import type { LinkLooker } from '../ports/link-looker.ts';
import type { Resolver } from '../ports/resolver.ts';
import type { PackageFiles } from '../ports/package-files.ts';
import type { IndexPages } from '../ports/index-pages.ts';

/** For an app whose channels nobody asks for. */
export const noStores: Stores = {
  of: () => Promise.reject(new Error('nobody was to ask for a store')),
  indexesOf: () => Promise.reject(new Error('nobody was to ask for a package index')),
  condaOf: () => Promise.reject(new Error('nobody was to ask for a conda channel')),
  close: () => {},
};

/** For an app whose indexes nobody asks for. */
export const noPages: IndexPages = storedIndexPages(() => Promise.reject(new Error('nobody was to ask for a page')));

/** For an app that publishes to no package index. */
export const noPackages: PackageFiles = {
  missing: () => Promise.resolve('nobody was to upload anything'),
  look: () => Promise.reject(new Error('nobody was to ask for a package index')),
  upload: () => Promise.reject(new Error('nobody was to upload anything')),
  yank: () => Promise.reject(new Error('nobody was to yank anything')),
};
/** For an app whose files nobody moves. */
const noFiles: ArtifactFiles = storedArtifactFiles(() => Promise.reject(new Error('nobody was to ask for a file')));

/** For an app whose packages nobody installs. */
export const noResolver: Resolver = {
  known: () => Promise.resolve(null),
  resolve: () => Promise.reject(new Error('nobody was to install anything')),
};

/** For an app that tells no partner anything. */
export const noPartners: Partners = {
  hooks: { post: () => Promise.reject(new Error('no partner was to be told anything')) },
  secretsOf: () => [],
};

/** For an app that looks at no links. */
export const noLinks: LinkLooker = { look: () => Promise.reject(new Error('nobody was to look at a link')) };

/** All of the above, and no data about CPython, for an app that has nothing to do with channels. */
export const noChannels = {
  stores: noStores,
  pages: noPages,
  files: noFiles,
  packages: noPackages,
  resolver: noResolver,
  partners: noPartners,
  links: noLinks,
  pythonReleases: () => Promise.resolve(unknown('nobody was to ask for Python', NOW, 'python-releases.json')),
} as const;
