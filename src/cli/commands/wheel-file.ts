import { resolve } from 'node:path';

/** A file as the command line names it, from the folder the command works in; an address as it is. */
export function inFolder(named: string, folder: string): string {
  return /^https?:\/\//i.test(named) ? named : resolve(folder, named);
}
