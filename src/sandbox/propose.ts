import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ActorError, type Stage } from './actors.ts';
import { gitEnvironment, gitText } from './git.ts';

/** A change that somebody writes: whole files on top of a branch, pushed to a branch of its own and proposed as a pull request. */
export interface ChangeToPropose {
  readonly owner: string;
  readonly name: string;
  readonly by: string;
  readonly branch: string;
  /** What it is to be merged into; main unless told. */
  readonly base?: string;
  readonly title: string;
  readonly body: string;
  readonly files: Readonly<Record<string, string>>;
  /** Symbolic links: where each leads, by path. */
  readonly symlinks?: Readonly<Record<string, string>>;
}

const Opened = z.object({ number: z.number() });

/** Writes the change as its author would: clone, commit, push, open. Answers the number of the pull request. */
export async function proposeChange(stage: Stage, change: ChangeToPropose): Promise<number> {
  const token = stage.tokens[change.by];
  if (token === undefined) throw new ActorError(`There is no account "${change.by}" in this world.`);
  await pushChange(stage, token, change);
  const { owner, name, branch, base = 'main', title, body } = change;
  const answer = await fetch(`${stage.apiUrl}/repos/${owner}/${name}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ head: branch, base, title, body }),
  });
  if (!answer.ok)
    throw new ActorError(`${change.by} could not open a pull request: ${answer.status} ${await answer.text()}`);
  return Opened.parse(await answer.json()).number;
}

async function pushChange(stage: Stage, token: string, change: ChangeToPropose): Promise<void> {
  const { owner, name, by, branch, base = 'main', title, files, symlinks = {} } = change;
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-author-'));
  const url = `${new URL(stage.apiUrl).origin}/${owner}/${name}.git`;
  const authorization = `Authorization: Basic ${Buffer.from(`${by}:${token}`).toString('base64')}`;
  const env = { ...gitEnvironment({ 'http.extraHeader': authorization }), GIT_INDEX_FILE: join(folder, 'index') };
  const git = (args: readonly string[], input?: string): Promise<string> =>
    gitText(folder, args, input === undefined ? { env } : { env, input });
  try {
    await gitText(null, ['init', '--quiet', '--bare', '--template=', '--', folder]);
    await git(['fetch', '--quiet', '--depth=1', url, `+refs/heads/${base}:refs/heads/base`]);
    await git(['read-tree', 'refs/heads/base']);
    const entries = [
      ...Object.entries(files).map((file) => ['100644', ...file] as const),
      ...Object.entries(symlinks).map((link) => ['120000', ...link] as const),
    ];
    for (const [mode, path, content] of entries) {
      const blob = await git(['hash-object', '-w', '--stdin'], content);
      await git(['update-index', '--add', '--cacheinfo', `${mode},${blob},${path}`]);
    }
    const tree = await git(['write-tree']);
    const date = stage.now === undefined ? {} : { DATE: stage.now() };
    const who = { NAME: by, EMAIL: `${by}@users.noreply.sandbox.test`, ...date };
    const people = Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) =>
        Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value]),
      ),
    );
    const commit = await gitText(folder, ['commit-tree', tree, '-p', 'refs/heads/base', '-F', '-'], {
      env: { ...env, ...people },
      input: `${title}\n`,
    });
    await git(['push', '--quiet', url, `${commit}:refs/heads/${branch}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
