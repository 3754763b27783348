import { kindOfCell } from '../../domain/artifact.ts';
import type { ManifestFile } from '../../domain/manifest.ts';
import type { FileAt } from '../../domain/plan/step.ts';
import { refuse, refuseOr, type Result } from '../../domain/result.ts';
import { StoreKey } from '../../domain/store-key.ts';
import { sinksOfChannel, sinksOfKind, type Sink } from '../../domain/train/sinks.ts';
import { lineOf, tagOf, type CandidateVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { manifestOf } from './manifest.ts';

/** Where a file of a candidate is kept: below the candidate's tag, each kind in a folder of its own, since folders of channels have the same names. */
export function backupKey(candidate: CandidateVersion, { cell, key }: Pick<ManifestFile, 'cell' | 'key'>): StoreKey {
  return StoreKey.parse(`${tagOf(candidate)}/${kindOfCell(cell)}/${key}`);
}

/** The place of a channel where a file of a candidate lies. */
export function homeOf(sinks: readonly Sink[], file: Pick<ManifestFile, 'cell' | 'key'>): FileAt | null {
  const [first] = sinksOfKind(sinks, kindOfCell(file.cell)).filter(({ store }) => store === 'object-store');
  return first === undefined ? null : { channel: first.channel, place: first.place, key: file.key };
}

/** A file of a candidate with the two places it is to be in. */
interface Pair {
  readonly file: ManifestFile;
  readonly live: FileAt;
  readonly kept: FileAt;
}

/** Every file of a recorded candidate with its place in its channel and in the backup. */
export async function backupFacts(
  app: App,
  candidate: CandidateVersion,
): Promise<Result<{ readonly recorded: RecordedManifest; readonly pairs: readonly Pair[] }, AppProblem>> {
  const { train } = app.loaded;
  const { backup } = train.promotion;
  if (backup === null) return refuse(noBackup());
  const recorded = await manifestOf(app, candidate);
  if (!recorded.ok) return recorded;
  const line = lineOf(candidate);
  const live = sinksOfChannel(train, recorded.value.manifest.channel, line);
  const sinks = sinksOfChannel(train, backup, line);
  const pairs = recorded.value.manifest.files.map((file) => {
    const key = backupKey(candidate, file);
    return { file, live: homeOf(live, file), kept: homeOf(sinks, { ...file, key }) };
  });
  const homeless = pairs.filter((pair) => pair.live === null || pair.kept === null);
  return refuseOr(homelessProblems(homeless, { channel: recorded.value.manifest.channel, backup }), () => ({
    recorded: recorded.value,
    pairs: pairs.flatMap(({ file, live: at, kept: to }) =>
      at === null || to === null ? [] : [{ file, live: at, kept: to }],
    ),
  }));
}

function homelessProblems(
  pairs: readonly { readonly file: ManifestFile; readonly live: FileAt | null }[],
  names: { readonly channel: string; readonly backup: string },
): readonly AppProblem[] {
  const [first] = pairs;
  if (first === undefined) return [];
  const kind = kindOfCell(first.file.cell);
  const channel = first.live === null ? names.channel : names.backup;
  return [
    {
      kind: 'usage',
      code: 'backup-no-place',
      text: `${pairs.length} files, ${first.file.key} among them, cannot be kept: channel ${channel} has no store of objects that holds ${kind}. Give it one: signalbox config explain channels`,
    },
  ];
}

function noBackup(): AppProblem {
  return {
    kind: 'usage',
    code: 'no-backup',
    text: 'The train names no channel for backups. Name one: signalbox config explain promotion.backup',
  };
}
