import type { Digest } from '../../domain/canonical-json.ts';
import { sealPlan, type Plan } from '../../domain/plan/plan.ts';
import type { Step } from '../../domain/plan/step.ts';
import type { RepoKey, RepoSlug } from '../../domain/repo.ts';
import type { Observed } from '../../domain/observation.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import type { ForgeItem } from '../../ports/forge.ts';
import type { TriageDecision } from './decisions.ts';

/** A candidate that was decided about, as the forge has it now. `item` is null when it is not there. */
export interface DecidedItem {
  readonly decision: TriageDecision;
  readonly slug: RepoSlug | null;
  /** Title of the milestone in its repository. */
  readonly milestone: string;
  readonly item: Observed<{ readonly item: ForgeItem | null; readonly milestoneExists: boolean }>;
}

export interface MilestoneRequest {
  readonly train: string;
  readonly trainDigest: Digest;
  readonly release: ReleaseVersion;
  readonly author: string;
}

export type MilestoneAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) & {
  readonly held: readonly { readonly repo: RepoKey; readonly reason: string; readonly fix: string | null }[];
  readonly notes: readonly string[];
};

/**
 * The plan by which milestones follow the decisions of triage: what was accepted is put into the patch's milestone, what was declined is taken out of it.
 * What somebody put into another milestone is left there and told.
 */
export function decideMilestones(items: readonly DecidedItem[], request: MilestoneRequest): MilestoneAnswer {
  const judged = items.map((one) => judge(one));
  const moves = judged.flatMap((each) => (each.is === 'move' ? [each.step] : []));
  const missing = new Map(
    judged.flatMap((each) => (each.is === 'move' && each.creates !== null ? [[each.creates.key, each.creates]] : [])),
  );
  const steps: readonly Step[] = [...missing.values(), ...moves];
  const beside = { held: judged.flatMap((each) => (each.is === 'held' ? [each.held] : [])), notes: [] };
  if (steps.length === 0) return { kind: 'nothing-to-do', ...beside };
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: request.train,
    release: request.release,
    purpose: 'patch',
    title: `Milestones of ${request.release} as triage decided: ${moves.length} ${moves.length === 1 ? 'item' : 'items'}`,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [],
    assumes: [],
    phrase: null,
    steps: [...steps],
  });
  return { kind: 'plan', plan, ...beside };
}

type Judged =
  | { readonly is: 'done' }
  | { readonly is: 'held'; readonly held: MilestoneAnswer['held'][number] }
  | { readonly is: 'move'; readonly step: Step; readonly creates: Step | null };

function judge({ decision, slug, milestone, item: observed }: DecidedItem): Judged {
  const { repo, item: number, verdict } = decision;
  const held = (reason: string, fix: string | null): Judged => ({ is: 'held', held: { repo, reason, fix } });
  if (slug === null) return held(`the train file gives ${repo} no slug, so #${number} cannot be moved`, null);
  if (!observed.known) return held(`#${number} could not be read: ${observed.reason}`, null);
  const { item, milestoneExists } = observed.value;
  if (item === null) return held(`#${number} was ${verdict} and does not exist any more`, null);
  const isIn = item.milestone === milestone;
  const toMove = verdict === 'accepted' ? !isIn : isIn;
  if (!toMove) return { is: 'done' };
  if (verdict === 'accepted' && item.milestone !== null) {
    return held(
      `#${number} was accepted, and somebody put it into milestone ${item.milestone}`,
      `take it out of ${item.milestone} on the forge, or decline it`,
    );
  }
  const step: Step = {
    kind: 'set-milestone',
    key: `set-milestone:${repo}:${number}`,
    wave: 1,
    reversible: 'yes',
    undo: isIn ? 'put it into the milestone again' : 'take it out of the milestone',
    repo,
    slug,
    item: number,
    from: isIn ? milestone : null,
    to: isIn ? null : milestone,
  };
  const creates: Step = {
    kind: 'create-milestone',
    key: `create-milestone:${repo}:${milestone}`,
    wave: 0,
    reversible: 'yes',
    undo: 'close the milestone',
    repo,
    slug,
    title: milestone,
    description: `What is to be in ${milestone}.`,
  };
  return { is: 'move', step, creates: isIn || milestoneExists ? null : creates };
}
