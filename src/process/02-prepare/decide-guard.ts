import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { shortId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence, Observed } from '../../domain/observation.ts';
import type { Guard } from '../../domain/train/guard.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { GuardFacts } from './guard-facts.ts';
import { actionFindings, publisherFindings, ruleFindings, tokenFindings } from './guard-findings.ts';

export interface GuardJudging {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/** A name of our own indexes, and whether the public index has it. */
export interface NameFact {
  readonly name: string;
  readonly taken: Observed<boolean>;
}

const MOST_EVIDENCE = 60;

/**
 * The gates `infra-guard:REPO`: rules of the forge keep release branches and version tags where they are, actions of others are named by a commit, nothing
 * publishes with a token that lives long, and the workflows that publish ask for an identity. Waivers applied.
 */
export function decideGuard(facts: readonly GuardFacts[], judging: GuardJudging): readonly Gate[] {
  const { guard } = judging.train;
  if (guard === undefined) return [];
  return facts.map((one) => withWaiver(repoGate(one, guard, judging), judging.waivers, judging.now));
}

function repoGate({ repo, rules, workflows }: GuardFacts, guard: Guard, { train, release }: GuardJudging): Gate {
  const id = GateId.parse(`infra-guard:${repo.key}`);
  const gate = emptyGate(id, [...new Set([...repo.entry.owners, ...train.roles['release-manager']])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  const texts = workflows.known ? workflows.value : null;
  const found = [
    ...said(rules.known ? ruleFindings(rules.value, guard) : [], rules),
    ...said(texts === null ? [] : tokenFindings(texts, guard), workflows),
    ...said(texts === null ? [] : publisherFindings(texts, repo.key, guard), workflows),
    ...said(texts === null ? [] : actionFindings(texts, guard), workflows),
  ];
  const unread = [rules, workflows].flatMap((read) => (read.known ? [] : [read.reason]));
  const evidence = found.slice(0, MOST_EVIDENCE);
  const [first] = found;
  if (first !== undefined) {
    const more = found.length === 1 ? '' : `, and ${found.length - 1} more`;
    const but = unread.length === 0 ? '' : `; not all could be read: ${unread[0]}`;
    const fix = `mend each in ${repo.entry.slug ?? repo.key} (signalbox gate show ${release} ${id} lists them); then ${rerun}`;
    return { ...gate, verdict: 'failing', summary: `${first.text}${more}${but}`, evidence, fix };
  }
  if (unread.length > 0)
    return { ...gate, summary: `could not be read: ${unread.join('; ')}`, fix: `make it readable, then ${rerun}` };
  const where = texts === null ? 'no branch yet' : `${texts.branch} at ${shortId(texts.commit)}`;
  const count = texts?.files.length ?? 0;
  const text = `${repo.branch} and tags ${guard.tags.join(', ')} stay where they are; ${count} workflows of ${where} name what they use by commits`;
  return { ...gate, verdict: 'pass', summary: text, evidence: said([text], workflows) };
}

function said(texts: readonly string[], { source, at }: Pick<Evidence, 'source' | 'at'>): readonly Evidence[] {
  return texts.map((text) => ({ text, source, at }));
}

/** The gate `infra-guard`: every name that our own indexes have is taken on the public one (dependency confusion). Waivers applied. */
export function decideNames(names: readonly NameFact[], { train, release, waivers, now }: GuardJudging): Gate {
  const id = GateId.parse('infra-guard');
  const gate = emptyGate(id, train.roles['release-manager']);
  const free = names.filter(({ taken }) => taken.known && !taken.value);
  const unread = names.find(({ taken }) => !taken.known);
  const evidence = names.map(({ name, taken }): Evidence => ({
    text: taken.known ? `${name} is ${taken.value ? 'taken' : 'free for anybody'}` : `${name}: ${taken.reason}`,
    source: taken.source,
    at: taken.at,
  }));
  return withWaiver(
    { ...gate, evidence, ...judgedNames(names.length, free, unread, `signalbox gate run ${release} ${id}`) },
    waivers,
    now,
  );
}

function judgedNames(
  all: number,
  free: readonly NameFact[],
  unread: NameFact | undefined,
  rerun: string,
): Pick<Gate, 'verdict' | 'summary' | 'fix'> {
  if (free.length > 0)
    return {
      verdict: 'failing',
      summary: `${free.map(({ name }) => name).join(', ')}: our own indexes have it, and anybody can take it on the public one`,
      fix: `register each on the public index; then ${rerun}`,
    };
  if (unread?.taken.known === false)
    return {
      verdict: 'no-data',
      summary: `whether ${unread.name} is taken could not be read: ${unread.taken.reason}`,
      fix: `make it readable, then ${rerun}`,
    };
  return { verdict: 'pass', summary: `all ${all} names of our own indexes are taken on the public one`, fix: null };
}
