import type { Role, Train } from './train.ts';

/** Most powerful first, as they are told to people. */
const ROLES: readonly Role[] = ['release-manager', 'approver', 'triage-reviewer', 'repo-owner'];

/** The teams that have roles, each as `org/team`, once. */
export function teamsOf({ roles }: Pick<Train, 'roles'>): readonly string[] {
  const holders = ROLES.flatMap((role) => roles[role]).filter((holder) => holder.startsWith('@'));
  return [...new Set(holders.map((holder) => holder.slice(1)))];
}

/**
 * The roles with people in the place of teams. A team whose members are not known is nobody: what could not be read gives no rights.
 */
export function membersOfRoles(roles: Train['roles'], members: ReadonlyMap<string, readonly string[]>): Train['roles'] {
  const people = (holders: readonly string[]): string[] => [
    ...new Set(holders.flatMap((holder) => (holder.startsWith('@') ? (members.get(holder.slice(1)) ?? []) : [holder]))),
  ];
  return {
    'release-manager': people(roles['release-manager']),
    'repo-owner': people(roles['repo-owner']),
    'triage-reviewer': people(roles['triage-reviewer']),
    approver: people(roles.approver),
  };
}

/** The roles of a login. The only place that decides it: sign-in, commands, approvals and pages all ask here. */
export function rolesOf({ roles }: Pick<Train, 'roles'>, login: string): readonly Role[] {
  // A team that nobody was put in the place of has no login, and none can be written so that it looks like one.
  if (login.startsWith('@')) return [];
  return ROLES.filter((role) => roles[role].includes(login));
}
