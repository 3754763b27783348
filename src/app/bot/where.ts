import { lineOf } from '../../domain/version.ts';
import { code, inline, mention, whereReply, type WhereRow } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { findChange, type OnOneLine } from '../history/find-change.ts';
import { listReleases } from '../releases.ts';
import { releaseStatus } from '../status.ts';
import { sayProblems } from './answer-text.ts';
import type { Asked } from './asked.ts';

/** Every line that has the change, or has it not, with the proof. */
export async function whereText(app: App, asked: Asked): Promise<string> {
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
    ? `${mention(asked.by)} #${asked.item} is on no branch that was looked at.`
    : whereReply(asked.item, rows);
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

/** What blocks each live release, or where it stands: for a tracker issue. */
export async function trackerText(app: App, asked: Asked, what: 'blockers' | 'status'): Promise<string> {
  const live = (await listReleases(app)).filter(({ closed }) => closed === null);
  if (live.length === 0) return `${mention(asked.by)} no release is live.`;
  const texts = await Promise.all(
    live.map(async ({ release }) => {
      const { blocking, next, repos } = await releaseStatus(app, release);
      const head =
        next === null ? `**${release}**: nothing is left to this tool` : `**${release}**: next is ${inline(next.what)}`;
      const rows =
        what === 'blockers'
          ? blocking.map((gate) => `- ${code(gate.id)} ${gate.verdict}: ${inline(gate.summary)}`)
          : repos.map(
              ({ repo, refs }) =>
                `- ${code(repo.key)} ${refs.known ? (refs.value.candidates[0]?.candidate ?? `line ${lineOf(repo.release)}, no candidate`) : 'no data'}`,
            );
      return [head, ...(rows.length === 0 ? ['- nothing blocks'] : rows)].join('\n');
    }),
  );
  return texts.join('\n\n');
}
