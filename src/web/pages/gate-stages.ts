import type { GateView } from '../../api/views/gate.ts';
import { familyOfGate, GATE_STAGES } from '../../domain/gate-families.ts';

const REST = 'Other';

/** `nightlies-green:vision` belongs to `Prepare`. */
export function stageOf(id: string): string {
  const family = familyOfGate(id);
  return GATE_STAGES.find(({ gates }) => gates.some((gate) => gate.family === family))?.name ?? REST;
}

/** Gates by stage, in the order of the process; stages without gates are left out. */
export function byStage(
  gates: readonly GateView[],
): readonly { readonly name: string; readonly gates: readonly GateView[] }[] {
  return [...GATE_STAGES.map(({ name }) => name), REST]
    .map((name) => ({ name, gates: gates.filter(({ id }) => stageOf(id) === name) }))
    .filter((group) => group.gates.length > 0);
}
