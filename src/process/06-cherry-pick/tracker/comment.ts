import { inline, link } from '../render/escape.ts';

/** What a nomination in a tracker's comment points to: a pull request, an issue or a commit, by number, address or id. */
export interface Reference {
  readonly slug: string | null;
  readonly number: number | null;
  readonly commit: string | null;
  /** Free words beside it. */
  readonly remark: string;
  /** It is a revert of what the reference names. */
  readonly reverts: boolean;
}

/** The class a nomination claims; `special` where it is none of the known ones. */
export type NominationClass =
  | 'regression'
  | 'critical'
  | 'fixnewfeature'
  | 'docs'
  | 'release'
  | 'revert'
  | 'ci'
  | 'special';

/** A comment in the three-block form, however it was typed. */
export interface Nomination {
  readonly trunk: readonly Reference[];
  readonly release: readonly Reference[];
  readonly class: NominationClass | null;
  /** What follows the class, or the whole of it where no class is known. */
  readonly remark: string;
  /** The block that people add when a pick was taken back. */
  readonly revertedBy: readonly Reference[];
}

type Block = 'trunk' | 'release' | 'category' | 'reverted';

const HEADS: readonly (readonly [Block, RegExp])[] = [
  [
    'trunk',
    /^link(?:s)?\s+to\s+(?:the\s+)?(?:landed\s+)?(?:trunk|master|main)\s+(?:prs?|commits?|pull requests?)\b(?:\s*\(if applicable\))?\s*:?/i,
  ],
  [
    'release',
    /^link(?:s)?\s+to\s+(?:the\s+)?(?:release|release[- ]branch|cherry[- ]pick)(?:\s+branch)?\s+(?:prs?|pull requests?)\b\s*:?/i,
  ],
  ['category', /^criteria(?:\s+category)?\s*:/i],
  ['reverted', /^(?:reverted|link(?:s)?\s+to\s+reverts?(?:\s+prs?)?)\b(?:\s+by)?\s*:?/i],
];

const MOST_LINES = 400;

/** Reads a tracker's comment; null when it has not both blocks that make it a nomination. Everything in it is a claim, and is checked elsewhere. */
export function readNomination(comment: string): Nomination | null {
  const blocks = new Map<Block, string[]>();
  let current: Block | null = null;
  for (const raw of comment
    .slice(0, 200_000)
    .split(/\r\n|\r|\n/)
    .slice(0, MOST_LINES)) {
    const text = raw
      .slice(0, 2000)
      .replace(/^(?:[\s>*_-]|#+\s)+/, '')
      .replace(/\*\*|__/g, '')
      .trim();
    const head = HEADS.find(([, pattern]) => pattern.test(text));
    if (head !== undefined) {
      const [name, pattern] = head;
      current = name;
      const lines = blocks.get(name) ?? [];
      blocks.set(name, lines);
      const rest = text.replace(pattern, '').trim();
      if (rest !== '') lines.push(rest);
    } else if (current !== null && text !== '') blocks.get(current)?.push(text);
  }
  const [trunk, release, category] = [blocks.get('trunk'), blocks.get('release'), blocks.get('category')];
  if (release === undefined || (trunk === undefined && category === undefined)) return null;
  return {
    trunk: (trunk ?? []).flatMap(referencesOf),
    release: release.flatMap(referencesOf),
    ...classOf((category ?? []).join(' ')),
    revertedBy: (blocks.get('reverted') ?? []).flatMap(referencesOf),
  };
}

const REFERENCE =
  /https?:\/\/[^\s/]+\/([\w.-]+\/[\w.-]+)\/(?:pull|issues|commit)\/([0-9a-f]{7,40}(?![0-9a-f])|\d+)[^\s,;)]*|(?:([\w.-]+\/[\w.-]+))?#(\d+)|(?<![\w/])([0-9a-f]{7,40})(?![\w/])/g;

/** The references of one line; what else stands there is the remark of each. */
function referencesOf(line: string): readonly Reference[] {
  const found = [...line.matchAll(REFERENCE)];
  const remark = line
    .replace(REFERENCE, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s:,;–-]+|[\s:,;–-]+$/g, '');
  const reverts = /\brevert(?:s|ed)?\b/i.test(remark);
  return found.map(([, slug, name, shortSlug, short, sha]) => {
    const isNumber = name !== undefined && /^\d{1,9}$/.test(name);
    const number = short ?? (isNumber ? name : undefined);
    const commit = sha ?? (name !== undefined && !isNumber ? name : undefined);
    return {
      slug: slug ?? shortSlug ?? null,
      number: number === undefined ? null : Number(number),
      commit: commit ?? null,
      remark,
      reverts,
    };
  });
}

