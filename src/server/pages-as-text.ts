import type { App } from '../app/app.ts';
import { listReleases } from '../app/releases.ts';
import { withSharedLooks } from '../app/shared-looks.ts';
import { withSharedRefs } from '../app/shared-refs.ts';
import { pageFinder } from './address.ts';
import { PAGES } from './pages/index.ts';
import { roomOf } from './show.ts';
import { renderText } from '../web/text/page.ts';

/** What the train's pages are about; `/system` is about this machine. */
const OF_TRAIN = ['/', '/todo', '/plans', '/calendar', '/support', '/people', '/log'] as const;
const OF_RELEASE = ['', '/picks', '/artifacts', '/published', '/patch', '/day'] as const;

/** The main pages of the train and of every release as plain text, by path, as the server gives them to somebody who is not signed in. */
export async function pagesAsText(app: App): Promise<ReadonlyMap<string, string>> {
  const find = pageFinder(PAGES);
  const releases = await listReleases(app);
  const paths = [...OF_TRAIN, ...releases.flatMap(({ release }) => OF_RELEASE.map((path) => `/r/${release}${path}`))];
  // All of them are of one instant: what one has read of the world the others need not read again.
  const shared = { ...app, stores: withSharedLooks(app.stores), git: withSharedRefs(app.git) };
  const texts = new Map<string, string>();
  for (const path of paths) {
    const address = find(path, new URLSearchParams());
    if (address === null) throw new Error(`no page has the address ${path}`);
    const { page, params, query } = address;
    const viewed = await page.read({ app: shared, params, query });
    if (!viewed.ok) {
      texts.set(path, viewed.problems.map(({ text }) => text).join('\n'));
      continue;
    }
    const room = roomOf(app, null, { now: app.clock.now(), query });
    // As the API gives it: what is shown rests on nothing else.
    const data: unknown = JSON.parse(JSON.stringify(viewed.value.view));
    texts.set(path, renderText(page.doc(data, room), room));
  }
  return texts;
}
