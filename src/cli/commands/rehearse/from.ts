import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { usage } from '../../problem.ts';
import { openMilestone, reviewAndMerge } from './neighbours.ts';
import type { Theatre } from './theatre.ts';
import type { CopiedRepo } from './train-file.ts';

const run = promisify(execFile);
/** A line that no real repository is on yet. */
export const FROM_RELEASE = '9.9.0';

/** A source as it was given: `[owner/name=]PATH_OR_URL[@BRANCH]`. */
export interface GivenSource {
  readonly source: string;
  readonly branch: string | null;
  readonly slug: string | null;
}

/** Reads one `--from`. The branch follows the last @ that is not part of an address (git@host, user@host). */
export function parseSource(text: string): GivenSource {
  const named = /^([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)=(.+)$/.exec(text);
  const rest = named?.[2] ?? text;
  const at = rest.lastIndexOf('@');
  const branch =
    at > 0 && !rest.slice(at).includes(':') && !/^[a-z+]+:\/\/[^/]*$/.test(rest.slice(0, at))
      ? rest.slice(at + 1)
      : null;
  const source = branch === null ? rest : rest.slice(0, at);
  if (/^$|^[-@]/.test(source) || branch === '' || branch?.startsWith('-') === true) {
    throw usage(
      `--from ${text.slice(0, 60)} is not a repository`,
      'write PATH_OR_URL, PATH_OR_URL@BRANCH or OWNER/NAME=PATH_OR_URL@BRANCH',
    );
  }
  return { source, branch, slug: named?.[1] ?? null };
}

/** owner/name of a source: what was given, else what its own origin or its address says, else its folder's name. Only reads. */
export async function slugOf({
  source,
  slug,
}: GivenSource): Promise<{ readonly owner: string; readonly name: string }> {
  const address = slug ?? (await originOf(source)) ?? source;
  const parts = address
    .replace(/\.git\/?$/, '')
    .split(/[/:+]/)
    .filter((part) => /^[A-Za-z0-9][\w.-]*$/.test(part));
  const name = parts.at(-1) ?? basename(source);
  const owner = /[/:+]/.test(address.replace(/^[./]+/, '')) && !address.startsWith('/') ? parts.at(-2) : undefined;
  return { owner: owner ?? 'local', name };
}

async function originOf(source: string): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['-C', source, 'config', '--get', 'remote.origin.url'], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    const address = stdout.trim();
    return /^(https?:\/\/|git@|ssh:\/\/)/.test(address) ? address : null;
  } catch {
    // No clone, no origin, or an address: then its own name has to do.
    return null;
  }
}

/** The short name of a repository in the train of the rehearsal. */
export function keyOf(name: string): string {
  const key = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-')
    .replace(/^[^a-z]+/, '');
  return key === '' ? 'repo' : key.slice(0, 40);
}

/** Cut, release-only changes and first candidate of the user's own repositories, all in the sandbox. Run again, it does nothing. */
export async function playFrom(theatre: Theatre, repos: readonly CopiedRepo[]): Promise<void> {
  const { chapter, types, tell, sandbox } = theatre;
  await chapter(`The branch cut of ${repos.map(({ key }) => key).join(', ')}`);
  await types('ada-rm', ['release', 'create', FROM_RELEASE, '--yes']);
  const [core] = repos;
  if (core !== undefined) await openMilestone(sandbox, core, FROM_RELEASE);
  await types('ada-rm', ['blockers', FROM_RELEASE]);
  await types('ada-rm', ['branch', 'cut', FROM_RELEASE, '--yes']);
  await chapter('Release-only changes');
  await types('ada-rm', ['branch', 'changes', FROM_RELEASE, '--yes']);
  for (const { owner, name } of repos) {
    const merged = await reviewAndMerge(sandbox, { owner, name }, 'bruno-rm');
    if (merged.length > 0)
      tell(
        `bruno-rm reviews and merges in ${name}: ${merged.map(({ number, title }) => `#${number} ${title}`).join('; ')}.`,
      );
  }
  await chapter('Once more: a second run does nothing');
  await types('ada-rm', ['branch', 'cut', FROM_RELEASE, '--yes']);
  await types('ada-rm', ['branch', 'changes', FROM_RELEASE, '--yes']);
  await types('ada-rm', ['status', FROM_RELEASE]);
}
