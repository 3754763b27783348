import { z } from 'zod';
import { Digest } from '../../../domain/canonical-json.ts';
import type { JobNote } from '../../../ports/forge.ts';
import type { Told } from './facts.ts';

/** The title of the annotation by which a job tells what it tested (docs/validation.md). */
const VALIDATED_TITLE = 'signalbox-validated';

const Message = z.object({
  files: z
    .array(z.object({ file: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .min(1)
    .max(1000),
});

/**
 * The files that a job says it tested. Null where it says nothing. What is said and cannot be read is no file at all, so that it proves nothing; of two
 * digests of one file neither counts.
 */
export function toldBy(notes: readonly JobNote[]): Told {
  const own = notes.filter(({ title }) => title === VALIDATED_TITLE);
  if (own.length === 0) return null;
  const told = new Map<string, Digest>();
  const twice = new Set<string>();
  for (const { message } of own) {
    for (const { file, sha256 } of read(message)) {
      const digest = Digest.parse(`sha256:${sha256}`);
      if (told.has(file) && told.get(file) !== digest) twice.add(file);
      told.set(file, digest);
    }
  }
  for (const file of twice) told.delete(file);
  return told;
}

function read(message: string): z.infer<typeof Message>['files'] {
  const parsed = Message.safeParse(jsonOf(message));
  return parsed.success ? parsed.data.files : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
