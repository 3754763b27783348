import { GateId, type Gate } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import { judgeChannelGate, type ChannelJudging, type ChannelSeen, type ChannelToJudge } from '../channel-gate.ts';
import type { IndexFacts } from './facts.ts';
import { FINDING_KINDS, indexFindings, type FindingKind, type IndexFinding } from './findings.ts';

/** What is judged: the index of every place of the channel that everybody can read. */
export type IndexToJudge = ChannelToJudge<IndexFacts>;

const INDEX_VALID = GateId.parse('index-valid');
const SHOWN = 20;

/** The gate `index-valid`: what a client sees of the channel's index is what lies there. Waivers applied. */
export function decideIndexValid(facts: IndexToJudge, judging: ChannelJudging): Gate {
  const write = `signalbox artifact index ${facts.release} --channel ${facts.channel}`;
  return judgeChannelGate(INDEX_VALID, facts, judging, ({ gate, rerun, seen }) =>
    judgePlaces(gate, seen, { write, rerun }),
  );
}

interface Fixes {
  readonly write: string;
  readonly rerun: string;
}

function judgePlaces(
  gate: Gate,
  { value: places, at, source }: ChannelSeen<IndexFacts>['seen'],
  { write, rerun }: Fixes,
): Gate {
  const files = places.reduce((sum, place) => sum + place.files.length, 0);
  if (files === 0) {
    return {
      ...gate,
      summary: 'no file of the release lies in the channel',
      fix: `once its files are there, ${rerun}`,
    };
  }
  const judged = places.map((place) => indexFindings(place));
  const findings = judged.flatMap((one) => one.findings);
  const gaps = judged.flatMap((one) => one.gaps);
  if (findings.length > 0) {
    const evidence = sorted(findings).map((finding) => evidenceOf(finding, { at, source }));
    return {
      ...gate,
      verdict: 'failing',
      summary: countsOf(findings),
      evidence: shortened(evidence, { at, source }),
      fix: `${write}${findings.some(({ kind }) => kind === 'wrong-type') ? ' --types' : ''}, then ${rerun}`,
    };
  }
  const [gap] = gaps;
  if (gap !== undefined) {
    const more = gaps.length > 1 ? `, and ${gaps.length - 1} more` : '';
    return {
      ...gate,
      summary: `${gap.address} could not be read: ${gap.reason}${more}`,
      fix: `make it readable, then ${rerun}`,
    };
  }
  const pages = places.reduce((sum, place) => sum + place.pages.length, 0);
  const links = places.reduce((sum, place) => sum + place.links.size, 0);
  const text = `${pages} pages in HTML and JSON, ${links} links answer, ${files} files with their hashes`;
  return { ...gate, verdict: 'pass', summary: text, evidence: [{ text, source, at }] };
}

/** The gravest first. */
function sorted(findings: readonly IndexFinding[]): readonly IndexFinding[] {
  const order = Object.keys(FINDING_KINDS);
  return findings.toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind));
}

/** `1 file listed without a hash: torch-….whl; 2 pages without JSON`. */
function countsOf(findings: readonly IndexFinding[]): string {
  const byKind = Map.groupBy(sorted(findings), ({ kind }) => kind);
  return [...byKind].map(([kind, some]) => countOf(kind, some)).join('; ');
}

function countOf(kind: FindingKind, findings: readonly IndexFinding[]): string {
  // One file on the page of its folder and on the page over all is one file.
  const things = new Set(findings.map(({ file, page, text }) => (kind === 'disagreement' ? text : (file ?? page))));
  const [one, many] = FINDING_KINDS[kind];
  const [first] = things;
  return things.size === 1 ? `1 ${one}: ${first}` : `${things.size} ${many}`;
}

interface Seen {
  readonly at: Instant;
  readonly source: string;
}

function evidenceOf({ text, page }: IndexFinding, { at, source }: Seen): Evidence {
  return { text, link: page, source, at };
}

function shortened(evidence: readonly Evidence[], { at, source }: Seen): readonly Evidence[] {
  if (evidence.length <= SHOWN) return evidence;
  return [...evidence.slice(0, SHOWN), { text: `and ${evidence.length - SHOWN} more`, source, at }];
}
