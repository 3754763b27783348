/**
 * A process that carries out one order and may kill itself on the way. Says each announcement as a line `> git.push before` and its end as
 * a line `= JSON` on standard output, at once: nothing waits in a buffer when the kill comes.
 */
import { readSync, writeSync } from 'node:fs';
import { fixedClock } from './fixed-clock.ts';
import { withCrashPoints } from './crash.ts';
import { ApplyOrder, applyOnce, composeFor } from './crash-apply.ts';

/** Stands still as a whole, as a process does that the machine gives no time, until a byte comes. */
function standStill(): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      readSync(0, Buffer.alloc(1));
      return;
    } catch (error) {
      // Whether the pipe waits by itself is not ours to say: a process started beside this one may have set it not to.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(never, 0, 0, 5);
    }
  }
}

const order = ApplyOrder.parse(JSON.parse(process.argv[2] ?? ''));
let count = 0;
let paused = false;

const app = await composeFor(order, fixedClock(order.now));
const end = await applyOnce(
  withCrashPoints(app, (call, when) => {
    count += 1;
    const point = `${call} ${when}`;
    writeSync(1, `> ${point}\n`);
    if (order.pauseAt === point && !paused) {
      paused = true;
      writeSync(1, '! paused\n');
      standStill();
    }
    if (count === order.killAt) process.kill(process.pid, 'SIGKILL');
  }),
  order,
);
await app.close();
writeSync(1, `= ${JSON.stringify(end)}\n`);
