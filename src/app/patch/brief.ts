import type { Digest } from '../../domain/canonical-json.ts';
import { expectedArtifacts } from '../../domain/expected/expected.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { expectedChanges } from '../../process/01-plan/index.ts';
import {
  briefDigest,
  foldGo,
  foldTriage,
  riskOf,
  type BriefCandidate,
  type BriefRemovals,
  type BriefRisk,
  type GoDecision,
  type OwedFacts,
} from '../../process/10-patch/index.ts';
import type { App } from '../app.ts';
import { openReverts } from '../picks/settled.ts';
import { observe, unknown, type Observed } from '../../domain/observation.ts';
import { entriesOf } from '../record.ts';
import { readOwed } from './read-owed.ts';
import { decidedSchedule, proposeSchedule, type DecidedSchedule } from './schedule.ts';
import { checkCandidate, triageOf, type Triage } from './triage.ts';

/** The case for go or no-go of a patch release, on one page. */
export interface Brief {
  readonly release: ReleaseVersion;
  readonly product: string;
  readonly digest: Digest;
  readonly accepted: readonly BriefCandidate[];
  readonly counts: { readonly declined: number; readonly open: number };
  readonly unread: readonly { readonly repo: string; readonly reason: string }[];
  readonly criteria: readonly { readonly id: string; readonly question: string }[];
  /** Null where nobody can tell: the train file has no matrix for one of the two. */
  readonly removals: BriefRemovals | null;
  readonly risk: BriefRisk;
  /** Changes that main took back and the branch still has. */
  readonly reverts: Observed<number>;
  readonly owed: Observed<OwedFacts>;
  /** Dates that were decided on, or those that would be proposed; or why there are none. */
  readonly dates:
    | { readonly are: 'decided'; readonly schedule: DecidedSchedule }
    | {
        readonly are: 'proposed';
        readonly schedule: Omit<DecidedSchedule, 'by' | 'reason'>;
        readonly warnings: readonly string[];
      }
    | { readonly are: 'none'; readonly why: string };
  readonly decision: GoDecision;
  readonly goPeople: number;
}

/** Collects the case for go or no-go. Nothing that could not be read is counted as nothing. */
export async function patchBrief(app: App, release: ReleaseVersion, seen?: Triage): Promise<Brief> {
  const { train } = app.loaded;
  const now = app.clock.now();
  const [triage, entries, owed, reverts, dates] = await Promise.all([
    seen ?? triageOf(app, release),
    entriesOf(app, release),
    observe('milestones and branches', now, () => readOwed(app, release)),
    observe('git history', now, async () => (await openReverts(app, release)).length),
    datesOf(app, release),
  ]);
  const decisions = foldTriage(entries, release);
  const accepted = await Promise.all(
    decisions
      .filter(({ verdict }) => verdict === 'accepted')
      .map(async (decision): Promise<BriefCandidate> => {
        const { repo, item } = decision;
        const seen = triage.rows.find(({ facts }) => facts.repo === repo && facts.item.number === item);
        if (seen !== undefined) return { decision, title: seen.facts.item.title, fix: seen.facts.fix };
        const found = await checkCandidate(app, release, { repo, item });
        return found.ok
          ? { decision, title: found.value.facts.item.title, fix: found.value.facts.fix }
          : { decision, title: '', fix: unknown(found.problems[0].text, now, repo) };
      }),
  );
  const expectation = expectedArtifacts(train, release);
  const changes = expectation.ok ? expectedChanges(train, expectation.value) : null;
  return {
    release,
    product: train.title,
    digest: briefDigest(release, decisions),
    accepted,
    counts: {
      declined: decisions.length - accepted.length,
      open: triage.rows.filter(({ decision }) => decision === null).length,
    },
    unread: triage.unread,
    criteria: train.patches.criteria.map(({ id, question }) => ({ id, question })),
    removals: changes === null ? null : { since: changes.since, removed: changes.removed },
    risk: riskOf(accepted),
    reverts,
    owed,
    dates,
    decision: foldGo(entries, release, train.patches.goPeople),
    goPeople: train.patches.goPeople,
  };
}

async function datesOf(app: App, release: ReleaseVersion): Promise<Brief['dates']> {
  const decided = await decidedSchedule(app, release);
  if (decided !== null) return { are: 'decided', schedule: decided };
  const proposed = await proposeSchedule(app, { release, from: null, weeks: null });
  if (!proposed.ok) return { are: 'none', why: proposed.problems[0].text };
  const { day, phases, findings } = proposed.value.schedule;
  return { are: 'proposed', schedule: { day, phases }, warnings: findings.map(({ text }) => text) };
}

/** The text with which a patch release is announced: what it takes, until when, and what its authors have to do. */
export function announcementOf({ release, product, accepted, dates }: Brief): string {
  const when = dates.are === 'none' ? null : dates.schedule;
  const picks = when?.phases.find(({ id }) => id === 'picks');
  return [
    `# ${product} ${release}: important information`,
    '',
    `We are going to make ${product} ${release}, a patch release that fixes regressions.`,
    '',
    ...(when === null
      ? ['Its dates will be announced here.']
      : [
          ...(picks === undefined ? [] : [`- Cherry-picks: ${picks.from} to ${picks.to}. The deadline is final.`]),
          `- Release: ${when.day}${dates.are === 'proposed' ? ' (tentative)' : ''}`,
        ]),
    '',
    'What it is made for:',
    '',
    ...accepted.map(({ decision, title }) => `- ${decision.repo}#${decision.item} ${title}`),
    '',
    'Authors of these fixes post their own cherry-picks. What is not posted by the deadline is not included.',
    '',
  ].join('\n');
}
