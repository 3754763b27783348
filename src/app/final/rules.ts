import { GateId } from '../../domain/gate.ts';
import { addDays, type CalendarDate } from '../../domain/instant.ts';
import { dayOf } from '../../domain/month.ts';
import type { SignOffRule } from '../../domain/train/final.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, patchNumber, type ReleaseVersion } from '../../domain/version.ts';

/** A gate that people sign, by the train file. */
export interface SignedGate {
  readonly id: GateId;
  /** What is typed for it: its name in the train file, or its whole id where two have that name. */
  readonly name: string;
  readonly rule: SignOffRule;
}

/** Families of the gates that people sign. */
export const SIGNED_GATES: readonly string[] = ['sign-off', 'downstream-canaries'];

/** Every gate of the train that people sign. */
export function signedGates({ final }: Pick<Train, 'final'>): readonly SignedGate[] {
  const all = [
    ...Object.entries(final.signOffs).map(([name, rule]) => ({ id: `sign-off:${name}`, name, rule })),
    ...Object.entries(final.canaries).map(([name, rule]) => ({ id: `downstream-canaries:${name}`, name, rule })),
  ];
  const isTwice = (name: string): boolean => all.filter((each) => each.name === name).length > 1;
  return all.map(({ id, name, rule }) => ({ id: GateId.parse(id), name: isTwice(name) ? id : name, rule }));
}

/** The gate that somebody means: by its id, or by the name alone. */
export function signedGateNamed(train: Pick<Train, 'final'>, typed: string): SignedGate | null {
  return signedGates(train).find(({ id, name }) => id === typed || name === typed) ?? null;
}

/** The release day as far as it is a day: null where only the month is known, or nothing. */
function releaseDay({ calendar }: Pick<Train, 'calendar'>, release: ReleaseVersion): CalendarDate | null {
  const dates = calendar.cadence[lineOf(release)];
  const patch = patchNumber(release);
  const planned = patch === 0 ? dates?.release.on : dates?.patches[patch - 1]?.on;
  return planned === undefined ? null : dayOf(planned);
}

/** The day that lies so many days before the release day; null where either is not known. */
export function dueBefore(train: Pick<Train, 'calendar'>, release: ReleaseVersion, days?: number): CalendarDate | null {
  const day = releaseDay(train, release);
  return day === null || days === undefined ? null : addDays(day, -days);
}
