import { constants, copyFile, open, stat, type FileHandle } from 'node:fs/promises';

const sizeAt = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

/**
 * Ext4 takes a file that was cut to nothing, as `copyFile` does at first, for one that is written anew in place, and starts to bring it to the disk
 * when it is closed: 800 MB take twice as long. Any closing counts, so it is done as soon as the copy has begun. Elsewhere it does nothing.
 */
async function closeOnce(target: string, isDone: () => boolean): Promise<void> {
  while (!isDone() && (await sizeAt(target)) === 0);
  const early = isDone() ? null : await open(target).catch(() => null);
  await early?.close();
}

/**
 * Copies what is held open to a path that may be written over, inside the kernel, sharing blocks where it can. Linux has a path for what is open,
 * so that it is this file even when another has come under its name meanwhile.
 */
export async function copyHeld(path: string, { fd }: FileHandle, target: string): Promise<void> {
  const held = `/proc/self/fd/${fd}`;
  const source = (await sizeAt(held)) === null ? path : held;
  let isDone = false;
  const copied = copyFile(source, target, constants.COPYFILE_FICLONE).finally(() => {
    isDone = true;
  });
  await Promise.all([copied, closeOnce(target, () => isDone)]);
}
