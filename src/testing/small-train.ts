import { ObjectId } from '../domain/git-names.ts';
import { Instant } from '../domain/instant.ts';
import { RepoKey } from '../domain/repo.ts';
import { reposOf, type RepoInRelease } from '../domain/train/naming.ts';
import { Train } from '../domain/train/train.ts';
import { ReleaseVersion } from '../domain/version.ts';

/** Four repositories: core, infra, and two that follow core, one of which counts its own line (2.8 is 0.23). */
const SMALL_TRAIN = {
  train: 'acme',
  title: 'Acme',
  product: 'acme',
  forge: { web: 'https://forge.example', api: 'https://api.forge.example' },
  roles: {
    'release-manager': ['rita'],
    'repo-owner': [],
    'triage-reviewer': [],
    approver: ['ann', 'bob'],
  },
  repos: {
    core: {
      role: 'core',
      slug: 'acme/core',
      source: 'viable/strict',
      packages: ['acme'],
      versionFiles: ['version.txt'],
      owners: ['otto'],
      nightlies: { ref: 'nightly', jobs: ['build / *', 'test'] },
      sourceGreen: { jobs: ['test'] },
      staged: { jobs: ['upload / *'] },
    },
    infra: { role: 'infra', slug: 'acme/infra', source: 'main' },
    vision: {
      role: 'domain',
      slug: 'acme/vision',
      source: 'main',
      packages: ['acmevision'],
      versionFiles: ['version.txt'],
      version: { follow: 'count', pair: { train: '2.7', repo: '0.22' } },
    },
    audio: { role: 'domain', slug: 'acme/audio', source: 'main', packages: ['acmeaudio'] },
  },
} as const;

/** The small train, with members of a repository changed or added. */
export function smallTrain(
  changes: Record<string, Record<string, unknown>> = {},
  rest: Record<string, unknown> = {},
): Train {
  const repos: Record<string, Record<string, unknown>> = { ...SMALL_TRAIN.repos };
  for (const [key, change] of Object.entries(changes)) repos[key] = { ...repos[key], ...change };
  return Train.parse({ ...SMALL_TRAIN, ...rest, repos });
}

/** A commit id made of one hexadecimal digit, `a` to forty a's. */
export function commitId(digit: string): ObjectId {
  return ObjectId.parse(digit.repeat(40));
}

export const RELEASE = ReleaseVersion.parse('2.8.0');
export const NOW = Instant.parse('2026-06-08T12:00:00Z');

/** One repository of a train in the release 2.8.0. */
export function repoOf(train: Train, key: string): RepoInRelease {
  const found = reposOf(train, RELEASE).find((repo) => repo.key === RepoKey.parse(key));
  if (found === undefined) throw new Error(`the small train has no ${key}`);
  return found;
}

/** A failure of the world as the adapters throw it: an error with a code. */
export function worldFailure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
