import { z } from 'zod';
import type { CellChoice } from '../../app/expected.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';

/** What part of the artifacts is asked for. */
export function cellChoice({ flags }: Session): CellChoice {
  return {
    packages: flags.list('package').flatMap(words),
    kinds: flags.list('kind').flatMap(words),
    platforms: flags.list('platform').flatMap(words),
    accelerators: flags.list('accelerator').flatMap(words),
    pythons: flags.list('python').flatMap(words),
  };
}

const Words = z.array(z.string());

/** `3.12,3.13t` or, as workflows write it, `["3.12","3.13t"]`. */
function words(text: string): readonly string[] {
  if (!text.trimStart().startsWith('[')) return text.split(',').map((word) => word.trim());
  const read = Words.safeParse(jsonOf(text));
  if (!read.success)
    throw usage(`${text.slice(0, 60)} is no JSON list of texts`, 'write it as ["3.12","3.13t"], or as 3.12,3.13t');
  return read.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
