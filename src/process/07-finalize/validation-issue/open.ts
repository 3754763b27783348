import type { Digest } from '../../../domain/canonical-json.ts';
import { sealPlan, type Plan } from '../../../domain/plan/plan.ts';
import type { Step } from '../../../domain/plan/step.ts';
import type { RepoSlug } from '../../../domain/repo.ts';
import { fillText, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import { validationBody, validationMarker, type ValidationView } from './body.ts';
import { validationStepKey } from './found.ts';

/** The plan that opens the validation issue in core's repository. */
export function planValidation(
  view: ValidationView,
  { repo, slug, labelExists }: { readonly repo: RepoInRelease; readonly slug: RepoSlug; readonly labelExists: boolean },
  { train, trainDigest, author }: { readonly train: Train; readonly trainDigest: Digest; readonly author: string },
): Plan {
  const { release, rule } = view;
  const label: Step = {
    kind: 'ensure-label',
    key: `ensure-label:${repo.key}:${rule.label}`,
    wave: 0,
    reversible: 'partly',
    undo: 'none needed: an unused label harms nobody',
    repo: repo.key,
    slug,
    name: rule.label,
    color: '1d76db',
    description: 'The issue in which a release is validated',
  };
  const issue: Step = {
    kind: 'create-issue',
    key: validationStepKey(repo.key, release),
    wave: 1,
    reversible: 'yes',
    undo: 'close the issue',
    repo: repo.key,
    slug,
    marker: validationMarker(release),
    trusted: [...train.roles['release-manager']],
    title: fillText(rule.title, { release: repo.release }),
    body: validationBody(view, null),
    labels: [rule.label],
    milestone: null,
    assignees: [],
  };
  return sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'validation',
    title: `Open the validation issue of ${release}`,
    author,
    trainDigest,
    gates: [],
    assumes: [],
    phrase: null,
    steps: labelExists ? [issue] : [label, issue],
  });
}
