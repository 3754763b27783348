import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence } from '../../domain/observation.ts';
import type { Train } from '../../domain/train/train.ts';
import { judgeTarget, type Judged } from './judge.ts';
import { explain, problemOfFault } from './problem.ts';
import type { ReleaseOnlyFacts, RepoReleaseOnly, Target, TargetState } from './read.ts';

const IDS = { branch: 'release-only-landed', main: 'next-version-on-main' } as const;

/** The gates `release-only-landed:REPO` and `next-version-on-main:REPO` of every repository, waivers applied. */
export function decideReleaseOnlyGates(
  facts: ReleaseOnlyFacts,
  train: Train,
  waivers: readonly Waiver[],
  now: Instant,
): readonly Gate[] {
  return facts.repos
    .flatMap((repo) => [judgeGate(facts, train, repo, 'branch'), judgeGate(facts, train, repo, 'main')])
    .map((gate) => withWaiver(gate, waivers, now));
}

function judgeGate(facts: ReleaseOnlyFacts, train: Train, repo: RepoReleaseOnly, which: Target): Gate {
  const { key, entry, branch } = repo.repo;
  const owners = [...new Set([...entry.owners, ...train.roles['release-manager']])];
  const id = GateId.parse(`${IDS[which]}:${key}`);
  const gate = emptyGate(id, owners);
  const target = repo.targets.find((one) => one.target === which);
  if (target === undefined) {
    return {
      ...gate,
      verdict: 'skipped',
      summary: `the train asks for no edit on ${which === 'branch' ? branch : entry.main} of ${key}`,
    };
  }
  const rerun = `signalbox gate run ${facts.release} ${id}`;
  const unread = [repo.head, target.state].find((fact) => !fact.known);
  if (unread !== undefined && !unread.known) {
    return { ...gate, summary: `could not be read: ${unread.reason}`, fix: `make it readable, then ${rerun}` };
  }
  if (repo.head.known && repo.head.value === null) {
    return {
      ...gate,
      verdict: 'failing',
      summary: `${branch} of ${key} is not cut yet`,
      fix: `signalbox branch cut ${key} ${facts.release}`,
    };
  }
  if (!target.state.known) return gate;
  const state = target.state.value;
  if (state.baseCommit === null) {
    return {
      ...gate,
      verdict: 'failing',
      summary: `${key} has no branch ${target.base}`,
      fix: `push ${target.base}; then ${rerun}`,
    };
  }
  const judged = judgeTarget(facts, train, { repo, target, state });
  const { at, source } = target.state;
  const named = { repo: key, release: facts.release };
  const faults = judged.faults.map((fault) => explain(problemOfFault(fault, named, target.base)));
  const commands = { rerun, changes: `signalbox branch changes ${key} ${facts.release}` };
  return {
    ...gate,
    ...verdictOf(judged, state, faults, commands),
    evidence: evidenceOf(judged, state, { at, source }),
  };
}

function verdictOf(
  judged: Judged,
  { pull, merged }: TargetState,
  faults: readonly string[],
  { rerun, changes }: { readonly rerun: string; readonly changes: string },
): Pick<Gate, 'verdict' | 'summary' | 'fix'> {
  const left = leftOf(judged);
  const [fault] = faults;
  if (left.length === 0 && fault === undefined) {
    const [number] = merged.map((one) => one.number).toReversed();
    const how =
      number === undefined ? 'nothing is left to change' : `landed with #${number}; nothing is left to change`;
    return { verdict: 'pass', summary: how, fix: null };
  }
  if (pull?.state === 'open') {
    return {
      verdict: 'needs-you',
      summary: `#${pull.number} waits to be merged`,
      fix: `review and merge ${pull.link}; then ${rerun}`,
    };
  }
  if (fault !== undefined) return { verdict: 'failing', summary: fault, fix: `correct the train file; then ${rerun}` };
  const outside = judged.changed.length === 0;
  return {
    verdict: 'failing',
    summary: `${left.length} left: ${left
      .slice(0, 3)
      .map(({ path, line }) => `${path}:${line}`)
      .join(', ')}${left.length > 3 ? ' …' : ''}`,
    fix: outside ? `add the file to the edit in the train file, then ${changes}` : changes,
  };
}

interface Left {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

function leftOf({ reports, strays }: Judged): readonly Left[] {
  const own = reports.flatMap(({ files }) =>
    files.flatMap(({ path, matches }) => matches.map(({ line, before }) => ({ path, line, text: before.trim() }))),
  );
  return [...own, ...strays];
}

function evidenceOf(
  judged: Judged,
  { pull, merged }: TargetState,
  { at, source }: Pick<Evidence, 'at' | 'source'>,
): readonly Evidence[] {
  const pulls = [...(pull === null ? [] : [pull]), ...merged];
  return [
    ...pulls.map(({ number, state, title, link }) => ({ text: `#${number} ${title} (${state})`, link, source, at })),
    ...leftOf(judged).map(({ path, line, text }) => ({ text: `left: ${path}:${line} ${text}`, source, at })),
    ...judged.unmanaged.map(({ path, line, text, why }) => ({
      text: `unmanaged: ${path}:${line} ${text} (${why})`,
      source,
      at,
    })),
  ];
}
