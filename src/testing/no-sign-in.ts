import type { App } from '../app/app.ts';
import { memorySessions } from './memory-sessions.ts';

/** Of an app where nobody signs in and no team has a role. */
export function noSignIn(): Pick<App, 'sessions' | 'signIn' | 'teams'> {
  const sessions = memorySessions();
  return {
    sessions: () => Promise.resolve(sessions),
    signIn: null,
    teams: {
      roles: { 'release-manager': [], 'repo-owner': [], 'triage-reviewer': [], approver: [] },
      read: async () => ({ members: new Map(), unread: [] }),
    },
  };
}
