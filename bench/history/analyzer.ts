/**
 * The approach of the old analyzer, written anew: `git log --format=fuller` of both branches from their beginning, parsed line by line into
 * commits, and for each thing to look for a search through the texts of the other side. `node analyzer.ts DIR`, in a process of its own.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BENCH_ENV } from './generate.ts';

interface OldCommit {
  readonly id: string;
  title: string;
  body: string;
}

/** What a run prints. */
export interface OldAnswer {
  readonly millis: number;
  readonly peakBytes: number;
  readonly claims: readonly { readonly line: string; readonly main: string }[];
}

const Asked = z.object({ commits: z.array(z.object({ mains: z.array(z.array(z.string())) })) });

function parse(text: string): readonly OldCommit[] {
  const commits: OldCommit[] = [];
  let open: OldCommit | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('commit ')) {
      open = { id: line.slice(7, 47), title: '', body: '' };
      commits.push(open);
    } else if (open !== null && line.startsWith('    ')) {
      if (open.title === '') open.title = line.slice(4);
      else open.body += `${line.slice(4)}\n`;
    }
  }
  return commits;
}

const [dir = ''] = process.argv.slice(2);
const asked = Asked.parse(JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8')));
const items = new Set(asked.commits.flatMap(({ mains }) => mains.flat()));
const started = performance.now();
const log = (branch: string): readonly OldCommit[] =>
  parse(
    execFileSync('git', ['-C', dir, 'log', '--format=fuller', branch], {
      env: BENCH_ENV,
      maxBuffer: 2 ** 30,
      encoding: 'utf8',
    }),
  );
const [main, line] = [log('main'), log('release/1.0')];
const onMain = new Set(main.map(({ id }) => id));
const claims: { line: string; main: string }[] = [];
for (const item of main) {
  if (!items.has(item.id)) continue;
  const number = /\(#(\d+)\)$/.exec(item.title)?.[1];
  const title = item.title.replace(/ \(#\d+\)$/, '');
  // It knows no sides: every text of the branch's whole log is searched, and what main has too is sorted out of what was found.
  for (const commit of line) {
    const isNamed = number !== undefined && (commit.title.includes(`#${number}`) || commit.body.includes(`#${number}`));
    if ((isNamed || commit.title.includes(title)) && !onMain.has(commit.id))
      claims.push({ line: commit.id, main: item.id });
  }
}
const answer: OldAnswer = {
  millis: performance.now() - started,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  claims,
};
console.log(JSON.stringify(answer));
