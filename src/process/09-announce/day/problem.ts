import type { ReleaseVersion } from '../../../domain/version.ts';

/** Why a step of the release day is refused. */
export type DayProblem = { readonly release: ReleaseVersion } & (
  | { readonly code: 'no-day-list' }
  | { readonly code: 'day-over' }
  | {
      readonly code: 'step-unknown';
      readonly step: string;
      readonly like: string | null;
      readonly known: readonly string[];
    }
  | {
      readonly code: 'step-too-early';
      readonly step: string;
      readonly number: number;
      readonly before: { readonly number: number; readonly id: string; readonly title: string; readonly why: string };
    }
  | {
      readonly code: 'step-done';
      readonly step: string;
      readonly by: string | null;
      readonly at: string | null;
      /** The gates that show it; none of a manual step, which somebody said. */
      readonly gates: readonly string[];
    }
  | {
      readonly code: 'step-not-manual';
      readonly step: string;
      readonly kind: 'auto' | 'gate';
      readonly gates: readonly string[];
    }
  | { readonly code: 'step-not-done'; readonly step: string }
  | { readonly code: 'evidence-needed'; readonly step: string; readonly title: string }
  | { readonly code: 'evidence-bad'; readonly given: string }
);

/** What is wrong, with which thing, and what to do next. */
export function explainDay(problem: DayProblem): string {
  const { release } = problem;
  switch (problem.code) {
    case 'no-day-list':
      return `The train has no list for the release day of ${release}. Say what is done, in order: signalbox config explain releaseDay.steps`;
    case 'day-over':
      return `Every step of the release day of ${release} is done. See: signalbox day check ${release}`;
    case 'step-unknown': {
      const meant = problem.like === null ? '' : ` Did you mean ${problem.like}?`;
      return `The release day of ${release} has no step "${problem.step}".${meant} It has: ${problem.known.join(', ')}.`;
    }
    case 'step-too-early': {
      const { before, number, step } = problem;
      return `Step ${number}, ${step}, comes after step ${before.number}, ${before.id} (${before.title}), which is open: ${before.why}. Do that first: signalbox day run ${release} ${before.id}`;
    }
    case 'step-done': {
      const { step, by, at, gates } = problem;
      const [gate] = gates;
      const who = by === null ? '' : ` by @${by}`;
      const when = at === null ? '' : `, ${at.slice(0, 16).replace('T', ' ')} UTC`;
      const wrong =
        gate === undefined
          ? `If that is wrong: signalbox day run ${release} ${step} --reopen -m WHY`
          : `That is seen, and nobody said it: signalbox gate show ${release} ${gate}`;
      return `Step ${step} is done already${who}${when}. ${wrong}`;
    }
    case 'step-not-manual':
      return problem.kind === 'auto'
        ? `Step ${problem.step} is done by its plan, not by saying so: signalbox day run ${release} ${problem.step}`
        : `Step ${problem.step} is a gate: it is done once ${problem.gates.join(', ')} ${problem.gates.length === 1 ? 'is' : 'are'} open. See: signalbox gate show ${release} ${problem.gates[0] ?? ''}`;
    case 'step-not-done':
      return `Step ${problem.step} was not said to be done, so that there is nothing to take back. See: signalbox day check ${release}`;
    case 'evidence-needed':
      return `Step ${problem.step} (${problem.title}) is done once it can be seen. Say where: signalbox day run ${release} ${problem.step} --evidence https://...`;
    case 'evidence-bad':
      return `"${problem.given.slice(0, 80)}" is no address. Evidence is a link that others can open: --evidence https://...`;
  }
}
