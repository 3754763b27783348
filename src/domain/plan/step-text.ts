import { shortId, shortRef } from '../git-names.ts';
import type { FileAt, PublishMetadataStep, PublishPageStep, PushPickStep, Reversible, Step } from './step.ts';
import { sizeText } from '../size.ts';
import type { Plan } from './plan.ts';

/** One row of a step: its sign (+ create, ~ change, - delete), the word of its kind, the repository, and what. */
export interface StepRow {
  readonly sign: '+' | '~' | '-';
  readonly kind: string;
  readonly repo: string;
  readonly what: string;
}

/** The rows of a step; a push of several refs has a row for each. */
export function rowsOf(step: Step): readonly [StepRow, ...StepRow[]] {
  switch (step.kind) {
    case 'push-refs': {
      const rows = step.updates.map(({ ref, from, to }): StepRow => {
        const kind = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
        if (to === null)
          return {
            sign: '-',
            kind,
            repo: step.repo,
            what: `${shortRef(ref)}  was at ${from === null ? 'nothing' : shortId(from)}`,
          };
        return { sign: from === null ? '+' : '~', kind, repo: step.repo, what: `${shortRef(ref)}  at ${shortId(to)}` };
      });
      const [first, ...rest] = rows;
      return [first ?? { sign: '~', kind: 'branch', repo: step.repo, what: 'nothing' }, ...rest];
    }
    case 'push-commit': {
      const files = `${step.files.length} ${step.files.length === 1 ? 'file' : 'files'}`;
      return [
        {
          sign: step.from === null ? '+' : '~',
          kind: 'commit',
          repo: step.repo,
          what: `${step.branch}  ${files} on ${shortId(step.parent)}`,
        },
      ];
    }
    case 'push-pick':
      return pickRows(step);
    case 'push-tag':
      return [{ sign: '+', kind: 'tag', repo: step.repo, what: `${step.tag}  at ${shortId(step.commit)}` }];
    case 'open-pull-request':
    case 'create-milestone':
    case 'ensure-label':
    case 'create-issue':
    case 'set-milestone':
    case 'write-comment':
    case 'close':
    case 'draft-release':
    case 'attach-file':
    case 'publish-release':
    case 'rerun-jobs':
      return [forgeRow(step)];
    case 'publish-metadata':
    case 'publish-page':
      return [channelRow(step)];
    case 'copy-file':
    case 'reversion-file':
    case 'remove-file':
    case 'record-digest':
    case 'upload-file':
    case 'yank-release':
    case 'read-back':
      return [fileRow(step)];
  }
}

type ForgeStep = Extract<
  Step,
  {
    kind:
      | 'open-pull-request'
      | 'create-milestone'
      | 'ensure-label'
      | 'create-issue'
      | 'set-milestone'
      | 'write-comment'
      | 'close'
      | 'draft-release'
      | 'attach-file'
      | 'publish-release'
      | 'rerun-jobs';
  }
>;

/** What happens on the forge. */
function forgeRow(step: ForgeStep): StepRow {
  const { repo } = step;
  switch (step.kind) {
    case 'open-pull-request': {
      const milestone = step.milestone === undefined ? '' : `  in milestone ${step.milestone}`;
      return { sign: '+', kind: 'pull', repo, what: `${step.head} to ${step.base}${milestone}` };
    }
    case 'create-milestone':
      return { sign: '+', kind: 'milestone', repo, what: step.title };
    case 'ensure-label':
      return { sign: '+', kind: 'label', repo, what: step.name };
    case 'create-issue':
      return { sign: '+', kind: 'issue', repo, what: step.title };
    case 'set-milestone': {
      const to = step.to === null ? `out of ${step.from ?? 'no milestone'}` : `into ${step.to}`;
      return { sign: '~', kind: 'milestone', repo, what: `#${step.item} ${to}` };
    }
    case 'write-comment':
      return { sign: '+', kind: 'comment', repo, what: `under #${step.item}` };
    case 'close':
      if (step.what === 'release') return { sign: '-', kind: 'draft', repo, what: `release ${step.title}` };
      return { sign: '~', kind: 'close', repo, what: `${step.what} #${step.number} ${step.title}` };
    case 'draft-release':
      return { sign: '+', kind: 'draft', repo, what: `release ${step.tag}  at ${shortId(step.commit)}` };
    case 'attach-file':
      return { sign: '+', kind: 'attach', repo, what: `${step.name}  to release ${step.tag}` };
    case 'publish-release':
      return { sign: '~', kind: 'publish', repo, what: `release ${step.tag}` };
    case 'rerun-jobs': {
      const [name = '', ...more] = step.names;
      const what = more.length === 0 ? name : `${step.names.length} failed jobs`;
      return {
        sign: '~',
        kind: 'rerun',
        repo,
        what: `${what}  of ${step.tag}, run ${step.run} attempt ${step.attempt}`,
      };
    }
  }
}

type FileStep = Extract<
  Step,
  {
    kind:
      | 'copy-file'
      | 'reversion-file'
      | 'remove-file'
      | 'record-digest'
      | 'upload-file'
      | 'yank-release'
      | 'read-back';
  }
