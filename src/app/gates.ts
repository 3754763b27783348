import { familyOfGate } from '../domain/gate-families.ts';
import type { Gate } from '../domain/gate.ts';
import { addSeconds, type Instant } from '../domain/instant.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { ReleaseVersion } from '../domain/version.ts';
import type { App } from './app.ts';
import { signedGateNamed } from './final/rules.ts';
import { judge, type Judged } from './judge.ts';
import type { AppProblem } from './problem.ts';
import { record } from './record.ts';
import { requireRole } from './releases.ts';

/** The longest a waiver may hold: a gate that needs more than that is wrong for the train and should be changed there. */
const LONGEST_WAIVER_DAYS = 31;

export async function listGates(app: App, release: ReleaseVersion): Promise<Judged> {
  return judge(app, release, {});
}

/** One gate, judged afresh; or the names of those there are. What people sign is found by its name alone, too: `docs-ready`. */
export async function showGate(
  app: App,
  release: ReleaseVersion,
  named: string,
): Promise<Result<{ readonly gate: Gate; readonly judged: Judged }, AppProblem>> {
  const id = signedGateNamed(app.loaded.train, named)?.id ?? named;
  const alone = await judge(app, release, { only: [id] });
  const [gate] = alone.gates;
  if (gate !== undefined) return succeed({ gate, judged: alone });
  const judged = await judge(app, release, {});
  const near = judged.gates
    .map((candidate) => candidate.id)
    .filter((known) => known.startsWith(id) || familyOfGate(known) === id);
  const hint =
    near.length > 0
      ? ` Did you mean ${near.join(', ')}?`
      : ` Its gates: ${judged.gates.map((candidate) => candidate.id).join(', ')}.`;
  return refuse({ kind: 'usage', code: 'gate-unknown', text: `${release} has no gate ${id}.${hint}` });
}

export interface WaiveInput {
  readonly release: ReleaseVersion;
  readonly gate: string;
  readonly reason: string;
  readonly until: Instant;
}

/** Passes a gate by a person's decision, with a reason and an end. */
export async function waiveGate(
  app: App,
  { release, gate, reason, until }: WaiveInput,
): Promise<Result<Gate, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) {
    await record(app, { type: 'refused', release, what: `gate waive ${gate}`, reason: allowed.problems[0].text });
    return allowed;
  }
  const now = app.clock.now();
  const latest = addSeconds(now, LONGEST_WAIVER_DAYS * 24 * 60 * 60);
  if (until <= now)
    return refuse({
      kind: 'usage',
      code: 'waiver-over',
      text: `The waiver would end at ${until}, which is past. Give a later end with --until.`,
    });
  if (until > latest)
    return refuse({
      kind: 'refused',
      code: 'waiver-too-long',
      text: `A waiver holds at most ${LONGEST_WAIVER_DAYS} days, until ${latest}. A gate that is wrong for longer is changed in the train file.`,
    });
  if (reason.trim() === '')
    return refuse({
      kind: 'usage',
      code: 'waiver-without-reason',
      text: 'A waiver needs a reason that others will read: --reason "…"',
    });
  const found = await showGate(app, release, gate);
  if (!found.ok) return found;
  await record(app, { type: 'gate-waived', release, gate: found.value.gate.id, reason, until });
  const after = await showGate(app, release, gate);
  return after.ok ? succeed(after.value.gate) : after;
}

/** Ends a waiver before its time. */
export async function endWaiver(
  app: App,
  { release, gate, reason }: Omit<WaiveInput, 'until'>,
): Promise<Result<Gate, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const found = await showGate(app, release, gate);
  if (!found.ok) return found;
  await record(app, { type: 'gate-waiver-ended', release, gate: found.value.gate.id, reason });
  const after = await showGate(app, release, gate);
  return after.ok ? succeed(after.value.gate) : after;
}
