/** Why a file with results cannot be compared. Each names the file, and the benchmark where it is one. */
export type ResultsProblem =
  | { readonly code: 'results-too-large'; readonly file: string; readonly bytes: number; readonly most: number }
  | { readonly code: 'results-no-json'; readonly file: string; readonly why: string }
  | { readonly code: 'results-unknown-shape'; readonly file: string; readonly why: string }
  | { readonly code: 'benchmark-twice'; readonly file: string; readonly benchmark: string }
  | { readonly code: 'benchmark-empty'; readonly file: string; readonly benchmark: string }
  | {
      readonly code: 'sample-no-measurement';
      readonly file: string;
      readonly benchmark: string;
      /** From 1. */
      readonly place: number;
      readonly value: string;
    }
  | {
      readonly code: 'benchmark-mixed';
      readonly file: string;
      readonly benchmark: string;
      readonly what: 'unit' | 'better';
      readonly is: string;
      readonly was: string;
      readonly before: string;
    };

/** The problem for people: what is wrong, with which file and benchmark, and what to do. */
export function explainResults(problem: ResultsProblem): string {
  switch (problem.code) {
    case 'results-too-large':
      return `${problem.file} has ${problem.bytes} bytes, and at most ${problem.most} are read. Leave out what is not compared.`;
    case 'results-no-json':
      return `${problem.file} is no JSON: ${problem.why}. Write it anew.`;
    case 'results-unknown-shape':
      return `${problem.file} has the shape of no results that can be read (docs/performance.md): ${problem.why}.`;
    case 'benchmark-twice':
      return `${problem.file} has the benchmark ${problem.benchmark} twice. Give each a name of its own.`;
    case 'benchmark-empty':
      return `${problem.file}: the benchmark ${problem.benchmark} has no samples. Measure it, or leave it out.`;
    case 'sample-no-measurement':
      return `${problem.file}: sample ${problem.place} of ${problem.benchmark} is ${problem.value}, and a measurement is a number above 0. Measure it anew, or leave the benchmark out (final.performance.SUITE.rules with ignore).`;
    case 'benchmark-mixed':
      return `${problem.file}: ${problem.benchmark} has the ${problem.what} ${problem.is}, and ${problem.was} in ${problem.before}. Numbers of two kinds are not compared.`;
  }
}
