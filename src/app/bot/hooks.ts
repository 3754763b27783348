import { failureCode } from '../../domain/observation.ts';
import type { ForgeWebhooks, HookPlace } from '../../ports/forge.ts';
import type { App } from '../app.ts';

/** Where lost deliveries can be looked for, and why not in the repositories that are missing. */
export interface HookPlaces {
  readonly webhooks: ForgeWebhooks;
  readonly places: readonly HookPlace[];
  readonly unreadable: readonly string[];
}

/** The webhooks of the train's repositories that send to our path; null without a forge. Reading them needs an admin's token. */
export async function hookPlaces(app: App, path: string): Promise<HookPlaces | null> {
  const { forge } = app;
  if (forge === null) return null;
  const slugs = Object.values(app.loaded.train.repos).flatMap(({ role, slug }) =>
    role === 'external' || slug === undefined ? [] : [slug],
  );
  const unreadable: string[] = [];
  const found = await Promise.all(
    slugs.map(async (repo): Promise<readonly HookPlace[]> => {
      try {
        const hooks = await forge.webhooks.ofRepo(repo);
        return hooks
          .filter(({ active, url }) => active && URL.canParse(url) && new URL(url).pathname.endsWith(path))
          .map(({ id }) => ({ kind: 'repo', repo, hook: id }));
      } catch (error) {
        if (failureCode(error) === null) throw error;
        unreadable.push(repo);
        return [];
      }
    }),
  );
  return { webhooks: forge.webhooks, places: found.flat(), unreadable };
}
