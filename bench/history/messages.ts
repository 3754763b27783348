import { SLUG, type MainChange } from './main-branch.ts';
import type { Random } from './random.ts';

/** What a message is made from: chance, the ids of main's commits by mark, and the branch's own numbers. */
export interface Naming {
  readonly random: Random;
  readonly shas: ReadonlyMap<number, string>;
  readonly nextPull: () => number;
}

/** The ways people write a pick's message; `said` is how much it tells. */
export function messageOf({ random, shas, nextPull }: Naming, change: MainChange, silent: number): string {
  const own = nextPull();
  if (random.chance(silent)) return `Fix for the release, ${random.word()} (#${own})\n`;
  const url = `https://github.com/${SLUG}/pull/${change.pull}`;
  return random.pick([
    `${change.title} (#${change.pull}) (#${own})\n`,
    `${change.title} (#${change.pull}) (#${own})\n`,
    `[cherry-pick] ${change.title} (#${own})\n\nCherry-pick of #${change.pull}\n`,
    `[Cherry-Pick] ${change.title} (#${own})\n\nCherry picks ${url}\n`,
    `[release/1.0] ${change.title} (#${own})\n`,
    `${change.title} (#${own})\n\nBackport from #${change.pull}\n`,
    `Cherry Pick of #${change.pull} (#${own})\n`,
    `${change.title} (#${own})\n\n(cherry picked from commit ${shas.get(change.mark) ?? ''})\n`,
    // A trailer that names a commit nobody has: of a rebased branch.
    `${change.title} (#${own})\n\n(cherry picked from commit ${'deadbeef'.repeat(5)})\n`,
  ]);
}
