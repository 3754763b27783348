import { beforeEach } from 'vitest';
import type { Sessions } from '../ports/sessions.ts';
import { NOW } from './engine-world.ts';
import { memorySessions } from './memory-sessions.ts';
import { sessionsContract } from './sessions-contract.ts';

let sessions: Sessions;
beforeEach(() => {
  sessions = memorySessions(() => NOW);
});

sessionsContract(() => sessions);
