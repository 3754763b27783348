import type { Guard } from '../../domain/train/guard.ts';
import { readWorkflow } from '../../workflow/index.ts';
import type { ForgeRules, WorkflowTexts } from './guard-facts.ts';

const COMMIT = /^[0-9a-f]{40}$/u;

/** Branches that may be deleted or rewritten, and patterns of tags that may be moved or deleted, in words. */
export function ruleFindings({ branches, tags }: ForgeRules, guard: Guard): readonly string[] {
  return [
    ...branches.flatMap(({ branch, kinds }) => {
      const may = [
        ...(kinds.includes('deletion') ? [] : ['deleted']),
        ...(kinds.includes('non_fast_forward') ? [] : ['rewritten']),
      ];
      return may.length === 0 ? [] : [`${branch} may be ${may.join(' and ')}: no active rule forbids it`];
    }),
    ...guard.tags.flatMap((pattern) => {
      const kinds = tags.filter((one) => coversTag(one, pattern)).flatMap((one) => one.kinds);
      const may = [...(kinds.includes('deletion') ? [] : ['deleted']), ...(kinds.includes('update') ? [] : ['moved'])];
      return may.length === 0 ? [] : [`tags ${pattern} may be ${may.join(' and ')}: no active rule forbids it`];
    }),
  ];
}

/** Only a ruleset for exactly these tags or for more, without exceptions among them, is known to hold: patterns are not solved. */
function coversTag({ include, exclude }: ForgeRules['tags'][number], pattern: string): boolean {
  const covers = (each: string): boolean =>
    each === '~ALL' || each === `refs/tags/${pattern}` || each === 'refs/tags/*' || each === 'refs/tags/**/*';
  return include.some(covers) && exclude.length === 0;
}

/** Actions of others that are named by what can be moved, with file and line; and files that are no workflows. */
export function actionFindings({ files }: WorkflowTexts, guard: Guard): readonly string[] {
  return files.flatMap(({ path, text }) => {
    if (text === null) return [`${path}:1 is no text`];
    const read = readWorkflow(path, text);
    if (!read.ok) return read.problems.map(({ at, text: why }) => `${at.path}:${at.line} ${why}`);
    return read.value.jobs.flatMap(({ uses, calls, at }) => {
      const called = calls === null ? [] : [{ reference: calls.reference, at }];
      return [...uses, ...called].flatMap((used) =>
        isPinned(used.reference, guard) ? [] : [`${used.at.path}:${used.at.line} ${used.reference} is not a commit`],
      );
    });
  });
}

/** `./path`, a commit, an image by its digest, or something of an owner whom the train trusts. */
function isPinned(reference: string, { ownActions }: Guard): boolean {
  if (reference.startsWith('./')) return true;
  if (reference.startsWith('docker://')) return /@sha256:[0-9a-f]{64}$/u.test(reference);
  const [name = '', version = ''] = reference.split('@');
  const [owner = '', repo = ''] = name.split('/');
  const isOwn = ownActions.some((own) =>
    [owner, `${owner}/${repo}`].some((each) => each.toLowerCase() === own.toLowerCase()),
  );
  return isOwn || COMMIT.test(version);
}

/** Lines that publish with a token that lives long; comments do not count. */
export function tokenFindings({ files }: WorkflowTexts, { tokens }: Guard): readonly string[] {
  return files.flatMap(({ path, text }) =>
    (text ?? '').split('\n').flatMap((line, index) => {
      const code = line.replace(/(?:^|\s)#.*$/u, '');
      const token = tokens.find((each) => code.includes(each));
      return token === undefined ? [] : [`${path}:${index + 1} publishes with ${token}, a token that lives long`];
    }),
  );
}

/** Publishing workflows of a repository that are not there, or ask for no identity. */
export function publisherFindings(
  { branch, files }: WorkflowTexts,
  repo: string,
  { publishers }: Guard,
): readonly string[] {
  return publishers.flatMap(({ repo: of, workflow }) => {
    if (of !== repo) return [];
    const file = files.find(({ path }) => path === workflow);
    if (file === undefined) return [`${workflow} publishes, and ${branch} has no such workflow`];
    const asks = /^\s*id-token:\s*["']?write/mu.test(file.text ?? '');
    return asks ? [] : [`${workflow}:1 publishes, and asks for no identity (id-token: write)`];
  });
}
