import { explainExpectation } from '../../../domain/expected/expected.ts';
import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import { judgeJobs } from '../../../domain/jobs.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ArtifactFacts, RepoArtifacts } from './facts.ts';
import { judgeRepo, type JudgedCell, type JudgedRepo, type RecordedBefore } from './match.ts';

export function completeGateId(repo: string): GateId {
  return GateId.parse(`artifacts-complete:${repo}`);
}

/**
 * The gates `artifacts-complete:REPO`: every expected file of the repository's candidate is in the candidates' channel, once, with its digest, and none
 * besides. Waivers applied. A repository that builds nothing has no such gate.
 */
export function decideComplete(facts: ArtifactFacts, { train, recorded, waivers, now }: Deciding): readonly Gate[] {
  return facts.repos.map((one) => withWaiver(gateOf(facts, one, train, recorded), waivers, now));
}

interface Deciding {
  readonly train: Train;
  readonly recorded: RecordedBefore;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

function gateOf(facts: ArtifactFacts, { repo, tag }: RepoArtifacts, train: Train, recorded: RecordedBefore): Gate {
  const id = completeGateId(repo.key);
  const owners = [...new Set([...repo.entry.owners, ...train.roles['release-manager']])];
  const gate = emptyGate(id, owners);
  const rerun = `signalbox gate run ${facts.release} ${id}`;
  if (!facts.expectation.ok) {
    const text = explainExpectation(facts.expectation.problems[0]);
    return { ...gate, verdict: 'failing', summary: text, fix: `correct the train file; then ${rerun}` };
  }
  if (!tag.known)
    return { ...gate, summary: `could not be read: ${tag.reason}`, fix: `make it readable, then ${rerun}` };
  if (tag.value === null) {
    return {
      ...gate,
      verdict: 'queued',
      summary: `${repo.key} has no candidate of ${repo.release} yet`,
      fix: `signalbox rc cut ${repo.key} ${facts.release}`,
    };
  }
  return judged(gate, facts, judgeRepo(facts, { repo, tag: tag.value }, recorded), rerun);
}

function judged(gate: Gate, facts: ArtifactFacts, found: JudgedRepo, rerun: string): Gate {
  const { repo, tag, cells } = found;
  const faults = faultsOf(found);
  const unread = cells.flatMap(({ state, mirrors }) => {
    if (state.state === 'unknown') return [state.reason];
    return mirrors
      .filter(({ fault }) => fault === 'unknown')
      .map(({ place }) => `the mirror ${place} could not be read`);
  });
  const here = cells.filter(({ state, mirrors }) => state.state === 'present' && mirrors.length === 0);
  const name = `${repo.key} ${tag.candidate}`;
  const count = `${here.length} of ${cells.length} files of ${name} in ${facts.channel}`;
  const common = { ...gate, evidence: evidenceOf(facts, found, faults) };
  if (faults.length > 0) {
    const isBuilding = faults.every(({ kind }) => kind === 'missing') && areRunning(found);
    return {
      ...common,
      verdict: isBuilding ? 'running' : 'failing',
      summary: `${count}; ${counted(faults)}${isBuilding ? '; builds are running' : ''}`,
      fix: isBuilding ? `wait for the builds; then ${rerun}` : `${fixFor(faults, facts)}; then ${rerun}`,
    };
  }
  const [first] = unread;
  if (first !== undefined)
    return {
      ...common,
      summary: `${count}; ${unread.length} could not be looked at: ${first}`,
      fix: `make the channel readable, then ${rerun}`,
    };
  return { ...common, verdict: 'pass', summary: `${count}, each once and with its digest` };
}

/** One thing that is wrong, in words. */
interface Fault {
  readonly kind: 'missing' | 'twice' | 'misplaced' | 'empty' | 'no digest' | 'stale' | 'changed' | 'surplus' | 'mirror';
  readonly text: string;
}

function faultsOf({ cells, surplus }: JudgedRepo): readonly Fault[] {
  return [
    ...cells.flatMap((cell) => [...cellFault(cell), ...mirrorTexts(cell)]),
    ...surplus.map((key): Fault => ({ kind: 'surplus', text: `surplus: ${key} is no expected file` })),
  ];
}

function cellFault({ expected: { key, file, folder }, state }: JudgedCell): readonly Fault[] {
  const path = folder === '' ? file : `${folder}/${file}`;
  switch (state.state) {
    case 'present':
    case 'unknown':
      return [];
    case 'missing': {
      const near = state.near.length === 0 ? '' : `; there is ${state.near.join(', ')}`;
      return [{ kind: 'missing', text: `missing: ${key}, ${path}${near}` }];
    }
    case 'twice':
      return [{ kind: 'twice', text: `twice: ${key}: ${state.files.map((each) => each.key).join(', ')}` }];
    case 'misplaced':
      return [
        {
          kind: 'misplaced',
          text: `misplaced: ${state.file.key} belongs in ${folder === '' ? 'the top folder' : folder}`,
        },
      ];
    case 'empty':
      return [{ kind: 'empty', text: `empty: ${state.file.key} has no bytes` }];
    case 'no-digest':
      return [{ kind: 'no digest', text: `no digest: ${state.file.key} was stored without its sha256` }];
    case 'stale':
      return [{ kind: 'stale', text: `stale: ${state.file.key}: ${state.why}` }];
    case 'changed':
      return [
        { kind: 'changed', text: `changed: ${state.file.key} is not ${state.recorded} any more, as it was recorded` },
      ];
  }
}

function mirrorTexts({ state, mirrors }: JudgedCell): readonly Fault[] {
  if (state.state !== 'present') return [];
  const { key } = state.file;
  return mirrors.flatMap(({ place, fault }): readonly Fault[] =>
    fault === 'unknown'
      ? []
      : [{ kind: 'mirror', text: `mirror: ${place} ${fault === 'lacks' ? 'lacks' : 'has other bytes of'} ${key}` }],
  );
}

/** `3 missing, 1 surplus`. */
function counted(faults: readonly Fault[]): string {
  return [...Map.groupBy(faults, ({ kind }) => kind)].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
}

const FIXES: Readonly<Record<Fault['kind'], string>> = {
  missing: 'build or upload what is missing',
  twice: 'remove all but one of each',
  misplaced: 'move them to their folder',
  empty: 'upload them again',
  'no digest': 'store their sha256 with them',
  stale: "let the candidate's builds upload their files",
  changed:
    'tag another candidate, since one never changes; or record why it did: signalbox artifact record RC --replace -m WHY',
  surplus: 'remove them, or add their builds to artifacts in the train file',
  mirror: 'copy them to the mirror',
};

function fixFor(faults: readonly Fault[], { candidate }: ArtifactFacts): string {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  return kinds.map((kind) => FIXES[kind].replace('RC', candidate ?? 'RC')).join('; ');
}

/** Whether the jobs that upload the candidate's files still run. */
function areRunning({ repo, tag }: JudgedRepo): boolean {
  const { staged } = repo.entry;
  if (staged === undefined || tag.jobs?.known !== true) return false;
  const { verdict } = judgeJobs({ ...staged, ignore: [] }, tag.jobs.value);
  return verdict === 'running' || verdict === 'queued';
}

const MOST_EVIDENCE = 60;

function evidenceOf(
  facts: ArtifactFacts,
  { cells, tag, repo }: JudgedRepo,
  faults: readonly Fault[],
): readonly Evidence[] {
  const places = facts.places.filter(
    ({ holds }) => holds === 'any' || cells.some(({ expected }) => expected.cell.kind === holds),
  );
  const [place] = places;
  if (place === undefined) return [];
  const { at } = place.content;
  const line = (text: string): Evidence => ({ text, source: place.name, at });
  const more = faults.length - MOST_EVIDENCE;
  return [
    ...faults.slice(0, MOST_EVIDENCE).map(({ text }) => line(text)),
    ...(more > 0 ? [line(`and ${more} more`)] : []),
    ...places.map(({ name, content }) => ({
      text: content.known
        ? `${name} was listed${content.value.strange.length === 0 ? '' : `; ${content.value.strange.length} of its names cannot be asked for: ${JSON.stringify(content.value.strange[0])}`}`
        : `${name} could not be read: ${content.reason}`,
      source: name,
      at: content.at,
    })),
    line(`${repo.key} ${tag.candidate} is ${tag.commit.slice(0, 9)}, of ${tag.committedAt}`),
  ];
}
