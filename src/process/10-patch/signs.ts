import { matchesJob } from '../../domain/jobs.ts';
import type { TriageSigns } from '../../domain/train/policy.ts';

/** One thing that speaks for an answer, with the words it was found in. */
export interface Sign {
  readonly speaks: 'yes' | 'no';
  readonly text: string;
  /** Where it stands; null for the item itself. */
  readonly link: string | null;
}

/** A text that people wrote about a candidate. */
export interface SaidText {
  readonly author: string;
  readonly text: string;
  readonly link: string | null;
}

/** What signs are looked for in. */
export interface Signed {
  readonly labels: readonly string[];
  readonly role: string;
  readonly texts: readonly SaidText[];
}

/** A remark is as long as it has to be to be understood. */
const SHOWN = 120;
/** The first few of each kind say it; more would say the same. */
const MOST = 3;
const MOST_TEXT = 50_000;

/** What speaks for yes and for no, in labels, by the place it stands in, and in words. */
export function signsIn(of: Signed, { yes, no }: { readonly yes: TriageSigns; readonly no: TriageSigns }): Sign[] {
  const plain = (
    [
      ['yes', yes],
      ['no', no],
    ] as const
  ).flatMap(([speaks, signs]) => [
    ...of.labels
      .filter((label) => signs.labels.some((pattern) => matchesJob(pattern.toLowerCase(), label.toLowerCase())))
      .map((label): Sign => ({ speaks, text: `label "${label}"`, link: null })),
    ...(signs.roles.includes(of.role)
      ? [{ speaks, text: `stands in a repository of role ${of.role}`, link: null }]
      : []),
  ]);
  const words = of.texts.flatMap((said) => wordSigns(said, { yes: yes.words, no: no.words }));
  return [...plain, ...capped(words, 'yes'), ...capped(words, 'no')];
}

function capped(signs: readonly Sign[], speaks: Sign['speaks']): readonly Sign[] {
  return signs.filter((sign) => sign.speaks === speaks).slice(0, MOST);
}

interface Hit {
  readonly speaks: Sign['speaks'];
  readonly from: number;
  readonly to: number;
}

/** Lines that say one of the words. "no workaround" says more than "workaround" in it: of words that overlap the longest counts. */
function wordSigns(
  { author, text, link }: SaidText,
  words: { readonly yes: readonly string[]; readonly no: readonly string[] },
): readonly Sign[] {
  return proseOf(text).flatMap((raw) => {
    const lower = raw.toLowerCase();
    const hits = (['yes', 'no'] as const).flatMap((speaks) =>
      words[speaks].flatMap((word): readonly Hit[] => {
        const from = lower.indexOf(word.toLowerCase());
        return from < 0 ? [] : [{ speaks, from, to: from + word.length }];
      }),
    );
    const counting = hits.filter((hit) => !hits.some((other) => other !== hit && covers(other, hit)));
    const speaks = [...new Set(counting.map((hit) => hit.speaks))];
    return speaks.map((each): Sign => ({ speaks: each, text: `@${author}: ${shortened(raw)}`, link }));
  });
}

function covers(one: Hit, other: Hit): boolean {
  const isLonger = one.to - one.from > other.to - other.from;
  return isLonger && one.from < other.to && other.from < one.to;
}

/** The lines that people wrote themselves: no comment of a form, no code, nothing that was quoted from somebody else. */
function proseOf(text: string): readonly string[] {
  return text
    .slice(0, MOST_TEXT)
    .replace(/<!--[\s\S]*?-->/gu, '')
    .replace(/^(?:```|~~~)[\s\S]*?^(?:```|~~~)/gmu, '')
    .split(/\r\n|\r|\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('>'));
}

function shortened(line: string): string {
  const signs = Array.from(line);
  return signs.length <= SHOWN ? line : `${signs.slice(0, SHOWN - 3).join('')}...`;
}
