import type { App } from '../app/app.ts';
import { listReleases } from '../app/releases.ts';
import { releaseHref } from '../domain/page-path.ts';
import { pageFinder } from './address.ts';
import type { Log } from './duties.ts';
import type { Page } from './page.ts';
import type { Snapshots } from './snapshots.ts';

export interface WarmUp {
  /** Fulfilled when every page was read, or it was stopped. */
  readonly done: Promise<void>;
  /** Begins no more readings, and waits for the one under way. */
  stop(): Promise<void>;
}

/** Pages that people open first: those of the train, and of each open release. */
const OF_TRAIN = ['/', '/todo', '/plans', '/calendar', '/support', '/log', '/system'] as const;
const OF_RELEASE = ['', '/picks', '/artifacts'] as const;

/**
 * Reads the main pages in the background, one after the other, so that the first who looks does not wait for gates to be read. Whoever asks meanwhile is
 * answered as ever; what cannot be read is told in the log by the reading itself.
 */
export function warmUp(
  { app, pages, log }: { readonly app: App; readonly pages: readonly Page[]; readonly log: Log },
  snapshots: Pick<Snapshots, 'get'>,
): WarmUp {
  const find = pageFinder(pages);
  const started = performance.now();
  let isStopped = false;
  const paths = async (): Promise<readonly string[]> => {
    const releases = await listReleases(app);
    const open = releases.filter(({ closed }) => closed === null).map(({ release }) => release);
    return [...OF_TRAIN, ...open.flatMap((release) => OF_RELEASE.map((path) => `${releaseHref(release)}${path}`))];
  };
  const run = async (): Promise<void> => {
    let [read, unread] = [0, 0];
    for (const path of await paths()) {
      const address = find(path, new URLSearchParams());
      if (isStopped) return;
      if (address === null) continue;
      if ((await snapshots.get(address)).ok) read += 1;
      else unread += 1;
    }
    const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
    log('pages-warmed-up', { read, unread, seconds });
  };
  const done = run().catch((error: unknown) =>
    log('pages-not-warmed-up', { reason: error instanceof Error ? error.message : String(error) }),
  );
  return {
    done,
    stop: () => {
      isStopped = true;
      return done;
    },
  };
}
