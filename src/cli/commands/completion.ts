import { completionScript, SHELLS } from '../completion/index.ts';
import type { Answer } from '../output/answer.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';
import { closest } from '../../domain/suggest.ts';
import { documentAnswer } from './document.ts';

export function run(session: Session): Promise<Answer> {
  const asked = session.required('SHELL');
  const shell = SHELLS.find((each) => each === asked);
  if (shell === undefined) {
    const near = closest(asked, SHELLS);
    throw usage(
      `no completion for ${asked}`,
      near === null ? `there are: ${SHELLS.join(', ')}` : `did you mean ${near} ?`,
    );
  }
  return Promise.resolve(documentAnswer('completion', completionScript(shell, session.commands)));
}
