import type { Digest } from '../../domain/canonical-json.ts';
import type { Gate } from '../../domain/gate.ts';
import type { LedgerEntry } from '../../domain/ledger-event.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { rolesOf } from '../../domain/train/roles.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { foldSignOffs, type SignOff } from '../../engine/fold-sign-offs.ts';
import type { App } from '../app.ts';
import { showGate } from '../gates.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRelease, requireRole } from '../releases.ts';
import { withTeams } from '../teams.ts';
import { signedGateNamed, signedGates, type SignedGate } from './rules.ts';
import { finalSubject } from './subject.ts';

export interface SignInput {
  readonly release: ReleaseVersion;
  /** Its id, or its name alone. */
  readonly gate: string;
  readonly note: string;
  readonly evidence: string | null;
  /** Digest of the files that were shown to whoever signs; null where nothing was. Others since: nothing is signed. */
  readonly shown: Digest | null;
}

/** A gate after somebody signed it, with what was signed for. */
export interface SignAnswer {
  readonly gate: Gate;
  /** False when the same was signed before. */
  readonly isNew: boolean;
}

/** Signs a gate: a decision of somebody who may, bound to the files of the candidate, void when they change. */
export async function signGate(app: App, input: SignInput): Promise<Result<SignAnswer, AppProblem>> {
  const { release, note } = input;
  const found = gateToSign(app, input.gate);
  if (!found.ok) return found;
  const { id, rule } = found.value;
  const opened = await requireRelease(app, release);
  if (!opened.ok) return opened;
  const allowed = await signerOf(app, found.value);
  if (!allowed.ok) {
    await record(app, { type: 'refused', release, what: `gate sign ${id}`, reason: allowed.problems[0].text });
    return allowed;
  }
  const evidence = evidenceOf(input, found.value);
  if (!evidence.ok) return evidence;
  const entries = await entriesOf(app, release);
  const bound = boundOf(entries, input, found.value);
  if (!bound.ok) return bound;
  const who = await app.who();
  const before = foldSignOffs(entries).find(({ gate, by }) => gate === id && by === who);
  const isSame =
    before !== undefined &&
    before.note === note &&
    before.evidence === evidence.value &&
    before.bound?.manifest === bound.value?.manifest &&
    rule.binds === (bound.value === null ? 'release' : 'candidate');
  if (!isSame) {
    const { role } = allowed.value;
    await record(app, {
      type: 'gate-signed',
      release,
      gate: id,
      role,
      note,
      evidence: evidence.value,
      bound: bound.value,
    });
  }
  const after = await showGate(app, release, id);
  return after.ok ? succeed({ gate: after.value.gate, isNew: !isSame }) : after;
}

/** Takes a sign-off back: one's own, or as a release manager that of another. */
export async function revokeSignOff(
  app: App,
  { release, gate, of, reason }: RevokeInput,
): Promise<Result<SignAnswer, AppProblem>> {
  const found = gateToSign(app, gate);
  if (!found.ok) return found;
  const { id } = found.value;
  const who = await app.who();
  const by = of ?? who;
  if (by !== who) {
    const allowed = await requireRole(app, ['release-manager']);
    if (!allowed.ok) return allowed;
  }
  const signed = foldSignOffs(await entriesOf(app, release)).filter((each) => each.gate === id);
  if (!signed.some((each) => each.by === by)) {
    const names = signed.map((each) => `@${each.by}`).join(', ');
    const others = names === '' ? 'Nobody has signed it.' : `Signed by ${names}: name one with --of LOGIN.`;
    return refuse({
      kind: 'refused',
      code: 'not-signed',
      text: `@${by} has not signed ${id} of ${release}. ${others}`,
    });
  }
  await record(app, { type: 'gate-sign-off-revoked', release, gate: id, by, reason });
  const after = await showGate(app, release, id);
  return after.ok ? succeed({ gate: after.value.gate, isNew: true }) : after;
}

