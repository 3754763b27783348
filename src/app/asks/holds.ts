import { askGatesBefore, type AskHolds } from '../../domain/train/asks.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** The step that an ask can hold up, by the command of the next one. */
const HELD: readonly { readonly command: string; readonly step: AskHolds }[] = [
  { command: 'signalbox branch cut', step: 'cut' },
  { command: 'signalbox promote stage', step: 'stable' },
  { command: 'signalbox promote stable', step: 'stable' },
  { command: 'signalbox promote pypi', step: 'pypi' },
];

/** Whether the gate of an ask keeps the next step from being done. */
export function askHolds(
  id: string,
  command: string,
  { train, release }: { readonly train: Train; readonly release: ReleaseVersion },
): boolean {
  const held = HELD.find((one) => command.startsWith(`${one.command} `));
  return held !== undefined && askGatesBefore(train, release, held.step).includes(id);
}
