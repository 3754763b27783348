import { bounded, type Finding } from './checks.ts';
import { checkContents } from './contents.ts';
import type { WheelFacts } from './facts.ts';
import { checkDistInfo, checkNames, checkParts } from './names.ts';
import type { WheelPolicy } from './policy.ts';
import { checkPromises } from './promises.ts';
import { checkRecord } from './record.ts';
import { checkTags } from './tags.ts';

/** Everything that is wrong, or odd, with one wheel, errors first. Nothing is read here. */
export function checkWheel(facts: WheelFacts, policy: WheelPolicy): readonly Finding[] {
  const all = [
    ...checkNames(facts),
    ...checkDistInfo(facts),
    ...checkParts(facts),
    ...checkTags(facts),
    ...checkContents(facts, policy),
    ...checkRecord(facts),
    ...checkPromises(facts, policy),
  ];
  const ordered = [
    ...all.filter(({ severity }) => severity === 'error'),
    ...all.filter(({ severity }) => severity === 'warning'),
  ];
  return bounded(ordered).map((each) => ({ ...each, wheel: facts.fileName }));
}
