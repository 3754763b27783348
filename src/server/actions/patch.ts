import { z } from 'zod';
import type { App } from '../../app/app.ts';
import { decideGo } from '../../app/patch/go.ts';
import { patchNamed } from '../../app/patch/named.ts';
import { planAsk } from '../../app/patch/owed.ts';
import { decideTriage, planMilestones } from '../../app/patch/triage.ts';
import type { Planned } from '../../app/planned.ts';
import type { AppProblem } from '../../app/problem.ts';
import { planHref, releaseHref } from '../../domain/page-path.ts';
import { succeed, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { actionOf, type AnyAction } from '../page.ts';
import { Nothing, Reason } from './inputs.ts';

/** Logins with blanks or commas between them; an @ before them is taken off. */
const People = z
  .string()
  .max(400)
  .default('')
  .transform((text) =>
    text
      .split(/[\s,]+/u)
      .map((login) => login.replace(/^@/u, ''))
      .filter((login) => login !== ''),
  );

const decideCandidate = actionOf({
  name: 'patch-decide-candidate',
  path: '/r/:release/patch/decide-candidate',
  summary: 'Accept or decline a candidate of a patch release, as a triage reviewer',
  roles: ['triage-reviewer'],
  schema: z.object({
    repo: z.string().trim().min(1).max(60),
    item: z.coerce.number().int().min(1).max(999_999_999),
    verdict: z.enum(['accepted', 'declined']),
    people: People,
    reason: Reason,
  }),
  run: async ({ app, params, input }) => {
    const release = await patchNamed(app, params['release'] ?? '');
    if (!release.ok) return release;
    const decided = await decideTriage(app, release.value, input);
    if (!decided.ok) return decided;
    const { repo, item, verdict } = input;
    return succeed({
      to: `${releaseHref(release.value)}/patch`,
      said: `${repo}#${item} is ${verdict} for ${release.value}.`,
      data: decided.value.decision,
    });
  },
});

const decide = actionOf({
  name: 'patch-decide',
  path: '/r/:release/patch/decide',
  summary: 'Record go or no-go of a patch release',
  roles: ['release-manager'],
  schema: z.object({ decision: z.enum(['go', 'no-go']), people: People, reason: Reason }),
  run: async ({ app, params, input }) => {
    const release = await patchNamed(app, params['release'] ?? '');
    if (!release.ok) return release;
    const decided = await decideGo(app, release.value, input);
    if (!decided.ok) return decided;
    const said = decided.value.is === 'agreeing' ? 'your go is recorded, and others must say it too' : decided.value.is;
    return succeed({
      to: `${releaseHref(release.value)}/patch`,
      said: `${release.value}: ${said}.`,
      data: decided.value,
    });
  },
});

type MakePlan = (
  app: App,
  input: { readonly release: ReleaseVersion; readonly dryRun: false },
) => Promise<Result<Planned, AppProblem>>;

function planning(name: 'milestones' | 'ask', summary: string, plan: MakePlan): AnyAction {
  return actionOf({
    name: `patch-${name}`,
    path: `/r/:release/patch/${name}`,
    summary: `Write a plan down: ${summary}. Nothing is carried out`,
    roles: ['release-manager'],
    schema: Nothing,
    run: async ({ app, params }) => {
      const release = await patchNamed(app, params['release'] ?? '');
      if (!release.ok) return release;
      const planned = await plan(app, { release: release.value, dryRun: false });
      if (!planned.ok) return planned;
      const { value } = planned;
      const held = value.held.map(({ reason }) => ` Left out: ${reason}.`).join('');
      if (value.kind === 'nothing-to-do') {
        const to = `${releaseHref(release.value)}/patch`;
        return succeed({ to, said: `${value.why}${held}`, data: { kind: value.kind } });
      }
      const { id } = value.view.plan;
      return succeed({
        to: planHref(id),
        said: `Plan ${id} is written down; look at it, then apply it.${held}`,
        data: { kind: 'planned', plan: id },
      });
    },
  });
}

/** Decisions about patch releases, and the plans that follow from them. */
export const PATCH_ACTIONS: readonly AnyAction[] = [
  decideCandidate,
  decide,
  planning('milestones', 'the milestones as triage decided', planMilestones),
  planning('ask', 'a comment to each author who has not posted a pick', planAsk),
];
