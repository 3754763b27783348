import type { Node } from './stage.ts';

/** What a picture's data is drawn as: how high it is at the width of 720, and the parts. */
export interface Drawing {
  readonly height: number;
  readonly parts: Node;
}
