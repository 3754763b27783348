import type { ObjectId } from '../../domain/git-names.ts';
import type { RepoKey } from '../../domain/repo.ts';
import type { PatchPolicy, TriageSigns } from '../../domain/train/policy.ts';
import type { Observed } from '../../domain/observation.ts';
import type { ForgeComment, ForgeItem } from '../../ports/forge.ts';
import { signsIn, type SaidText, type Sign } from './signs.ts';

export type { Sign } from './signs.ts';

/** Where the fix of a candidate is: on main, and from there on the release branch. */
export interface FixFound {
  /** Commits of main that say they are it or close it, with the files they touch; null where what they change was not read. */
  readonly commits: readonly {
    readonly commit: ObjectId;
    readonly title: string;
    readonly pull: number | null;
    readonly size: { readonly files: readonly string[]; readonly lines: number } | null;
  }[];
  /** `no-commit`: main has none. The others are those of a milestone's items (src/history/missing.ts). */
  readonly verdict: 'on-line' | 'missing' | 'partial' | 'unsure' | 'no-commit' | 'not-wanted';
}

/** A candidate for a patch release, with all that was read of it. */
export interface TriageFacts {
  readonly repo: RepoKey;
  /** Role of its repository in the train. */
  readonly role: string;
  readonly item: ForgeItem;
  readonly comments: Observed<readonly ForgeComment[]>;
  readonly fix: Observed<FixFound>;
}

/** A question of the seed with the answer that the evidence suggests. Nothing that was not said is a yes or a no. */
export interface CriterionJudged {
  readonly id: string;
  readonly question: string;
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Why it is not known; null where it is. */
  readonly why: string | null;
  readonly signs: readonly Sign[];
}

/** What the evidence suggests of one candidate. It is never a decision. */
export interface Suggestion {
  readonly suggests: 'accept' | 'decline' | 'unknown';
  readonly because: string;
  readonly criteria: readonly CriterionJudged[];
}

const NONE: TriageSigns = { labels: [], words: [], roles: [] };

/** Judges a candidate by the seed's criteria ("Patch Release Criteria", and what its list of picks accepts), as far as there is evidence. */
export function suggestTriage(facts: TriageFacts, policy: PatchPolicy): Suggestion {
  const grounds = answered(facts, {
    id: 'regression',
    question: 'Is it a regression from the release before, or a crash, a silently wrong result, a problem of security?',
    yes: joined(policy.regression, policy.severe),
    no: NONE,
  });
  const asked = policy.criteria.map(({ id, question, required, yes, no }) => ({
    required,
    judged: answered(facts, { id, question, yes, no }),
  }));
  const documentation = answered(facts, {
    id: 'not-documentation-alone',
    question: 'Is more broken than the documentation?',
    yes: policy.severe,
    no: policy.documentation,
  });
  const criteria = [grounds, ...asked.map(({ judged }) => judged), documentation];
  const required = [grounds, ...asked.filter((each) => each.required).map(({ judged }) => judged)];
  return { ...verdictOf(required, documentation, policy), criteria };
}

function verdictOf(
  required: readonly CriterionJudged[],
  documentation: CriterionJudged,
  policy: PatchPolicy,
): Pick<Suggestion, 'suggests' | 'because'> {
  if (documentation.answer === 'no' && !policy.documentationAlone) {
    return { suggests: 'decline', because: 'documentation alone is no reason for a patch release' };
  }
  const denied = required.filter(({ answer }) => answer === 'no').map(({ id }) => id);
  if (denied.length > 0) return { suggests: 'decline', because: `answered with no: ${denied.join(', ')}` };
  const open = required.filter(({ answer }) => answer === 'unknown').map(({ id }) => id);
  if (open.length > 0) return { suggests: 'unknown', because: `nobody can tell yet: ${open.join(', ')}` };
  return { suggests: 'accept', because: 'every criterion is answered with yes' };
}

interface Question {
  readonly id: string;
  readonly question: string;
  readonly yes: TriageSigns;
  readonly no: TriageSigns;
}

function answered(facts: TriageFacts, { id, question, yes, no }: Question): CriterionJudged {
  const signs = signsIn({ labels: facts.item.labels, role: facts.role, texts: textsOf(facts) }, { yes, no });
  const [isYes, isNo] = (['yes', 'no'] as const).map((speaks) => signs.some((sign) => sign.speaks === speaks));
  const answer = isYes === isNo ? 'unknown' : isYes === true ? 'yes' : 'no';
  const common = { id, question, answer, signs } as const;
  if (answer !== 'unknown') return { ...common, why: null };
  if (isYes === true) return { ...common, why: 'the evidence speaks for both' };
  const hasWords = yes.words.length + no.words.length > 0;
  const unread = hasWords && !facts.comments.known ? `; its comments could not be read: ${facts.comments.reason}` : '';
  return { ...common, why: `nothing speaks for an answer${unread}` };
}

function textsOf({ item, comments }: TriageFacts): readonly SaidText[] {
  const { author, title, body } = item;
  return [
    { author, text: title, link: null },
    { author, text: body, link: null },
    ...(comments.known
      ? comments.value.map((comment) => ({ author: comment.author, text: comment.body, link: comment.link }))
      : []),
  ];
}

function joined(one: TriageSigns, other: TriageSigns): TriageSigns {
  return {
    labels: [...one.labels, ...other.labels],
    words: [...one.words, ...other.words],
    roles: [...one.roles, ...other.roles],
  };
}
