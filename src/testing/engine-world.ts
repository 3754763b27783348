import { digestOf, type Digest } from '../domain/canonical-json.ts';
import { branchRef } from '../domain/git-names.ts';
import { addSeconds, Instant } from '../domain/instant.ts';
import { sealPlan, type Plan, type PlanBody } from '../domain/plan/plan.ts';
import { Step, type PushRefsStep } from '../domain/plan/step.ts';
import { RepoKey } from '../domain/repo.ts';
import { Train } from '../domain/train/train.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { fakeId } from './memory-git.ts';

/** Builders for the engine's tests: a small train, steps and plans as plain data. */
export const NOW = Instant.parse('2025-06-24T14:00:00Z');
export const TRAIN_DIGEST: Digest = digestOf('the train');
export const BASE = fakeId('base');

export const smallTrain = Train.parse({
  train: 'small',
  title: 'Small',
  product: 'small',
  roles: { 'release-manager': ['ana', 'ben', 'cleo'], approver: ['dora'] },
  repos: {
    core: { role: 'core', source: 'main', remote: '/remotes/core' },
    vision: { role: 'domain', source: 'main', remote: '/remotes/vision' },
  },
});

export function cutStep(repo: string, more: Partial<PushRefsStep> = {}): PushRefsStep {
  return {
    kind: 'push-refs',
    key: `push-refs:${repo}:release/2.8`,
    wave: 0,
    reversible: 'yes',
    undo: 'delete both branches',
    repo: RepoKey.parse(repo),
    remote: `/remotes/${repo}`,
    via: branchRef('main'),
    updates: ['orig/release/2.8', 'release/2.8'].map((branch) => ({ ref: branchRef(branch), from: null, to: BASE })),
    ...more,
  };
}

export function tagStep(repo: string, wave = 1): Step {
  return Step.parse({
    kind: 'push-tag',
    key: `push-tag:${repo}:v2.8.0-rc1`,
    wave,
    reversible: 'never',
    undo: 'none: a public tag stays',
    repo,
    remote: `/remotes/${repo}`,
    via: branchRef('release/2.8'),
    tag: 'v2.8.0-rc1',
    commit: BASE,
    message: `${repo} 2.8.0-rc1`,
    tagger: { name: 'Signalbox', email: 'signalbox@localhost' },
    date: NOW,
    sign: false,
  });
}

export function planOf(steps: readonly Step[], more: Partial<PlanBody> = {}): Plan {
  return sealPlan({
    schema: 'signalbox.plan/1',
    train: 'small',
    release: ReleaseVersion.parse('2.8.0'),
    purpose: 'cut',
    title: 'Cut 2.8',
    author: 'ana',
    trainDigest: TRAIN_DIGEST,
    gates: [],
    assumes: [],
    phrase: steps.some((step) => step.reversible === 'never') ? 'small 2.8.0-rc1' : null,
    steps: [...steps],
    ...more,
  });
}

export const LATER = addSeconds(NOW, 3600);
