export type { ZipDirectory } from './directory.ts';
export { usualLimits, type ZipLimits } from './limits.ts';
export { explain, shown, type ZipProblem } from './problem.ts';
export { readDirectory } from './read-directory.ts';
export { readEntries } from './read-entries.ts';
export { readHeaders } from './read-headers.ts';
export { rebuildZip, type ZipEdit } from './rebuild.ts';
export { walkEntries } from './walk.ts';
