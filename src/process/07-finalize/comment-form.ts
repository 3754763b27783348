import { CandidateVersion } from '../../domain/version.ts';

const MOST_CHARACTERS = 100_000;
const FENCE = /^\s*(?:```|~~~)/u;

/** What a line of a comment says in the form of the train. */
export interface Said {
  readonly candidate: CandidateVersion;
  /** The word in the place of {item}; null where the form has none. */
  readonly item: string | null;
}

/**
 * What a comment says was done on which candidate, by the form of the train: lines that begin so. Lines inside code and quotes of others say nothing: whoever
 * quotes a validation does not repeat it.
 */
export function saidIn(comment: string, form: string): readonly Said[] {
  const pattern = patternOf(form);
  const found: Said[] = [];
  let isCode = false;
  for (const line of comment.slice(0, MOST_CHARACTERS).split(/\r\n|\r|\n/u)) {
    if (FENCE.test(line)) isCode = !isCode;
    else if (!isCode && !/^\s*>/u.test(line) && !/^(?: {4}|\t)/u.test(line)) {
      const groups = pattern.exec(line)?.groups;
      const candidate = CandidateVersion.safeParse(groups?.['candidate']);
      if (candidate.success) found.push({ candidate: candidate.data, item: groups?.['item']?.toLowerCase() ?? null });
    }
  }
  return found;
}

const PLACES: Readonly<Record<string, string>> = {
  // A candidate as people write it: 2.8.0-rc3, v2.8.0-rc3, `2.8.0-rc3`.
  '{candidate}': String.raw`[\x60*_]*v?(?<candidate>\d+\.\d+\.\d+-rc\d+)(?![\w.-]*\d)[\x60*_]*`,
  '{item}': String.raw`[\x60*_]*(?<item>[a-zA-Z][\w-]*)[\x60*_]*`,
};

/** Before it a list, emphasis or a sign may stand; spaces and colons between its words do not count. */
function patternOf(form: string): RegExp {
  const words = form.split(/(\{candidate\}|\{item\}|\s+)/u).filter((word) => word.trim() !== '');
  const parts = words.map((word) => PLACES[word] ?? word.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`));
  return new RegExp(String.raw`^\s*(?:[-*+]\s+)?[\s*_✅✔]*${parts.join(String.raw`[\s:]*`)}`, 'iu');
}
