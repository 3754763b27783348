import type { RepoSlug } from '../../domain/repo.ts';
import type { Forge } from '../../ports/forge.ts';
import {
  amendedLandings,
  landingComments,
  missingLandings,
  type StandingPick,
} from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';

interface Telling {
  /** Where the tracker is. */
  readonly slug: RepoSlug;
  readonly number: number;
  readonly picks: readonly StandingPick[];
}

/**
 * Tells each landing of these picks in the tracker, in the three-block form, once: a comment whose receipt was lost is found by its marker. A pick that was
 * taken back is told too, and its first comment says by what. Answers how many comments were written.
 */
export async function tellLandings(app: App, forge: Forge, { slug, number, picks }: Telling): Promise<number> {
  const { train } = app.loaded;
  const web = train.forge?.web.replace(/\/$/, '') ?? '';
  const me = await app.who();
  const trusted = [me, ...train.roles['release-manager']];
  const wanted = picks.map((pick) => {
    const own = train.repos[pick.record.pick.repo]?.slug;
    return { pick, comments: own === undefined ? [] : landingComments(pick, { train, slug: own, web }) };
  });
  if (wanted.every(({ comments }) => comments.length === 0)) return 0;
  const there = await forge.comments.list(slug, number);
  let written = 0;
  for (const { pick, comments } of wanted) {
    for (const { text } of missingLandings(comments, there, trusted)) {
      await forge.comments.write(slug, number, text);
      written += 1;
    }
    for (const { comment, text } of amendedLandings(pick, there, { wanted: comments, me })) {
      await forge.comments.edit(slug, comment, text);
    }
  }
  return written;
}
