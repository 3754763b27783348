import { observe } from '../../domain/observation.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { fillText, reposOf } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import {
  decideMilestones,
  foldTriage,
  suggestTriage,
  type DecidedItem,
  type Suggestion,
  type TriageDecision,
  type TriageFacts,
} from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import { planning, present, repoNamed, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRole } from '../releases.ts';
import { readCandidates, readFacts } from './candidates.ts';
import { NO_REASON, strangeLogin } from './logins.ts';

/** A candidate of a patch release: what was read, what that suggests, and what was decided. */
export interface TriageRow {
  readonly facts: TriageFacts;
  readonly suggestion: Suggestion;
  readonly decision: TriageDecision | null;
}

/** The inbox of a patch release. */
export interface Triage {
  readonly release: ReleaseVersion;
  readonly label: string;
  /** Oldest first; those that nobody has decided about before the others. */
  readonly rows: readonly TriageRow[];
  /** Decisions about what carries the label no more. */
  readonly elsewhere: readonly TriageDecision[];
  readonly unread: readonly { readonly repo: string; readonly reason: string }[];
}

/** What waits for the triage of a patch release, with what the evidence suggests. */
export async function triageOf(app: App, release: ReleaseVersion): Promise<Triage> {
  const { patches } = app.loaded.train;
  const [repos, entries] = await Promise.all([readCandidates(app, release), entriesOf(app, release)]);
  const decisions = foldTriage(entries, release);
  const facts = repos.flatMap(({ found }) => (found.known ? found.value : []));
  const rows = facts.map((each) => rowOf(app, each, decisions));
  return {
    release,
    label: patches.triageLabel,
    rows: [...rows.filter(({ decision }) => decision === null), ...rows.filter(({ decision }) => decision !== null)],
    elsewhere: decisions.filter(
      ({ repo, item }) => !facts.some((each) => each.repo === repo && each.item.number === item),
    ),
    unread: repos.flatMap(({ repo, found }) => (found.known ? [] : [{ repo: repo.key, reason: found.reason }])),
  };
}

function rowOf(app: App, facts: TriageFacts, decisions: readonly TriageDecision[]): TriageRow {
  return {
    facts,
    suggestion: suggestTriage(facts, app.loaded.train.patches),
    decision: decisions.find(({ repo, item }) => repo === facts.repo && item === facts.item.number) ?? null,
  };
}

/** An issue or pull request as it was typed: its repository in the train, core without one, and its number. */
export interface TriageName {
  readonly repo?: string;
  readonly item: number;
}

/** One candidate, whether it carries the label or not. */
export async function checkCandidate(
  app: App,
  release: ReleaseVersion,
  { repo: typed, item: number }: TriageName,
): Promise<Result<TriageRow, AppProblem>> {
  const repos = reposOf(app.loaded.train, release);
  const named = typed === undefined ? null : repoNamed(app, typed);
  if (named !== null && !named.ok) return named;
  const repo = repos.find(({ key, entry }) => (named === null ? entry.role === 'core' : key === named.value));
  const slug = repo?.entry.slug;
  const { forge } = app;
  if (repo === undefined || slug === undefined || forge === null) {
    const text =
      forge === null
        ? 'The train file names no forge, so no issue can be read. Name one: signalbox config explain forge'
        : `${typed ?? 'The core repository'} is not part of ${release}, or has no slug in the train file.`;
    return refuse({ kind: 'usage', code: 'no-such-place', text });
  }
  const found = await observe(`forge ${slug}`, app.clock.now(), () => forge.issues.get(slug, number));
  if (!found.known) {
    const text = `${slug}#${number} could not be read: ${found.reason}`;
    return refuse({ kind: 'no-data', code: 'candidate-unread', text });
  }
  if (found.value === null) {
    const text = `There is no issue or pull request #${number} in ${slug}.`;
    return refuse({ kind: 'usage', code: 'candidate-unknown', text });
  }
  const [facts] = await readFacts(app, { repo, slug, forge }, [found.value]);
  if (facts === undefined) throw new Error('one candidate was asked for and none came back');
  return succeed(rowOf(app, facts, foldTriage(await entriesOf(app, release), release)));
}

export interface TriageInput extends TriageName {
  readonly verdict: 'accepted' | 'declined';
  readonly reason: string;
  /** Logins of those who decided it together. */
  readonly people: readonly string[];
}

/** Writes down what a triage reviewer decides about a candidate; nobody else can. */
export async function decideTriage(
  app: App,
  release: ReleaseVersion,
  input: TriageInput,
): Promise<Result<TriageRow, AppProblem>> {
  const { verdict, reason, people } = input;
  const allowed = await requireRole(app, ['triage-reviewer']);
  if (!allowed.ok) {
    const what = `patch decide ${release} --issue ${input.item}`;
    await record(app, { type: 'refused', release, what, reason: allowed.problems[0].text });
    return allowed;
  }
  const strange = strangeLogin(people);
  if (strange !== null) return refuse(strange);
  if (reason.trim() === '') return refuse(NO_REASON);
  const row = await checkCandidate(app, release, input);
  if (!row.ok) return row;
  const { facts, suggestion } = row.value;
  const isCandidate = facts.item.labels.some(
    (label) => label.toLowerCase() === app.loaded.train.patches.triageLabel.toLowerCase(),
  );
  if (!isCandidate && row.value.decision === null) {
    const label = app.loaded.train.patches.triageLabel;
    const text = `${facts.repo}#${input.item} is no candidate: it does not carry the label "${label}". Label it on the forge, then decide.`;
    return refuse({ kind: 'refused', code: 'not-a-candidate', text });
  }
  const suggested = suggestion.suggests;
  await record(app, {
    type: 'triage-decided',
    release,
    repo: facts.repo,
    item: input.item,
    verdict,
    suggested,
    people: [...people],
    reason,
  });
  return succeed(rowOf(app, facts, foldTriage(await entriesOf(app, release), release)));
}

/** Plans the milestones that follow from what triage decided. */
export async function planMilestones(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const { train, digest } = app.loaded;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const decisions = foldTriage(await entriesOf(app, release), release);
  const items = await Promise.all(decisions.map((decision) => readDecided(app, release, decision)));
  const request = { train: train.train, trainDigest: digest, release, author: begun.value.author };
  const nothing =
    decisions.length === 0
      ? `Triage has decided about nothing for ${release} yet: signalbox patch triage ${release}`
      : `The milestones of ${release} say what triage decided.`;
  return present(app, decideMilestones(items, request), { input, gates: [], nothing });
}

async function readDecided(app: App, release: ReleaseVersion, decision: TriageDecision): Promise<DecidedItem> {
  const { train } = app.loaded;
  const { forge } = app;
  const repo = reposOf(train, release).find(({ key }) => key === decision.repo);
  const slug = repo?.entry.slug ?? null;
  const milestone = fillText(train.milestone, { release: repo?.release ?? release });
  const item = await observe(`forge ${slug ?? ''}`, app.clock.now(), async () => {
    if (forge === null || slug === null) return { item: null, milestoneExists: false };
    const [found, existing] = await Promise.all([
      forge.issues.get(slug, decision.item),
      forge.milestones.find(slug, milestone),
    ]);
    return { item: found, milestoneExists: existing !== null };
  });
  return { decision, slug: forge === null ? null : slug, milestone, item };
}
