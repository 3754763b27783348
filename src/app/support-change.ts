import type { CellKey } from '../domain/artifact.ts';
import type { Expectation } from '../domain/expected/expectation.ts';
import { expectedArtifacts, explainExpectation } from '../domain/expected/expected.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { SupportLine } from '../domain/train/support.ts';
import type { Train } from '../domain/train/train.ts';
import { lineOf, releaseOn, type Line, type ReleaseVersion } from '../domain/version.ts';
import { foldManifests } from '../engine/fold-manifests.ts';
import { changedLine, changeText, supportPolicy, type SupportFinding } from '../process/01-plan/index.ts';
import type { App } from './app.ts';
import type { PlanInput } from './planned.ts';
import type { AppProblem } from './problem.ts';
import { entriesOf } from './record.ts';
import { checkedTrain } from './train-file/checked.ts';
import { differencesOf } from './train-file/differences.ts';
import type { TrainEdit } from './train-file/edit-files.ts';
import { proposeTrainChange, type ProposedChange } from './train-file/propose.ts';

const MOST_LISTED = 40;

/** A build that a change adds or takes away, with the size of the newest file of its like that was recorded; null where none was. */
export interface ChangedCell {
  readonly key: CellKey;
  readonly size: number | null;
}

/** What a change of the matrix comes to. */
export interface SupportImpact {
  readonly added: readonly ChangedCell[];
  readonly removed: readonly ChangedCell[];
  /** Why nobody can say which builds change; null where it is known, and only then are the two lists a statement. */
  readonly uncounted: string | null;
  /** Pages and documents that show the matrix or follow from it. */
  readonly shownIn: readonly string[];
  /** Who is to be told, as they are written: `@rita`, `Docs (@dora)`. */
  readonly tell: readonly string[];
}

export interface SupportProposal {
  readonly line: Line;
  /** Findings that the proposed change mends. */
  readonly mended: readonly SupportFinding[];
  /** Open findings for which a person must find the change. */
  readonly left: readonly SupportFinding[];
  /** Why the rules about Python could not be judged; null where they were. */
  readonly unknown: string | null;
  readonly impact: SupportImpact;
  /** Null where no finding asks for a change. */
  readonly change: ProposedChange | null;
}

