import type { App } from '../app/app.ts';
import { memoryNotices } from './memory-notices.ts';
import { memoryNotifier, type MemoryNotifier } from './memory-notifier.ts';

/** Of an app whose notices stay in memory; without a forge, all go to its notifier. */
export function noticesInMemory(): Pick<App, 'notices'> & {
  readonly telling: App['telling'] & { readonly notifier: MemoryNotifier };
} {
  const notices = memoryNotices();
  return {
    notices: () => Promise.resolve(notices),
    telling: { mail: true, mention: false, rooms: [], notifier: memoryNotifier() },
  };
}
