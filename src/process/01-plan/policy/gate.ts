import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import { type CalendarDate, dateOf, daysBetween, type Instant } from '../../../domain/instant.ts';
import { type Observed, unknown } from '../../../domain/observation.ts';
import type { PythonReleases } from '../../../domain/python-releases.ts';
import { spanOf } from '../../../domain/month.ts';
import type { Train } from '../../../domain/train/train.ts';
import { type Line, lineOf, patchNumber, type ReleaseVersion } from '../../../domain/version.ts';
import { changeText, type SupportFinding } from './finding.ts';
import { judgeSupport } from './judge-support.ts';
import { pythonPatches, type PythonPatches } from './python-rules.ts';

const ID = GateId.parse('support-policy');
/** CPython brings out bugfix releases every two months: data that knows none for so long has not seen the last ones. */
const MOST_DAYS_OLD = 180;
const MOST_EVIDENCE = 20;

/** The policy of support, judged for a line. */
export interface SupportPolicyView {
  readonly line: Line;
  /** The day it was judged for: the release day of the line, or today where none is planned. */
  readonly day: CalendarDate;
  readonly isPlanned: boolean;
  readonly findings: readonly SupportFinding[];
  readonly patches: readonly PythonPatches[];
  /** Why the rules about Python could not be judged; null where they were. */
  readonly unknown: string | null;
  readonly python: Observed<PythonReleases>;
}

/** Judges a line of the matrix that the train file has; null where it has none. */
export function supportPolicy(
  train: Train,
  line: Line,
  { python, now }: { readonly python: Observed<PythonReleases>; readonly now: Instant },
): SupportPolicyView | null {
  const facts = train.support.lines[line];
  if (facts === undefined) return null;
  const today = dateOf(now);
  const planned = train.calendar.cadence[line]?.release.on;
  const day = planned === undefined ? today : spanOf(planned).from;
  const fresh = freshEnough(python, today);
  const releases = fresh.known ? fresh.value : null;
  return {
    line,
    day,
    isPlanned: planned !== undefined,
    findings: judgeSupport({ support: train.support, line, day, today, python: releases }),
    patches: releases === null ? [] : pythonPatches({ range: facts.python, releases, day }),
    unknown: fresh.known ? null : fresh.reason,
    python,
  };
}

function freshEnough(python: Observed<PythonReleases>, today: CalendarDate): Observed<PythonReleases> {
  if (!python.known) return python;
  const days = daysBetween(python.value.asOf, today);
  if (days <= MOST_DAYS_OLD) return python;
  const reason = `the newest release of CPython that ${python.source} knows is ${days} days old`;
  return unknown(reason, python.at, python.source);
}

/** The gate `support-policy`: the matrix of a minor follows the policy, or somebody answers for what does not. Waivers applied. */
export function decideSupportPolicy(
  train: Train,
  release: ReleaseVersion,
  facts: { readonly python: Observed<PythonReleases>; readonly now: Instant; readonly waivers: readonly Waiver[] },
): Gate {
  return withWaiver(gateOf(train, release, facts), facts.waivers, facts.now);
}

function gateOf(
  train: Train,
  release: ReleaseVersion,
  facts: { readonly python: Observed<PythonReleases>; readonly now: Instant },
): Gate {
  const gate = emptyGate(ID, train.roles['release-manager']);
  const line = lineOf(release);
  if (patchNumber(release) > 0) return { ...gate, verdict: 'skipped', summary: `a patch keeps the matrix of ${line}` };
  const view = supportPolicy(train, line, facts);
  const check = `signalbox support check ${line}`;
  if (view === null)
    return {
      ...gate,
      verdict: 'needs-you',
      summary: `the support matrix has no line ${line}`,
      fix: `add lines."${line}" to support.yaml; then ${check}`,
    };
  const open = view.findings.filter(({ standing }) => standing === 'open');
  const { at, source } = view.python;
  const evidence = view.findings
    .slice(0, MOST_EVIDENCE)
    .map(({ text, change }) => ({ text: change === null ? text : `${text} (${changeText(change)})`, source, at }));
  const judged = { ...gate, evidence };
  const [first] = open;
  if (first !== undefined) {
    const isOver = open.some(({ rule }) => rule === 'exception');
    const more = open.length === 1 ? '' : `, and ${open.length - 1} more`;
    return { ...judged, verdict: isOver ? 'failing' : 'needs-you', summary: `${first.text}${more}`, fix: check };
  }
  if (view.unknown !== null)
    return {
      ...judged,
      summary: `the Pythons could not be judged: ${view.unknown}`,
      fix: 'signalbox support refresh --from FILE|URL',
    };
  const excepted = view.findings.filter(({ standing }) => standing === 'excepted').length;
  const but = excepted === 0 ? '' : `, ${excepted} by an exception that holds`;
  return { ...judged, verdict: 'pass', summary: `${line} follows the policy for its release day ${view.day}${but}` };
}
