import { GateId, withWaiver, type Gate, type Waiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Observed } from '../../../domain/observation.ts';
import { presenceGate, type SeenFile } from '../../../domain/presence.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';

export interface BackupToJudge {
  readonly release: ReleaseVersion;
  /** The newest candidate whose files were recorded; null while there is none. */
  readonly candidate: CandidateVersion | null;
  /** Every file of it, with what lies in the backup in its stead; null where the train keeps no backups. */
  readonly kept: Observed<readonly SeenFile[]> | null;
}

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const BACKUP_MADE = GateId.parse('backup-made');

/** The gate `backup-made`: every file of the newest recorded candidate is in the backup below its tag, byte for byte by its digest. Waivers applied. */
export function decideBackup({ release, candidate, kept }: BackupToJudge, { train, waivers, now }: Judging): Gate {
  const gate = { id: BACKUP_MADE, owners: [...train.roles['release-manager']], since: null, waiver: null };
  const none = { ...gate, evidence: [], fix: null };
  if (kept === null) return { ...none, verdict: 'skipped', summary: 'the train keeps no backups' };
  if (candidate === null) {
    const summary = `no candidate of ${release} was recorded yet`;
    return withWaiver({ ...none, verdict: 'queued', summary, fix: 'signalbox artifact record RC' }, waivers, now);
  }
  const { backup } = train.promotion;
  const judged = presenceGate(kept, {
    gate,
    what: `files of ${candidate} in ${backup}`,
    fix: `signalbox artifact backup ${candidate}`,
    repair: `signalbox artifact repair ${candidate} --channel ${backup}`,
    rerun: `signalbox gate show ${release} ${BACKUP_MADE}`,
  });
  return withWaiver(judged, waivers, now);
}
