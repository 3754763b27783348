import { readReverted, type Reverted } from './reverted.ts';
import { readTitle, titleKey, type TitleFacts } from './title.ts';

/** How a commit names the change it carries over. */
export type ClaimWord =
  | 'trailer'
  | 'cherry-pick'
  | 'backport'
  | 'port'
  | 'same-change'
  | 'forward-port'
  | 'title-number'
  | 'mention';

/** A change that a commit names: a commit id (perhaps abbreviated) or a pull request of this repository. */
export interface Claim {
  readonly word: ClaimWord;
  readonly target:
    | { readonly kind: 'commit'; readonly id: string }
    | { readonly kind: 'pull'; readonly number: number };
  /** It stands in the text of one commit of a squash, and speaks of that one. */
  readonly inner: boolean;
}

/** What a commit says of itself. */
export interface MessageFacts {
  readonly title: TitleFacts;
  /** The number of its own pull request: the last one of its title, or the one its merge bot wrote down. */
  readonly pull: number | null;
  readonly claims: readonly Claim[];
  readonly reverts: Reverted | null;
  /** The titles, as keys, of the commits that were squashed into it. */
  readonly innerTitles: readonly string[];
  /** `Differential Revision: D123`. */
  readonly diff: string | null;
}

const URL_OR_NUMBER = String.raw`(?:https?:\/\/[^\s/]+\/([\w-]+\/[\w.-]+)\/(?:pull|issues)\/(\d+)|([\w-]+\/[\w.-]+)?#(\d+)|https?:\/\/[^\s/]+\/([\w-]+\/[\w.-]+)\/commit\/([0-9a-f]{7,40})\b|\b([0-9a-f]{7,40})\b)`;
const TARGET = new RegExp(URL_OR_NUMBER, 'gi');
const TRAILER = /\(cherry[- ]picked from commit ([0-9a-f]{7,40})\)/gi;
const RESOLVED = /^Pull[- ]Request[- ]resolved: https?:\/\/[^\s/]+\/([\w-]+\/[\w.-]+)\/pull\/(\d+)/gim;
const DIFFERENTIAL = /^Differential Revision: \[?(D\d+)/m;

/** Words behind which the changes follow that are carried over. */
const WORDS: readonly { readonly word: ClaimWord; readonly words: RegExp }[] = [
  { word: 'forward-port', words: /\bforward[- ]?port(?:s|ed|ing)?\b/i },
  { word: 'cherry-pick', words: /\bcherry[- ]?pick(?:s|ed|ing)?\b/i },
  { word: 'backport', words: /\bback[- ]?port(?:s|ed|ing)?\b/i },
  { word: 'same-change', words: /\b(?:same (?:change|fix)(?:es)? as|mirrors)\b/i },
  { word: 'port', words: /\b(?:port(?:s|ed|ing)? (?:of|the equivalents? of|from)|extracted from)\b/i },
];
const MOST_BODY_LINES = 400;

/** Texts without any of these claim nothing; looking for that first saves reading them line by line. */
const ANY_WORD = /pick|port|extracted from|mirrors|same (?:change|fix)/i;

/** A line that is a number or an address and nothing else: below a title that says cherry-pick it is one of those picked. */
const LIST_ITEM =
  /^\s*(?:[-*•]|\d{1,2}[.)])?\s*(?:https?:\/\/\S+\/(?:pull|commit)\/\w+|(?:[\w-]+\/[\w.-]+)?#\d+)[\s,.;]*$/;

/**
 * Reads a commit's message. `slug` is `owner/name` of its repository, null when unknown: a number of another one is never its own.
 * `mentions` false leaves out what is only mentioned: of main's commits nothing rests on that.
 */
export function readMessage(message: string, slug: string | null, mentions = true): MessageFacts {
  const end = message.indexOf('\n');
  const subject = end === -1 ? message : message.slice(0, end);
  const body = end === -1 ? '' : message.slice(end + 1);
  const title = readTitle(subject);
  const resolved = resolvedPull(body, slug);
  return {
    title,
    pull: title.pulls.at(-1) ?? resolved,
    claims: mentions || title.pulls.length > 1 || ANY_WORD.test(message) ? claimsOf(title, subject, body, slug) : [],
    reverts: readReverted(subject, body, slug),
    innerTitles: innerTitlesOf(body),
    diff: DIFFERENTIAL.exec(body)?.[1] ?? null,
  };
}

const MOST_INNER = 60;
/** Shorter ones are "fix", "lint", "test": everybody's. */
const SHORT_TITLE = 16;

function innerTitlesOf(body: string): readonly string[] {
  if (!body.includes('* ')) return [];
  const titles = [...body.matchAll(/^\* (\S.*)$/gm)].slice(0, MOST_INNER).map(([, title]) => titleKey(title ?? ''));
  return titles.filter((key) => key.length >= SHORT_TITLE);
}

function isOwn(repo: string | undefined, slug: string | null): boolean {
  return repo === undefined || slug === null || repo.toLowerCase() === slug.toLowerCase();
}

function resolvedPull(body: string, slug: string | null): number | null {
  if (!/pull[- ]request[- ]resolved/i.test(body)) return null;
  for (const [, repo, number] of body.matchAll(RESOLVED)) {
    if (isOwn(repo, slug)) return Number(number);
  }
  return null;
}

function claimsOf(title: TitleFacts, subject: string, body: string, slug: string | null): readonly Claim[] {
  const claims: Claim[] = [];
  for (const number of title.pulls.slice(0, -1)) {
    claims.push({ word: 'title-number', target: { kind: 'pull', number }, inner: false });
  }
  const own = title.pulls.at(-1);
  const inTitle = wordOf(subject);
  claims.push(...claimsOfLine(subject, inTitle ?? 'mention', slug, false).filter(isNot(own)));
  if (!/#\d|\/pull\/|[0-9a-f]{7}/.test(body)) return unique(claims);
  let inner = false;
  let open: ClaimWord | null = null;
  for (const line of body.split('\n', MOST_BODY_LINES)) {
    // GitHub's squash lists the commits as `* title`, each followed by its text.
    const isItem = inTitle !== null && LIST_ITEM.test(line);
    if (/^\* \S/.test(line) && !isItem) inner = true;
    if (/^-{3,}$/.test(line)) inner = false;
    if (line.trim() === '') open = null;
    const said = wordOf(line);
    const word: ClaimWord | null = said ?? open ?? (isItem ? inTitle : null);
    // "Cherry-picks of" on one line, the list on the next ones.
    if (said !== null) open = said;
    claims.push(...trailersOf(line, inner));
    if (isNoClaim(line)) continue;
    claims.push(...claimsOfLine(line.replace(TRAILER, ''), word ?? 'mention', slug, inner).filter(isNot(own)));
  }
  return unique(claims);
}

function isNot(own: number | undefined): (claim: Claim) => boolean {
  return ({ target }) => target.kind === 'commit' || target.number !== own;
}

function wordOf(line: string): ClaimWord | null {
  return WORDS.find(({ words }) => words.test(line))?.word ?? null;
}

/** Lines that name numbers of other kinds: what is closed, approved or resolved. */
function isNoClaim(line: string): boolean {
  return /^(?:pull[- ]request[- ]resolved|approved by|differential revision|co-authored-by|signed-off-by|this reverts|reverts )/i.test(
    line.trim(),
  );
}

function trailersOf(line: string, inner: boolean): readonly Claim[] {
  return [...line.matchAll(TRAILER)].flatMap(([, id]) =>
    id === undefined ? [] : [{ word: 'trailer', target: { kind: 'commit', id: id.toLowerCase() }, inner }],
  );
}

function claimsOfLine(line: string, word: ClaimWord, slug: string | null, inner: boolean): readonly Claim[] {
  return [...line.matchAll(TARGET)].flatMap((found): Claim[] => {
    const [, urlRepo, urlNumber, repo, number, commitRepo, commit, bare] = found;
    const pull = urlNumber ?? number;
    if (pull !== undefined) {
      return isOwn(urlRepo ?? repo, slug) && pull.length < 9
        ? [{ word, target: { kind: 'pull', number: Number(pull) }, inner }]
        : [];
    }
    const id = commit ?? bare;
    // A bare word of hexadecimal digits without a digit among them is a word, and one of digits only a number.
    const isId =
      commit !== undefined ? isOwn(commitRepo, slug) : bare !== undefined && /\d/.test(bare) && /[a-f]/i.test(bare);
    return id !== undefined && isId ? [{ word, target: { kind: 'commit', id: id.toLowerCase() }, inner }] : [];
  });
}

const RANK: readonly ClaimWord[] = [
  'trailer',
  'title-number',
  'cherry-pick',
  'backport',
  'same-change',
  'port',
  'forward-port',
  'mention',
];

/** One claim for each target: its strongest. */
function unique(claims: readonly Claim[]): readonly Claim[] {
  if (claims.length < 2) return claims;
  const best = new Map<string, Claim>();
  for (const claim of claims) {
    const key = claim.target.kind === 'pull' ? `#${claim.target.number}` : claim.target.id;
    const other = best.get(key);
    if (other === undefined || RANK.indexOf(claim.word) < RANK.indexOf(other.word)) best.set(key, claim);
  }
  return [...best.values()];
}
