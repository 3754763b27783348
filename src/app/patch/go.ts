import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { lineOf, patchNumber, type ReleaseVersion } from '../../domain/version.ts';
import { briefDigest, decideGoGate, foldGo, foldTriage, type GoDecision } from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRelease, requireRole } from '../releases.ts';
import { NO_REASON, strangeLogin } from './logins.ts';
import { newerMinor } from './newest-minor.ts';

/** The gate `go-no-go`, of patch releases only; from the ledger alone. */
export async function judgeGo(
  app: App,
  release: ReleaseVersion,
  judging: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  if (patchNumber(release) === 0) return [];
  const entries = await entriesOf(app, release);
  const digest = briefDigest(release, foldTriage(entries, release));
  return [decideGoGate({ release, entries, digest }, app.loaded.train, judging)];
}

export interface GoInput {
  readonly decision: 'go' | 'no-go';
  readonly reason: string;
  /** Logins of those who were there. */
  readonly people: readonly string[];
}

/** Writes down a release manager's go or no-go. Of a line that is not the newest there is no go, where the train says so. */
export async function decideGo(
  app: App,
  release: ReleaseVersion,
  { decision, reason, people }: GoInput,
): Promise<Result<GoDecision, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) {
    const what = `patch decide ${release} --${decision}`;
    await record(app, { type: 'refused', release, what, reason: allowed.problems[0].text });
    return allowed;
  }
  const strange = strangeLogin(people);
  if (strange !== null) return refuse(strange);
  if (reason.trim() === '') return refuse(NO_REASON);
  const opened = await requireRelease(app, release);
  if (!opened.ok) {
    const text = `There is no release ${release} yet. Open it, then decide: signalbox release create ${release}`;
    return refuse({ kind: 'usage', code: 'release-unknown', text });
  }
  if (opened.value.closed !== null) {
    const text = `${release} was ${opened.value.closed.how} ("${opened.value.closed.reason}"); its record is frozen.`;
    return refuse({ kind: 'refused', code: 'release-closed', text });
  }
  const newer = decision === 'go' ? await newerMinor(app, lineOf(release)) : null;
  if (newer !== null) return refuse(newer);
  const before = await entriesOf(app, release);
  const brief = briefDigest(release, foldTriage(before, release));
  await record(app, { type: 'patch-decided', release, decision, brief, people: [...people], reason });
  return succeed(foldGo(await entriesOf(app, release), release, app.loaded.train.patches.goPeople));
}
