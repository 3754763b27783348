import type { Train } from '../../domain/train/train.ts';

/** Everybody who works on the train: who has a role, owns a repository or answers for a workstream. Others have the feeds. */
export function audienceOf(train: Train): readonly string[] {
  const logins = [
    ...Object.values(train.roles).flat(),
    ...Object.values(train.repos).flatMap(({ owners }) => owners),
    ...Object.values(train.workstreams).flatMap(({ poc, deputies }) => [...poc, ...deputies]),
  ];
  // A team that nobody was put in the place of is no person.
  return [...new Set(logins.filter((login) => !login.startsWith('@')))];
}
