import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { decideDocs, readDocs } from '../../process/05-candidate/docs-built/index.ts';
import type { App } from '../app.ts';

/** The gate `docs-built`; none where the train does not say where its documentation lies. */
export async function judgeDocs(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const { train } = app.loaded;
  const facts = await readDocs({ train, release, forge: app.forge, now });
  return facts === null ? [] : [decideDocs(facts, { train, waivers, now })];
}
