import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { TRAIN_FILE } from '../config/find.ts';
import { newTrainText } from '../config/template.ts';
import { RepoSlug } from '../domain/repo.ts';
import { BranchName } from '../domain/git-names.ts';
import { refuse, succeed, type Result } from '../domain/result.ts';
import type { AppProblem } from './problem.ts';

export interface InitInput {
  /** Absolute path of the folder; made where it is missing. */
  readonly folder: string;
  readonly core: string;
  readonly source: string;
  readonly manager: string;
}

/** Writes a train file to start from; an existing one is never touched. Answers with its path. */
export async function initTrain({ folder, core, source, manager }: InitInput): Promise<Result<string, AppProblem>> {
  const slug = RepoSlug.safeParse(core);
  if (!slug.success)
    return refuse({
      kind: 'usage',
      code: 'not-a-repository',
      text: `--core "${core.slice(0, 60)}" is not a repository of a forge: write owner/name.`,
    });
  const branch = BranchName.safeParse(source);
  if (!branch.success)
    return refuse({
      kind: 'usage',
      code: 'not-a-branch',
      text: `--source "${source.slice(0, 60)}" is not a branch name that git accepts.`,
    });
  const name = shortName(basename(resolve(folder)));
  const text = newTrainText({
    train: name,
    title: name,
    manager,
    core: { key: 'core', slug: slug.data, source: branch.data },
  });
  const path = join(folder, TRAIN_FILE);
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return refuse({
      kind: 'refused',
      code: 'train-exists',
      text: `${path} exists already and was left as it is. Check it: signalbox config check`,
    });
  }
  return succeed(path);
}

/** The folder's name as a name of a train. */
function shortName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40);
  return name.replace(/-+$/, '') || 'train';
}
