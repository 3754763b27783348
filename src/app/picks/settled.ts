import type { Gate, Waiver } from '../../domain/gate.ts';
import { instantOf, type Instant } from '../../domain/instant.ts';
import { observe } from '../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { missingReverts } from '../../history/missing.ts';
import { decideSettledGates, type DeclinedRevert, type RevertStanding } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { readPickLine } from './line.ts';
import { standingPicks } from './standing.ts';

/** The gates `picks-settled` and `reverts-settled`, judged on what the ledger and every line of the release say now. */
export async function judgeSettled(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const source = 'ledger, git and forge';
  const [picks, reverts] = await Promise.all([
    observe(source, now, () => standingPicks(app, release)),
    observe('git history', now, () => owedReverts(app, release)),
  ]);
  const declined = await declinedReverts(app, release);
  return decideSettledGates({ release, picks, reverts }, { train: app.loaded.train, waivers, declined, now });
}

/** Every change of the release's lines that main took back and the line still has. */
export async function owedReverts(app: App, release: ReleaseVersion): Promise<readonly RevertStanding[]> {
  const found = await Promise.all(reposOf(app.loaded.train, release).map((repo) => revertsOf(app, repo)));
  return found.flat();
}

async function revertsOf(app: App, repo: RepoInRelease): Promise<readonly RevertStanding[]> {
  const line = await readPickLine(app, repo, repo.branch);
  if (line === null) return [];
  const { history } = line;
  return missingReverts(history).map(({ title, pull, revert, revertedAt, carriedBy, proof, confidence }) => ({
    repo: repo.key,
    change: { pr: pull, title, author: null },
    revert,
    revertedAt: instantOf(revertedAt * 1000),
    onLine: {
      by: carriedBy.at(-1) ?? history.head,
      proof: proof.map(({ text }) => text).join('; '),
      ambiguous: confidence === 'probable',
    },
    takenBack: null,
    relanded: null,
  }));
}

/** The owed reverts that nobody has decided to leave out. */
export async function openReverts(app: App, release: ReleaseVersion): Promise<readonly RevertStanding[]> {
  const [declined, owed] = await Promise.all([declinedReverts(app, release), owedReverts(app, release)]);
  return owed.filter(({ repo, revert }) => !declined.some((one) => one.repo === repo && one.revert === revert));
}

/** Reverts that people decided the lines of the release do not follow. */
export async function declinedReverts(app: App, release: ReleaseVersion): Promise<readonly DeclinedRevert[]> {
  return (await entriesOf(app, release)).flatMap(({ event, actor }) =>
    event.type === 'revert-declined'
      ? [{ repo: event.repo, revert: event.revert, by: actor, reason: event.reason }]
      : [],
  );
}
