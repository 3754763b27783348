import { z } from 'zod';
import { revokeSignOff, signGate } from '../../app/final/sign.ts';
import { endWaiver, waiveGate } from '../../app/gates.ts';
import { parseRelease } from '../../app/releases.ts';
import { Digest } from '../../domain/canonical-json.ts';
import { gateHref } from '../../domain/page-path.ts';
import { refuse, succeed } from '../../domain/result.ts';
import { momentNamed } from '../../domain/until.ts';
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

const gateSign = actionOf({
  name: 'gate-sign',
  path: '/r/:release/gates/:gate/sign',
  summary: 'Sign a gate in your role, for the files of the candidate as they were shown',
  // The train file says by name, too, who may.
  roles: [],
  schema: z.object({
    reason: z.string().trim().max(4000).default(''),
    evidence: z.string().trim().max(2000).default(''),
    manifest: z.union([z.literal(''), Digest]).default(''),
  }),
  run: async ({ app, params, input: { reason, evidence, manifest } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const signed = await signGate(app, {
      release: release.value,
      gate: params['gate'] ?? '',
      note: reason,
      evidence: evidence === '' ? null : evidence,
      shown: manifest === '' ? null : manifest,
    });
    if (!signed.ok) return signed;
    const { gate } = signed.value;
    const candidate = gate.signing?.bound?.candidate ?? release.value;
    return succeed({
      to: gateHref(release.value, gate.id),
      said: `You signed ${gate.id} for ${candidate}.`,
      data: gate,
    });
  },
});

const gateRevoke = actionOf({
  name: 'gate-sign-off-revoke',
  path: '/r/:release/gates/:gate/revoke',
  summary: 'Take a sign-off back: your own, or as a release manager that of another',
  roles: [],
  schema: WithReason.extend({ of: z.string().trim().max(100).default('') }),
  run: async ({ app, params, input: { reason, of } }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const gate = params['gate'] ?? '';
    const revoked = await revokeSignOff(app, { release: release.value, gate, of: of === '' ? null : of, reason });
    if (!revoked.ok) return revoked;
    const { id } = revoked.value.gate;
    return succeed({
      to: gateHref(release.value, id),
      said: `The sign-off of ${id} is taken back.`,
      data: revoked.value.gate,
    });
  },
});

/** Decisions about gates. */
export const GATE_ACTIONS: readonly AnyAction[] = [gateWaive, gateEndWaiver, gateSign, gateRevoke];