>;

/** What happens to files of channels and of package indexes. */
function fileRow(step: FileStep): StepRow {
  const { repo } = step;
  switch (step.kind) {
    case 'copy-file': {
      const sign = step.before === null ? '+' : '~';
      return {
        sign,
        kind: 'copy',
        repo,
        what: `${placeOf(step.to)}  ${sizeText(step.size)} from ${step.from.channel}`,
      };
    }
    case 'reversion-file': {
      const sign = step.before === null ? '+' : '~';
      return { sign, kind: 'wheel', repo, what: `${placeOf(step.to)}  from ${step.from.channel}` };
    }
    case 'remove-file':
      return { sign: '-', kind: 'remove', repo, what: placeOf(step.at) };
    case 'record-digest':
      return { sign: '~', kind: 'digest', repo, what: placeOf(step.at) };
    case 'upload-file':
      return { sign: '+', kind: 'upload', repo, what: `${step.file}  ${sizeText(step.size)} to ${step.to.channel}` };
    case 'yank-release':
      return { sign: '~', kind: 'yank', repo, what: `${step.project} ${step.version}  on ${step.to.channel}` };
    case 'read-back': {
      const files = `${step.files.length} ${step.files.length === 1 ? 'file' : 'files'}`;
      return {
        sign: '~',
        kind: 'read',
        repo,
        what: `${step.place === 0 ? step.channel : `${step.channel}#${step.place}`}  ${files} as everybody sees them`,
      };
    }
  }
}

/** `stable/cu126/torch-….whl`, with the number of a mirror. */
function placeOf({ channel, place, key }: FileAt): string {
  return `${place === 0 ? channel : `${channel}#${place}`}/${key}`;
}

/** The pick, and the commands that make its conflicting generated files again. */
function pickRows({
  repo,
  commits,
  from,
  does,
  branch,
  onto,
  generated = [],
}: PushPickStep): readonly [StepRow, ...StepRow[]] {
  const count = `${commits.length} ${commits.length === 1 ? 'commit' : 'commits'}`;
  return [
    { sign: from === null ? '+' : '~', kind: does, repo, what: `${branch}  ${count} on ${shortId(onto)}` },
    ...generated.map(({ command, files }): StepRow => ({
      sign: '~',
      kind: 'run',
      repo,
      what: `${command.join(' ')}  makes ${files.join(' ')}`,
    })),
  ];
}

function channelRow(step: PublishMetadataStep | PublishPageStep): StepRow {
  const { repo, channel } = step;
  if (step.kind === 'publish-metadata') {
    const files = `${step.files.length} metadata ${step.files.length === 1 ? 'file' : 'files'}`;
    return { sign: '+', kind: 'metadata', repo, what: `${folderOf(channel, step.folder)}  ${files}` };
  }
  const { change, before, after, page } = step;
  const sign = after.json === null ? '-' : before.html === null && before.json === null ? '+' : '~';
  const what = `${folderOf(channel, page.folder)}${page.project ?? ''}  +${change.add.length} -${change.remove.length}`;
  return { sign, kind: 'index', repo, what };
}

/** `test/cu126/`. */
function folderOf(channel: string, folder: string): string {
  return folder === '' ? `${channel}/` : `${channel}/${folder}/`;
}

/** The step in one short text: `tag core v2.8.0-rc3`. */
export function stepText(step: Step): string {
  const rows = rowsOf(step);
  const [first] = rows;
  const names = rows.map((row) => row.what.split('  ')[0] ?? row.what).join(', ');
  return `${first.kind} ${first.repo} ${names}`;
}

const UNDO_WORDS = { yes: 'full', partly: 'partial', never: 'none' } as const satisfies Record<Reversible, string>;

/** How a step can be taken back, in the one word of column UNDO. */
export function undoWord({ reversible }: Pick<Step, 'reversible'>): (typeof UNDO_WORDS)[Reversible] {
  return UNDO_WORDS[reversible];
}

/** What is meant by partial and none in a plan, once for each text. */
export function undoTexts(plan: Plan): readonly string[] {
  const limited = plan.body.steps.filter(({ reversible }) => reversible !== 'yes');
  return [...new Set(limited.map((step) => `${undoWord(step)}: ${step.undo.replace(/^none: /u, '')}`))];
}

/** `Plan: 3 to create, 1 to change, 1 cannot be undone.` */
export function countsText(plan: Plan): string {
  const signs = plan.body.steps.map((step) => rowsOf(step)[0].sign);
  const count = (sign: StepRow['sign'], words: string): readonly string[] => {
    const number = signs.filter((each) => each === sign).length;
    return number === 0 ? [] : [`${number} ${words}`];
  };
  const never = plan.body.steps.filter((step) => step.reversible === 'never').length;
  const parts = [
    ...count('+', 'to create'),
    ...count('~', 'to change'),
    ...count('-', 'to delete'),
    ...(never === 0 ? [] : [`${never} cannot be undone`]),
  ];
  return `Plan: ${parts.join(', ')}.`;
}
