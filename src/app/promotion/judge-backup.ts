import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { unknown, type Observed } from '../../domain/observation.ts';
import type { SeenFile } from '../../domain/presence.ts';
import { compareVersions, type CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { foldManifests } from '../../engine/fold-manifests.ts';
import { decideBackup } from '../../process/05-candidate/backup-made/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { backupFacts } from './backup-facts.ts';
import { seeFiles } from './see-files.ts';

/** The gate `backup-made`; none where the train does not say what is built. */
export async function judgeBackup(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  if (Object.keys(train.artifacts.packages).length === 0) return [];
  const candidate = newestRecorded(await entriesOf(app, release));
  const kept = await keptFiles(app, candidate, now);
  return [decideBackup({ release, candidate, kept }, { train, waivers, now })];
}

function newestRecorded(entries: Parameters<typeof foldManifests>[0]): CandidateVersion | null {
  const candidates = foldManifests(entries).map(({ candidate }) => candidate);
  return candidates.toSorted(compareVersions).at(-1) ?? null;
}

async function keptFiles(
  app: App,
  candidate: CandidateVersion | null,
  now: Instant,
): Promise<Observed<readonly SeenFile[]> | null> {
  const { backup } = app.loaded.train.promotion;
  if (backup === null) return null;
  const source = `channel ${backup}`;
  if (candidate === null) return unknown('nothing was recorded', now, source);
  const facts = await backupFacts(app, candidate);
  if (!facts.ok) return unknown(facts.problems[0].text, now, source);
  const files = facts.value.pairs.map(({ file: { size, digest }, kept }) => ({ at: kept, size, digest }));
  return seeFiles(app, files, source);
}
