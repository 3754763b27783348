import { byId } from './find.ts';

/** At most one sentence in so many milliseconds; of those that come in between the last is said. */
const PAUSE = 5000;

let waiting: string | null = null;
let isPausing = false;

function next(): void {
  isPausing = false;
  if (waiting === null) return;
  const sentence = waiting;
  waiting = null;
  say(sentence);
}

/** Says a sentence to assistive technology, politely. */
export function say(sentence: string): void {
  if (sentence === '') return;
  if (isPausing) {
    waiting = sentence;
    return;
  }
  const region = byId('live');
  if (region !== null) region.textContent = sentence;
  isPausing = true;
  setTimeout(next, PAUSE);
}
