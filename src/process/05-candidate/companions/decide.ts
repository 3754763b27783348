import { GateId, type Gate } from '../../../domain/gate.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { PickedPackage, Resolution } from '../../../ports/resolver.ts';
import { projectName } from '../../../wheel/simple-index/index.ts';
import { judgeChannelGate, type ChannelJudging, type ChannelToJudge } from '../channel-gate.ts';
import type { Companion, CompanionFacts, CompanionGroup } from './facts.ts';

/** What is judged: the packages of the release, in every place of the channel that everybody can read. */
export type CompanionsToJudge = ChannelToJudge<CompanionFacts>;

const COMPANIONS = GateId.parse('companions-resolve');
const SHOWN = 20;

/** The gate `companions-resolve`: on every machine the train's packages install together, in exactly the train's versions. Waivers applied. */
export function decideCompanions(facts: CompanionsToJudge, judging: ChannelJudging): Gate {
  return judgeChannelGate(COMPANIONS, facts, judging, ({ gate, rerun, seen }) => {
    const groups = seen.value.flatMap((place) => place.groups.map((group) => judged(group, place.address)));
    return summed(gate, groups, rerun);
  });
}

/** What came of one machine: `wrong` with what is wrong, `gap` with why nobody knows. */
type Judged = { readonly group: CompanionGroup } & (
  | { readonly is: 'right'; readonly text: string; readonly seen: Evidence }
  | { readonly is: 'wrong'; readonly text: string; readonly seen: Evidence }
  | { readonly is: 'gap'; readonly text: string }
  | { readonly is: 'not-asked' }
);

function judged(group: CompanionGroup, address: string): Judged {
  const { name, resolution, index, companions } = group;
  const absent = companions.filter(({ isThere }) => !isThere);
  if (companions.length === absent.length) return { group, is: 'gap', text: `${name}: none of its files is there` };
  if (resolution === null) return { group, is: 'not-asked' };
  if (!resolution.known) return { group, is: 'gap', text: `${name}: ${resolution.reason}` };
  const { at, source, value } = resolution;
  const seen = (text: string): Evidence => ({ text, link: index, source, at });
  const wrong = whatIsWrong(companions, value, address);
  if (wrong !== null) return { group, is: 'wrong', text: `${name}: ${wrong}`, seen: seen(`${name}: ${wrong}`) };
  const versions = companions.map((each) => `${each.package} ${each.version}`).join(', ');
  return { group, is: 'right', text: versions, seen: seen(`${name}: ${value.by} would install ${versions}`) };
}

function whatIsWrong(companions: readonly Companion[], resolution: Resolution, address: string): string | null {
  if (!resolution.resolved) return `${resolution.by} finds no way: ${resolution.reason}`;
  for (const companion of companions) {
    const wrong = wrongPick(companion, resolution.picked, address);
    if (wrong !== null) return wrong;
  }
  return null;
}

function wrongPick(
  { package: name, version, digest }: Companion,
  picked: readonly PickedPackage[],
  address: string,
): string | null {
  const found = picked.find((each) => projectName(each.name) === projectName(name));
  if (found === undefined) return `${name} ${version} would not be installed`;
  if (found.version !== version) return `${name} would be ${found.version}, not ${version}`;
  if (!found.url.startsWith(new URL(address).origin))
    return `${name} would come from ${found.url}, outside of the channel`;
  if (digest !== null && found.digest !== null && digest !== found.digest) {
    return `${name} ${version} would be ${found.digest}, and the file of the channel is ${digest}`;
  }
  return null;
}

function summed(gate: Gate, groups: readonly Judged[], rerun: string): Gate {
  const of = <Is extends Judged['is']>(is: Is): readonly Extract<Judged, { readonly is: Is }>[] =>
    groups.filter((one): one is Extract<Judged, { readonly is: Is }> => one.is === is);
  const [wrong, gaps, right, open] = [of('wrong'), of('gap'), of('right'), of('not-asked')];
  const machines = `${right.length} of ${groups.length} machines`;
  const [first] = wrong;
  if (first !== undefined) {
    const more = wrong.length > 1 ? `; and ${wrong.length - 1} more` : '';
    return {
      ...gate,
      verdict: 'failing',
      summary: `resolves on ${machines}; ${first.text}${more}`,
      evidence: wrong.slice(0, SHOWN).map(({ seen }) => seen),
      fix: `mend what is named, then ${rerun}`,
    };
  }
  const [gap] = gaps;
  const evidence = right.slice(0, SHOWN).map(({ seen }) => seen);
  if (gap !== undefined) {
    const more = gaps.length > 1 ? `; and ${gaps.length - 1} more` : '';
    return { ...gate, summary: `${gap.text}${more}`, evidence, fix: `make it readable, then ${rerun}` };
  }
  if (open.length > 0) {
    const text = `resolves on ${machines}; ${open.length} were not asked for these files yet`;
    return { ...gate, summary: text, evidence, fix: rerun };
  }
  if (right.length === 0) return { ...gate, summary: 'there is no machine to install on', fix: rerun };
  return { ...gate, verdict: 'pass', summary: `resolves on ${machines}: ${right[0]?.text}`, evidence };
}
