/** What a terminal needs besides src/domain/plain-text.ts: texts folded to ASCII. */
import { signsOf, signWidth } from '../../domain/plain-text.ts';

export { columnsOf, cutEnd, cutMiddle, neutral, padEnd, wrapText } from '../../domain/plain-text.ts';

const FOLDS: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '…': '~',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '·': '*',
  '→': '>',
};

/** Only bytes below 128, in the same number of columns: letters lose their accents, what has no likeness becomes `?`. */
export function foldToAscii(text: string): string {
  // oxlint-disable-next-line no-control-regex -- line ends and escape sequences of our own pass through
  if (/^[\x00-\x7f]*$/u.test(text)) return text;
  return signsOf(text).map(foldSign).join('');
}

function foldSign(sign: string): string {
  // oxlint-disable-next-line no-control-regex -- as above
  if (/^[\x00-\x7f]+$/u.test(sign)) return sign;
  const known = FOLDS[sign];
  if (known !== undefined) return known;
  const bare = sign.normalize('NFKD').replace(/\p{M}/gu, '');
  return /^[\x20-\x7e]$/u.test(bare) ? bare : '?'.repeat(signWidth(sign));
}
