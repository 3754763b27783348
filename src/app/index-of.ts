import { observe } from '../domain/observation.ts';
import type { PackageIndex } from '../ports/package-index.ts';
import type { App } from './app.ts';

/** The package index of a channel, or why it cannot be read. */
export async function indexOf(app: App, channel: string): Promise<PackageIndex | string> {
  const told = await observe(`channel ${channel}`, app.clock.now(), () => app.stores.indexesOf(channel));
  if (!told.known) return told.reason;
  if (!told.value.ok) return told.value.problems[0].text;
  return told.value.value[0] ?? `channel ${channel} has no index`;
}
