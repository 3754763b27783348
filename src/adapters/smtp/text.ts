import { neutral, wrapText } from '../../domain/plain-text.ts';
import type { NoticeMessage } from '../../ports/notifier.ts';

const COLUMNS = 76;

/** The body: each thing with what it says and where it is, then why the message comes. A mail reader shows every sign of it as it is. */
export function mailText({ items, foot }: NoticeMessage): string {
  const parts = items.map(({ headline, lines, link }) =>
    [
      ...wrapText(neutral(headline), COLUMNS),
      ...lines.flatMap((line) => wrapText(neutral(line), COLUMNS - 2).map((part) => `  ${part}`)),
      ...(link === null ? [] : [`  ${link}`]),
    ].join('\n'),
  );
  // Two dashes and a blank begin what mail readers take for a signature.
  return `${parts.join('\n\n')}\n\n-- \n${foot}\n`;
}
