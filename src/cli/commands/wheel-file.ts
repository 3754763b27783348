import { resolve } from 'node:path';
import { findTrainFile } from '../../config/find.ts';
import type { Train } from '../../domain/train/train.ts';
import type { Session } from '../session.ts';

/** A file as the command line names it, from the folder the command works in; an address as it is. */
export function inFolder(named: string, folder: string): string {
  return /^https?:\/\//i.test(named) ? named : resolve(folder, named);
}

/** The train that is named or found; null where there is none, since wheels can be looked at without. */
export async function trainOrNone(session: Session): Promise<Train | null> {
  if (session.flags.text('train') === null && (await findTrainFile(session.folder)) === null) return null;
  // The schema of a train is large, and most wheels are looked at without one.
  const { loadedTrain } = await import('../train-file.ts');
  return (await loadedTrain(session)).train;
}
