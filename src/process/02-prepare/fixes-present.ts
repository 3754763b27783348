import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { shortId, type BranchName, type ObjectId } from '../../domain/git-names.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Evidence, Observed } from '../../domain/observation.ts';
import type { RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { WantedVerdict } from '../../history/missing.ts';
import type { ForgeItem } from '../../ports/forge.ts';

const ID = GateId.parse('fixes-present');

type Wanted = WantedVerdict<ForgeItem>;

/** The closed items of the milestone on the branch that is released, or before the cut on the one that is cut from; null where there is neither. */
export interface FixesFacts {
  readonly repo: RepoInRelease;
  readonly found: Observed<{
    readonly branch: BranchName;
    readonly head: ObjectId;
    readonly isCut: boolean;
    readonly items: readonly Wanted[];
  } | null>;
}

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/**
 * The gate `fixes-present`: every closed item of the core repository's milestone is on the branch by proof. What nobody can tell (no commit says that it closes
 * the issue; the branch has something that may be it) is a person's to look at, never taken as there. Waivers applied.
 */
export function decideFixes({ repo, found }: FixesFacts, { train, waivers, now }: Judging): Gate {
  return withWaiver(gateOf({ repo, found }, train), waivers, now);
}

function gateOf({ repo, found }: FixesFacts, train: Train): Gate {
  const owners = [...new Set([...repo.entry.owners, ...train.roles['release-manager']])];
  const gate = emptyGate(ID, owners);
  const rerun = `signalbox gate run ${repo.release} ${ID}`;
  if (!found.known)
    return { ...gate, summary: `could not be read: ${found.reason}`, fix: `make it readable, then ${rerun}` };
  const { value, at, source } = found;
  if (value === null)
    return {
      ...gate,
      verdict: 'failing',
      summary: `${repo.key} has neither ${repo.branch} nor ${repo.entry.source}`,
      fix: `correct repos.${repo.key}.source in the train file`,
    };
  const sorted = sort(value.items);
  const place = `${value.branch} at ${shortId(value.head)}`;
  const evidence = [...sorted.gone, ...sorted.unsure, ...sorted.there, ...sorted.without]
    .slice(0, MOST_EVIDENCE)
    .map((item): Evidence => ({ text: itemText(item), link: item.item.link, source, at }));
  return { ...gate, evidence, ...judged(sorted, { repo, place, rerun, isCut: value.isCut, owners }) };
}

const MOST_EVIDENCE = 80;

interface Sorted {
  readonly all: number;
  readonly there: readonly Wanted[];
  /** Not there, or only in part. */
  readonly gone: readonly Wanted[];
  readonly unsure: readonly Wanted[];
  /** Nothing of them was to be there. */
  readonly without: readonly Wanted[];
}

function sort(items: readonly Wanted[]): Sorted {
  const of = (...verdicts: readonly Wanted['verdict'][]): readonly Wanted[] =>
    items.filter(({ verdict }) => verdicts.includes(verdict));
  return {
    all: items.length,
    there: of('on-line'),
    gone: of('missing', 'partial'),
    unsure: of('unsure', 'no-commit'),
    without: of('not-wanted', 'nothing-due'),
  };
}

interface Judged {
  readonly repo: RepoInRelease;
  readonly place: string;
  readonly rerun: string;
  readonly isCut: boolean;
  readonly owners: readonly string[];
}

type Part = Pick<Gate, 'verdict' | 'summary' | 'owners' | 'fix'>;

function judged({ all, there, gone, unsure, without }: Sorted, { repo, place, rerun, isCut, owners }: Judged): Part {
  if (gone.length > 0) {
    return {
      verdict: 'failing',
      summary: `${gone.length} of ${all} closed items are not on ${place}: ${listed(gone)}`,
      owners: ownersOf(gone, owners),
      fix: isCut ? pickFix(gone, repo) : `wait until ${repo.entry.source} has them, or cut later; then ${rerun}`,
    };
  }
  if (unsure.length > 0) {
    return {
      verdict: 'needs-you',
      summary: `${unsure.length} of ${all} closed items cannot be told on ${place}: ${listed(unsure)}`,
      owners: ownersOf(unsure, owners),
      fix: `see signalbox pick missing ${repo.release}; link each to what closed it ("Fixes #N" in the pull request), close it as not planned, or move it; then ${rerun}`,
    };
  }
  const rest = without.length === 0 ? '' : `; ${without.length} needed nothing`;
  return {
    verdict: 'pass',
    summary:
      all === 0
        ? `nothing is closed in the milestone`
        : `${there.length} of ${all} closed items are on ${place}${rest}`,
    owners,
    fix: null,
  };
}

function pickFix(gone: readonly Wanted[], { release, branch }: RepoInRelease): string {
  const pulls = gone.flatMap(({ commits }) => commits.flatMap(({ pull }) => (pull === null ? [] : [pull])));
  const [first] = pulls;
  return first === undefined
    ? `see signalbox pick missing ${release}`
    : `signalbox pick request ${first} --onto ${branch} -c CLASS; all of them: signalbox pick missing ${release}`;
}

/** Who was assigned, else who wrote it: a fix of theirs would miss the release. */
function ownersOf(items: readonly Wanted[], others: readonly string[]): readonly string[] {
  const own = items.flatMap(({ item: { assignees, author } }) => (assignees.length > 0 ? assignees : [author]));
  return [...new Set([...own, ...others])];
}

const MOST_LISTED = 6;

function listed(items: readonly Wanted[]): string {
  const names = items.slice(0, MOST_LISTED).map(({ item }) => `#${item.number}`);
  const more = items.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const WORDS: Record<Wanted['verdict'], string> = {
  'on-line': 'there',
  missing: 'not there',
  partial: 'only a part is there',
  unsure: 'may be there, somebody has to look',
  'no-commit': 'no commit says that it closes it',
  'not-wanted': 'main took it back itself',
  'nothing-due': 'closed without a change',
};

/** `#157406 NaN in softmax: there, 1234abcd5 came with the cut`. */
function itemText({ item, verdict, commits }: Wanted): string {
  const how = commits.slice(0, 3).map(({ commit, standing }) => `${shortId(commit)} ${standingText(standing)}`);
  return `#${item.number} ${item.title}: ${[WORDS[verdict], ...how].join(', ')}`;
}

type Standing = Wanted['commits'][number]['standing'];

function standingText(standing: Standing): string {
  switch (standing.kind) {
    case 'inherited':
      return 'is in its history';
    case 'on-line': {
      const [proof] = standing.counterpart.proofs;
      const by = `is ${shortId(standing.by.id)}${standing.partial ? ' in part' : ''}`;
      return proof === undefined ? by : `${by} by ${proof.text}`;
    }
    case 'taken-back':
      return `was taken back by ${shortId(standing.by)}`;
    case 'reverted-on-main':
      return `was taken back on main by ${shortId(standing.by)}`;
    case 'unsure':
      return `may be ${standing.by.slice(0, 3).map(shortId).join(' or ')}`;
    case 'missing':
      return 'is not there';
  }
}
