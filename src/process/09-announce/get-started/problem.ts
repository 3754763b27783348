import type { JsonProblem } from './json-text.ts';

/** Why the files of the get-started page cannot be made for a release. */
export type StartProblem =
  | {
      readonly code: 'slots-short';
      readonly accelerator: string;
      readonly slots: readonly string[];
      readonly versions: readonly string[];
    }
  | ({ readonly code: 'not-json'; readonly file: string } & JsonProblem)
  | { readonly code: 'not-the-shape'; readonly file: string; readonly what: string }
  | { readonly code: 'no-address'; readonly channel: string; readonly holds: string }
  | { readonly code: 'nothing-built'; readonly release: string };

/** What is wrong, with which thing, and what to do about it. */
export function explainStart(problem: StartProblem): string {
  switch (problem.code) {
    case 'slots-short': {
      const { accelerator, slots, versions } = problem;
      return `The release has ${versions.length} versions of ${accelerator} (${versions.join(', ')}), and the page has ${slots.length} ${slots.length === 1 ? 'button' : 'buttons'} for it (${slots.join(', ')}). Give it another button, in the page and in the train, or say how many are shown: signalbox config explain releaseDay.getStarted.accelerators`;
    }
    case 'not-json':
      return `${problem.file}, line ${problem.line}: ${problem.reason}, so that it cannot be edited. Mend it on the website's branch first.`;
    case 'not-the-shape':
      return `${problem.file} is not as this train's page is: ${problem.what}. Mend the file, or tell the train how the page is now: signalbox config explain releaseDay.getStarted`;
    case 'no-address':
      return `No place of channel ${problem.channel} that holds ${problem.holds} has a public address, so that no command can name it. Give it one: signalbox config explain channels.${problem.channel}.places`;
    case 'nothing-built':
      return `${problem.release} has no wheel for any button of the page. Record the candidate's files: signalbox artifact record ${problem.release}-rcN`;
  }
}
