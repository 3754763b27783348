import type { Instant } from '../../domain/instant.ts';
import type { PageRoom, Tab } from '../doc.ts';

export interface ShellLink {
  readonly name: string;
  readonly href: string;
}

/** All that is around a page's content. */
export interface Shell {
  readonly room: PageRoom;
  readonly product: string;
  /** By version. `about`: its phase, a word or two. */
  readonly releases: readonly (ShellLink & { readonly about?: string })[];
  /** In order. `count`: what waits there. */
  readonly tabs: readonly (ShellLink & { readonly tab: Tab; readonly count?: number })[];
  /** Of the viewer's session; null: no form can be posted. */
  readonly formToken: string | null;
  /** Of the oldest thing that was read. `stream`: address of the event stream; null where nothing is live (the past). */
  readonly fresh: {
    readonly asOf: Instant;
    readonly stale: boolean;
    readonly stream: string | null;
    /** Of this rendering: the stream goes on from it. */
    readonly version: string;
  };
  /** As the cookies say; `system` where there is none. */
  readonly theme: 'light' | 'dark' | 'system';
  readonly density: 'compact' | 'comfortable';
  /** Shortcuts of a single key (WCAG 2.1.4). */
  readonly keys: boolean;
  /** What was just done, in one sentence. */
  readonly said: string | null;
  /** Where the form `Find` leads, with `q` in its query. */
  readonly find: string;
  readonly signIn: string | null;
  /** Path that a form posts to. */
  readonly signOut: string | null;
  /** Addresses with the content's hash in them. */
  readonly assets: { readonly style: string; readonly script: string; readonly icon: string };
  /** The same page as JSON, as text. */
  readonly forms: readonly ShellLink[];
  /** What can be subscribed to, for readers that look for it. */
  readonly feeds: readonly (ShellLink & { readonly type: string })[];
}

/** Names of the cookies that the script sets and the server reads; each holds one word. */
const COOKIES = { theme: 'theme', density: 'density', keys: 'keys' } as const;

/** The server's reading of those cookies: anything else than the known words counts as not set. */
export function looksOf(
  cookies: Readonly<Record<string, string | undefined>>,
): Pick<Shell, 'theme' | 'density' | 'keys'> {
  const theme = cookies[COOKIES.theme];
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: cookies[COOKIES.density] === 'comfortable' ? 'comfortable' : 'compact',
    keys: cookies[COOKIES.keys] !== 'off',
  };
}
