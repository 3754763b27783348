import { elapsedMillis, type Instant } from '../domain/instant.ts';
import { teamsOf } from '../domain/train/roles.ts';
import type { Train } from '../domain/train/train.ts';
import type { Clock } from '../ports/clock.ts';
import { ForgeError, type Forge } from '../ports/forge.ts';

/** Who is in the teams that the train file gives roles to. */
export interface TeamMembers {
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** Teams whose members could not be read: nobody counts as one of them. */
  readonly unread: readonly { readonly team: string; readonly reason: string }[];
}

export interface Teams {
  /** As the train file has them, teams and all. */
  readonly roles: Train['roles'];
  /** Reads the teams, or gives what was read a few minutes ago. */
  read(): Promise<TeamMembers>;
}

const GOOD_FOR = 3 * 60_000;
/** A forge that fails is not asked at every request. */
const FAILED_FOR = 15_000;

type Answer = readonly string[] | { readonly reason: string };

interface Kept {
  readonly at: Instant;
  readonly answer: Promise<Answer>;
}

/** Reads teams from the forge, each at most every few minutes. */
export function teamsReader(train: Train, forge: Forge | null, clock: Clock): Teams {
  const kept = new Map<string, Kept>();
  const ask = (team: string): Kept => {
    const made: Kept = { at: clock.now(), answer: membersOf(forge, team) };
    kept.set(team, made);
    // A bug is no answer: the next who asks meets it anew.
    made.answer.catch(() => kept.delete(team));
    return made;
  };
  const present = async (team: string): Promise<Answer> => {
    const known = kept.get(team);
    if (known === undefined) return ask(team).answer;
    const answer = await known.answer;
    const age = elapsedMillis(known.at, clock.now());
    if (age >= 0 && age < ('reason' in answer ? FAILED_FOR : GOOD_FOR)) return answer;
    // Whoever was first asks for all who wait.
    const now = kept.get(team);
    return (now === known || now === undefined ? ask(team) : now).answer;
  };
  const teams = teamsOf(train);
  return {
    roles: train.roles,
    read: async () => {
      const answers = await Promise.all(teams.map((team) => present(team)));
      const members = new Map<string, readonly string[]>();
      const unread: { readonly team: string; readonly reason: string }[] = [];
      teams.forEach((team, index) => {
        const answer = answers[index];
        if (answer === undefined) return;
        if ('reason' in answer) unread.push({ team, reason: answer.reason });
        else members.set(team, answer);
      });
      return { members, unread };
    },
  };
}

async function membersOf(forge: Forge | null, team: string): Promise<Answer> {
  if (forge === null) return { reason: 'the train file names no forge' };
  try {
    return await forge.people.teamMembers(team);
  } catch (error) {
    if (error instanceof ForgeError) return { reason: error.message };
    throw error;
  }
}
