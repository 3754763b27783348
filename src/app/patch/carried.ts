import type { Gate, Waiver } from '../../domain/gate.ts';
import { branchRef } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, unknown } from '../../domain/observation.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import { Line, lineNumbers, lineOf, releaseOn, type ReleaseVersion } from '../../domain/version.ts';
import { carriedOf } from '../../history/carried.ts';
import { decideCarriedGate, type RepoCarried } from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import { readPins } from '../history/pins.ts';
import { fetchRepoLines, lineNamed, readLineOf } from '../history/repo-lines.ts';

/** The gate `carry-forward`; none where no repository of the release has an earlier line. */
export async function judgeCarried(
  app: App,
  release: ReleaseVersion,
  judging: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  return decideCarriedGate(release, await readCarried(app, release), { train, ...judging });
}

/** What became of the changes of each repository's earlier line on that of the release. */
export function readCarried(app: App, release: ReleaseVersion): Promise<readonly RepoCarried[]> {
  const now = app.clock.now();
  return Promise.all(
    reposOf(app.loaded.train, release).map(async (repo): Promise<RepoCarried> => {
      const { remote, key } = repo;
      if (remote === null) return { repo: key, found: unknown(`the train file gives ${key} no remote`, now, key) };
      return {
        repo: key,
        found: await observe(`git remote of ${key}`, now, () => carriedIn(app, { release, repo, remote })),
      };
    }),
  );
}

interface Place {
  readonly release: ReleaseVersion;
  readonly repo: RepoInRelease;
  readonly remote: string;
}

async function carriedIn(app: App, { release, repo, remote }: Place) {
  const earlier = await earlierLine(app, { release, repo, remote });
  if (earlier === null) return null;
  const lines = await fetchRepoLines(app, { key: repo.key, entry: repo.entry, remote });
  const from = lines === null ? null : lineNamed(lines, earlier.repo.branch);
  if (lines === null || from === null) return null;
  const own = lineNamed(lines, repo.branch);
  const history = await readLineOf(app, lines, from);
  const pins = await readPins(app, { ...earlier, lines, history });
  const later = own === null ? null : await readLineOf(app, lines, own);
  return { from: lineOf(earlier.release), isCut: own !== null, carried: carriedOf(history, later, pins) };
}

/** So many minors back an earlier line is looked for: one may have been skipped. */
const MOST_BACK = 5;

interface Earlier {
  readonly release: ReleaseVersion;
  readonly repo: RepoInRelease;
}

/** The newest line before that of the release whose branch there is, by one list of refs: where there is none, nothing is fetched. */
async function earlierLine(app: App, { release, repo, remote }: Place): Promise<Earlier | null> {
  const { major, minor } = lineNumbers(lineOf(release));
  const back = Array.from({ length: Math.min(MOST_BACK, minor) }, (_, index) => minor - 1 - index);
  const candidates = back.flatMap((number): readonly Earlier[] => {
    const before = releaseOn(Line.parse(`${major}.${number}`), 0);
    const found = reposOf(app.loaded.train, before).find(({ key }) => key === repo.key);
    return found === undefined ? [] : [{ release: before, repo: found }];
  });
  if (candidates.length === 0) return null;
  const refs = await app.git.remoteRefs(
    { repo: repo.key, remote },
    candidates.map((each) => branchRef(each.repo.branch)),
  );
  return candidates.find((each) => refs.some(({ ref }) => ref === branchRef(each.repo.branch))) ?? null;
}
