import { GateId, withWaiver, type Gate, type Waiver } from '../../domain/gate.ts';
import { shortId, type ObjectId } from '../../domain/git-names.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Evidence, Observed } from '../../domain/observation.ts';
import { pickName } from '../../domain/pick.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { isSettled, waitsSince, type StandingPick } from './state.ts';

const HOUR = 3_600_000;

/** A change that main has taken back, looked at from one line: net effects, by src/history. */
export interface RevertStanding {
  readonly repo: string;
  readonly change: { readonly pr: number | null; readonly title: string; readonly author: string | null };
  readonly revert: ObjectId;
  readonly revertedAt: Instant;
  /** The change is on the line, and by what proof. A candidate of another line is no proof (REV-11). */
  readonly onLine: { readonly by: ObjectId; readonly proof: string; readonly ambiguous: boolean } | null;
  /** The line took it back as well. */
  readonly takenBack: ObjectId | null;
  /** Main has it again (REV-08). */
  readonly relanded: ObjectId | null;
}

/** What the gates of this stage rest on. `picks` are those of the release in all its repositories. */
export interface SettledFacts {
  readonly release: ReleaseVersion;
  readonly picks: Observed<readonly StandingPick[]>;
  readonly reverts: Observed<readonly RevertStanding[]>;
}

/** Reverts that people decided the line does not follow, with their reasons: events `revert-declined`. */
export interface DeclinedRevert {
  readonly repo: string;
  readonly revert: ObjectId;
  readonly by: string;
  readonly reason: string;
}

/** `picks-settled` and `reverts-settled`: nothing that was asked for, and nothing that main took back, is forgotten. Waivers applied. */
export function decideSettledGates(
  facts: SettledFacts,
  {
    train,
    waivers,
    declined,
    now,
  }: {
    readonly train: Train;
    readonly waivers: readonly Waiver[];
    readonly declined: readonly DeclinedRevert[];
    readonly now: Instant;
  },
): readonly Gate[] {
  return [picksGate(facts, train), revertsGate(facts, { train, declined, now })].map((gate) =>
    withWaiver(gate, waivers, now),
  );
}

function gateOf(id: string, rest: Pick<Gate, 'verdict' | 'summary'> & Partial<Gate>): Gate {
  return { id: GateId.parse(id), evidence: [], owners: [], since: null, fix: null, waiver: null, ...rest };
}

function picksGate({ release, picks }: SettledFacts, train: Train): Gate {
  const managers = train.roles['release-manager'];
  const id = 'picks-settled';
  if (!picks.known) return gateOf(id, unread(picks, managers, `signalbox gate run ${release} ${id}`));
  const open = picks.value.filter(({ state }) => !isSettled(state));
  const settled = picks.value.length - open.length;
  if (open.length === 0) {
    const summary = picks.value.length === 0 ? 'no pick was asked for' : `${many(settled, 'pick')} settled, none open`;
    return gateOf(id, { verdict: 'pass', summary, owners: managers });
  }
  const inCi = open.filter(({ state, seen }) => state === 'in-ci' && seen.pull?.jobs?.verdict !== 'failing');
  const verdict = inCi.length === open.length ? 'running' : open.every(isForManagers) ? 'needs-you' : 'failing';
  const oldest = open.map(({ record }) => waitsSince(record)).toSorted(earliest)[0] ?? null;
  return gateOf(id, {
    verdict,
    summary: `${many(open.length, 'pick')} open: ${countStates(open)}`,
    evidence: open.map((one) => evidenceOf(one, picks.at, picks.source)),
    owners: [...new Set(open.flatMap(({ owners }) => owners))],
    since: oldest,
    fix: `signalbox pick list ${release}`,
  });
}

function isForManagers({ state }: StandingPick): boolean {
  return state === 'needs-review' || state === 'approved' || state === 'requested' || state === 'in-ci';
}

function evidenceOf({ record, seen, state }: StandingPick, at: Instant, source: string): Evidence {
  const text = `${pickName(record.pick)} ${state} since ${waitsSince(record).slice(0, 10)}, ${record.class}`;
  return { text, ...(seen.pull === null ? {} : { link: seen.pull.link }), source, at };
}

function countStates(picks: readonly StandingPick[]): string {
  const counts = new Map<string, number>();
  for (const { state } of picks) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}

interface Judging {
  readonly train: Train;
  readonly declined: readonly DeclinedRevert[];
  readonly now: Instant;
}

function revertsGate({ release, reverts }: SettledFacts, { train, declined, now }: Judging): Gate {
  const managers = train.roles['release-manager'];
  const id = 'reverts-settled';
  if (!reverts.known) return gateOf(id, unread(reverts, managers, `signalbox gate run ${release} ${id}`));
  const owed = reverts.value.filter((one) => isOwed(one) && !isDeclined(one, declined));
  const decided = reverts.value.filter((one) => isOwed(one) && isDeclined(one, declined)).length;
  if (owed.length === 0) {
    const kept = decided === 0 ? '' : `, ${decided} kept by decision`;
    return gateOf(id, { verdict: 'pass', summary: `no revert on main is missing${kept}`, owners: managers });
  }
  const grace = train.picks.relandGraceHours * HOUR;
  const due = owed.filter(({ revertedAt }) => elapsedMillis(revertedAt, now) >= grace);
  const unclear = due.filter(({ onLine }) => onLine?.ambiguous === true);
  const verdict = due.length === 0 ? 'queued' : unclear.length === due.length ? 'needs-you' : 'failing';
  const waiting = owed.length - due.length;
  const summary = [
    ...(due.length === 0 ? [] : [`${many(due.length, 'revert')} on main missing on the line`]),
    ...(unclear.length === 0 ? [] : [`${unclear.length} of them not proven`]),
    ...(waiting === 0
      ? []
      : [`${waiting} within the ${train.picks.relandGraceHours} h in which a reland is waited for`]),
  ].join(', ');
  return gateOf(id, {
    verdict,
    summary,
    evidence: owed.map((one) => ({ text: sayRevert(one), source: reverts.source, at: reverts.at })),
    owners: [
      ...new Set([...owed.flatMap(({ change }) => (change.author === null ? [] : [change.author])), ...managers]),
    ],
    since: owed.map(({ revertedAt }) => revertedAt).toSorted(earliest)[0] ?? null,
    fix: `signalbox pick reverts ${release}`,
  });
}

/** Main took the change back and has not landed it again, and the line has it still. */
function isOwed({ onLine, takenBack, relanded }: RevertStanding): boolean {
  return onLine !== null && takenBack === null && relanded === null;
}

function isDeclined(one: RevertStanding, declined: readonly DeclinedRevert[]): boolean {
  return declined.some(({ repo, revert }) => repo === one.repo && revert === one.revert);
}

function sayRevert({ repo, change, revert, onLine }: RevertStanding): string {
  const name = change.pr === null ? change.title : `#${change.pr} ${change.title}`;
  const proof = onLine === null ? '' : `, on the line by ${shortId(onLine.by)} (${onLine.proof})`;
  return `${repo} ${name}: reverted on main by ${shortId(revert)}${proof}`;
}

function unread(
  observed: { readonly reason: string; readonly source: string },
  owners: readonly string[],
  rerun: string,
): Pick<Gate, 'verdict' | 'summary' | 'owners' | 'fix'> {
  return {
    verdict: 'no-data',
    summary: `could not be read: ${observed.reason}`,
    owners,
    fix: `make it readable, then ${rerun}`,
  };
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function earliest(left: Instant, right: Instant): number {
  return elapsedMillis(right, left);
}
