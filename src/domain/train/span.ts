import { compareVersions, Line } from '../version.ts';

/** The lines something holds for, both ends included; open where an end is not said. */
export interface LineSpan {
  readonly since?: Line | undefined;
  readonly until?: Line | undefined;
}

export function holdsFor({ since, until }: LineSpan, line: Line): boolean {
  return (
    (since === undefined || compareVersions(line, since) >= 0) &&
    (until === undefined || compareVersions(line, until) <= 0)
  );
}

/** Keys of the schema of what holds for some lines only. */
export const lineSpan = {
  since: Line.optional().describe('First line it holds for.'),
  until: Line.optional().describe('Last line it holds for.'),
};