const CLASSES: readonly (readonly [NominationClass, RegExp])[] = [
  ['revert', /\brevert/i],
  ['fixnewfeature', /fixnewfeature|\bnew(?:ly introduced)?\s+features?\b|\bfeatures?\s+introduced\b/i],
  ['regression', /\bregress/i],
  [
    'critical',
    /\bcritical\b|silent(?:ly)?\s+(?:wrong|correct|incorrect)|\bcrash|\bdeadlock|memory\s+leak|backwards?\s+compat|\bbc[- ]break/i,
  ],
  ['docs', /\bdocs?\b|documentation|\btutorials?\b/i],
  ['ci', /\bci\b|\bbuild(?:s|ing)?\b|\binfra\b|\btests?\b|\bworkflows?\b/i],
  ['release', /\brelease(?:[- ](?:branch|only|specific))?\b|\bversion (?:bump|identifier)/i],
];

function classIn(words: string): NominationClass | null {
  const hits = CLASSES.flatMap(([name, pattern]) => {
    const at = pattern.exec(words)?.index;
    return at === undefined ? [] : [{ name, at }];
  });
  // The word that comes first says it; of two at one place the order of the list decides.
  return (
    hits.reduce<{ name: NominationClass; at: number } | null>(
      (best, hit) => (best === null || hit.at < best.at ? hit : best),
      null,
    )?.name ?? null
  );
}

/** The class is said before the first dash or colon, in most comments; otherwise it is somewhere in the words. */
function classOf(category: string): Pick<Nomination, 'class' | 'remark'> {
  const text = category.replace(/\s+/g, ' ').trim();
  if (text === '') return { class: null, remark: '' };
  const split = /\s+[-–—]\s*|:\s+/.exec(text);
  const head = split === null ? text : text.slice(0, split.index);
  const rest = split === null ? '' : text.slice(split.index + split[0].length);
  const found = classIn(head);
  if (found !== null) return { class: found, remark: rest };
  return { class: classIn(text) ?? 'special', remark: text };
}

/** An address as it is, which the forge makes a link of; anything else as text. */
function linked(address: string): string {
  return /^https?:\/\/[^\s<>()[\]"'\\`|]+$/i.test(address) ? address : link(address, address);
}

/** A landed pick as the tracker's comment tells it: the three blocks that existing readers know. */
export function nominationComment(landed: {
  readonly trunk: string | null;
  /** It takes back what the trunk pull request did. */
  readonly reverts?: boolean;
  readonly pull: string;
  readonly classTitle: string;
  readonly fixes: string | null;
}): string {
  const category =
    landed.fixes === null ? inline(landed.classTitle) : `${inline(landed.classTitle)} - ${linked(landed.fixes)}`;
  return [
    'Link to landed trunk PR (if applicable):',
    `* ${landed.reverts === true ? 'Revert of ' : ''}${landed.trunk === null ? 'none' : linked(landed.trunk)}`,
    '',
    'Link to release branch PR:',
    `* ${linked(landed.pull)}`,
    '',
    'Criteria Category:',
    `* ${category}`,
    '',
  ].join('\n');
}
