/** What a commit's title says, and a form of it by which titles are compared. */
export interface TitleFacts {
  readonly text: string;
  /** The numbers in the groups `(#N)` it ends with, in their order: `… (#main) (#release)`. */
  readonly pulls: readonly number[];
  /** Lower case, without numbers, marks of picks and branches, quotes and runs of spaces. Empty when nothing is left. */
  readonly key: string;
  /** Its author says that it is meant for the release branch alone. */
  readonly releaseOnly: boolean;
  /** A mark before it names a release: [release/2.13], [Release 2.4], [LTS]. Picks have it too. */
  readonly forRelease: boolean;
  /** It is the commit with which a release branch begins. */
  readonly cut: boolean;
}

const LAST_PULL = /\s*\(#(\d{1,8})\)\s*$/;
const RELEASE_ONLY = /\brelease[- ]only\b/i;
const FOR_RELEASE = /^(?:\[[^\]]*\]\s*)*\[(?:[^\]]*\brelease[ /-]?\d|\s*lts\b)[^\]]*\]/i;
const CUT = /\bbranch[- ]cut\b|\bcut(?:ting)? (?:the )?release branch\b/i;
/** Marks before a title: [cherry-pick], [release/2.13], [Cherry-pick for release/2.5], [release-only], Cherry Pick of, Backport: … */
const MARK =
  /^(?:\[(?:[^\]]*\b(?:cherry[- ]?pick|release|lts|back[- ]?port|reland|forward[- ]?port)\b[^\]]*)\]|(?:cherry[- ]?pick(?:s|ed|ing)?|back[- ]?port(?:s|ed|ing)?|forward[- ]?port(?:s|ed|ing)?)(?: of| from)?(?:\s+#\d+)?\b)[\s:,-]*/i;

const MARK_BEGINS = /^(?:\[|cherry|back|forward)/i;

/** Reads the first line of a commit's message. */
export function readTitle(subject: string): TitleFacts {
  const text = subject.slice(0, 500).trim();
  const pulls: number[] = [];
  let rest = text;
  for (let found = LAST_PULL.exec(rest); found !== null; found = LAST_PULL.exec(rest)) {
    pulls.unshift(Number(found[1]));
    rest = rest.slice(0, found.index);
  }
  return {
    text,
    pulls,
    key: titleKey(rest),
    releaseOnly: RELEASE_ONLY.test(text),
    forRelease: FOR_RELEASE.test(text),
    cut: CUT.test(text),
  };
}

/** The form by which titles are compared: `[release/2.13] Fix "x" (#7) (#9)` and `Fix "x" (#7)` are one. */
export function titleKey(title: string): string {
  let rest = title.trim();
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = (MARK_BEGINS.test(rest) ? rest.replace(MARK, '') : rest)
      .replace(LAST_PULL, '')
      .replace(/\s*-?\s*#\d{0,8}\s*$/, '')
      .trim();
  }
  return rest
    .toLowerCase()
    .replaceAll(/["'`“”‘’]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s.:,-]+$/, '');
}
