import type { WheelFacts } from '../wheel/check/facts.ts';
import { readWheel } from '../wheel/read-wheel.ts';
import { makeWheel, type WheelRecipe } from './make-wheel.ts';
import { memorySource } from './memory-source.ts';

/** What is known of a wheel made by its recipe; throws where it is refused as a zip. */
export async function readMadeWheel(recipe: WheelRecipe, quick = false): Promise<WheelFacts> {
  const { fileName, bytes } = makeWheel(recipe);
  const read = await readWheel(memorySource(bytes, fileName), { fileName, quick });
  if (!read.ok) throw new Error(read.problems.map(({ code }) => code).join(' '));
  return read.value;
}
