import type { Answer } from '../output/answer.ts';
import { manPage } from '../man.ts';
import type { Session } from '../session.ts';
import { documentAnswer } from './document.ts';
import { packageVersion } from './version.ts';

export function run(session: Session): Promise<Answer> {
  return Promise.resolve(documentAnswer('man', manPage(session.commands, packageVersion())));
}
