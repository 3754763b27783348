import type { Instant } from '../../domain/instant.ts';
import type { Train } from '../../domain/train/train.ts';
import { contactsOf } from '../../process/01-plan/index.ts';

/** Who answers for something: whoever of the workstream is there now, and then the release managers. */
export function ownersOf(train: Train, workstream: string | undefined, now: Instant): readonly string[] {
  const managers = train.roles['release-manager'];
  const who = contactsOf(train, now).find((contact) => contact.workstream === workstream)?.who ?? null;
  return [...new Set([...(who === null ? [] : [who]), ...managers])];
}
