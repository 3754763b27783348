import type { App } from '../app/app.ts';
import { listReleases } from '../app/releases.ts';
import type { Instant } from '../domain/instant.ts';
import { releaseHref } from '../domain/page-path.ts';
import type { Doc, Tab } from '../web/doc.ts';
import { FEED_FORMS, FEED_NAMES, feedPath } from '../web/feed/feed.ts';
import { renderPage } from '../web/html/page.tsx';
import { looksOf, type Shell } from '../web/html/shell.ts';
import type { Frame } from './answer.ts';
import type { WholeHtml } from './kept-html.ts';

/** Where what the browser needs besides the page lies. */
export interface AssetAddresses {
  readonly style: string;
  readonly script: string;
  readonly icon: string;
}

const TAB_NAMES: readonly (readonly [Tab, string, (release: string) => string])[] = [
  ['train', 'Train', () => '/'],
  ['todo', 'To do', () => '/todo'],
  ['release', 'Release', (release) => releaseHref(release)],
  ['picks', 'Cherry-picks', (release) => `${releaseHref(release)}/picks`],
  ['artifacts', 'Artifacts', (release) => `${releaseHref(release)}/artifacts`],
  ['plans', 'Plans', () => '/plans'],
  ['calendar', 'Calendar', () => '/calendar'],
  ['support', 'Support', () => '/support'],
  ['log', 'Log', () => '/log'],
  ['system', 'System', () => '/system'],
];

/** Releases change seldom, and are named on every page. */
const KEPT_MILLIS = 2_000;

/** What is around every page. */
export function framing(app: App, assets: AssetAddresses): (frame: Frame) => Promise<WholeHtml> {
  const { title } = app.loaded.train;
  let known: { readonly at: number; readonly releases: Promise<readonly string[]> } | null = null;
  const releasesNow = (): Promise<readonly string[]> => {
    const now = Date.parse(app.clock.now());
    if (known === null || now - known.at > KEPT_MILLIS) known = { at: now, releases: openReleases(app) };
    return known.releases;
  };
  return async (frame) => {
    const { shown, snapshot, path } = frame;
    const releases = await releasesNow();
    const current = shown.doc.release ?? releases.at(-1) ?? null;
    const asOf: Instant = snapshot?.asOf ?? shown.room.now;
    const isLive = snapshot !== null && frame.live !== false && shown.room.past === null;
    const shell: Shell = {
      room: { ...shown.room, viewer: frame.identity },
      product: title,
      releases: releases
        .toReversed()
        .map((release) => ({ name: release, href: releaseHref(release), current: release === current })),
      tabs: TAB_NAMES.flatMap(([tab, name, to]) => {
        // Without a release there is none of its pages.
        const href = to(current ?? '');
        return current === null && href.startsWith('/r/') ? [] : [{ tab, name, href }];
      }),
      formToken: frame.formToken,
      fresh: {
        asOf,
        stale: snapshot?.stale ?? true,
        stream: isLive ? `/live?page=${encodeURIComponent(path)}` : null,
        version: shown.version,
      },
      ...looksOf(frame.cookies),
      said: frame.said,
      find: '/find',
      signIn: frame.identity === null ? frame.signIn : null,
      signOut: frame.identity?.how === 'session' ? '/sign-out' : null,
      assets,
      forms: snapshot === null ? [] : formsOf(path),
      feeds: snapshot === null || frame.live === false ? [] : feedsOf(title, shown.doc.release),
    };
    const { room, ...rest } = shell;
    const around = JSON.stringify([room.viewer, rest]);
    return { shown, around, make: () => renderPage(shown.doc, shell, shown.main()) };
  };
}

function formsOf(path: string): readonly { readonly name: string; readonly href: string }[] {
  const [bare = '/', search] = path.split('?', 2);
  const stem = bare === '/' ? '/index' : bare;
  const query = search === undefined ? '' : `?${search}`;
  return [
    { name: 'JSON', href: `${stem}.json${query}` },
    { name: 'Text', href: `${stem}.txt${query}` },
  ];
}

/** The feeds of the train, and of the release that the page is about. */
function feedsOf(title: string, release: string | null): Shell['feeds'] {
  const places = [
    { name: title, home: '' },
    ...(release === null ? [] : [{ name: `${title} ${release}`, home: releaseHref(release) }]),
  ];
  return places.flatMap(({ name, home }) =>
    FEED_NAMES.map((form) => ({
      name: `${name} (${FEED_FORMS[form].name})`,
      type: FEED_FORMS[form].type,
      href: feedPath(form, home),
    })),
  );
}

async function openReleases(app: App): Promise<readonly string[]> {
  const all = await listReleases(app);
  return all.filter(({ closed }) => closed === null).map(({ release }) => release);
}

/** A page for nobody in particular: signing in, and out. */
export function nobodysPage(app: App, assets: AssetAddresses): (doc: Doc) => string {
  const { title } = app.loaded.train;
  return (doc) => {
    const now = app.clock.now();
    return renderPage(doc, {
      room: { now, viewer: null, holders: {}, query: {}, past: null },
      product: title,
      releases: [],
      tabs: [],
      formToken: null,
      fresh: { asOf: now, stale: false, stream: null, version: '' },
      ...looksOf({}),
      said: null,
      find: '/find',
      signIn: null,
      signOut: null,
      assets,
      forms: [],
      feeds: [],
    });
  };
}
