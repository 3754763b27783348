import { emptyGate, GateId, withWaiver, type Gate, type Waiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { RepoInRelease } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import { checkTogether } from '../../../wheel/check/check-together.ts';
import type { Finding } from '../../../wheel/check/checks.ts';
import type { WheelPolicy } from '../../../wheel/check/policy.ts';
import type { JudgedWheel } from './read.ts';
import { togetherFacts } from './reading.ts';

/** What is known of the wheels of a candidate. */
export interface ValidFacts {
  readonly release: ReleaseVersion;
  readonly channel: string;
  /** Where they were read. */
  readonly source: string;
  readonly repos: readonly {
    readonly repo: RepoInRelease;
    /** Wheels that it must have. */ readonly expected: number;
  }[];
  readonly wheels: readonly JudgedWheel[];
  /** What is asked of all of them together. */
  readonly policy: WheelPolicy;
}

interface Deciding {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/**
 * The gates `artifacts-valid:REPO`: every wheel of the repository's candidate was read byte for byte, is what was recorded, and has nothing wrong in
 * it or against the other wheels of the train. A wheel that nobody has read yet keeps the gate closed. Waivers applied.
 */
export function decideValid(facts: ValidFacts, { train, waivers, now }: Deciding): readonly Gate[] {
  const together = checkTogether(
    facts.wheels.flatMap(({ wheel, known }) =>
      known.state === 'read' && known.reading.broken === null ? [togetherFacts(wheel.fileName, known.reading)] : [],
    ),
    facts.policy,
  );
  return facts.repos.map(({ repo, expected }) => {
    const owners = [...new Set([...repo.entry.owners, ...train.roles['release-manager']])];
    return withWaiver(gateOf(facts, { repo, expected, owners, together, now }), waivers, now);
  });
}

interface OneRepo {
  readonly repo: RepoInRelease;
  readonly expected: number;
  readonly owners: readonly string[];
  readonly together: readonly Finding[];
  readonly now: Instant;
}

function gateOf(facts: ValidFacts, { repo, expected, owners, together, now }: OneRepo): Gate {
  const id = GateId.parse(`artifacts-valid:${repo.key}`);
  const rerun = `signalbox gate run ${facts.release} ${id}`;
  const wheels = facts.wheels.filter(({ wheel }) => wheel.repo === repo.key);
  const names = new Set(wheels.map(({ wheel }) => wheel.fileName));
  const between = together.filter(({ wheel }) => names.has(wheel));
  const wrong = [...wheels.flatMap(ownFaults), ...between.filter(({ severity }) => severity === 'error').map(faultOf)];
  const wrongNames = new Set(wrong.map(({ wheel }) => wheel));
  const odd = wheels.flatMap(({ known }) =>
    known.state === 'read' ? known.reading.findings.filter(({ severity }) => severity === 'warning') : [],
  );
  const unread = wheels.filter(({ known }) => known.state === 'unread').length;
  const [unreadable] = wheels.flatMap(({ known }) => (known.state === 'unreadable' ? [known.reason] : []));
  const evidence = (texts: readonly string[]): readonly Evidence[] =>
    texts.map((text) => ({ text, source: facts.source, at: now }));
  const gate: Gate = {
    ...emptyGate(id, owners),
    evidence: evidence([...few(wrong.map(({ text }) => text)), ...few(odd.map(sentence))]),
    fix: rerun,
  };
  const of = `${wheels.length} wheels of ${repo.key} ${repo.release} in ${facts.channel}`;
  if (wrong.length > 0) {
    return {
      ...gate,
      verdict: 'failing',
      summary: `${wrongNames.size} of ${of} ${wrongNames.size === 1 ? 'is' : 'are'} wrong: ${[...new Set(wrong.map(({ what }) => what))].join(', ')}`,
      fix: `build and upload ${wrongNames.size === 1 ? 'it' : 'them'} again; then ${rerun}`,
    };
  }
  if (unreadable !== undefined)
    return { ...gate, summary: `a wheel could not be read: ${unreadable}`, fix: `make it readable, then ${rerun}` };
  if (unread > 0) return { ...gate, verdict: 'queued', summary: `${unread} of ${of} were not read byte for byte yet` };
  if (wheels.length < expected || expected === 0) {
    return {
      ...gate,
      verdict: expected === 0 ? 'skipped' : 'queued',
      summary:
        expected === 0
          ? `${repo.key} has no wheels in this release`
          : `${wheels.length} of ${expected} wheels are there; nothing is wrong in those`,
      fix: expected === 0 ? null : `signalbox gate show ${facts.release} artifacts-complete:${repo.key}`,
    };
  }
  const remarks = odd.length === 0 ? '' : `, with ${odd.length} warnings`;
  return { ...gate, verdict: 'pass', summary: `${of} read byte for byte, all right${remarks}`, fix: null };
}

interface Fault {
  readonly wheel: string;
  /** In a word or two. */
  readonly what: string;
  readonly text: string;
}

function ownFaults({ wheel, known }: JudgedWheel): readonly Fault[] {
  if (known.state !== 'read') return [];
  const { reading } = known;
  const here = (what: string, text: string): Fault => ({ wheel: wheel.fileName, what, text: `${wheel.key}: ${text}` });
  return [
    ...(reading.digest === wheel.digest
      ? []
      : [here('other bytes', `its bytes are ${reading.digest}, and ${wheel.digest} was recorded with it`)]),
    ...(reading.broken === null ? [] : [here('no wheel', reading.broken)]),
    ...reading.findings.filter(({ severity }) => severity === 'error').map(faultOf),
  ];
}

function faultOf(finding: Finding): Fault {
  return { wheel: finding.wheel, what: finding.check, text: sentence(finding) };
}

/** `torch-….whl, torch/lib.so: text [record-hash]`. */
function sentence({ wheel, entry, line, text, check }: Finding): string {
  const place = entry === null ? '' : `, ${entry}${line === null ? '' : ` line ${line}`}`;
  return `${wheel}${place}: ${text} [${check}]`;
}

const MOST = 20;

function few(texts: readonly string[]): readonly string[] {
  return texts.length <= MOST ? texts : [...texts.slice(0, MOST), `and ${texts.length - MOST} more`];
}
