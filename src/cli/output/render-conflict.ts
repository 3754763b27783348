import type { PickAnswer } from '../../app/picks.ts';
import { shortId } from '../../domain/git-names.ts';
import { cutMiddle, neutral } from './text.ts';

export type PickProblem = NonNullable<PickAnswer['problem']>;
export type Conflict = Extract<PickProblem, { readonly code: 'conflict' }>;

const MOST_FILES = 20;

/** What conflicts, what is missing on the branch, and how to resolve it by hand: lines of text, commands whole. */
export function conflictText({ does, commit, branch, pickBranch, pr, ...found }: Conflict): readonly string[] {
  const { conflicts, prerequisites, generated } = found;
  const verb = does === 'pick' ? 'cherry-pick -x' : 'revert';
  return [
    ...conflicts.slice(0, MOST_FILES).map(({ path, kind, ranges }) => {
      const lines = ranges.map(({ first, last }) => (last <= first ? String(first) : `${first}-${last}`)).join(', ');
      return `${path}${lines === '' ? '' : /^\d+$/u.test(lines) ? ` line ${lines}` : ` lines ${lines}`}: ${kind.replace(/^CONFLICT /u, '')}`;
    }),
    ...(conflicts.length > MOST_FILES ? [`... ${conflicts.length - MOST_FILES} more files`] : []),
    ...generated.map(({ path, command }) => `${path} is generated: make it again with ${command.join(' ')}`),
    ...prerequisites.flatMap(({ commit: id, subject, touched }) => [
      `not on ${branch}, and changed the same ${touched === 'lines' ? 'lines' : 'file'} before it:`,
      `  ${shortId(id)} ${cutMiddle(neutral(subject), 60)}`,
      ...askFor(subject, found.repo, branch),
    ]),
    'or resolve it by hand:',
    '  git fetch origin',
    `  git switch -c ${pickBranch} origin/${branch}`,
    `  git ${verb} ${shortId(commit)}`,
    `  open a pull request to ${branch} with "Cherry-pick of #${pr}" in its text`,
  ];
}

/** Where the subject ends with a number, the command that would ask for that one first. */
function askFor(subject: string, repo: string, branch: string): readonly string[] {
  const number = /\(#(\d{1,8})\)$/u.exec(subject.trim())?.[1];
  return number === undefined ? [] : [`  signalbox pick request ${number} --repo ${repo} --onto ${branch} -c CLASS`];
}

/** What to do about a refusal of a pick, as commands of this program. */
export function nextSteps(problem: PickProblem, pr: number): readonly string[] {
  if (problem.code === 'conflict') return conflictText(problem);
  if (problem.code === 'branch-not-live') return [];
  const name = `${pr} --repo ${problem.repo} --onto ${problem.branch}`;
  if ((problem.code === 'window-closed' && !problem.final) || problem.code === 'class-not-in-phase')
    return [`a release manager: signalbox pick dispense ${name} -m REASON --until WHEN`];
  if (problem.code === 'no-such-pick') return [`signalbox pick request ${name} -c CLASS`];
  if (problem.code === 'refused-before') return [`a release manager: signalbox pick reopen ${name} -m REASON`];
  return [];
}
