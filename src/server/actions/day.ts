import { z } from 'zod';
import { reopenDayStep, tickDayStep } from '../../app/announce/day.ts';
import { parseRelease } from '../../app/releases.ts';
import { releaseHref } from '../../domain/page-path.ts';
import { succeed } from '../../domain/result.ts';
import { actionOf, type AnyAction } from '../page.ts';
import { Reason } from './inputs.ts';

const Step = z.string().trim().min(1).max(60);

const done = actionOf({
  name: 'day-done',
  path: '/r/:release/day/done',
  summary: 'Say that a manual step of the release day is done, in its turn',
  // Whoever answers for the workstream may: the use case looks.
  roles: [],
  schema: z.object({
    step: Step,
    evidence: z.string().trim().max(2000).default(''),
    note: z.string().trim().max(4000).default(''),
  }),
  run: async ({ app, params, input: { step, evidence, note } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const link = evidence === '' ? null : evidence;
    const ticked = await tickDayStep(app, { release: release.value, step, evidence: link, note });
    if (!ticked.ok) return ticked;
    return succeed({ to: `${releaseHref(release.value)}/day`, said: `Step ${step} is done.`, data: ticked.value });
  },
});

const reopen = actionOf({
  name: 'day-reopen',
  path: '/r/:release/day/reopen',
  summary: 'Take back that a manual step of the release day is done',
  roles: [],
  schema: z.object({ step: Step, reason: Reason }),
  run: async ({ app, params, input: { step, reason } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const reopened = await reopenDayStep(app, { release: release.value, step, reason });
    if (!reopened.ok) return reopened;
    return succeed({
      to: `${releaseHref(release.value)}/day`,
      said: `Step ${step} is open again.`,
      data: reopened.value,
    });
  },
});

/** What people say of the release day. */
export const DAY_ACTIONS: readonly AnyAction[] = [done, reopen];
