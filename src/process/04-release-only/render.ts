import { fillText, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { unifiedDiff } from './diff.ts';
import type { ChangedFile, EditReport, UnmanagedPlace } from './edits/apply.ts';
import type { Target } from './read.ts';

/** A pull request as it would be opened, with the texts of its files before and after: what a dry run shows (CUT-15). */
export interface Proposal {
  readonly repo: RepoInRelease;
  readonly target: Target;
  readonly base: string;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly files: readonly ChangedFile[];
}

export function titleOf(train: Train, { release }: RepoInRelease, target: Target): string {
  const { onBranch, onMain } = train.pullRequests;
  return fillText(target === 'branch' ? onBranch : onMain, { release });
}

/** The hidden marker in the body of a pull request. */
export function pullMarker({ key, release }: RepoInRelease, target: Target): string {
  return `signalbox:${target === 'branch' ? 'release-only' : 'next'} ${key} ${release}`;
}

/** The message of the commit: title, and every edit with its count. */
export function commitMessage(title: string, reports: readonly EditReport[]): string {
  const done = reports.filter(({ matched }) => matched > 0);
  const lines = done.map(({ id, matched, files }) => `- ${id}: ${times(matched)} in ${count(files.length, 'file')}`);
  return [title, '', ...lines, ''].join('\n');
}

const MOST_LISTED = 50;

/** The body of the pull request: marker, table of edits, and what stays although it looks as if it should not. */
export function pullBody(marker: string, reports: readonly EditReport[], unmanaged: readonly UnmanagedPlace[]): string {
  const rows = reports.map(
    ({ id, kind, matched, already, files }) => `| ${id} | ${kind} | ${matched} | ${already} | ${files.length} |`,
  );
  const listed = unmanaged.slice(0, MOST_LISTED).map(placeLine);
  const more = unmanaged.length > MOST_LISTED ? [`- and ${unmanaged.length - MOST_LISTED} more`] : [];
  const rest = unmanaged.length === 0 ? [] : ['', '## Left as it is', '', ...listed, ...more];
  return [
    `<!-- ${marker} -->`,
    'Made from the edits that the train file declares for this branch. Each is listed with how often it matched.',
    '',
    '| edit | kind | changed | already so | files |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...rest,
    '',
  ].join('\n');
}

function placeLine({ path, line, text, why }: UnmanagedPlace): string {
  const place = line === 0 ? path : `${path}:${line}`;
  return `- ${code(place)} ${text === '' ? '' : `${code(text)} `}(${code(why)})`;
}

/** Text of a file as inline code: it comes from anybody, and must not end the code or start markup. */
function code(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return `\`${short.replaceAll('`', "'").replaceAll(/[\r\n]/g, ' ')}\``;
}

/** The would-be pull requests with their diffs, for people. */
export function renderProposals(proposals: readonly Proposal[]): string {
  return proposals
    .map(({ repo, title, head, base, files }) =>
      [
        `${repo.entry.slug ?? repo.key}: ${title}`,
        `  from ${head} into ${base}, ${count(files.length, 'file')}`,
        '',
        ...files.map(({ path, before, after }) => unifiedDiff(path, before, after)),
      ].join('\n'),
    )
    .join('\n\n');
}

function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
