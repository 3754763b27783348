/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { makeChoices } from './seeded.ts';
import { addEvent, type CheckRun, type Issue, type Label, nextId, type RepoState } from './state.ts';
import type { Recipe } from './world-recipes.ts';

const labels: readonly (readonly [name: string, color: string, description: string])[] = [
  ['high priority', 'b60205', 'Must be looked at soon'],
  ['triage review', 'd93f0b', 'To be discussed by the triage meeting'],
  ['triaged', '0e8a16', 'Looked at and placed with a module'],
  ['module: binaries', 'f7e101', 'Wheels and how they are built'],
  ['module: regression', 'e99695', 'It used to work'],
  ['module: ci', 'f7e101', 'Continuous integration'],
  ['oncall: releng', '5319e7', 'For the release engineers'],
  ['release tracker', '1d76db', 'The tracker of a release'],
  ['release notes: nn', 'c5def5', 'Part of the release notes'],
  ['topic: bug fixes', 'c2e0c6', 'Part of the release notes'],
  ['cherry-picked', 'bfdadc', 'Was picked onto a release branch'],
];

const daysBefore = (today: string, days: number) =>
  new Date(Date.parse(`${today}T09:00:00Z`) - days * 86_400_000).toISOString().replace('.000Z', 'Z');

/** Puts the labels every repository of the world has; changes the draft. */
export function addLabels(draft: RepoState): void {
  for (const [name, color, description] of labels) {
    const label: Label = { id: nextId(draft), name, color, description };
    draft.labels.push(label);
  }
}

/** Adds a milestone, and answers its number; changes the draft. */
export function addMilestone(
  draft: RepoState,
  { title, creator, at, closedAt }: Readonly<{ title: string; creator: string; at: string; closedAt: string | null }>,
): number {
  draft.lastMilestone += 1;
  draft.milestones.push({
    id: nextId(draft),
    number: draft.lastMilestone,
    title,
    description: `What has to be in ${title}`,
    state: closedAt === null ? 'open' : 'closed',
    creator,
    createdAt: at,
    updatedAt: closedAt ?? at,
    closedAt,
    dueOn: null,
  });
  return draft.lastMilestone;
}

interface IssueSeed {
  readonly title: string;
  readonly body: string;
  readonly user: string;
  readonly labels: readonly string[];
  readonly milestone: number | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: string | null;
}

function addIssue(draft: RepoState, seed: IssueSeed): number {
  draft.lastNumber += 1;
  const issue: Issue = {
    id: nextId(draft),
    number: draft.lastNumber,
    title: seed.title,
    body: seed.body,
    state: seed.closedAt === null ? 'open' : 'closed',
    stateReason: seed.closedAt === null ? null : 'completed',
    user: seed.user,
    labels: [...seed.labels],
    assignees: [],
    milestone: seed.milestone,
    createdAt: seed.openedAt,
    updatedAt: seed.closedAt ?? seed.openedAt,
    closedAt: seed.closedAt,
    closedBy: seed.closedBy,
    pull: null,
  };
  draft.issues.push(issue);
  return issue.number;
}

const subjects = [
  'Wheels for Python 3.13 miss a license file',
  'Memory grows when a compiled model is reloaded',
  'Wrong result of a masked softmax on arm64',
  'The Windows wheel loads an older runtime first',
  'A deprecated option is still printed by help',
  'Import takes twice as long as on the last release',
  'Doc build fails on a renamed module',
  'A nested view loses its name on export',
] as const;

/** The milestones and issues of the core repository: two items of the coming release are open. */
export function addCoreIssues(
  draft: RepoState,
  seed: string,
  today: string,
  { next, previous, closers }: { next: string; previous: string; closers: readonly string[] },
) {
  const titles = { next, previous };
  const choices = makeChoices(`${seed}\0issues`);
  const authors = ['finn-w', 'gita-r', 'hugo-l', 'ivy-c', 'omar-outside'] as const;
  const old = addMilestone(draft, {
    title: titles.previous,
    creator: 'ada-rm',
    at: daysBefore(today, 240),
    closedAt: daysBefore(today, 60),
  });
  const coming = addMilestone(draft, {
    title: titles.next,
    creator: 'ada-rm',
    at: daysBefore(today, 90),
    closedAt: null,
  });
  for (let index = 0; index < 34; index += 1) {
    const isOld = index < 10;
    const opened = isOld ? 150 - index * 4 : 85 - index * 2;
    const closedAt = daysBefore(today, Math.max(2, opened - 9));
    const closedBy = choices.pick(authors);
    const number = addIssue(draft, {
      title: `${choices.pick(subjects)} (case ${index + 1})`,
      body: 'How to see it, what was expected, and on which version: in the comments below.',
      user: choices.pick(authors),
      labels: ['triaged', choices.pick(['module: binaries', 'module: regression', 'module: ci'])],
      milestone: isOld ? old : coming,
      openedAt: daysBefore(today, opened),
      closedAt,
      closedBy,
    });
    // A commit closed it, as the forge tells: without one nobody could say whether the release has it.
    const commit = isOld ? undefined : closers[index - 10];
    if (commit !== undefined)
      addEvent(draft, { issue: number, event: 'closed', actor: closedBy, at: closedAt, commit });
  }
  addIssue(draft, {
    title: `[v.${titles.previous}] Release Tracker`,
    body: `This issue tracked the cherry-picks of ${titles.previous}. It is closed.`,
    user: 'ada-rm',
    labels: ['release tracker', 'oncall: releng'],
    milestone: old,
    openedAt: daysBefore(today, 100),
    closedAt: daysBefore(today, 60),
    closedBy: 'ada-rm',
  });
  addOpenItems(draft, today, coming);
}

