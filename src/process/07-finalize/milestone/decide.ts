import { emptyGate, GateId, type Gate, type Waiver, withWaiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import { many } from '../../../domain/words.ts';
import type { RepoMilestone } from './read.ts';
import type { StandingItem } from './standing.ts';

/** The milestones of a release, with where every closed item stands. */
export interface MilestoneFacts {
  readonly release: ReleaseVersion;
  /** Null while no candidate was recorded. */
  readonly candidate: CandidateVersion | null;
  readonly milestones: readonly RepoMilestone[];
  readonly items: readonly StandingItem[];
}

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

const ID = GateId.parse('milestone-validated');
const SHOWN = 30;

/**
 * The gate `milestone-validated`: each closed item of the milestones was validated on this candidate, by a comment of somebody whose word counts or by a
 * recorded tick, or somebody decided that it needs no validation. One on an older candidate does not count. Seed: "All the closed issues from milestone need to
 * be validated". Waivers applied.
 */
export function decideMilestone(
  { release, candidate, milestones, items }: MilestoneFacts,
  { train, waivers, now }: Judging,
): Gate {
  const gate = emptyGate(ID, train.roles['release-manager']);
  const done = (judged: Partial<Gate>): Gate => withWaiver({ ...gate, ...judged }, waivers, now);
  const rerun = `signalbox gate run ${release} ${ID}`;
  if (candidate === null) {
    const summary = `no candidate of ${release} was recorded yet`;
    return done({ verdict: 'queued', summary, fix: 'signalbox artifact record RC' });
  }
  const unread = milestones.flatMap(({ repo, items: read }) => (read.known ? [] : [`${repo}: ${read.reason}`]));
  if (unread.length > 0)
    return done({ summary: `not every milestone could be read: ${unread[0]}`, fix: `make it readable, then ${rerun}` });
  const without = milestones.find(({ isCore, items: read }) => isCore && read.known && read.value === null);
  if (without !== undefined)
    return done({ summary: `${without.slug} has no milestone ${without.title}`, fix: `create it, then ${rerun}` });
  const of = (is: StandingItem['standing']['is']): readonly StandingItem[] =>
    items.filter(({ standing }) => standing.is === is);
  const missing = [...of('older'), ...of('open')];
  const evidence = [
    ...missing.slice(0, SHOWN).map((item) => evidenceOf(item, now)),
    ...(missing.length > SHOWN ? [{ text: `and ${missing.length - SHOWN} more`, source: 'forge', at: now }] : []),
    ...of('not-needed').map((item) => evidenceOf(item, now)),
  ];
  const counts = [
    `${of('validated').length} of ${many(items.length, 'closed item')} validated on ${candidate}`,
    ...(of('not-needed').length === 0 ? [] : [`${of('not-needed').length} need none`]),
    ...(of('older').length === 0 ? [] : [`${of('older').length} only on an older candidate`]),
    ...(of('open').length === 0 ? [] : [`${of('open').length} by nobody`]),
  ].join(', ');
  if (missing.length === 0) return done({ verdict: 'pass', summary: counts, evidence });
  const authors = missing.map(({ author }) => author);
  const owners = [...new Set([...gate.owners, ...authors])];
  return done({
    verdict: 'needs-you',
    summary: `${counts}: ${missing
      .slice(0, 3)
      .map(({ repo, number }) => `${repo}#${number}`)
      .join(', ')}${missing.length > 3 ? ' and more' : ''}`,
    evidence,
    owners,
    fix: `signalbox milestone validate ${release}`,
  });
}

function evidenceOf({ repo, number, title, link, standing }: StandingItem, now: Instant): Evidence {
  return { text: `${repo}#${number} ${title}: ${standingText(standing)}`, link, source: 'forge and ledger', at: now };
}

/** `validated by @alice on 2.8.0-rc3`. */
export function standingText(standing: StandingItem['standing']): string {
  switch (standing.is) {
    case 'validated':
      return `validated by @${standing.by} on ${standing.on}, ${standing.how === 'comment' ? 'by a comment' : 'recorded'}`;
    case 'older':
      return `validated by @${standing.by} on ${standing.on} only, whose files are others`;
    case 'not-needed':
      return `needs no validation, by @${standing.by}: ${standing.reason}`;
    case 'open':
      return standing.unheard === 0
        ? 'nobody says that it was validated'
        : `${many(standing.unheard, 'comment')} say so, by people whose word does not count`;
  }
}