export interface RevokeInput {
  readonly release: ReleaseVersion;
  readonly gate: string;
  /** Whose; null for one's own. */
  readonly of: string | null;
  readonly reason: string;
}

function gateToSign(app: App, typed: string): Result<SignedGate, AppProblem> {
  const { train } = app.loaded;
  const found = signedGateNamed(train, typed);
  if (found !== null) return succeed(found);
  const names = signedGates(train).map(({ name }) => name);
  const text =
    names.length === 0
      ? `${typed} is not signed: the train file names nothing to sign (final.signOffs, final.canaries). A gate that is judged from what was read can be waived: signalbox gate waive`
      : `${typed} is not signed. What is: ${names.join(', ')}. A gate that is judged from what was read can be waived: signalbox gate waive`;
  return refuse({ kind: 'usage', code: 'gate-not-signed', text });
}

/** In which role somebody may sign. Who is excluded may not, whatever else they are. */
async function signerOf(app: App, { id, rule }: SignedGate): Promise<Result<{ readonly role: string }, AppProblem>> {
  const who = await app.who();
  const roles = rolesOf((await withTeams(app)).loaded.train, who);
  const contrary = roles.find((role) => rule.excludedRoles.includes(role));
  if (rule.excluded.includes(who) || contrary !== undefined) {
    const why =
      contrary === undefined ? 'is excluded by the train file' : `has the role ${contrary}, which is excluded`;
    const text = `${who} may not sign ${id}: ${who} ${why}. Somebody else has to: signalbox gate show REL ${id}`;
    return refuse({ kind: 'not-allowed', code: 'signer-excluded', text });
  }
  if (rule.people.includes(who)) return succeed({ role: 'named' });
  const role = roles.find((each) => rule.roles.includes(each));
  if (role !== undefined) return succeed({ role });
  const needed = rule.roles.length === 0 ? '' : `the role ${rule.roles.join(' or ')}`;
  const named = rule.people.length === 0 ? '' : rule.people.map((login) => `@${login}`).join(', ');
  const whose = [named, needed].filter((each) => each !== '').join(', or ');
  return refuse({
    kind: 'not-allowed',
    code: 'role-missing',
    text: `Signing ${id} is for ${whose}, and ${who} is none of them.`,
  });
}

function evidenceOf({ evidence }: SignInput, { id, rule }: SignedGate): Result<string | null, AppProblem> {
  if (evidence === null || evidence.trim() === '') {
    if (rule.evidence === 'optional') return succeed(null);
    const text = `Signing ${id} needs a link to what was seen: --evidence LINK`;
    return refuse({ kind: 'usage', code: 'evidence-missing', text });
  }
  const link = URL.parse(evidence.trim());
  if (link !== null && (link.protocol === 'https:' || link.protocol === 'http:') && evidence.length <= 2000)
    return succeed(link.href);
  const text = `"${evidence.slice(0, 80)}" is not a link: write the whole address, https://…`;
  return refuse({ kind: 'usage', code: 'evidence-no-link', text });
}

function boundOf(
  entries: readonly LedgerEntry[],
  { release, shown }: SignInput,
  { id, rule }: SignedGate,
): Result<SignOff['bound'], AppProblem> {
  if (rule.binds === 'release') return succeed(null);
  const subject = finalSubject(entries, release);
  if (subject === null) {
    const text = `${id} is signed for the files of a candidate, and none of ${release} was recorded. Record them: signalbox artifact record ${release}-rcN`;
    return refuse({ kind: 'refused', code: 'manifest-missing', text });
  }
  if (shown !== null && shown !== subject.digest) {
    const text = `The files to sign for are others than those shown: ${subject.candidate} has ${subject.digest.slice(0, 15)} now. Look again: signalbox gate show ${release} ${id}`;
    return refuse({ kind: 'conflict', code: 'candidate-changed', text });
  }
  return succeed({ candidate: subject.candidate, manifest: subject.digest });
}
