import { acceleratorBuilds, type AcceleratorBuild } from '../../../domain/expected/builds.ts';
import type { ExpectedCell } from '../../../domain/expected/expectation.ts';
import { refuse, refuseOr, succeed, type Result } from '../../../domain/result.ts';
import type { GetStarted, Slots } from '../../../domain/train/get-started.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { Line } from '../../../domain/version.ts';
import type { StartProblem } from './problem.ts';

/** A button of the page and the build it stands for in this release. */
export interface Slot {
  readonly label: string;
  readonly build: AcceleratorBuild;
}

/**
 * Which button stands for which build: the versions that the release has, in the order of versions and not of texts, the oldest on the first button (DAY-01).
 * More versions than buttons is a problem, unless the train says how many are shown.
 */
export function slotsOf(
  train: Train,
  settings: GetStarted,
  { line, cells }: { readonly line: Line; readonly cells: readonly ExpectedCell[] },
): Result<readonly Slot[], StartProblem> {
  const built = new Set(cells.flatMap(({ cell }) => (cell.kind === 'wheel' ? [cell.accelerator] : [])));
  const builds = acceleratorBuilds(train, line).filter(({ name }) => built.has(name));
  const placed = settings.accelerators.map((each) =>
    slotsFor(
      each,
      builds.filter(({ accelerator }) => accelerator === each.accelerator),
    ),
  );
  return refuseOr(
    placed.flatMap((one) => (one.ok ? [] : one.problems)),
    () => placed.flatMap((one) => (one.ok ? one.value : [])),
  );
}

function slotsFor(
  { accelerator, slots, most }: Slots,
  builds: readonly AcceleratorBuild[],
): Result<readonly Slot[], StartProblem> {
  const shown = most === undefined ? builds : builds.slice(-most);
  if (shown.length > slots.length) {
    const versions = shown.map(({ version, name }) => version ?? name);
    return refuse({ code: 'slots-short', accelerator, slots, versions });
  }
  return succeed(
    shown.flatMap((build, index) => {
      const label = slots[index];
      return label === undefined ? [] : [{ label, build }];
    }),
  );
}

/** The button of what is built without an accelerator's library: what a system without accelerators is told to install. */
export function plainSlot(slots: readonly Slot[]): Slot | null {
  return slots.find(({ build }) => build.version === null) ?? null;
}
