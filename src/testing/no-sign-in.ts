import type { App } from '../app/app.ts';
import { NOW } from './engine-world.ts';
import { memorySessions } from './memory-sessions.ts';
import { noticesInMemory } from './notices-in-memory.ts';

/** Of an app where nobody signs in, no team has a role, and what is told stays in memory. */
export function noSignIn(): Pick<App, 'sessions' | 'signIn' | 'teams' | 'notices' | 'telling'> {
  const sessions = memorySessions(() => NOW);
  return {
    ...noticesInMemory(),
    sessions: () => Promise.resolve(sessions),
    signIn: null,
    teams: {
      roles: { 'release-manager': [], 'repo-owner': [], 'triage-reviewer': [], approver: [] },
      read: async () => ({ members: new Map(), unread: [] }),
    },
  };
}
