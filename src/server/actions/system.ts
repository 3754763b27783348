import { z } from 'zod';
import { reviveWork } from '../../app/bot/queues.ts';
import { parseRelease, requireRole, unlockRelease } from '../../app/releases.ts';
import { succeed } from '../../domain/result.ts';
import { actionOf, type AnyAction } from '../page.ts';

const MANAGER = ['release-manager'] as const;

export const SYSTEM_ACTIONS: readonly AnyAction[] = [
  actionOf({
    name: 'job-revive',
    path: '/system/jobs/:id/revive',
    summary: 'Give a job that failed for good its tries again',
    roles: MANAGER,
    schema: z.object({}),
    run: async ({ app, params }) => {
      const allowed = await requireRole(app, MANAGER);
      if (!allowed.ok) return allowed;
      const revived = await reviveWork(app, params['id'] ?? '');
      if (!revived.ok) return revived;
      const [job] = revived.value;
      const said = job === undefined ? 'It is alive already: somebody else revived it.' : `Tried again: ${job.what}.`;
      return succeed({
        to: '/system',
        said,
        data: { revived: revived.value.map(({ id, queue, what }) => ({ id, queue, what })) },
      });
    },
  }),
  actionOf<{ readonly reason: string }>({
    name: 'release-unlock',
    path: '/r/:release/unlock',
    summary: 'Take the lock of a release away from a process that is gone for good',
    roles: MANAGER,
    schema: z.object({ reason: z.string().trim().min(1, { error: 'say why: it is kept' }).max(4000) }),
    run: async ({ app, params, input: { reason } }) => {
      const release = parseRelease(params['release'] ?? '');
      if (!release.ok) return release;
      const unlocked = await unlockRelease(app, release.value, reason);
      if (!unlocked.ok) return unlocked;
      const { holder } = unlocked.value;
      const said =
        holder === null
          ? `Nobody holds the lock of ${release.value}.`
          : `The lock of ${release.value} was taken from ${holder}.`;
      return succeed({ to: '/system', said, data: { release: release.value, holder } });
    },
  }),
];
