import type { Instant } from '../../domain/instant.ts';
import type { Train } from '../../domain/train/train.ts';
import { contactsOf } from '../../process/01-plan/index.ts';

/**
 * Who answers for something: the first point of contact of the workstream, whoever stands in while they are away, and then the release managers. A name that is no
 * workstream is a login.
 */
export function ownersOf(train: Train, owner: string | undefined, now: Instant): readonly string[] {
  const managers = train.roles['release-manager'];
  if (owner === undefined) return managers;
  return [...new Set([...(contactLogins(train, owner, now) ?? [owner]), ...managers])];
}

/** The first point of contact of a workstream, and whoever stands in while they are away; null where there is no such workstream. */
export function contactLogins(train: Train, workstream: string, now: Instant): readonly string[] | null {
  const contact = contactsOf(train, now).find((one) => one.workstream === workstream);
  if (contact === undefined) return null;
  return [...new Set([contact.first, contact.who].filter((login) => login !== null))];
}
