import type { RunCommand } from '../../server/command-route.ts';
import { failureLines } from '../failure.ts';
import { helpAnswer } from '../help-answer.ts';
import { paint, widthFor } from '../output/style.ts';
import type { Session, Sink, Terminal } from '../session.ts';
import { notForServers } from '../remote/place.ts';

/** What runs command lines: a session of the command line itself. */
export interface CommandHost extends Pick<Session, 'commands' | 'runAnother'> {
  readonly now: Terminal['now'];
}

/** Runs command lines on the server, each on the terminal of its caller and with the server's own train. */
export function commandHost({ commands, runAnother, now }: CommandHost): RunCommand {
  return async (argv, app, caller) => {
    const { terminal: at } = caller;
    const sink = (kind: 'out' | 'err', isTty: boolean): Sink => ({
      write: (text) => caller.send({ kind, text }),
      isTty,
      columns: isTty ? (at.columns ?? undefined) : undefined,
      rows: isTty ? (at.rows ?? undefined) : undefined,
    });
    const terminal: Terminal = {
      stdout: sink('out', at.stdoutIsTty),
      stderr: sink('err', at.stderrIsTty),
      stdinIsTty: at.stdinIsTty,
      // Nothing of the server's own environment: what it holds is not the caller's.
      env: at.env,
      cwd: app.dir,
      now,
      ask: (question) => {
        caller.send({ kind: 'ask', question });
        return caller.answer();
      },
      readInput: () => Promise.reject(new Error('stdin stays with the caller')),
      onInterrupt: (handler) => caller.onInterrupt(handler),
      // A second Ctrl-C ends the caller's own process; what runs here ends after its current step.
      exit: () => undefined,
      page: async (text) => caller.send({ kind: 'out', text }),
    };
    const help = helpAnswer(commands, argv);
    if (help !== null) {
      terminal[help.exit === 0 ? 'stdout' : 'stderr'].write(help.text);
      return help.exit;
    }
    const refusal = notForServers(commands, argv);
    if (refusal !== null) {
      const width = widthFor(at.env, terminal.stderr.columns);
      const failure = failureLines(refusal, { verbose: false, debug: false, env: at.env, width });
      for (const each of failure.lines) terminal.stderr.write(`${paint(each, { color: false, ascii: true })}\n`);
      return failure.exit;
    }
    return runAnother(argv, terminal, app);
  };
}
