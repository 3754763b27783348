import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { App } from '../../app/app.ts';
import { recordSignIn, rolesNow, type Proof } from '../../app/sign-in/person.ts';
import type { Doc } from '../../web/doc.ts';
import type { Log } from '../duties.ts';
import type { Identity } from '../guard.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import { readSession, writeSession } from './cookies.ts';
import type { Outside } from './outside.ts';
import { barredDoc } from './pages.ts';

/** Somebody has shown who they are. */
interface Arrival {
  readonly login: string;
  readonly how: Proof;
  readonly back: string;
}

/** What the ways of signing in share. */
export interface Entrance {
  readonly app: App;
  readonly outside: () => Outside;
  readonly log: Log;
  show(context: Context, doc: Doc, status: ContentfulStatusCode): Response;
  /** Begins a session and goes on to where they came from. */
  letIn(context: Context, arrival: Arrival): Promise<Response>;
}

export interface EntranceParts {
  readonly app: App;
  readonly outside: () => Outside;
  readonly log: Log;
  readonly html: (doc: Doc) => string;
  readonly sessions: BrowserSessions;
  readonly mayRead: (identity: Identity) => boolean;
}

export function entranceOf({ app, outside, log, html, sessions, mayRead }: EntranceParts): Entrance {
  const show: Entrance['show'] = (context, doc, status) => context.html(html(doc), status);
  return {
    app,
    outside,
    log,
    show,
    letIn: async (context, { login, how, back }) => {
      const known = await rolesNow(app, login);
      if (!mayRead({ login, roles: known, how: 'session', scope: 'write' })) {
        // Not into the ledger, which nothing is ever taken out of: whoever has an account at the forge could fill it.
        log('sign-in-barred', { login, how });
        return show(context, barredDoc(login), 403);
      }
      // First the record: nobody is in of whom it does not tell.
      const roles = await recordSignIn(app, login, how);
      await (await app.sessions()).forget(app.clock.now());
      // What the browser had before is not gone on with: not another person's session, and not one that was put there.
      const before = await sessions.find(readSession(context.req.raw.headers, outside()));
      if (before !== null) await sessions.end(before);
      writeSession(context, outside(), await sessions.begin(login, how));
      log('signed-in', { login, how, roles });
      return context.redirect(back, 303);
    },
  };
}
