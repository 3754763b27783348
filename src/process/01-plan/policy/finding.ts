import type { CalendarDate } from '../../../domain/instant.ts';

/** Rules of the support policy. Seed: "Hardware / Software Support in Binary Build Matrix". */
type PolicyRule =
  /** No Python that is end-of-life on the release day. */
  | 'python-eol'
  /** Every Python that is out and not end-of-life on the release day. */
  | 'python-missing'
  /** Of a Python the latest patch release while it gets bug fixes, else all security releases. */
  | 'python-patches'
  /** Only the latest minors of an accelerator. */
  | 'accelerator-minors'
  /** The platform tag of wheels says what the floor says. */
  | 'os-floor'
  /** An exception has somebody who answers for it, an end that is not over, and something it is an exception from. */
  | 'exception';

/** Where the matrix does not follow a rule, and what would mend it. */
export interface SupportFinding {
  readonly rule: PolicyRule;
  /** What it is about, as an exception names it: `Python 3.9`, `CUDA 11.8`, `Linux`. */
  readonly subject: string;
  /** One sentence: the fact and its source. */
  readonly text: string;
  /** `open`: to be mended or excepted; `excepted`: somebody answers for it; `note`: to be known, nothing to do. */
  readonly standing: 'open' | 'excepted' | 'note';
  /** The change of the matrix that the rule asks for; null where a person must find one. */
  readonly change: SupportChange | null;
  readonly exception: { readonly owner: string; readonly until: CalendarDate; readonly reason: string } | null;
}

/** A finding before exceptions are asked; a note is to be known, and nothing to do. */
export type FoundByRule = Omit<SupportFinding, 'standing' | 'exception'> & { readonly isNote: boolean };

/** A change to the line of the matrix. */
export type SupportChange =
  | { readonly kind: 'python-range'; readonly end: 'from' | 'to'; readonly value: string }
  | { readonly kind: 'drop-experimental-python'; readonly python: string }
  | { readonly kind: 'drop-accelerator'; readonly accelerator: string; readonly version: string };

/** `python.from: 3.10`, `without CUDA 11.8`: what a change does, in the words of support.yaml. */
export function changeText(change: SupportChange): string {
  switch (change.kind) {
    case 'python-range':
      return `python.${change.end}: "${change.value}"`;
    case 'drop-experimental-python':
      return `python.experimental without "${change.python}"`;
    case 'drop-accelerator':
      return `without ${change.accelerator} ${change.version}`;
  }
}
