/**
 * A process that starts programs for another one, which started it. It holds next to no memory: to start a program, the memory of whoever starts it is
 * mapped once more, and that takes Node as a server 10 to 18 ms in which it does nothing else; here it takes 4.
 */
import { isOrder, type Report } from './messages.ts';
import { runHere } from './run.ts';

let running = 0;

function report(message: Report): void {
  running -= 1;
  // Nobody may be there any more to be told.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

process.on('message', (message) => {
  if (!isOrder(message)) return;
  const { number, call } = message;
  running += 1;
  runHere(call).then(
    (end) => report({ number, end }),
    (error: unknown) => {
      const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
      report({ number, notStarted: { message: error instanceof Error ? error.message : String(error), code } });
    },
  );
});
process.send?.({ ready: true });
// Whoever started it is gone. What is running comes to its end, within its time, as it would have without a starter; then nothing holds this process.
process.on('disconnect', () => {
  if (running === 0) process.exit(0);
});
