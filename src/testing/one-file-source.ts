import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a repository with one commit of one file below a folder, as the source of a sandbox's world; gives its path. */
export function oneFileSource(folder: string): string {
  const source = join(folder, 'source');
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.test'];
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', '--template=', '--', source]);
  writeFileSync(join(source, 'README.md'), 'core\n');
  execFileSync('git', ['-C', source, 'add', '--', 'README.md']);
  execFileSync('git', ['-C', source, ...identity, 'commit', '--quiet', '-m', 'Start']);
  return source;
}
