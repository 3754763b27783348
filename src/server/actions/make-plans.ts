import { z } from 'zod';
import { proposeGetStarted } from '../../app/announce/get-started.ts';
import type { App } from '../../app/app.ts';
import { cutBranches } from '../../app/cut-branches.ts';
import { cutCandidate } from '../../app/cut-candidate.ts';
import { markFinal, withdrawFinal } from '../../app/final-candidate.ts';
import type { Planned } from '../../app/planned.ts';
import type { AppProblem } from '../../app/problem.ts';
import { promotePypi } from '../../app/promotion/pypi.ts';
import { promoteStable } from '../../app/promotion/stable.ts';
import { promoteStage } from '../../app/promotion/stage.ts';
import { parseRelease } from '../../app/releases.ts';
import { planHref, releaseHref } from '../../domain/page-path.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { actionOf, type AnyAction, type Done } from '../page.ts';
import { Reason } from './inputs.ts';

interface PlanOf {
  readonly release: ReleaseVersion;
  readonly dryRun: false;
  readonly repo?: string;
}

interface Maker {
  /** As the words of its command: `rc-cut`. */
  readonly name: string;
  readonly summary: string;
  readonly plan: (app: App, input: PlanOf) => Promise<Result<Planned, AppProblem>>;
}

const MAKERS: readonly Maker[] = [
  { name: 'branch-cut', summary: 'the release branches of every repository that may be cut', plan: cutBranches },
  { name: 'rc-cut', summary: 'the next candidate: a tag in every repository with something new', plan: cutCandidate },
  { name: 'promote-stage', summary: 'the staging of the final wheels for the package index', plan: promoteStage },
  { name: 'promote-stable', summary: 'the promotion of the final files to the stable channels', plan: promoteStable },
  { name: 'promote-pypi', summary: 'the upload to the package index, which cannot be taken back', plan: promotePypi },
  {
    name: 'get-started',
    summary: 'the pull request that brings the release to the get-started page',
    plan: proposeGetStarted,
  },
];

/** Plans for every repository that can be, or for the one that is named: owners may plan for their own, so no role is asked for before the use case does. */
const ForRepo = z.object({ repo: z.string().trim().max(60).optional() });

function makerOf({ name, summary, plan }: Maker): AnyAction {
  return actionOf({
    name: `plan-${name}`,
    path: `/r/:release/plan/${name}`,
    summary: `Write a plan down: ${summary}. Nothing is carried out`,
    roles: [],
    schema: ForRepo,
    run: async ({ app, params, input: { repo = '' } }) => {
      const release = parseRelease(params['release'] ?? '');
      if (!release.ok) return release;
      const planned = await plan(app, { release: release.value, dryRun: false, ...(repo === '' ? {} : { repo }) });
      return planned.ok ? succeed(doneOf(release.value, planned.value)) : planned;
    },
  });
}

function doneOf(release: ReleaseVersion, planned: Planned): Done {
  const left = planned.held.map(({ repo, reason }) => ` ${repo} is left out: ${reason}.`).join('');
  if (planned.kind === 'nothing-to-do') {
    return { to: releaseHref(release), said: `Nothing to do: ${planned.why}${left}`, data: planned };
  }
  const { id } = planned.view.plan;
  return { to: planHref(id), said: `Plan ${id} is written down. Nothing was done yet.${left}`, data: planned };
}

/** The candidate that was named, which has to be one of the release in the path. */
function candidateIn(params: Readonly<Record<string, string>>, typed: string): Result<CandidateVersion, AppProblem> {
  const release = parseRelease(params['release'] ?? '');
  if (!release.ok) return release;
  const candidate = CandidateVersion.safeParse(typed);
  if (candidate.success && candidate.data.startsWith(`${release.value}-rc`)) return succeed(candidate.data);
  const text = `"${typed.slice(0, 60)}" is no candidate of ${release.value}. Write it as ${release.value}-rc1.`;
  return refuse({ kind: 'usage', code: 'not-a-candidate', text });
}

const Candidate = z.string().trim().min(1).max(40);

const final = actionOf({
  name: 'rc-final',
  path: '/r/:release/final',
  summary: 'Mark a candidate as the one that becomes the release, bound to the files that were recorded of it',
  roles: ['release-manager'],
  schema: z.object({ candidate: Candidate, reason: z.string().trim().max(4000).default('') }),
  run: async ({ app, params, input: { candidate, reason } }) => {
    const named = candidateIn(params, candidate);
    if (!named.ok) return named;
    const done = await markFinal(app, { candidate: named.value, reason });
    if (!done.ok) return done;
    const said = done.value.isNew ? `${candidate} is final.` : `${candidate} was final already.`;
    return succeed({ to: releaseHref(params['release'] ?? ''), said, data: done.value });
  },
});

const withdraw = actionOf({
  name: 'rc-withdraw-final',
  path: '/r/:release/withdraw-final',
  summary: 'Take the mark of the final candidate back',
  roles: ['release-manager'],
  schema: z.object({ candidate: Candidate, reason: Reason }),
  run: async ({ app, params, input: { candidate, reason } }) => {
    const named = candidateIn(params, candidate);
    if (!named.ok) return named;
    const done = await withdrawFinal(app, { candidate: named.value, reason });
    if (!done.ok) return done;
    return succeed({
      to: releaseHref(params['release'] ?? ''),
      said: `${candidate} is not final any more.`,
      data: done.value,
    });
  },
});

/** Plans of the release's steps, and the mark that the last of them rest on. */
export const MAKING_ACTIONS: readonly AnyAction[] = [...MAKERS.map(makerOf), final, withdraw];
