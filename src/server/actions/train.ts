import { z } from 'zod';
import { abandon, abandonPhrase } from '../../app/abandon.ts';
import { freezeTrain, thawTrain } from '../../app/freeze.ts';
import { closeRelease, createRelease, parseRelease } from '../../app/releases.ts';
import { releaseHref } from '../../domain/page-path.ts';
import { refuse, succeed } from '../../domain/result.ts';
import { actionOf, type AnyAction } from '../page.ts';
import { Phrase, Reason, WithReason } from './inputs.ts';

const freeze = actionOf({
  name: 'train-freeze',
  path: '/freeze',
  summary: 'Freeze the whole train: nothing is carried out on it before it is thawed',
  roles: ['release-manager', 'approver'],
  schema: WithReason,
  run: async ({ app, input: { reason } }) => {
    const done = await freezeTrain(app, reason);
    if (!done.ok) return done;
    const { freeze: found, isNew } = done.value;
    const said = isNew ? 'The train is frozen.' : `The train was frozen already, by @${found?.by ?? 'somebody'}.`;
    return succeed({ to: '/', said, data: done.value });
  },
});

const thaw = actionOf({
  name: 'train-thaw',
  path: '/thaw',
  summary: 'Thaw the train',
  roles: ['release-manager'],
  schema: WithReason,
  run: async ({ app, input: { reason } }) => {
    const done = await thawTrain(app, reason);
    if (!done.ok) return done;
    const said = done.value.isNew ? 'The train is thawed.' : 'The train was not frozen.';
    return succeed({ to: '/', said, data: done.value });
  },
});

const create = actionOf({
  name: 'release-create',
  path: '/releases',
  summary: 'Open a release on the train',
  roles: ['release-manager'],
  schema: z.object({ release: z.string().trim().min(1).max(40) }),
  run: async ({ app, input }) => {
    const release = parseRelease(input.release);
    if (!release.ok) return release;
    const done = await createRelease(app, release.value);
    if (!done.ok) return done;
    return succeed({ to: releaseHref(release.value), said: `${release.value} is live.`, data: done.value });
  },
});

const close = actionOf({
  name: 'release-close',
  path: '/r/:release/close',
  summary: 'Close a release that is over: its record is frozen',
  roles: ['release-manager'],
  schema: WithReason,
  run: async ({ app, params, input: { reason } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const done = await closeRelease(app, release.value, reason);
    if (!done.ok) return done;
    return succeed({ to: releaseHref(release.value), said: `${release.value} is closed.`, data: done.value });
  },
});

const abandonRelease = actionOf({
  name: 'release-abandon',
  path: '/r/:release/abandon',
  summary: 'Abandon a release for ever; the phrase has to be typed',
  roles: ['release-manager'],
  schema: z.object({ reason: Reason, phrase: Phrase }),
  run: async ({ app, params, input: { reason, phrase } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const wanted = abandonPhrase({ release: release.value, candidate: null });
    if (phrase !== wanted) {
      const text = `Nothing brings back what was abandoned. Type exactly "${wanted}" to do it. Nothing was done.`;
      return refuse({ kind: 'refused', code: 'not-confirmed', text });
    }
    const done = await abandon(app, { release: release.value, candidate: null, reason });
    if (!done.ok) return done;
    return succeed({ to: releaseHref(release.value), said: `${release.value} is abandoned.`, data: done.value });
  },
});

/** What is decided about the train and about whole releases. */
export const TRAIN_ACTIONS: readonly AnyAction[] = [freeze, thaw, create, close, abandonRelease];