/** Proposes what the findings of the policy ask for in the line of a release: what comes of it, and one pull request for the train file. */
export async function proposeSupport(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<SupportProposal, AppProblem>> {
  const { train } = app.loaded;
  const line = lineOf(input.release);
  const python = await app.pythonReleases();
  const judging = { python, now: app.clock.now() };
  const view = supportPolicy(train, line, judging);
  if (view === null) {
    const known = Object.keys(train.support.lines).toReversed().join(', ');
    const text = `The support matrix has no line ${line}. It has: ${known === '' ? 'none' : known}.`;
    return refuse({ kind: 'usage', code: 'line-unknown', text });
  }
  const open = view.findings.filter(({ standing }) => standing === 'open');
  const mended = open.filter(({ change }) => change !== null);
  const after = withChanges(train, line, mended);
  const checked = checkedTrain(train, after);
  if (!checked.ok) return checked;
  const impact = await impactOf(app, { line, after, mended });
  const proposal = { line, mended, left: open.filter(({ change }) => change === null), unknown: view.unknown, impact };
  if (mended.length === 0) return succeed({ ...proposal, change: null });
  const change = await proposeTrainChange(app, input, {
    release: releaseOn(line, 0),
    topic: `support-${line}`,
    title: `Support: ${line} by its policy`,
    because: becauseOf(mended, impact),
    edits: (known) => lineEdits(known, withChanges(known, line, mended), line),
    isThere: (known) => lineEdits(known, withChanges(known, line, mended), line).length === 0,
  });
  return change.ok ? succeed({ ...proposal, change: change.value }) : change;
}

function withChanges(train: Train, line: Line, findings: readonly SupportFinding[]): Train {
  const { support } = train;
  const facts = support.lines[line];
  if (facts === undefined) return train;
  const changes = findings.flatMap(({ change }) => (change === null ? [] : [change]));
  return {
    ...train,
    support: { ...support, lines: { ...support.lines, [line]: changedLine(support, facts, changes) } },
  };
}

/** What differs in a line, key by key. */
function lineEdits(before: Train, after: Train, line: Line): readonly TrainEdit[] {
  const [old, now] = [before.support.lines[line], after.support.lines[line]];
  if (old === undefined || now === undefined) return [];
  const at = ['support', 'lines', line];
  const ends = (['from', 'to', 'experimental'] as const).flatMap((key): readonly TrainEdit[] =>
    differencesOf(old.python[key], now.python[key]).length === 0
      ? []
      : [{ path: [...at, 'python', key], value: now.python[key] }],
  );
  const builds = Object.keys(now.builds).flatMap((id): readonly TrainEdit[] =>
    differencesOf(old.builds[id], now.builds[id]).length === 0
      ? []
      : [{ path: [...at, 'builds', id], value: groupsOf(now, id) }],
  );
  return [...ends, ...builds];
}

function groupsOf({ builds }: SupportLine, id: string): TrainEdit['value'] {
  return (builds[id] ?? []).map(({ versions, companion }) => ({
    versions,
    ...(companion === undefined ? {} : { companion }),
  }));
}

async function impactOf(
  app: App,
  { line, after, mended }: { readonly line: Line; readonly after: Train; readonly mended: readonly SupportFinding[] },
): Promise<SupportImpact> {
  const { train } = app.loaded;
  const [before, then] = [train, after].map((each) => expectedArtifacts(each, releaseOn(line, 0)));
  const isKnown = before?.ok === true && then?.ok === true;
  const [had, has] = isKnown ? [keysOf(before.value), keysOf(then.value)] : [[], []];
  const failed = [before, then].find((one) => one?.ok === false);
  const sizes = mended.length === 0 ? new Map<CellKey, number>() : await recordedSizes(app);
  const sized = (keys: readonly CellKey[]): readonly ChangedCell[] =>
    keys.map((key) => ({ key, size: sizes.get(key) ?? null }));
  const managers = train.roles['release-manager'].map((login) => `@${login}`);
  const workstreams = Object.values(train.workstreams).map(({ title, poc }) =>
    poc.length === 0 ? `${title} (nobody is named)` : `${title} (${poc.map((login) => `@${login}`).join(', ')})`,
  );
  return {
    added: sized(has.filter((key) => !had.includes(key))),
    removed: sized(had.filter((key) => !has.includes(key))),
    uncounted: failed?.ok === false ? explainExpectation(failed.problems[0]) : null,
    shownIn: [
      'the support matrix: signalbox support show, and the page /support',
      'RELEASE.md: signalbox docs render',
      `expected files: signalbox artifact expected ${line}.0`,
      ...(train.releaseDay.getStarted === undefined
        ? []
        : [`the get-started page in ${train.releaseDay.getStarted.repo}`]),
    ],
    tell: [...managers, ...workstreams],
  };
}

function keysOf({ cells }: Expectation): readonly CellKey[] {
  return cells.map(({ key }) => key);
}

/** Of every cell the size of the file that was recorded last, of whatever release. */
async function recordedSizes(app: App): Promise<ReadonlyMap<CellKey, number>> {
  const manifests = foldManifests(await entriesOf(app));
  return new Map(manifests.flatMap(({ manifest }) => manifest.files.map(({ cell, size }) => [cell, size] as const)));
}

function becauseOf(mended: readonly SupportFinding[], { added, removed, uncounted }: SupportImpact): readonly string[] {
  const asked = mended.map(
    ({ text, rule, change }) => `${text} [${rule}]${change === null ? '' : `: ${changeText(change)}`}`,
  );
  const unknown = uncounted === null ? [] : [`Which builds change is not known: ${uncounted}`];
  return [...asked, ...unknown, ...listed('added', added), ...listed('removed', removed)];
}

function listed(what: string, cells: readonly ChangedCell[]): readonly string[] {
  if (cells.length === 0) return [];
  return [`Builds ${what}: ${cells.length}`, ...cells.slice(0, MOST_LISTED).map(({ key }) => `  ${key}`)];
}
