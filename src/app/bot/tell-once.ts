import type { RepoSlug } from '../../domain/repo.ts';
import type { Forge } from '../../ports/forge.ts';
import { marked } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';

/** Where something is said, and the hidden marker by which it is found again. */
export interface Place {
  readonly slug: RepoSlug;
  readonly item: number;
  readonly marker: string;
}

/** Whether it was said there already, by who acts now. */
export async function isTold(app: App, forge: Forge, { slug, item, marker }: Place): Promise<boolean> {
  const me = await app.who();
  const there = await forge.comments.list(slug, item);
  return there.some(({ author, body }) => author === me && body.includes(`<!-- ${marker} -->`));
}

/** Writes a comment unless it is there; answers whether it was written now. */
export async function tellOnce(
  app: App,
  forge: Forge,
  { text, ...place }: Place & { readonly text: string },
): Promise<boolean> {
  if (await isTold(app, forge, place)) return false;
  await forge.comments.write(place.slug, place.item, marked(place.marker, text));
  return true;
}
