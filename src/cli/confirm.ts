import { line, span } from './output/line.ts';
import { CommandStop } from './problem.ts';
import type { Session } from './session.ts';

/** Asks y/N on a terminal; --yes answers it. Without either the command was refused before it began. */
export async function confirm(session: Session, question: string): Promise<void> {
  if (session.flags.has('yes')) return;
  session.progress.clear();
  if (!session.canAsk) throw new CommandStop('usage', '--yes is required when not running interactively');
  const answer = await session.terminal.ask(`${question} [y/N] `);
  if (answer !== null && /^(y|yes)$/iu.test(answer.trim())) return;
  throw new CommandStop('refused', 'Not confirmed. Nothing was changed.', { word: 'NOT_CONFIRMED' });
}

/**
 * The phrase of a permanent step, from --confirm or typed; --yes is never enough. Null where the plan needs none. What is given is
 * compared here, so that a wrong one stops before anything is read; the engine compares again.
 */
export async function typedPhrase(session: Session, phrase: string | null): Promise<string | null> {
  if (phrase === null) return null;
  const given = session.flags.text('confirm');
  const typed =
    given ?? (session.canAsk ? await session.terminal.ask(`Type  ${phrase}  to go on, anything else stops: `) : null);
  if (typed !== null && typed.trim() === phrase) return phrase;
  session.say(line(span('Stopped. Nothing was done.', 'strong')));
  const why =
    typed === null ? 'this cannot be undone, and --yes is not enough for it' : 'what was typed is not the phrase';
  throw new CommandStop('refused', why, { next: [`--confirm "${phrase}"`], word: 'NOT_CONFIRMED' });
}

/** --reason, or asked for on a terminal; nothing that others will read in the log goes without one. */
export async function reasonFor(session: Session): Promise<string> {
  const given =
    session.flags.text('reason') ?? (session.canAsk ? await session.terminal.ask('Why? (kept in the log) ') : null);
  const reason = given?.trim() ?? '';
  if (reason !== '') return reason;
  throw new CommandStop('usage', 'a reason is needed: --reason TEXT', {
    next: ['-m "why; others will read it in the log"'],
  });
}
