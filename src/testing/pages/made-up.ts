/** Made-up pages, as dense as real ones: the six main ones, every kind of block, hostile texts, and large ones. Nothing in them is true. */
export { NOW } from './parts.ts';
export { train } from './train.ts';
export { release } from './release.ts';
export { picks } from './picks.ts';
export { artifacts } from './artifacts.ts';
export { calendar } from './calendar.ts';
export { support } from './support.ts';
export { kinds } from './kinds.ts';
export { hostile } from './hostile.ts';
export { large } from './large.ts';
