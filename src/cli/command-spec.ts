import type { CommandData } from './command.ts';
import type { Answer } from './output/answer.ts';
import type { Session } from './session.ts';

interface CommandModule {
  /** Does the command and answers; throws CommandStop where it cannot. */
  run(session: Session): Promise<Answer>;
}

/** A command with what does it. */
export interface CommandSpec extends CommandData {
  /** Loads the module that does it; nothing else of it is loaded before. */
  readonly load: () => Promise<CommandModule>;
}
