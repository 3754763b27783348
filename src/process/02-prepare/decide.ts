import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { type BranchName, shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { judgedByJobs } from '../../domain/judged-by-jobs.ts';
import { listed } from '../../domain/listed.ts';
import type { Evidence, Observed } from '../../domain/observation.ts';
import type { RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ForgeItem } from '../../ports/forge.ts';
import type { HeadJobs, MilestoneFacts, ReadinessFacts, RepoReadiness } from './read.ts';

/**
 * The gates before the cut, waivers applied: `milestone-resolved` (of the core repository), then `nightlies-green:REPO` and
 * `branch-source-green:REPO` for every repository of the release, in the order of the train file.
 */
export function decideReadiness(
  facts: ReadinessFacts,
  train: Train,
  waivers: readonly Waiver[],
  now: Instant,
): readonly Gate[] {
  const managers = train.roles['release-manager'];
  const gates = [milestoneGate(facts, managers), ...facts.repos.flatMap((repo) => jobGates(facts, repo, managers))];
  return gates.map((gate) => withWaiver(gate, waivers, now));
}

function milestoneGate(facts: ReadinessFacts, managers: readonly string[]): Gate {
  const id = GateId.parse('milestone-resolved');
  const core = facts.repos.find(({ repo }) => repo.entry.role === 'core')?.repo;
  const owners = unique([...(core?.entry.owners ?? []), ...managers]);
  const rerun = runAgain(facts, id);
  const { milestone: observed, milestoneTitle: title } = facts;
  if (!observed.known) return noData({ id, owners, observed, fix: `make it readable, then ${rerun}` });
  if (observed.value === null) {
    return {
      ...emptyGate(id, owners),
      verdict: 'failing',
      summary: `there is no milestone ${title} in ${core?.entry.slug ?? 'the core repository'}`,
      fix: `create the milestone, for example: gh api repos/${core?.entry.slug ?? 'OWNER/NAME'}/milestones -f title='${title}'; then ${rerun}`,
    };
  }
  return judgedMilestone({ id, owners, rerun, facts: observed.value, observed });
}

interface JudgedMilestone {
  readonly id: GateId;
  readonly owners: readonly string[];
  readonly rerun: string;
  readonly facts: MilestoneFacts;
  readonly observed: Observed<unknown>;
}

function judgedMilestone({ id, owners, rerun, facts, observed }: JudgedMilestone): Gate {
  const { milestone, openItems } = facts;
  const { at, source } = observed;
  const about: Evidence = {
    text: `milestone ${milestone.title}: ${openItems.length} open, ${milestone.closedItems} closed`,
    link: milestone.link,
    source,
    at,
  };
  if (openItems.length === 0 && milestone.openItems > 0) {
    // The list and the count come from two answers; when they disagree nothing is known to be resolved.
    return {
      ...emptyGate(id, owners),
      verdict: 'no-data',
      summary: `the forge counts ${milestone.openItems} open in milestone ${milestone.title} but lists none`,
      evidence: [about],
      fix: rerun,
    };
  }
  if (openItems.length === 0) {
    return { ...emptyGate(id, owners), verdict: 'pass', summary: about.text, evidence: [about], fix: null };
  }
  const oldest = openItems.map((item) => item.openedAt).toSorted()[0] ?? null;
  return {
    ...emptyGate(id, unique([...openItems.flatMap((item) => item.assignees), ...owners])),
    verdict: 'failing',
    summary: `${openItems.length} open in milestone ${milestone.title}: ${listed(openItems.map(({ number }) => `#${number}`))}`,
    evidence: [about, ...openItems.map((item) => ({ text: itemText(item), link: item.link, source, at }))],
    since: oldest,
    fix: `close each, or move it to a later milestone with the reason; then ${rerun}`,
  };
}

function itemText(item: ForgeItem): string {
  const who = item.assignees.length === 0 ? 'nobody assigned' : item.assignees.map((login) => `@${login}`).join(' ');
  return `#${item.number} ${item.title} (${item.isPullRequest ? 'pull request' : 'issue'}, ${who})`;
}

function jobGates(facts: ReadinessFacts, readiness: RepoReadiness, managers: readonly string[]): readonly Gate[] {
  const { repo, nightlies, source } = readiness;
  const { entry, key } = repo;
  const owners = unique([...entry.owners, ...managers]);
  const shared = { facts, repo, owners };
  return [
    jobGate({
      ...shared,
      id: GateId.parse(`nightlies-green:${key}`),
      set: entry.nightlies ?? null,
      branch: entry.nightlies?.ref ?? entry.main,
      observed: nightlies,
    }),
    jobGate({
      ...shared,
      id: GateId.parse(`branch-source-green:${key}`),
      set: entry.sourceGreen ?? null,
      branch: entry.source,
      observed: source,
    }),
  ];
}

interface JobGateInput {
  readonly facts: ReadinessFacts;
  readonly repo: RepoInRelease;
  readonly owners: readonly string[];
  readonly id: GateId;
  readonly set: { readonly jobs: readonly string[]; readonly ignore: readonly string[] } | null;
  readonly branch: BranchName;
  readonly observed: Observed<HeadJobs> | null;
}

function jobGate({ facts, repo, owners, id, set, branch, observed }: JobGateInput): Gate {
  const rerun = runAgain(facts, id);
  if (set === null || observed === null) {
    return { ...emptyGate(id, owners), verdict: 'skipped', summary: `the train names no job set for ${repo.key}` };
  }
  if (!observed.known) return noData({ id, owners, observed, fix: `make it readable, then ${rerun}` });
  const { commit, jobs } = observed.value;
  if (commit === null) {
    return {
      ...emptyGate(id, owners),
      verdict: 'failing',
      summary: `${repo.key} has no branch ${branch}`,
      fix: `push ${branch}, or name another branch in the train file; then ${rerun}`,
    };
  }
  const place = `${branch} at ${shortId(commit)}`;
  return { ...emptyGate(id, owners), ...judgedByJobs({ set, jobs, place, observed, rerun }) };
}

interface NoData {
  readonly id: GateId;
  readonly owners: readonly string[];
  readonly observed: Extract<Observed<unknown>, { known: false }>;
  readonly fix: string;
}

function noData({ id, owners, observed, fix }: NoData): Gate {
  const { reason, source, at } = observed;
  return {
    ...emptyGate(id, owners),
    summary: `could not be read: ${reason}`,
    evidence: [{ text: reason, source, at }],
    fix,
  };
}

function runAgain({ release }: ReadinessFacts, id: GateId): string {
  return `signalbox gate run ${release} ${id}`;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
