import { z } from 'zod';
import { endWaiver, waiveGate } from '../../app/gates.ts';
import { parseRelease } from '../../app/releases.ts';
import { refuse, succeed } from '../../domain/result.ts';
import { momentNamed } from '../../domain/until.ts';
import { gateHref } from '../../web/pages/addresses.ts';
import { actionOf, type AnyAction } from '../page.ts';
import { Reason, WithReason } from './inputs.ts';

const gateWaive = actionOf({
  name: 'gate-waive',
  path: '/r/:release/gates/:gate/waive',
  summary: 'Pass a gate by decision: with a reason, and an end at most 31 days away',
  roles: ['release-manager'],
  schema: z.object({ reason: Reason, until: z.string().trim().min(1).max(40) }),
  run: async ({ app, params, input: { reason, until } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const moment = momentNamed(until, app.clock.now());
    if (moment === null) {
      return refuse({
        kind: 'usage',
        code: 'until-unknown',
        text: `"${until}" is no moment: write a date as 2026-07-18, a moment as 2026-07-18T17:00:00Z, or a time from now as 7d.`,
      });
    }
    const gate = params['gate'] ?? '';
    const waived = await waiveGate(app, { release: release.value, gate, reason, until: moment });
    if (!waived.ok) return waived;
    const { value } = waived;
    return succeed({
      to: gateHref(release.value, value.id),
      said: `${value.id} is waived until ${moment}.`,
      data: value,
    });
  },
});

const gateEndWaiver = actionOf({
  name: 'gate-end-waiver',
  path: '/r/:release/gates/:gate/end-waiver',
  summary: 'End the waiver of a gate before its time',
  roles: ['release-manager'],
  schema: WithReason,
  run: async ({ app, params, input: { reason } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const ended = await endWaiver(app, { release: release.value, gate: params['gate'] ?? '', reason });
    if (!ended.ok) return ended;
    const { value } = ended;
    return succeed({
      to: gateHref(release.value, value.id),
      said: `The waiver of ${value.id} has ended.`,
      data: value,
    });
  },
});

/** Decisions about gates. */
export const GATE_ACTIONS: readonly AnyAction[] = [gateWaive, gateEndWaiver];
