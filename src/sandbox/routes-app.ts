import type { AppDesk, SandboxApp } from './app-desk.ts';
import { created, notFound, ok } from './http.ts';
import { onWorld, type Route } from './router.ts';

function requireApp(desk: AppDesk): SandboxApp {
  if (desk.app === null) throw notFound();
  return desk.app;
}

/** What only an app may ask, by its signed word. */
export const appRoutes: readonly Route[] = [
  onWorld('GET', '/app', ({ desk, urls }) => {
    const { id, slug } = requireApp(desk);
    return ok({
      id,
      slug,
      name: slug,
      node_id: `A_${id}`,
      html_url: `${urls.web}/apps/${slug}`,
      permissions: {},
      events: [],
    });
  }),
  onWorld('GET', '/app/installations', ({ desk }) => {
    const { installation, id } = requireApp(desk);
    return ok([{ id: installation, app_id: id, target_type: 'Organization', permissions: {}, events: [] }]);
  }),
  onWorld('POST', '/app/installations/:id/access_tokens', ({ desk, params }) => {
    if (String(requireApp(desk).installation) !== params['id']) throw notFound();
    return created({ ...desk.issue(), permissions: {}, repository_selection: 'all' });
  }),
];
