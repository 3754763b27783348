import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { foldValidations } from '../../engine/fold-validations.ts';
import {
  decideMilestone,
  readMilestones,
  standingItems,
  type MilestoneFacts,
  type RecordedWord,
} from '../../process/07-finalize/milestone/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { withTeams } from '../teams.ts';
import { knowledgeOf } from './knowledge.ts';
import { finalSubject, touchedSince } from './subject.ts';

/** The gate `milestone-validated`; none where the train does not say how items are validated. */
export async function judgeMilestone(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const facts = await milestoneFacts(app, release);
  return facts === null ? [] : [decideMilestone(facts, { train: app.loaded.train, waivers, now })];
}

/** Reads the milestones of a release and where each closed item stands; null where the train does not say how they are validated. */
export async function milestoneFacts(app: App, release: ReleaseVersion): Promise<MilestoneFacts | null> {
  const { train } = (await withTeams(app)).loaded;
  const rule = train.final.milestone;
  if (rule === undefined) return null;
  const entries = await entriesOf(app, release);
  const subject = finalSubject(entries, release);
  if (subject === null) return { release, candidate: null, milestones: [], items: [] };
  const now = app.clock.now();
  const milestones = await readMilestones({ train, release, rule, forge: app.forge, now });
  const judging = { train, rule, recorded: recordedWords(entries, subject), now: knowledgeOf(entries, subject) };
  const items = milestones.flatMap((milestone) => standingItems(milestone, judging));
  return { release, candidate: subject.candidate, milestones, items };
}

function recordedWords(entries: readonly LedgerEntry[], subject: RecordedManifest): readonly RecordedWord[] {
  return foldValidations(entries).map(({ item, ...word }): RecordedWord => {
    if (word.kind === 'not-needed') return { ...item, ...word };
    const { manifest, ...rest } = word;
    const touched = touchedSince(entries, manifest, { now: subject.manifest, repos: [item.repo] });
    return { ...item, ...rest, touched };
  });
}
