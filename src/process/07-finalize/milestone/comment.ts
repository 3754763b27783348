import { CandidateVersion } from '../../../domain/version.ts';

const MOST_CHARACTERS = 100_000;
const FENCE = /^\s*(?:```|~~~)/u;

/**
 * The candidates that a comment says something was validated on, by the form of the train: a line that begins so. Lines inside code and quotes of others say
 * nothing: whoever quotes a validation does not repeat it.
 */
export function validatedIn(comment: string, form: string): readonly CandidateVersion[] {
  const pattern = patternOf(form);
  const found: CandidateVersion[] = [];
  let isCode = false;
  for (const line of comment.slice(0, MOST_CHARACTERS).split(/\r\n|\r|\n/u)) {
    if (FENCE.test(line)) isCode = !isCode;
    else if (!isCode && !/^\s*>/u.test(line) && !/^(?: {4}|\t)/u.test(line)) {
      const candidate = CandidateVersion.safeParse(pattern.exec(line)?.[1]);
      if (candidate.success) found.push(candidate.data);
    }
  }
  return found;
}

/** Before it a list, emphasis or a sign may stand. A candidate as people write it: 2.8.0-rc3, v2.8.0-rc3, `2.8.0-rc3`. */
function patternOf(form: string): RegExp {
  const [before = '', after = ''] = form.split('{candidate}');
  const words = (text: string): string =>
    text
      .trim()
      .split(/\s+/u)
      .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`))
      .join(String.raw`\s+`);
  const lead = before.trim() === '' ? '' : String.raw`${words(before)}[\s:]*`;
  const tail = after.trim() === '' ? '' : String.raw`\s*${words(after)}`;
  return new RegExp(
    String.raw`^\s*(?:[-*+]\s+)?[\s*_✅✔]*${lead}[\x60*_]*v?(\d+\.\d+\.\d+-rc\d+)(?![\w.-]*\d)${tail}`,
    'iu',
  );
}
