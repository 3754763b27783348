import type { Picks } from '../../domain/train/picks.ts';

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
