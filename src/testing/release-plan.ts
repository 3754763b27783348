import type { ObjectId } from '../domain/git-names.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { Step } from '../domain/plan/step.ts';
import type { RepoSlug } from '../domain/repo.ts';
import { runningDigest } from '../domain/sha256.ts';
import { planOf } from './engine-world.ts';

/** The files that `releasePlan` attaches, by their keys. */
export const RELEASE_FILES: ReadonlyMap<string, Uint8Array> = new Map([
  ['whl/SHA256SUMS', Buffer.from('abc  a.whl\n'.repeat(500))],
  ['whl/a.whl', Buffer.from('a wheel\n'.repeat(3000))],
]);

function digestOf(bytes: Uint8Array): string {
  const running = runningDigest();
  running.add(bytes);
  return running.digest();
}

/** A release drafted, two files attached to it, and then published: as a promotion ends. */
export function releasePlan(at: { readonly slug: RepoSlug; readonly commit: ObjectId; readonly tag?: string }): Plan {
  const { slug, commit, tag = 'v2.8.0' } = at;
  const common = { repo: 'core', slug, tag, undo: 'as it says' };
  const files = [...RELEASE_FILES].map(([key, bytes]) => ({
    key,
    name: key.replace('whl/', ''),
    size: bytes.length,
    digest: digestOf(bytes),
  }));
  const draft = {
    ...common,
    kind: 'draft-release',
    key: `draft-release:core:${tag}`,
    wave: 0,
    reversible: 'yes',
    commit,
    title: 'torch 2.8.0',
    body: 'What is new',
  };
  const attach = files.map(({ key, ...file }) => ({
    ...common,
    ...file,
    kind: 'attach-file',
    key: `attach-file:core:${file.name}`,
    wave: 1,
    reversible: 'yes',
    from: { channel: 'stable', place: 0, key },
  }));
  const publish = {
    ...common,
    kind: 'publish-release',
    key: `publish-release:core:${tag}`,
    wave: 2,
    reversible: 'never',
    commit,
    latest: true,
    files: files.map(({ name, size }) => ({ name, size })),
  };
  return planOf(
    [draft, ...attach, publish].map((step) => Step.parse(step)),
    { purpose: 'stable' },
  );
}
