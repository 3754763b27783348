import { epochMillis, type Instant } from '../../domain/instant.ts';
import type { Forge } from '../../ports/forge.ts';
import { memoryAnswerCache, type AnswerCache } from '../http/answer-cache.ts';
import { systemTools, type HttpLimits } from '../http/exchange.ts';
import { openBy } from '../http/open.ts';
import type { Timers } from '../http/timers.ts';
import { checkedAddress } from './address.ts';
import { appCredentials, tokenCredentials, type GitHubApp } from './app-auth.ts';
import { lazyForge } from './lazy.ts';

export type { GitHubApp } from './app-auth.ts';
export { githubSignIn } from './sign-in.ts';
export { fileAnswerCache } from '../http/file-answer-cache.ts';

export interface GitHubOptions {
  /** `https://api.github.com`, `https://HOST/api/v3` of a GitHub Enterprise Server; plain http on this machine only. */
  readonly apiUrl: string;
  /** The token of the moment, asked before each call; null reads what is public. Not used where there is an app. */
  readonly token: () => string | null;
  /** Acts as this app instead. */
  readonly app?: GitHubApp;
  /** Name and version of the program, as GitHub demands it. */
  readonly userAgent: string;
  readonly now: () => Instant;
  readonly fetch?: typeof globalThis.fetch;
  readonly timers?: Timers;
  readonly limits?: Partial<HttpLimits>;
  /** Where answers are kept for conditional requests; in this process unless given. */
  readonly cache?: AnswerCache;
}

/** The forge, and the token it acts with, which git needs too: a person's, or one of the app's installation. */
export interface GitHubAccess {
  readonly forge: Forge;
  readonly token: () => Promise<string | null>;
}

/** The forge alone, for whom needs no token. */
export function githubForge(options: GitHubOptions): Forge {
  return githubAccess(options).forge;
}

/**
 * The forge over GitHub's REST API. Making it costs nothing: the client is loaded by the first call. Throws `ForgeError` at once for an
 * address that must not be called.
 */
export function githubAccess(options: GitHubOptions): GitHubAccess {
  const apiUrl = checkedAddress(options.apiUrl, 'API address');
  const tools = {
    open: options.fetch === undefined ? systemTools.open : openBy(options.fetch),
    timers: options.timers ?? systemTools.timers,
    limits: { ...systemTools.limits, ...options.limits },
  };
  const cache = options.cache ?? memoryAnswerCache();
  const { userAgent, app = null } = options;
  const now = (): number => epochMillis(options.now());
  const credentials =
    app === null ? tokenCredentials(options.token) : appCredentials(app, { apiUrl, http: tools, userAgent, now });
  let loaded: Promise<Forge> | null = null;
  const forge = (): Promise<Forge> => {
    loaded ??= import('./nouns.ts').then(({ nouns }) =>
      nouns({ apiUrl, credentials, userAgent, tools, cache, now, isApp: app !== null }),
    );
    return loaded;
  };
  return { forge: lazyForge(forge), token: async () => (await credentials(apiUrl)).secret };
}
