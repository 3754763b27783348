import { COMMANDS } from './commands/index.ts';
import { helpAnswer } from './help-answer.ts';

// `signalbox log | head` closes the pipe early: that is no failure of ours, and there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// With nobody left to read the progress, the work goes on all the same and ends with its own code.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Help is answered from the tree alone, in the one file that this is bundled to; everything else is in run.ts, commands on wheels in a file of their own.
const argv = process.argv.slice(2);
const help = helpAnswer(COMMANDS, argv);
if (help === null) {
  const { runCli } = argv[0] === 'wheel' ? await import('./run-wheel.ts') : await import('./run.ts');
  process.exitCode = await runCli(argv);
} else {
  process[help.exit === 0 ? 'stdout' : 'stderr'].write(help.text);
  process.exitCode = help.exit;
}
