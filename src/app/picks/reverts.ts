import { shortId } from '../../domain/git-names.ts';
import { elapsedMillis } from '../../domain/instant.ts';
import { RepoKey } from '../../domain/repo.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { reposOf } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { foldPicks, recordOf, type RevertStanding } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { repoNamed } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { entriesOf, record } from '../record.ts';
import { requireRole } from '../releases.ts';
import { requestPick, type PickAnswer, type RequestInput } from './request.ts';
import { declinedReverts, owedReverts } from './settled.ts';

const HOUR = 3_600_000;

export interface DeclineInput {
  readonly release: ReleaseVersion;
  /** Name of the repository in the train; any when left out. */
  readonly repo?: string;
  /** The revert on main, by its commit or the beginning of it. */
  readonly revert: string;
  readonly reason: string;
}

/** A release manager decides, for a reason, that a line keeps what main took back. Whatever is refused is an event. */
export async function declineRevert(app: App, input: DeclineInput): Promise<Result<RevertStanding, AppProblem>> {
  const { release, revert, reason } = input;
  const found = await revertToDecline(app, input);
  if (!found.ok) {
    const what = `pick reverts --decline ${revert.slice(0, 60)}`;
    await record(app, { type: 'refused', release, what, reason: found.problems[0].code });
    return found;
  }
  const { repo, revert: commit } = found.value;
  await record(app, {
    type: 'revert-declined',
    release,
    repo: RepoKey.parse(repo),
    revert: commit,
    reason: reason.trim().slice(0, 4000),
  });
  return found;
}

async function revertToDecline(app: App, input: DeclineInput): Promise<Result<RevertStanding, AppProblem>> {
  const { release, revert, reason } = input;
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  if (reason.trim() === '') {
    const text = 'What main took back is kept for a reason that others will read: --reason "…"';
    return refuse({ kind: 'usage', code: 'revert-without-reason', text });
  }
  const named = await revertNamed(app, input);
  if (!named.ok) return named;
  const before = (await declinedReverts(app, release)).find(
    (one) => one.repo === named.value.repo && one.revert === named.value.revert,
  );
  if (before === undefined) return named;
  const text = `${before.by} decided already that ${release} keeps what ${revert} took back: ${before.reason}. There is nothing to decide.`;
  return refuse({ kind: 'refused', code: 'revert-declined-before', text });
}

/** The one revert on main that the release lacks and the commit names. */
export async function revertNamed(
  app: App,
  { release, repo, revert }: Pick<DeclineInput, 'release' | 'repo' | 'revert'>,
): Promise<Result<RevertStanding, AppProblem>> {
  const key = repo === undefined ? null : repoNamed(app, repo);
  if (key?.ok === false) return key;
  if (!/^[0-9a-f]{7,40}$/i.test(revert)) {
    const shown = JSON.stringify(revert.slice(0, 60));
    const text = `${shown} is no commit: give at least seven digits of the revert on main. See: signalbox pick reverts ${release}`;
    return refuse({ kind: 'usage', code: 'revert-not-a-commit', text });
  }
  const found = (await owedReverts(app, release)).filter(
    (one) => one.revert.startsWith(revert.toLowerCase()) && (key === null || one.repo === key.value),
  );
  const [only, second] = found;
  if (only === undefined) {
    const where = key === null ? '' : ` in ${key.value}`;
    const text = `${release} lacks no revert ${revert}${where}. Those it lacks: signalbox pick reverts ${release}`;
    return refuse({ kind: 'usage', code: 'revert-unknown', text });
  }
  if (second === undefined) return succeed(only);
  const names = found.map((one) => `${one.repo} ${shortId(one.revert)}`).join(', ');
  const text = `${revert} names several reverts: ${names}. Give more of the commit, or the repository: --repo KEY`;
  return refuse({ kind: 'usage', code: 'revert-ambiguous', text });
}

/** Why no revert is made on the line for one on main. */
export type RevertLeft =
  | { readonly why: 'declined'; readonly by: string; readonly reason: string }
  /** A reland is waited for. */
  | { readonly why: 'grace'; readonly hours: number }
  /** Only a title connects the two: people look first. */
  | { readonly why: 'not-proven' }
  /** No pull request is known by which it could be asked for. */
  | { readonly why: 'no-pull' };

/** A revert on main that the line lacks, with what came of asking for it there. */
export type RevertRequest = { readonly standing: RevertStanding; readonly onto: string } & (
  | { readonly asked: true; readonly request: RequestInput & { readonly repo: string }; readonly answer: PickAnswer }
  | { readonly asked: false; readonly left: RevertLeft }
);

/** Asks for the revert of every change that main took back and the lines of a release still have, each by its own pull request. */
export async function requestReverts(
  app: App,
  { release, repo, dryRun }: { readonly release: ReleaseVersion; readonly repo?: string; readonly dryRun: boolean },
): Promise<Result<readonly RevertRequest[], AppProblem>> {
  const key = repo === undefined ? null : repoNamed(app, repo);
  if (key?.ok === false) return key;
  const owed = (await owedReverts(app, release)).filter((one) => key === null || one.repo === key.value);
  const declined = await declinedReverts(app, release);
  const records = foldPicks(await entriesOf(app, release));
  const requests: RevertRequest[] = [];
  for (const standing of owed) {
    const branch = reposOf(app.loaded.train, release).find((one) => one.key === standing.repo)?.branch;
    if (branch === undefined) continue;
    const common = { standing, onto: branch };
    const { pr } = standing.change;
    const left = leftOf(app, standing, declined);
    if (left !== null || pr === null) {
      requests.push({ ...common, asked: false, left: left ?? { why: 'no-pull' } });
      continue;
    }
    const known = recordOf(records, { repo: RepoKey.parse(standing.repo), pr, onto: branch }, release);
    // What was picked keeps the class that it was picked for.
    const asked = { class: known?.class ?? 'revert', fixes: known?.fixes ?? null };
    const request = { repo: standing.repo, pr, onto: [branch], ...asked, dryRun };
    const answers = await requestPick(app, request);
    if (!answers.ok) return answers;
    for (const answer of answers.value) requests.push({ ...common, asked: true, request, answer });
  }
  return succeed(requests);
}

function leftOf(
  app: App,
  { repo, revert, revertedAt, onLine }: RevertStanding,
  declined: Awaited<ReturnType<typeof declinedReverts>>,
): RevertLeft | null {
  const decision = declined.find((one) => one.repo === repo && one.revert === revert);
  if (decision !== undefined) return { why: 'declined', by: decision.by, reason: decision.reason };
  const hours = app.loaded.train.picks.relandGraceHours;
  if (elapsedMillis(revertedAt, app.clock.now()) < hours * HOUR) return { why: 'grace', hours };
  return onLine?.ambiguous === true ? { why: 'not-proven' } : null;
}
