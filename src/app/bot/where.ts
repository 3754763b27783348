import type { Gate } from '../../domain/gate.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import { code, inline, mention, whereReply, type WhereRow } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { findChange, type OnOneLine } from '../history/find-change.ts';
import { trackerReleases } from '../picks/tracker.ts';
import { listReleases } from '../releases.ts';
import { releaseStatus } from '../status.ts';
import { sayProblems } from './answer-text.ts';
import type { Asked } from './asked.ts';
import { done, refused, type Reply } from './reply.ts';

/** Every line that has the change, or has it not, with the proof. */
export async function whereText(app: App, asked: Asked): Promise<Reply> {
  const found = await findChange(app, `${asked.slug}#${asked.item}`);
  if (!found.ok) return sayProblems(app, asked, found.problems);
  const rows = found.value.flatMap((finding): readonly WhereRow[] => {
    if (!finding.found.known) return [{ place: finding.repo, has: 'unknown', proof: finding.found.reason }];
    return finding.found.value.changes.flatMap(({ commit, lines }) => [
      { place: 'main', has: 'yes', proof: commit.id.slice(0, 9) } as const,
      ...lines.map((line) => rowOf(line)),
    ]);
  });
  return rows.length === 0
    ? refused(
        `${mention(asked.by)} #${asked.item} is on no branch that was looked at. It is found once it is merged; its own state: ${code(`@${app.loaded.train.picks.bot} cherry-pick status`)}`,
      )
    : done(whereReply(asked.item, rows));
}

function rowOf({ branch, standing, versions }: OnOneLine): WhereRow {
  const since = versions.length === 0 ? '' : ` in ${versions.toReversed()[0]}`;
  switch (standing.kind) {
    case 'inherited':
      return { place: branch, has: 'yes', proof: `since the cut${since}` };
    case 'on-line':
      return { place: branch, has: 'yes', proof: `${standing.by.id.slice(0, 9)}${since}` };
    case 'taken-back':
      return { place: branch, has: 'reverted', proof: `by ${standing.by.slice(0, 9)}` };
    case 'reverted-on-main':
      return { place: branch, has: 'no', proof: `reverted on main by ${standing.by.slice(0, 9)}` };
    case 'unsure':
      return { place: branch, has: 'unknown', proof: 'somebody has to look' };
    case 'missing':
      return { place: branch, has: 'no', proof: '' };
  }
}

/** What blocks the release whose tracker this is, or where it stands; on any other issue that of each live release. */
export async function trackerText(app: App, asked: Asked, what: 'blockers' | 'status'): Promise<Reply> {
  const live = (await listReleases(app)).filter(({ closed }) => closed === null).map(({ release }) => release);
  if (live.length === 0) {
    return refused(`${mention(asked.by)} no release is live. One is made by ${code('signalbox release create REL')}`);
  }
  const own = await trackerReleases(app, asked);
  const texts = await Promise.all(
    (own.length > 0 ? own : live).slice(0, MOST_RELEASES).map((release) => releaseText(app, release, what)),
  );
  return done(texts.join('\n\n'));
}

const MOST_RELEASES = 3;
/** With the head, so that three releases stay under twenty lines; one alone has room for more. */
const MOST_ROWS = 5;

async function releaseText(app: App, release: ReleaseVersion, what: 'blockers' | 'status'): Promise<string> {
  const { blocking, next, repos } = await releaseStatus(app, release);
  const head =
    next === null ? `**${release}**: nothing is left to this tool` : `**${release}**: next is ${inline(next.what)}`;
  const rows =
    what === 'blockers'
      ? blocking.map((gate) => `- ${code(gate.id)} ${gate.verdict}: ${inline(gate.summary)}${ownerText(gate)}`)
      : repos.map(
          ({ repo, refs }) =>
            `- ${code(repo.key)} ${refs.known ? (refs.value.candidates[0]?.candidate ?? `line ${lineOf(repo.release)}, no candidate`) : 'no data'}`,
        );
  if (rows.length === 0)
    return [head, what === 'blockers' ? '- nothing blocks' : '- no repository takes part'].join('\n');
  const shown = rows.slice(0, MOST_ROWS);
  const more = rows.length - shown.length;
  const rest = `- and ${more} more: ${code(`signalbox ${what} ${release}`)}`;
  return [head, ...shown, ...(more > 0 ? [rest] : [])].join('\n');
}

function ownerText({ owners }: Gate): string {
  return owners.length === 0
    ? ''
    : `, ${owners
        .slice(0, 3)
        .map((owner) => code(owner))
        .join(' ')}`;
}
