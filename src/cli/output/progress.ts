import { fitLine, line, span, type Line } from './line.ts';

/** How progress is shown; made by `progressOn`. */
export interface Progress {
  /** What is being done now: one rewriting line on a terminal, a line of its own otherwise. */
  doing(text: string): void;
  /** A step that has begun: only shown where the line can be written again. */
  started(text: string): void;
  /** A step that has finished: one line, kept. */
  finished(done: Line): void;
  /** Takes away what was rewritten, before the answer is printed. */
  clear(): void;
}

export const SILENT: Progress = {
  doing: () => undefined,
  started: () => undefined,
  finished: () => undefined,
  clear: () => undefined,
};

/** The sink for progress: `write` gets whole texts for stderr. */
export interface ProgressSink {
  readonly isTty: boolean;
  readonly columns: number;
  write(text: string): void;
  paint(of: Line): string;
}

/**
 * Progress on stderr. The first word comes at once, so that nobody waits in the dark; on a terminal only the line that changes is written
 * again, and only when it changes, so that a slow line is not flooded.
 */
export function progressOn(sink: ProgressSink): Progress {
  let shown = '';
  const wipe = (): void => {
    if (shown !== '') sink.write('\r\u001b[K');
    shown = '';
  };
  return {
    doing(text) {
      const next = sink.paint(fitLine(line(span('* ', 'run'), text), sink.columns - 1));
      if (next === shown) return;
      if (!sink.isTty) {
        sink.write(`${next}\n`);
        return;
      }
      wipe();
      sink.write(next);
      shown = next;
    },
    started(text) {
      if (sink.isTty) this.doing(text);
    },
    finished(done) {
      wipe();
      sink.write(`${sink.paint(done)}\n`);
    },
    clear: wipe,
  };
}
