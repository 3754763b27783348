import { compareVersions } from '../../domain/version.ts';
import { code, mention, openBranches, type StandingPick } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { standingPicks } from '../picks/standing.ts';
import { listReleases } from '../releases.ts';
import type { Asked } from './asked.ts';
import { done, refused, type Reply } from './reply.ts';
import { statusOf } from './status-text.ts';

/** The picks of the change the comment is on, in every live release; only those onto the named branches when some are named. */
export async function picksOf(app: App, asked: Asked, onto: readonly string[]): Promise<readonly StandingPick[]> {
  const picks = await livePicks(app);
  return picks.filter(
    ({ record: { pick } }) =>
      pick.repo === asked.repo && pick.pr === asked.item && (onto.length === 0 || onto.includes(pick.onto)),
  );
}

async function livePicks(app: App): Promise<readonly StandingPick[]> {
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  const picks = await Promise.all(live.map(({ release }) => standingPicks(app, release)));
  return picks.flat();
}

/** The pick that a pull request brings, known by its branches. */
export async function pickOfPull(
  app: App,
  asked: Asked,
): Promise<{ readonly pr: number; readonly onto: string } | null> {
  const pull = await asked.forge.pulls.get(asked.slug, asked.item);
  if (pull === null) return null;
  const found = (await livePicks(app)).find(
    ({ record: { pick }, seen }) =>
      pick.repo === asked.repo && pick.onto === pull.base && seen.pull?.number === asked.item,
  );
  return found === undefined ? null : { pr: found.record.pick.pr, onto: found.record.pick.onto };
}

/** Where each pick of the change is: the whole table of one or two, a line for each of more. */
export async function statusText(app: App, asked: Asked, onto: readonly string[]): Promise<Reply> {
  const picks = await picksOf(app, asked, onto);
  if (picks.length === 0) return nothingAsked(app, asked, onto);
  const sorted = picks.toSorted((left, right) => compareVersions(left.record.release, right.record.release));
  if (sorted.length > 2) {
    const rows = sorted.slice(0, MOST_ROWS).map(({ record, state, seen }) => {
      const pull = seen.pull === null ? '' : `, #${seen.pull.number}`;
      return `- ${code(record.pick.onto)}: **${state}**${pull}`;
    });
    const more = sorted.length - rows.length;
    return done([`Picks of #${asked.item}:`, '', ...rows, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n'));
  }
  const texts = await Promise.all(sorted.map((pick) => statusOf(app, pick)));
  // Without the marker: this one is an answer and is not edited later on.
  return done(texts.map(withoutMarkers).join('\n\n'));
}

const MOST_ROWS = 15;

/** Hidden markers at the head of a text taken off. */
export function withoutMarkers(text: string): string {
  return text.replace(/^(?:<!-- signalbox:[^>]* -->\n)+/, '');
}

/** Nothing was asked for: how it is, and where it can be. */
export async function nothingAsked(app: App, asked: Asked, onto: readonly string[] = []): Promise<Reply> {
  const { train } = app.loaded;
  const live = (await listReleases(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
  const open = openBranches(train, asked.repo, live).map(({ branch }) => branch);
  const where = onto.length === 0 ? '' : ` onto ${onto.map((branch) => code(branch)).join(', ')}`;
  const [first] = open;
  const ask =
    first === undefined
      ? 'No branch is open for picks.'
      : `Open for picks: ${open.map((branch) => code(branch)).join(', ')}. Ask: ${code(`@${train.picks.bot} cherry-pick --onto ${first} -c CLASS`)}`;
  return refused(`${mention(asked.by)} no pick of #${asked.item}${where} was asked for. ${ask}`);
}
