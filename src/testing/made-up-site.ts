import { Hono } from 'hono';
import type { App } from '../app/app.ts';
import { admitToAction, admitToPage, type Admission } from '../server/admission.ts';
import { FORM_FIELD } from '../api/form.ts';
import type { Guard } from '../server/guard.ts';
import { strictHeaders } from '../server/headers.ts';
import { bodies, plainPaths } from '../server/limits.ts';
import { loopbackOutside, type Outside } from '../server/sign-in/outside.ts';
import { signInGuard } from '../server/sign-in/guard.ts';
import type { RouteList } from './security-matrix.ts';

/** Pages and actions of every kind, for trying what stands before them. */
export const MADE_UP: RouteList = {
  pages: [
    { name: 'overview', path: '/' },
    { name: 'release', path: '/r/:release' },
    { name: 'gate', path: '/r/:release/gates/:gate' },
  ],
  actions: [
    { name: 'gate-waive', path: '/r/:release/gates/:gate/waive', roles: ['release-manager'] },
    { name: 'plan-approve', path: '/plans/:plan/approve', roles: ['release-manager', 'approver'] },
    { name: 'triage', path: '/r/:release/patch/decide', roles: ['triage-reviewer'] },
    { name: 'todo-acknowledge', path: '/todo', roles: [] },
  ],
};

export interface MadeUpSite {
  readonly fetch: (request: Request) => Promise<Response> | Response;
  readonly guard: Guard;
  /** What was done, newest last. */
  readonly done: readonly string[];
}

function answer(admission: Admission): Response | null {
  if (admission.kind === 'let-in') return null;
  if (admission.kind === 'sign-in') return new Response(null, { status: 303, headers: { location: admission.to } });
  return new Response(admission.text, { status: admission.status });
}

/** A server with the made-up pages and actions behind the real sign-in. */
export function madeUpSite(
  app: App,
  how: { readonly link: boolean; readonly outside?: Outside; readonly address?: () => string },
): MadeUpSite {
  const outside = how.outside ?? loopbackOutside(8787);
  const guard = signInGuard({
    app,
    outside: () => outside,
    link: how.link,
    html: (doc) => JSON.stringify(doc),
    addressOf: how.address ?? (() => '192.0.2.7'),
  });
  const done: string[] = [];
  const site = new Hono();
  site.use(
    strictHeaders(() => outside.secure),
    plainPaths(),
    guard.keep,
    bodies(),
  );
  site.route('/', guard.routes);
  for (const { name, path } of MADE_UP.pages) {
    site.get(path, async (context) => answer(await admitToPage(guard, context.req.raw)) ?? context.text(name));
  }
  for (const { name, path, roles } of MADE_UP.actions) {
    site.post(path, async (context) => {
      const token = (await context.req.parseBody())[FORM_FIELD];
      const formToken = typeof token === 'string' ? token : undefined;
      const refusal = answer(await admitToAction(guard, context.req.raw, { roles, formToken }));
      if (refusal !== null) return refusal;
      done.push(name);
      return context.redirect('/', 303);
    });
  }
  return { fetch: (request) => site.fetch(request), guard, done };
}
