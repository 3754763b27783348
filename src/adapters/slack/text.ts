import { neutral } from '../../domain/plain-text.ts';
import type { NoticeMessage } from '../../ports/notifier.ts';

const NOTHING = '\u200b';
const MOST_LINES = 12;
/** Slack cuts a text at 40,000 characters, others at less. */
const MOST = 12_000;

/**
 * Text of others in a message of Slack, or of what takes the same: shown letter by letter. `<`, `>` and `&` are all that Slack itself reads in a webhook; what other
 * servers take for a call (@all), a link or Markdown is kept apart by a blank without width.
 */
function slackText(text: string): string {
  return neutral(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#](?=\S)/gu, (sign) => `${sign}${NOTHING}`)
    .replace(/[*_~`|[\]()!\\]/gu, (sign) => `${NOTHING}${sign}${NOTHING}`)
    .replaceAll('://', `:${NOTHING}//`)
    .replace(/\bwww\./giu, `www${NOTHING}.`);
}

/** The message: who is called, each thing in a line with its link, then why it comes. */
export function slackMessage({ items, foot, again }: NoticeMessage): string {
  const parts = items.map(({ headline, lines, link, calls }) => {
    const title = slackText(headline);
    const shown = link === null ? `*${title}*` : `*<${address(link)}|${title}>*`;
    const called = calls.filter((id) => /^[UW][A-Z0-9]{2,20}$/u.test(id)).map((id) => `<@${id}> `);
    return [`${called.join('')}${shown}`, ...lines.slice(0, MOST_LINES).map((line) => slackText(line))].join('\n');
  });
  const twice = again ? '\n_Sent again: whether it arrived the first time is not known._' : '';
  return `${fit(parts)}\n${slackText(foot)}${twice}`;
}

/** As many parts as there is room for; how many are left out is said. */
function fit(parts: readonly string[]): string {
  let room = MOST;
  const end = parts.findIndex((part) => (room -= part.length) < 0);
  if (end <= 0) return parts.join('\n\n').slice(0, MOST);
  return [...parts.slice(0, end), `and ${parts.length - end} more, on the page To do`].join('\n\n');
}

/** An address of our own pages inside `<...>`. */
function address(link: string): string {
  return link.replace(/[<>|\s]/gu, (sign) => encodeURIComponent(sign));
}