/** What keeps the coming release from being cut. */
function addOpenItems(draft: RepoState, today: string, milestone: number): void {
  const open = { milestone, closedAt: null, closedBy: null };
  addIssue(draft, {
    ...open,
    title: 'Compiled models give NaN with float16 accumulation since last week',
    body: 'Seen on two machines; goes away without the fast path. A fix is under review.',
    user: 'gita-r',
    labels: ['high priority', 'module: regression'],
    openedAt: daysBefore(today, 6),
  });
  addIssue(draft, {
    ...open,
    title: 'The license text of a bundled library is missing from the arm64 wheel',
    body: 'Has to be in before the branch cut.',
    user: 'bruno-rm',
    labels: ['module: binaries', 'oncall: releng'],
    openedAt: daysBefore(today, 3),
  });
}

interface CheckSeed {
  readonly name: string;
  readonly status: CheckRun['status'];
  readonly conclusion: CheckRun['conclusion'];
  readonly summary: string | null;
  readonly at: string;
}

function addCheck(draft: RepoState, sha: string, suite: number, seed: CheckSeed): void {
  const over = seed.status === 'completed';
  draft.checkRuns.push({
    id: nextId(draft),
    suite,
    name: seed.name,
    headSha: sha,
    status: seed.status,
    conclusion: seed.conclusion,
    startedAt: seed.status === 'queued' ? null : seed.at,
    completedAt: over ? seed.at : null,
    detailsUrl: null,
    externalId: '',
    title: seed.summary === null ? null : `${seed.name}: ${seed.conclusion ?? seed.status}`,
    summary: seed.summary,
    text: null,
    app: 'github-actions',
    annotations: [],
    attempt: 1,
  });
}

const red = "nvcc fatal: Unsupported gpu architecture 'compute_120' (the image still has CUDA 12.6)";
const flaky = 'Connection reset by peer while fetching the cache; passed when run again';

/** The jobs of one commit, green but for the named ones; changes the draft. */
export function addChecks(
  draft: RepoState,
  recipe: Recipe,
  { sha, at, story }: Readonly<{ sha: string; at: string; story: 'nightly' | 'green' }>,
): void {
  const suite = nextId(draft);
  const done = { status: 'completed', at } as const;
  for (const name of recipe.jobs) {
    const tells = (repo: string, job: string) => story === 'nightly' && recipe.name === repo && name.endsWith(job);
    if (tells('vision', 'manywheel-py3_12-cuda12_8')) {
      addCheck(draft, sha, suite, { ...done, name, conclusion: 'failure', summary: red });
    } else if (tells('audio', 'wheel-py3_12-cpu') && name.startsWith('Build Macos')) {
      addCheck(draft, sha, suite, { name, status: 'queued', conclusion: null, summary: null, at });
    } else {
      if (tells('pytorch', 'test (distributed, 1, 1)')) {
        addCheck(draft, sha, suite, { ...done, name, conclusion: 'failure', summary: flaky });
      }
      addCheck(draft, sha, suite, { ...done, name, conclusion: 'success', summary: null });
    }
  }
}

/** The workflow run that a nightly's jobs belong to; changes the draft. */
export function addNightlyRun(draft: RepoState, sha: string, at: string): void {
  const suite = draft.checkRuns.find((run) => run.headSha === sha)?.suite ?? nextId(draft);
  const own = draft.checkRuns.filter((run) => run.suite === suite);
  const latest = [...new Map(own.map((run) => [run.name, run])).values()];
  const over = latest.every((run) => run.status === 'completed');
  const failed = latest.some((run) => run.conclusion === 'failure');
  draft.workflowRuns.push({
    id: nextId(draft),
    suite,
    name: 'nightly',
    path: '.github/workflows/nightly.yml',
    headBranch: 'nightly',
    headSha: sha,
    event: 'push',
    actor: 'ci-bot',
    runNumber: 1,
    runAttempt: 1,
    status: over ? 'completed' : 'in_progress',
    conclusion: over ? (failed ? 'failure' : 'success') : null,
    createdAt: at,
    updatedAt: at,
  });
}
