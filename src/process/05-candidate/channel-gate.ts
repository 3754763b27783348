import { emptyGate, withWaiver, type Gate, type GateId, type Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Observed } from '../../domain/observation.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** What a gate over a channel judges: what was read of each of its places that everybody can read. */
export interface ChannelToJudge<Facts> {
  readonly release: ReleaseVersion;
  readonly channel: string;
  /** Null where the train puts no wheels there. */
  readonly places: Observed<readonly Facts[]> | null;
}

export interface ChannelJudging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** What was read, with the gate that says nothing yet and the command that judges it again. */
export interface ChannelSeen<Facts> {
  readonly gate: Gate;
  readonly rerun: string;
  readonly seen: Extract<Observed<readonly Facts[]>, { readonly known: true }>;
}

/** A gate over a channel: skipped where it holds no wheels, without data where it could not be read, and otherwise as `judge` says. Waivers applied. */
export function judgeChannelGate<Facts>(
  id: GateId,
  { release, channel, places }: ChannelToJudge<Facts>,
  { train, waivers, now }: ChannelJudging,
  judge: (seen: ChannelSeen<Facts>) => Gate,
): Gate {
  const rerun = `signalbox gate show ${release} ${id}`;
  const gate = emptyGate(id, train.roles['release-manager']);
  if (places === null) {
    return { ...gate, verdict: 'skipped', summary: `the train names no wheels of ${release} in channel ${channel}` };
  }
  const judged = places.known
    ? judge({ gate, rerun, seen: places })
    : { ...gate, summary: `could not be read: ${places.reason}`, fix: `make it readable, then ${rerun}` };
  return withWaiver(judged, waivers, now);
}
