import type { ReleaseVersion } from './version.ts';

/** A file that holds nothing but the version, as a commit has it. */
export interface VersionFile {
  readonly path: string;
  /** Null when the commit has no such file, or it is not text. */
  readonly content: string | null;
}

/** Version files that do not say the release: wheels of that commit would carry another version than its tag (VER-04). */
export function wrongVersionFiles(files: readonly VersionFile[], release: ReleaseVersion): readonly VersionFile[] {
  return files.filter(({ content }) => content === null || normal(content) !== normal(release));
}

/** `version.txt says "2.8.0a0"`. */
export function sayVersionFile({ path, content }: VersionFile): string {
  return content === null
    ? `${path} is missing or not text`
    : `${path} says ${JSON.stringify(content.trim().slice(0, 60))}`;
}

/** Plain release numbers as PEP 440 compares them: a `v` and zeros at the end do not count. Anything else stands for itself. */
function normal(text: string): string {
  const trimmed = text.trim();
  const numbers = /^v?(\d+(?:\.\d+)*)$/i
    .exec(trimmed)?.[1]
    ?.split('.')
    .map((part) => part.replace(/^0+(?=\d)/, ''));
  if (numbers === undefined) return trimmed;
  while (numbers.length > 1 && numbers.at(-1) === '0') numbers.pop();
  return numbers.join('.');
}
