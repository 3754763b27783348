import { closest } from '../../domain/suggest.ts';
import type { MatrixProblem } from './build-matrix.ts';
import type { ChoiceProblem } from './select-cells.ts';

const PYTHON = /^\d{1,2}\.\d{1,3}t?$/;

/** What is wrong with what was asked of the expected artifacts, and what to do about it. */
export function explainMatrix(problem: ChoiceProblem | MatrixProblem): string {
  switch (problem.code) {
    case 'value-unknown': {
      const { dimension, said, known } = problem;
      const shown = said.slice(0, 60);
      if (dimension === 'python' && !PYTHON.test(said))
        return `"${shown}" is not a Python build: write 3.13, 3.13t, several with commas, or a JSON list of them.`;
      const near = closest(said, known);
      return `The release has no ${dimension} "${shown}".${near === null ? '' : ` Did you mean ${near}?`} It has: ${known.join(', ')}.`;
    }
    case 'nothing-expected':
      return problem.reasons.length === 0
        ? 'Nothing is built for what was chosen: the matrix would be empty. Leave one of the choices out.'
        : `Nothing is built for what was chosen, by policy: the matrix would be empty. ${problem.reasons.join(' ')}`;
    case 'channel-unknown': {
      const near = closest(problem.said, problem.known);
      return `The train has no channel "${problem.said.slice(0, 60)}".${near === null ? '' : ` Did you mean ${near}?`} It has: ${problem.known.join(', ')}.`;
    }
    case 'no-place':
      return problem.kind === 'image'
        ? `The train file names no image for ${problem.channel === 'all' ? 'any channel' : `channel ${problem.channel}`} and what was chosen. See: signalbox config explain artifacts.images`
        : `Channel ${problem.channel} holds no ${problem.kind} files of what was chosen, at an address that everybody can install from. Choose another --kind or --channel, or add the place to the train file: signalbox config explain channels`;
    case 'no-companion':
      return `The support matrix gives ${problem.accelerator} no companion library, but the image's tag ${problem.tag} names its version. Add \`companion\` to its builds: signalbox config explain support.lines`;
    case 'too-many-rows':
      return `The matrix would have ${problem.count} rows; GitHub starts at most ${problem.most} jobs from one. Make one for each package, with --package, or narrow it with --platform or --kind.`;
  }
}
