import type { Digest } from '../../domain/canonical-json.ts';
import { emptyGate, GateId, withWaiver, type Gate, type Waiver } from '../../domain/gate.ts';
import type { BranchName } from '../../domain/git-names.ts';
import { elapsedMillis, type Instant } from '../../domain/instant.ts';
import type { Evidence } from '../../domain/observation.ts';
import { sealPlan, type Plan } from '../../domain/plan/plan.ts';
import type { Step } from '../../domain/plan/step.ts';
import type { RepoKey, RepoSlug } from '../../domain/repo.ts';
import type { Train } from '../../domain/train/train.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** A fix of the patch's milestone that is on main, that the release branch lacks, and for which nobody has posted a pick. */
export interface OwedPick {
  readonly repo: RepoKey;
  readonly slug: RepoSlug;
  readonly branch: BranchName;
  /** The pull request on main. */
  readonly pull: number;
  readonly title: string;
  /** Login of its author; null where the forge knows none. */
  readonly author: string | null;
  /** Items of the milestone that it is for. */
  readonly items: readonly number[];
  /** When the author was asked on the pull request; null for not yet. */
  readonly askedAt: Instant | null;
}

export interface OwedFacts {
  readonly release: ReleaseVersion;
  readonly owed: readonly OwedPick[];
  /** Repositories of which it is not known. */
  readonly unread: readonly { readonly repo: string; readonly reason: string }[];
  /** Closed items without a commit that says so, or where it is not sure whether the line has it: people must look. */
  readonly unclear: readonly { readonly repo: string; readonly item: number }[];
  /** The last moment at which a pick is taken; null where the calendar does not say. */
  readonly deadline: Instant | null;
}

const OWED_GATE = GateId.parse('author-owed');

/**
 * The gate `author-owed`: every fix of the milestone has a pick. After the deadline what was not posted is not part of the release: the gate opens, and says
 * what stayed out. Where the deadline is not known nothing is late.
 */
