import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { RecordedManifest } from '../../engine/fold-manifests.ts';
import { foldSignOffs, type SignOff } from '../../engine/fold-sign-offs.ts';
import { decideSignOff, type SignOffToJudge } from '../../process/07-finalize/sign-off/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { dueBefore, signedGates, type SignedGate } from './rules.ts';
import { finalSubject, touchedSince } from './subject.ts';

/** The gates that people sign: `sign-off` and `downstream-canaries`, one for each that the train file names. */
export async function judgeSignOffs(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const gates = signedGates(train);
  if (gates.length === 0) return [];
  const entries = await entriesOf(app, release);
  const subject = finalSubject(entries, release);
  const all = foldSignOffs(entries);
  const bound = subject === null ? null : { candidate: subject.candidate, manifest: subject.digest };
  return gates.map((gate) => {
    const signOffs = all.filter(({ gate: id }) => id === gate.id);
    const facts = { ...gate, release, subject: bound, due: dueBefore(train, release, gate.rule.dueDays) };
    const judged = signOffs.map((each) => standingOf(each, { gate, entries, subject }));
    return decideSignOff({ ...facts, signOffs: judged }, { train, waivers, now });
  });
}

interface Standing {
  readonly gate: SignedGate;
  readonly entries: readonly LedgerEntry[];
  readonly subject: RecordedManifest | null;
}

function standingOf({ bound, ...signOff }: SignOff, { gate, entries, subject }: Standing): SignOffToJudge {
  return { ...signOff, candidate: bound?.candidate ?? null, touched: touchedOf(bound, { gate, entries, subject }) };
}

/** A sign-off for a release holds whatever its files are; one without files is not one for a candidate. */
function touchedOf(bound: SignOff['bound'], { gate: { rule }, entries, subject }: Standing): readonly string[] | null {
  if (rule.binds === 'release') return [];
  if (bound === null || subject === null) return null;
  return touchedSince(entries, bound.manifest, { now: subject.manifest, repos: rule.repos });
}
