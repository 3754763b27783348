import { createHash } from 'node:crypto';

import type { Permission, User } from './state.ts';

/** Who stands in a made world, and what each may do where; `*` is every repository. */
export interface Person {
  readonly login: string;
  readonly name: string;
  readonly type?: User['type'];
  readonly roles: Readonly<Record<string, Permission>>;
}

const author = (login: string, name: string): Person => ({ login, name, roles: { pytorch: 'write', '*': 'triage' } });

/** Whoever writes what users read. */
const writer = (login: string, name: string): Person => ({
  login,
  name,
  roles: { pytorch: 'write', docs: 'maintain', tutorials: 'maintain', '*': 'triage' },
});

/** The made world's accounts: release managers, library owners, authors, an outsider and two bots. */
export const people: readonly Person[] = [
  { login: 'ada-rm', name: 'Ada Marsh', roles: { '*': 'admin' } },
  { login: 'bruno-rm', name: 'Bruno Reyes', roles: { '*': 'admin' } },
  { login: 'cleo-core', name: 'Cleo Tan', roles: { pytorch: 'maintain', '*': 'read' } },
  { login: 'ines-infra', name: 'Ines Okafor', roles: { 'test-infra': 'admin', '*': 'write' } },
  { login: 'dmitri-vision', name: 'Dmitri Sand', roles: { vision: 'maintain', '*': 'triage' } },
  { login: 'aiko-audio', name: 'Aiko Brandt', roles: { audio: 'maintain', '*': 'triage' } },
  author('finn-w', 'Finn Wells'),
  author('gita-r', 'Gita Rao'),
  author('hugo-l', 'Hugo Lind'),
  author('ivy-c', 'Ivy Castro'),
  author('jonas-b', 'Jonas Beck'),
  writer('kemi-a', 'Kemi Ade'),
  writer('mina-s', 'Mina Sato'),
  { login: 'omar-outside', name: 'Omar Quist', roles: {} },
  { login: 'signalbox-bot', name: 'Signalbox', type: 'Bot', roles: { '*': 'maintain' } },
  { login: 'ci-bot', name: 'Continuous Integration', type: 'Bot', roles: { '*': 'write' } },
];

/** An account with a token that depends on the seed and the login only. */
export function makeUser(seed: string, id: number, person: Person): User {
  const type = person.type ?? 'User';
  const digest = createHash('sha256').update(`${seed}\0token\0${person.login}`).digest('hex').slice(0, 32);
  return {
    id,
    login: person.login,
    name: person.name,
    email: `${person.login}@users.noreply.sandbox.test`,
    type,
    token: type === 'Organization' ? null : `sandbox_${digest}`,
  };
}

/** What each person may do in one repository; readers of a public repository need no entry. */
export function permissionsIn(folk: readonly Person[], repo: string): Record<string, Permission> {
  const entries = folk.flatMap((person) => {
    const role = person.roles[repo] ?? person.roles['*'];
    return role === undefined ? [] : [[person.login, role] as const];
  });
  return Object.fromEntries(entries);
}
