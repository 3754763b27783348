import type { App } from '../../app/app.ts';
import { standingPicks, type PickName } from '../../app/picks.ts';
import { repoNamed } from '../../app/planned.ts';
import { listReleases } from '../../app/releases.ts';
import type { StandingPick } from '../output/pick-states.ts';
import { CommandStop, usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

const NUMBER = /^(?:([\w-]+\/[\w.-]+)#|#)?([1-9]\d{0,7})$/u;
const ADDRESS = /^https?:\/\/[^\s/]+\/([\w-]+\/[\w.-]+)\/pull\/([1-9]\d{0,7})(?:[/?#]\S*)?$/u;

/** A pull request and its repository in the train: the one that is named, or the core one. */
export interface NamedPull {
  readonly repo: string;
  readonly pr: number;
}

/** Reads 158112, #158112, owner/name#158112 or an address, with --repo where it names none. */
export function namedPull(session: Session, app: App): NamedPull {
  const typed = session.required('PR').trim();
  const match = ADDRESS.exec(typed) ?? NUMBER.exec(typed);
  if (match === null) {
    throw usage(
      `${typed.slice(0, 80)} is no pull request`,
      'give its number, owner/name#NUMBER, or its address',
      'see: signalbox find CHANGE, for a commit or an issue',
    );
  }
  const [, slug, number] = match;
  const flag = session.flags.text('repo');
  const given = flag === null ? null : valueOf(repoNamed(app, flag));
  const meant = slug === undefined ? null : repoOf(app, slug);
  if (given !== null && meant !== null && String(given) !== meant)
    throw usage(`--repo ${given} is not ${slug ?? ''}`, 'leave one of the two out');
  return { repo: meant ?? given ?? coreOf(app), pr: Number(number) };
}

function repoOf(app: App, slug: string): string {
  const { repos } = app.loaded.train;
  const found = Object.entries(repos).find(([, entry]) => entry.slug?.toLowerCase() === slug.toLowerCase());
  if (found !== undefined) return found[0];
  throw usage(`no repository of the train is ${slug}`, `it has: ${Object.keys(repos).join(', ')}`);
}

function coreOf(app: App): string {
  const core = Object.entries(app.loaded.train.repos).find(([, { role }]) => role === 'core');
  if (core !== undefined) return core[0];
  throw usage('the train has no core repository', 'name one: --repo KEY');
}

/** The release branch of --onto, where only one may be given. */
function onlyOnto(session: Session): string | null {
  const [onto, other] = session.flags.list('onto');
  if (other !== undefined) throw usage('--onto may be given only once here', 'decide about one branch at a time');
  return onto ?? null;
}

/** The pick that is meant: by its branch, or the only one of the pull request in the live releases. */
export async function namedPick(session: Session, app: App): Promise<Required<Omit<PickName, 'by'>>> {
  const { repo, pr } = namedPull(session, app);
  const onto = onlyOnto(session);
  if (onto !== null) return { repo, pr, onto };
  const picks = await livePicks(app, { repo, pr });
  const [only] = picks;
  if (only !== undefined && picks.length === 1) return { repo, pr, onto: only.record.pick.onto };
  if (only === undefined) throw notAsked({ repo, pr });
  throw usage(
    `${repo}#${pr} was asked for on several branches`,
    ...picks.map(({ record }) => `name one: --onto ${record.pick.onto}`),
  );
}

export function notAsked({ repo, pr }: NamedPull): CommandStop {
  return new CommandStop('usage', `nobody has asked for ${repo}#${pr} in a live release`, {
    next: [`signalbox pick request ${pr} --repo ${repo} --onto BRANCH -c CLASS`, `signalbox find ${pr}`],
    word: 'NO_SUCH_PICK',
  });
}

/** Every pick of a pull request in the live releases. */
export async function livePicks(app: App, { repo, pr }: NamedPull): Promise<readonly StandingPick[]> {
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  const picks = await Promise.all(live.map(({ release }) => standingPicks(app, release)));
  return picks.flat().filter(({ record: { pick } }) => pick.repo === repo && pick.pr === pr);
}
