import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import { shortId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { RepoEntry } from '../../../domain/train/repo-entry.ts';
import type { Train } from '../../../domain/train/train.ts';
import { many } from '../../../domain/words.ts';
import { isBelow } from './gitmodules.ts';
import type { PinnedSubmodule, RepoSubmodules, SubmoduleFacts } from './read.ts';

/**
 * The gates `submodules-pinned:REPO`: every commit that the release branch pins is reachable from the branch that .gitmodules records for it, so that nobody's
 * clean-up takes it away, and what is patched comes from the organisation's fork. Seed: "Special support cases", submodules. Waivers applied.
 */
export function decideSubmodules(
  facts: SubmoduleFacts,
  { train, waivers, now }: { readonly train: Train; readonly waivers: readonly Waiver[]; readonly now: Instant },
): readonly Gate[] {
  return facts.repos.map((one) => withWaiver(gateOf(facts, one, train), waivers, now));
}

function gateOf({ release }: SubmoduleFacts, { repo, found }: RepoSubmodules, { roles }: Train): Gate {
  const { key, branch, entry } = repo;
  const id = GateId.parse(`submodules-pinned:${key}`);
  const gate = emptyGate(id, [...new Set([...entry.owners, ...roles['release-manager']])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  if (!found.known)
    return { ...gate, summary: `could not be read: ${found.reason}`, fix: `make it readable, then ${rerun}` };
  if (found.value === null) {
    const summary = `${key} has no ${branch} yet`;
    return { ...gate, verdict: 'queued', summary, fix: `signalbox branch cut ${key} ${release}` };
  }
  const { commit, pinned, gone } = found.value;
  const judged = pinned.map((one) => ({ one, ...judge(one, entry.submodules) }));
  const bad = [
    ...judged.flatMap(({ one, is, text }) => (is === 'bad' ? [`${one.path} ${text}`] : [])),
    ...(entry.submodules?.patched ?? [])
      .filter((path) => !pinned.some((one) => one.path === path))
      .map((path) => `${path} is to be patched and is no submodule`),
    ...gone
      .filter((path) => entry.submodules?.except[path] === undefined)
      .map((path) => `${path} is in .gitmodules and no submodule`),
  ];
  const unknown = judged.filter(({ is }) => is === 'unknown');
  const good = judged.filter(({ is }) => is === 'good');
  const where = `${branch} at ${shortId(commit)}`;
  const { at, source } = found;
  const line = (text: string): Evidence => ({ text, source, at });
  const evidence = [
    ...bad.map((text) => line(text)),
    ...unknown.map(({ one, text }) => line(`${one.path} ${text}`)),
    ...good.map(({ one, text }) => line(`${one.path} ${text}`)),
    ...Object.entries(entry.submodules?.except ?? {}).map(([path, why]) => line(`${path} is not looked at: ${why}`)),
  ].slice(0, MOST_EVIDENCE);
  const [first] = bad;
  if (first !== undefined) {
    const more = bad.length === 1 ? '' : `, and ${bad.length - 1} more`;
    const fix = `pin a commit of the recorded branch, or move .gitmodules to the fork (repos.${key}.onBranch, kind: submodule): signalbox branch changes ${key} ${release}; then ${rerun}`;
    return { ...gate, verdict: 'failing', summary: `${where}: ${first}${more}`, evidence, fix };
  }
  const [dark] = unknown;
  if (dark !== undefined) {
    const summary = `${where}: ${unknown.length} of ${many(pinned.length, 'submodule')} not known: ${dark.one.path} ${dark.text}`;
    return { ...gate, summary, evidence, fix: rerun };
  }
  if (pinned.length === 0)
    return { ...gate, verdict: 'skipped', summary: `${where} has no submodule to look at`, evidence };
  return {
    ...gate,
    verdict: 'pass',
    summary: `${where}: ${many(good.length, 'submodule')}, each on its branch`,
    evidence,
  };
}

const MOST_EVIDENCE = 80;

interface Word {
  readonly is: 'good' | 'bad' | 'unknown';
  /** A sentence without its subject. */
  readonly text: string;
}

function judge({ path, commit, declared, reach }: PinnedSubmodule, rules: RepoEntry['submodules']): Word {
  const pin = `at ${shortId(commit)}`;
  if (declared === null) return { is: 'bad', text: `${pin}: .gitmodules does not tell where it is from` };
  const { url } = declared;
  const isPatched = rules?.patched.includes(path) ?? false;
  if (isPatched && rules?.organisation !== undefined && !isBelow(url, rules.organisation))
    return { is: 'bad', text: `is patched and from ${url}, not from the fork below ${rules.organisation}` };
  if (reach === null) return { is: 'unknown', text: `${pin} was not looked for` };
  if (!reach.known) return { is: 'unknown', text: `${pin}: ${reach.reason}` };
  switch (reach.value.by) {
    case 'branch':
    case 'tag':
      return { is: 'good', text: `${pin}, on ${reach.value.by} ${reach.value.name} of ${url}` };
    case 'nothing':
      return { is: 'bad', text: `${pin} ${reach.value.why} (${url})` };
    case 'address':
      return { is: 'bad', text: `has an address that is not fetched from: ${url}` };
  }
}
