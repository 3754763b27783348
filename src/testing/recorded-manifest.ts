import type { App } from '../app/app.ts';
import { record } from '../app/record.ts';
import { CellKey } from '../domain/artifact.ts';
import { digestOf } from '../domain/canonical-json.ts';
import { sealManifest } from '../domain/manifest.ts';
import { RepoKey } from '../domain/repo.ts';
import { StoreKey } from '../domain/store-key.ts';
import { ChannelName } from '../domain/train/channels.ts';
import { releaseOf, type CandidateVersion } from '../domain/version.ts';
import { BASE } from './engine-world.ts';

/** A manifest with one wheel of each of these repositories, whose content is given. */
function madeManifest(
  candidate: CandidateVersion,
  contents: Readonly<Record<string, string>>,
): ReturnType<typeof sealManifest> {
  return sealManifest({
    train: 'small',
    release: releaseOf(candidate),
    candidate,
    channel: ChannelName.parse('test'),
    repos: Object.keys(contents).map((repo) => ({ repo: RepoKey.parse(repo), candidate, commit: BASE })),
    files: Object.entries(contents).map(([repo, content]) => ({
      cell: CellKey.parse(`${repo}/wheel/any/cpu/3.13`),
      repo: RepoKey.parse(repo),
      key: StoreKey.parse(`whl/${repo}.whl`),
      size: 5,
      digest: digestOf(content),
      run: null,
      requires: null,
    })),
  });
}

/** Records it, as `artifact record` does. */
export async function recordManifest(
  app: App,
  candidate: CandidateVersion,
  contents: Readonly<Record<string, string>>,
): Promise<ReturnType<typeof sealManifest>> {
  const sealed = madeManifest(candidate, contents);
  const release = releaseOf(candidate);
  await record(app, { type: 'manifest-recorded', release, candidate, ...sealed, proof: 'read', reason: '' });
  return sealed;
}
