import { neutral } from '../../domain/plain-text.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { ShownEdit } from './shown-edits.ts';

export interface BodyFacts {
  readonly release: ReleaseVersion;
  readonly because: readonly string[];
  readonly edits: readonly ShownEdit[];
}

/** What a reviewer of the pull request reads. All of it stands in a block of code: reasons are written by anybody, and neither mark up nor mention. */
export function changeBody({ release, because, edits }: BodyFacts): string {
  const lines = [
    ...because.map(neutral),
    ...(because.length === 0 ? [] : ['']),
    ...edits.flatMap(({ key, before, after }) => [neutral(key), `- ${neutral(before)}`, `+ ${neutral(after)}`]),
  ];
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([found]) => found.length)));
  const fence = '`'.repeat(longest + 1);
  return [
    `<!-- signalbox:train-file ${release} -->`,
    'A change of the train file. Plans that were made with the file as it was are void once the new one is loaded.',
    '',
    `${fence}diff`,
    ...lines,
    fence,
    '',
  ].join('\n');
}
