import { expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { GateId } from '../../domain/gate.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { foldManifests, manifestFor, type RecordedManifest } from '../../engine/fold-manifests.ts';
import { memoryForge } from '../../testing/memory-forge.ts';
import { fakeId } from '../../testing/memory-git.ts';
import { PROMOTED, promotionApp, type PromotionApp } from '../../testing/promotion-app.ts';
import { entriesOf, record } from '../record.ts';
import { finalTags } from './final-tags.ts';

type World = PromotionApp & { readonly manifest: RecordedManifest['manifest'] };

/** A recorded candidate, of a train whose repository core has these entries too. */
async function world(core: object = {}): Promise<World> {
  const made = await promotionApp((train) => ({
    ...train,
    repos: { ...train.repos, core: { ...train.repos.core, ...core } },
  }));
  const candidate = await made.candidate(3);
  const recorded = manifestFor(foldManifests(await entriesOf(made.app, PROMOTED)), candidate);
  if (recorded === null) throw new Error('nothing was recorded');
  return { ...made, manifest: recorded.manifest };
}

it('are pushed in the first wave, the releases drafted in the next and published last, on the commits of the manifest', async () => {
  const slug = RepoSlug.parse('acme/core');
  const { app, manifest } = await world({ slug });
  const forge = memoryForge();
  forge.repo(slug);
  const tags = await finalTags({ ...app, forge: forge.forge }, manifest, 3);
  expect(tags).toMatchObject({
    ok: true,
    value: {
      steps: [
        { kind: 'push-tag', repo: 'core', wave: 3, commit: fakeId('core rc3') },
        { kind: 'push-tag', repo: 'vision', wave: 3, tag: 'v0.23.0', commit: fakeId('vision rc3') },
        { kind: 'draft-release', repo: 'core', wave: 4 },
        { kind: 'publish-release', repo: 'core', wave: 5, commit: fakeId('core rc3') },
      ],
      notes: ['vision gets no release on a forge: the train names none for it'],
    },
  });
});

it('are a conflict where a tag of that name is elsewhere', async () => {
  const { app, manifest } = await world();
  app.git.setRef('/remotes/vision', 'refs/tags/v0.23.0', fakeId('another commit'));
  expect(await finalTags(app, manifest, 0)).toMatchObject({
    ok: false,
    problems: [{ kind: 'conflict', code: 'final-tag-elsewhere' }],
  });
});

it('VER-04: need a version file that agrees, or a waiver of its gate that has not ended', async () => {
  const { app, manifest } = await world({ versionFiles: ['version.txt'] });
  const codes = async (): Promise<unknown> => {
    const tags = await finalTags(app, manifest, 0);
    return tags.ok ? [] : tags.problems.map(({ kind, code }) => `${kind} ${code}`);
  };
  const waive = (until: string): Promise<unknown> =>
    record(app, {
      type: 'gate-waived',
      release: PROMOTED,
      gate: GateId.parse('version-file-matches:core'),
      reason: 'it is written by the build',
      until: Instant.parse(until),
    });
  expect(await codes()).toEqual(['refused final-version-mismatch']);
  await waive('2001-01-01T00:00:00Z');
  expect(await codes()).toEqual(['refused final-version-mismatch']);
  await waive('2099-01-01T00:00:00Z');
  expect(await codes()).toEqual([]);
});
