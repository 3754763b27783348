/** What a commit of the release branch is made as. */
export type Kind = 'exact' | 'edited' | 'multi' | 'partial' | 'empty' | 'release-only' | 'misleading' | 'forwarded';

/** How a generated repository is: the shares in which things happen in it. */
export interface Shape {
  /** How many of 100 commits of the release branch are what. */
  readonly mix: readonly (readonly [Kind, number])[];
  /** Shares of picks that say nothing of what they pick, of those as they were and of those edited. */
  readonly silent: number;
  readonly silentEdited: number;
  /** The share of main's titles that many commits have. */
  readonly commonTitles: number;
  /** The share of main's changes that touch two files. */
  readonly twoFiles: number;
  /** The share of main's changes of which all but the first line is anybody's (`}`, `pass`). */
  readonly plainLines: number;
  /** The share of edited picks of which two lines were changed by hand. */
  readonly twiceEdited: number;
}

/** The shape by which the rules were made; its recall is no independent measure. */
export const TUNED: Shape = {
  mix: [
    ['exact', 50],
    ['edited', 20],
    ['multi', 5],
    ['partial', 4],
    ['empty', 2],
    ['release-only', 7],
    ['misleading', 5],
    ['forwarded', 4],
  ],
  silent: 0.08,
  silentEdited: 0.04,
  commonTitles: 0.04,
  twoFiles: 0.25,
  plainLines: 0.2,
  twiceEdited: 0,
};

/** Another one, on which nothing was tuned: more that is edited, partial and silent, more titles that many have. */
export const HELD_OUT: Shape = {
  mix: [
    ['exact', 35],
    ['edited', 27],
    ['multi', 9],
    ['partial', 8],
    ['empty', 3],
    ['release-only', 8],
    ['misleading', 6],
    ['forwarded', 4],
  ],
  silent: 0.16,
  silentEdited: 0.06,
  commonTitles: 0.1,
  twoFiles: 0.4,
  plainLines: 0.3,
  twiceEdited: 0.3,
};
