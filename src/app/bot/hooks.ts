import { failureCode } from '../../domain/observation.ts';
import type { ForgeWebhooks, HookPlace } from '../../ports/forge.ts';
import type { App } from '../app.ts';

/** The path to which the forge sends, at the address of the bot. */
export const WEBHOOK_PATH = '/webhooks/github';

/** Where lost deliveries can be looked for, and why not in the repositories that are missing. */
export interface HookPlaces {
  readonly webhooks: ForgeWebhooks;
  readonly places: readonly HookPlace[];
  readonly unreadable: readonly string[];
}

/**
 * The webhooks that send to the bot: that of the app as which we act, or else those of the train's repositories; null without a forge. Reading
 * those of repositories needs an admin's token.
 */
export async function hookPlaces(app: App): Promise<HookPlaces | null> {
  const { forge } = app;
  if (forge === null) return null;
  const { webhooks } = forge;
  const ofApp = await webhooks.ofApp();
  // The app hears of every repository it is installed in: what theirs would send besides is the same once more.
  if (ofApp !== null && isOurs(ofApp.url)) return { webhooks, places: [{ kind: 'app' }], unreadable: [] };
  const slugs = Object.values(app.loaded.train.repos).flatMap(({ role, slug }) =>
    role === 'external' || slug === undefined ? [] : [slug],
  );
  const unreadable: string[] = [];
  const found = await Promise.all(
    slugs.map(async (repo): Promise<readonly HookPlace[]> => {
      try {
        const hooks = await webhooks.ofRepo(repo);
        return hooks
          .filter(({ active, url }) => active && isOurs(url))
          .map(({ id }) => ({ kind: 'repo', repo, hook: id }));
      } catch (error) {
        if (failureCode(error) === null) throw error;
        unreadable.push(repo);
        return [];
      }
    }),
  );
  return { webhooks, places: found.flat(), unreadable };
}

function isOurs(url: string): boolean {
  return URL.canParse(url) && new URL(url).pathname.endsWith(WEBHOOK_PATH);
}

/** How people call the place of a webhook. */
export function placeName(place: HookPlace): string {
  return place.kind === 'app' ? 'the app' : place.repo;
}
