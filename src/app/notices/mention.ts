import type { RepoSlug } from '../../domain/repo.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { ForgeError, type Forge } from '../../ports/forge.ts';
import { NotifierError, type MessageItem, type NoticeMessage, type Notifier } from '../../ports/notifier.ts';
import { inline, marked, mention } from '../../process/06-cherry-pick/index.ts';

/** What calling people on the forge takes. */
export interface MentionParts {
  readonly forge: Forge;
  /** As whom comments are written. */
  readonly who: () => Promise<string>;
  /** The issue of a release under which people are called; null where there is none. */
  readonly placeOf: (
    release: ReleaseVersion | null,
  ) => Promise<{ readonly slug: RepoSlug; readonly item: number } | null>;
}

const MOST_ITEMS = 20;
const MOST_LINES = 6;

/** Calls people by a comment on the tracker of the release. One comment for one message: it is known by a marker, and looked for first. */
export function mentionNotifier({ forge, who, placeOf }: MentionParts): Notifier {
  return {
    send: async (message) => {
      if (message.to.channel !== 'mention') throw new NotifierError('not-set-up', 'a tracker takes mentions only');
      const { release } = message.to;
      try {
        const place = await placeOf(release);
        if (place === null) {
          const text = `${release === null ? 'no release' : release} has no open tracker to call people on: signalbox tracker open ${release ?? 'RELEASE'}`;
          throw new NotifierError('not-set-up', text);
        }
        const { slug, item } = place;
        const me = await who();
        const marker = `signalbox:notice ${message.id}`;
        const there = await forge.comments.list(slug, item);
        if (there.some(({ author, body }) => author === me && body.includes(`<!-- ${marker} -->`))) return;
        await forge.comments.write(slug, item, marked(marker, mentionText(message)));
      } catch (error) {
        if (!(error instanceof ForgeError)) throw error;
        const code = error.code === 'not-allowed' || error.code === 'not-found' ? 'refused' : 'unreachable';
        throw new NotifierError(code, `the forge took no comment: ${error.message}`, { cause: error });
      }
    },
  };
}

function mentionText({ items, foot }: NoticeMessage): string {
  const left = items.length - MOST_ITEMS;
  return [
    ...items.slice(0, MOST_ITEMS).map(itemText),
    ...(left > 0 ? [`- and ${left} more, on the page To do`] : []),
    '',
    `<sub>${inline(foot, 400)}</sub>`,
  ].join('\n');
}

function itemText({ headline, lines, link, calls }: MessageItem): string {
  const called = calls.map((login) => `${mention(login)} `).join('');
  const title = link === null ? `**${inline(headline)}**` : `[**${inline(headline)}**](${encodeURI(link)})`;
  return [`- ${called}${title}`, ...lines.slice(0, MOST_LINES).map((line) => `  ${inline(line, 300)}`)].join('  \n');
}
