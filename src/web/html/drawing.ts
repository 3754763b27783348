import type { Node } from './stage.ts';

/** What a picture's data is drawn as: its size, and the parts. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly parts: Node;
}
