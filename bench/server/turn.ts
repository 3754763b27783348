/** Which change of the large page a webhook is told to make: of its one row, or of all. */
export type TurnKind = 'row' | 'all';

/** The id of the webhook: by it our server, a process of its own, knows the change. */
export function turnId(kind: TurnKind, turn: number): string {
  return `${kind}-turn-${String(turn).padStart(4, '0')}`;
}