export function decideOwedGate(
  { release, owed, unread, unclear, deadline }: OwedFacts,
  train: Pick<Train, 'roles'>,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Gate {
  const managers = train.roles['release-manager'];
  const authors = [...new Set(owed.flatMap(({ author }) => (author === null ? [] : [author])))];
  const isLate = deadline !== null && elapsedMillis(deadline, now) > 0;
  const evidence: readonly Evidence[] = [
    ...owed.map((one) => ({ text: owedText(one), source: `git and forge ${one.slug}`, at: now })),
    ...unclear.map(({ repo, item }) => ({
      text: `${repo}#${item}: whether the branch has it is not clear`,
      source: 'git history',
      at: now,
    })),
    ...unread.map(({ repo, reason }) => ({ text: `${repo}: ${reason}`, source: repo, at: now })),
  ];
  const base = { ...emptyGate(OWED_GATE, [...authors, ...managers]), evidence };
  const again = `signalbox patch owed ${release}`;
  const gate = ((): Gate => {
    if (unread.length > 0) {
      const names = unread.map(({ repo }) => repo).join(', ');
      return { ...base, summary: `not known of ${names}`, fix: `make it readable, then: ${again}` };
    }
    if (owed.length > 0 && !isLate) {
      const summary = `${counted(owed.length)} not posted: ${listed(owed)}`;
      return { ...base, verdict: 'failing', summary, fix: `${again} --ask` };
    }
    if (unclear.length > 0 && !isLate) {
      const summary = `${unclear.length} closed in the milestone without a clear commit`;
      return { ...base, verdict: 'needs-you', summary, fix: `look at each: signalbox pick missing ${release}` };
    }
    const summary =
      owed.length === 0
        ? 'every fix of the milestone has a pick or is on the branch'
        : `not included, posted by nobody before the deadline: ${listed(owed)}`;
    return { ...base, verdict: 'pass', summary, fix: null };
  })();
  return withWaiver(gate, waivers, now);
}

function counted(count: number): string {
  return count === 1 ? 'one pick is' : `${count} picks are`;
}

function listed(owed: readonly OwedPick[]): string {
  const names = owed.map(({ repo, pull }) => `${repo}#${pull}`);
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

function owedText({ repo, pull, title, author, askedAt }: OwedPick): string {
  const by = author === null ? '' : ` by @${author}`;
  return `${repo}#${pull} ${title}${by}: ${askedAt === null ? 'not asked yet' : `asked ${askedAt}`}`;
}

export interface AskRequest {
  readonly train: Train;
  readonly trainDigest: Digest;
  readonly author: string;
  readonly now: Instant;
}

export type AskAnswer = ({ readonly kind: 'plan'; readonly plan: Plan } | { readonly kind: 'nothing-to-do' }) & {
  readonly held: readonly { readonly repo: RepoKey; readonly reason: string; readonly fix: string | null }[];
  readonly notes: readonly string[];
};

/** The hidden mark of the question to an author. */
export function owedMarker(release: ReleaseVersion, { repo, pull }: Pick<OwedPick, 'repo' | 'pull'>): string {
  return `signalbox:owed ${release} ${repo}/${pull}`;
}

/** The plan that asks each author once, on the pull request, for the pick that is missing. After the deadline nobody is asked any more. */
export function decideAsk({ release, owed, deadline }: OwedFacts, request: AskRequest): AskAnswer {
  const { train, now } = request;
  if (deadline !== null && elapsedMillis(deadline, now) > 0) {
    const notes = [`picks closed ${minuteText(deadline)}: what is not posted is not included`];
    return { kind: 'nothing-to-do', held: [], notes: owed.length === 0 ? [] : notes };
  }
  const open = owed.filter(({ askedAt }) => askedAt === null);
  const steps = open.map((one): Step => ({
    kind: 'write-comment',
    key: `write-comment:${one.repo}:owed ${release} #${one.pull}`,
    wave: 0,
    reversible: 'partly',
    undo: 'none: whoever was called has been told',
    repo: one.repo,
    slug: one.slug,
    item: one.pull,
    marker: owedMarker(release, one),
    trusted: [...train.roles['release-manager']],
    body: askText(one, { release, deadline, train }),
  }));
  const beside = { held: [], notes: [] };
  if (steps.length === 0) return { kind: 'nothing-to-do', ...beside };
  const plan = sealPlan({
    schema: 'signalbox.plan/1',
    train: train.train,
    release,
    purpose: 'owed',
    title: `Ask for the picks of ${release} that are missing: ${listed(open)}`,
    author: request.author,
    trainDigest: request.trainDigest,
    gates: [],
    assumes: [],
    phrase: null,
    steps,
  });
  return { kind: 'plan', plan, ...beside };
}

const LOGIN = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/u;

/** `2026-06-24 17:00 UTC`. */
function minuteText(moment: Instant): string {
  return `${moment.slice(0, 16).replace('T', ' ')} UTC`;
}

/** What an author reads. Nothing of it is text of others. */
function askText(
  { author, branch, items }: OwedPick,
  {
    release,
    deadline,
    train,
  }: { readonly release: ReleaseVersion; readonly deadline: Instant | null; readonly train: Train },
): string {
  const who = author === null || !LOGIN.test(author) ? '' : `@${author}, `;
  const bot = train.picks.bot;
  const fixes = items.length === 0 ? '' : ` (for ${items.map((item) => `#${item}`).join(', ')})`;
  const until =
    deadline === null
      ? 'The deadline is not set yet; please do not wait for it.'
      : `The deadline is ${minuteText(deadline)}, and it is final: what is not posted by then is not included in ${release}.`;
  return [
    `${who}this change${fixes} is in the milestone of ${release}, and \`${branch}\` does not have it yet. Whoever wrote a fix posts its cherry-pick.`,
    '',
    `Please comment \`@${bot} cherry-pick --onto ${branch} -c CLASS --fixes ISSUE\`, or open the pull request against \`${branch}\` yourself and nominate it in the release tracker.`,
    '',
    until,
  ].join('\n');
}
