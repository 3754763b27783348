import { spawnSync } from 'node:child_process';

/** Whether this machine has pip, as users install with. */
export function hasPip(): boolean {
  return spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0;
}
