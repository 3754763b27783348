/** With more of the cores taken by others a ratio of times is no verdict: neither that a limit holds nor that it does not. */
const BUSY = 0.25;
const failures: string[] = [];
const unjudged: string[] = [];

/** A limit on times: judged only by measurements that were not disturbed much. */
export function tellTimed(
  name: string,
  value: string,
  { holds, outside }: { readonly holds: boolean; readonly outside: number },
): void {
  if (outside <= BUSY) return tell(name, value, holds);
  unjudged.push(name);
  console.log(`${name.padEnd(58)} ${value}   NOT JUDGED: others took ${percent(outside)} of the cores`);
}

export function tell(name: string, value: string, holds: boolean | null): void {
  console.log(`${name.padEnd(58)} ${value}${holds === null ? '' : holds ? '   holds' : '   EXCEEDED'}`);
  if (holds === false) failures.push(name);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function outsideOf(taken: readonly { readonly outside: number }[]): number {
  return Math.max(...taken.map(({ outside }) => outside));
}

/** Says what was over its limit and what could not be judged; either ends the benchmark with 1. */
export function endReport(bench: string): void {
  if (unjudged.length > 0) {
    console.error(
      `bench ${bench}: the machine was too busy to judge ${unjudged.join('; ')}: run it again when it is quieter`,
    );
    process.exitCode = 1;
  }
  if (failures.length > 0) {
    console.error(`bench ${bench}: over the limit: ${failures.join('; ')}`);
    process.exitCode = 1;
  }
}
