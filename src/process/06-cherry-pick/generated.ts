import type { Result } from '../../domain/result.ts';
import type { Picks } from '../../domain/train/picks.ts';
import type { PickProblem } from './problem.ts';

type Generated = Picks['generated'];

/** Which of the files the train declares generated, each with the command that makes it again. */
export function generatedFiles(
  declared: Generated,
  paths: readonly string[],
): readonly { readonly path: string; readonly command: readonly string[] }[] {
  return paths.flatMap((path) => {
    const rule = declared.find(({ files }) => files.some((pattern) => matches(pattern, path)));
    return rule === undefined ? [] : [{ path, command: rule.command }];
  });
}

/** A pick that breaks no rule and conflicts in nothing but generated files: it is worth making them again. */
export function conflictsOnlyInGenerated(decided: Result<unknown, PickProblem>): boolean {
  if (decided.ok) return false;
  const [problem] = decided.problems;
  return problem.code === 'conflict' && problem.conflicts.length === problem.generated.length;
}

/** `*` stands for a name or a part of it, `**` for any folders. */
function matches(pattern: string, path: string): boolean {
  const body = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map((piece) => {
      if (piece === '**/') return '(?:[^/]+/)*';
      if (piece === '**') return '.*';
      return piece === '*' ? '[^/]*' : piece.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
    })
    .join('');
  return new RegExp(`^${body}$`).test(path);
}
