import type { IncomingMessage } from 'node:http';

import type { Reply } from './http.ts';
import type { AppDesk } from './app-desk.ts';
import type { Permission, RepoState, User } from './state.ts';
import type { Store } from './store.ts';
import type { Urls } from './urls.ts';
import type { Webhooks } from './webhooks.ts';

/** What every handler is given. */
export interface Context {
  readonly store: Store;
  readonly webhooks: Webhooks;
  readonly desk: AppDesk;
  readonly user: User;
  readonly url: URL;
  readonly urls: Urls;
  readonly params: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly body: unknown;
  /** The moment of the request: UTC, to the second. */
  readonly now: string;
}

/** A handler's context inside a repository. */
export interface RepoContext extends Context {
  readonly repo: RepoState;
  readonly gitDir: string;
  readonly permission: Permission;
}

/** A path with `:name` for one segment and `:name*` for several; segments are decoded after matching. */
export type Route =
  | {
      readonly on: 'world';
      readonly method: string;
      readonly path: string;
      handle(context: Context): Reply | Promise<Reply>;
    }
  | {
      readonly on: 'repo';
      readonly method: string;
      /** Below `/repos/:owner/:repo`. */
      readonly path: string;
      readonly needs: Permission;
      handle(context: RepoContext): Reply | Promise<Reply>;
    }
  /** Takes a body that is no JSON, as it comes. */
  | {
      readonly on: 'upload';
      readonly method: string;
      readonly path: string;
      readonly needs: Permission;
      handle(context: RepoContext, request: IncomingMessage): Promise<Reply>;
    };

export type Match =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'no-route' };

/** A route inside a repository. */
export function onRepo(
  method: string,
  path: string,
  needs: Permission,
  handle: (context: RepoContext) => Reply | Promise<Reply>,
): Route {
  return { on: 'repo', method, path: `/repos/:owner/:repo${path}`, needs, handle };
}

/** A route outside of any repository. */
export function onWorld(method: string, path: string, handle: (context: Context) => Reply | Promise<Reply>): Route {
  return { on: 'world', method, path, handle };
}

function compile(path: string): { pattern: RegExp; names: readonly string[] } {
  const names: string[] = [];
  const source = path
    .split('/')
    .map((segment) => {
      if (!segment.startsWith(':')) return segment.replaceAll('.', '\\.');
      const many = segment.endsWith('*');
      names.push(many ? segment.slice(1, -1) : segment.slice(1));
      return many ? '(.+?)' : '([^/]+)';
    })
    .join('/');
  return { pattern: new RegExp(`^${source}/?$`, 'u'), names };
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A broken escape names nothing that exists.
    return null;
  }
}

/** Matches in the order given: a longer path below `:branch*` comes before the shorter one. */
export function makeRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const compiled = routes.map((route) => ({ route, ...compile(route.path) }));
  return (method, path) => {
    for (const { route, pattern, names } of compiled) {
      if (route.method !== method) continue;
      const found = pattern.exec(path);
      if (found === null) continue;
      const values = found.slice(1).map(decode);
      if (values.includes(null)) return { kind: 'no-route' };
      const params = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
      return { kind: 'found', route, params };
    }
    return { kind: 'no-route' };
  };
}
