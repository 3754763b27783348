import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { CommandStop } from '../../problem.ts';
import type { Theatre } from './theatre.ts';

export interface Installing {
  /** The list of files of the index. */
  readonly simple: string;
  readonly target: string;
  readonly packages: readonly string[];
}

/** Installs packages with pip from the index alone into a fresh folder, for the Linux and the Python that the world builds for. */
export async function installFrom({ aside, tell }: Theatre, { simple, target, packages }: Installing): Promise<void> {
  const asked = ['pip', 'install', '--index-url', simple, '--target', target, ...packages];
  aside(asked.join(' '));
  const machine = [
    '--platform',
    'manylinux_2_28_x86_64',
    '--python-version',
    '3.12',
    '--implementation',
    'cp',
    '--abi',
    'cp312',
  ];
  const quiet = [
    '--isolated',
    '--disable-pip-version-check',
    '--no-cache-dir',
    '--no-compile',
    '--root-user-action=ignore',
    '--only-binary=:all:',
    '-q',
  ];
  const code = await ended([
    '-m',
    'pip',
    'install',
    ...quiet,
    ...machine,
    '--index-url',
    simple,
    '--target',
    target,
    ...packages,
  ]);
  const installed = (await readdir(target)).filter((name) => name.endsWith('.dist-info')).toSorted();
  if (code !== 0) throw new CommandStop('failed', `pip could not install the release: it ended with ${code}`);
  tell(`pip installed ${installed.map((name) => name.replace('.dist-info', '')).join(', ')}.`);
}

function ended(argv: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', argv, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
