import { candidatesIn } from '../../domain/release-tags.ts';
import { tagRef } from '../../domain/git-names.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { candidateNumber, candidateOf, tagOf, type CandidateVersion } from '../../domain/version.ts';
import { recordedTracker, statusComment, windowAt, type StandingPick } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { phaseEnds } from '../picks/targets.ts';
import { entriesOf } from '../record.ts';

/** The status comment of a pick as things are now, with its marker. `tracker`: the number of its repository's, where it is known already. */
export async function statusOf(app: App, pick: StandingPick, tracker: number | null = null): Promise<string> {
  const { train } = app.loaded;
  const { release, pick: name } = pick.record;
  const now = app.clock.now();
  return statusComment({
    train,
    pick,
    window: windowAt(train, release, phaseEnds(app, release, now), now),
    nextCandidate: await nextCandidate(app, pick),
    tracker: tracker ?? recordedTracker(await entriesOf(app, release), name.repo, release),
    page: null,
    now,
  });
}

/** The candidate that is tagged next in the pick's repository: the one an approved pick will be in; null once the release is out, or unread. */
async function nextCandidate(app: App, { record, seen }: StandingPick): Promise<CandidateVersion | null> {
  // Where it is already, or will never be, nobody asks for the next one.
  if (seen.candidate !== null || seen.released !== null) return null;
  const repo = reposOf(app.loaded.train, record.release).find(({ key }) => key === record.pick.repo);
  if (repo === undefined || repo.remote === null) return null;
  const final = tagRef(tagOf(repo.release));
  const refs = await app.git.remoteRefs({ repo: repo.key, remote: repo.remote }, [final, `${final}-rc*`]);
  if (refs.some(({ ref }) => ref === final)) return null;
  const [newest] = candidatesIn(refs);
  return candidateOf(repo.release, newest === undefined ? 1 : candidateNumber(newest.candidate) + 1);
}
