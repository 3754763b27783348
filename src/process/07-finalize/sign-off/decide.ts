import { emptyGate, type Gate, type GateId, type Signing, type Waiver, withWaiver } from '../../../domain/gate.ts';
import { dateOf, type CalendarDate, type Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import { dueDay } from '../../../domain/time-text.ts';
import type { SignOffRule } from '../../../domain/train/final.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import { many } from '../../../domain/words.ts';

/** A sign-off that was not taken back, and what became of the files since. */
export interface SignOffToJudge {
  readonly by: string;
  readonly role: string;
  readonly at: Instant;
  readonly note: string;
  readonly evidence: string | null;
  /** What was signed; null for the release, whatever its files. */
  readonly candidate: CandidateVersion | null;
  /** Files it was given for that are others now; null when it is not known any more which they were. */
  readonly touched: readonly string[] | null;
}

/** A gate that people sign, with what is known of it. */
export interface SignOffFacts {
  readonly id: GateId;
  /** What is typed to sign it. */
  readonly name: string;
  readonly release: ReleaseVersion;
  readonly rule: SignOffRule;
  /** What would be signed now; null while no candidate was recorded. */
  readonly subject: Signing['bound'];
  readonly signOffs: readonly SignOffToJudge[];
  /** The day by which it is due; null where none is said, or the release day is not known. */
  readonly due: CalendarDate | null;
}

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const LEDGER = 'ledger';

/**
 * A gate that people sign: open once enough of those who may have signed for the files of now. A sign-off for files that are others since is void, and told
 * with what changed. Seed: "All the closed issues from milestone need to be validated", and the sign-offs of partners. Waivers applied.
 */
export function decideSignOff(facts: SignOffFacts, { train, waivers, now }: Judging): Gate {
  const { id, name, release, rule, subject } = facts;
  const counted = facts.signOffs.filter((each) => isCounted(facts, each));
  const signedBy = counted.map(({ by }) => by);
  const owners = [...rule.people, ...rule.roles.flatMap((role) => train.roles[role])].filter(
    (login, index, all) => all.indexOf(login) === index && !signedBy.includes(login) && !rule.excluded.includes(login),
  );
  const bound = rule.binds === 'release' ? null : subject;
  const signing: Signing = { bound, evidence: rule.evidence, people: rule.people, roles: rule.roles, signedBy };
  const gate = {
    ...emptyGate(id, owners),
    signing,
    evidence: facts.signOffs.map((each) => evidenceOf(facts, each)),
  };
  const done = (judged: Partial<Gate>): Gate => withWaiver({ ...gate, ...judged }, waivers, now);
  const when = dueText(facts, now);
  if (rule.binds === 'candidate' && subject === null) {
    const summary = `${rule.title}: no candidate of ${release} was recorded yet${when}`;
    return done({ verdict: 'queued', summary, fix: 'signalbox artifact record RC' });
  }
  if (counted.length >= rule.signatures) {
    const by = signedBy.map((login) => `@${login}`).join(', ');
    return done({ verdict: 'pass', summary: `${rule.title}: signed by ${by} for ${forWhat(facts)}` });
  }
  const fix = `signalbox gate sign ${release} ${name}${rule.evidence === 'required' ? ' --evidence LINK' : ''}`;
  return done({ verdict: 'needs-you', summary: `${rule.title}: ${missingText(facts, counted.length)}${when}`, fix });
}

/** Also after the train took somebody's right away. */
function isCounted({ rule }: SignOffFacts, { by, touched, evidence }: SignOffToJudge): boolean {
  if (rule.excluded.includes(by)) return false;
  return touched?.length === 0 && (rule.evidence === 'optional' || evidence !== null);
}

function forWhat({ rule, release, subject }: SignOffFacts): string {
  return rule.binds === 'release' || subject === null ? release : subject.candidate;
}

function missingText(facts: SignOffFacts, counted: number): string {
  const { rule, signOffs } = facts;
  const voided = signOffs.filter(({ touched }) => touched?.length !== 0);
  const of = forWhat(facts);
  const first =
    counted === 0 ? `nobody has signed for ${of}` : `${counted} of ${rule.signatures} people have signed for ${of}`;
  if (voided.length === 0) return first;
  return `${first}; ${many(voided.length, 'earlier sign-off')} void, since files changed`;
}

function dueText({ due }: SignOffFacts, now: Instant): string {
  if (due === null) return '';
  return due < dateOf(now) ? `; was due ${due}` : `; due ${due}, ${dueDay(due, now)}`;
}

const SHOWN = 3;

function evidenceOf(facts: SignOffFacts, signOff: SignOffToJudge): Evidence {
  const { by, role, note, candidate, touched, evidence, at } = signOff;
  const as = role === 'named' ? '' : ` as ${role}`;
  const said = `@${by} signed${as} for ${candidate ?? facts.release}${note === '' ? '' : `: ${note}`}`;
  return {
    text: `${said}${standingText(facts, signOff, touched)}`,
    ...(evidence === null ? {} : { link: evidence }),
    source: LEDGER,
    at,
  };
}

function standingText(facts: SignOffFacts, signOff: SignOffToJudge, touched: readonly string[] | null): string {
  if (touched === null) return '. Void: which files it was given for is not in the ledger';
  if (touched.length > 0) {
    const more = touched.length > SHOWN ? ` and ${touched.length - SHOWN} more` : '';
    const files = touched.slice(0, SHOWN).join(', ');
    return `. Void: ${many(touched.length, 'file')} changed since: ${files}${more}`;
  }
  if (isCounted(facts, signOff)) return '';
  return facts.rule.excluded.includes(signOff.by)
    ? '. Not counted: excluded by the train'
    : '. Not counted: it has no link to what was seen';
}
