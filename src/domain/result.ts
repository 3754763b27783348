/** Something that worked, or the problems a person can act on. Failures of the world are thrown, not returned. */
export type Result<Value, Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

export function succeed<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refuse<Problem>(
  first: Problem,
  ...rest: readonly Problem[]
): { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] } {
  return { ok: false, problems: [first, ...rest] };
}

/** Refuses when there is at least one problem, succeeds with the value otherwise. */
export function refuseOr<Value, Problem>(problems: readonly Problem[], value: () => Value): Result<Value, Problem> {
  const [first, ...rest] = problems;
  return first === undefined ? succeed(value()) : refuse(first, ...rest);
}
