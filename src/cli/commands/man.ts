import type { Answer } from '../output/answer.ts';
import { manPage } from '../man.ts';
import { COMMANDS } from './index.ts';
import { documentAnswer } from './document.ts';
import { packageVersion } from './version.ts';

export function run(): Promise<Answer> {
  return Promise.resolve(documentAnswer('man', manPage(COMMANDS, packageVersion())));
}
