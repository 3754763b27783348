import { ASK_PLACEHOLDERS, HOST_PLACEHOLDERS, type Ask, type AskProbe } from '../domain/train/asks.ts';
import type { Train } from '../domain/train/train.ts';
import { rangeOf, type Contradiction } from './contradiction.ts';
import type { KeyPath } from './tree.ts';

/** Asks that lead nowhere: texts, repositories, channels and dependencies that are not there, and issues without a forge. */
export function askContradictions(train: Train): readonly Contradiction[] {
  return Object.entries(train.asks).flatMap(([name, ask]) => oneAsk(train, ask, ['asks', name]));
}

function oneAsk(train: Train, ask: Ask, path: KeyPath): readonly Contradiction[] {
  const { sent, done, text, title } = ask;
  const isIssue = sent.way === 'issue';
  return [
    ...rangeOf(path, ask),
    ...(Object.hasOwn(train.texts, text)
      ? placeholders(train, train.texts[text] ?? '', [...path, 'text'])
      : [{ path: [...path, 'text'], text: `there is no text ${text}`, allowed: Object.keys(train.texts), word: text }]),
    ...placeholders(train, title, [...path, 'title']),
    ...platformOf(train, ask, path),
    ...(isIssue ? repoOnForge(train, sent.repo, [...path, 'sent', 'repo']) : []),
    ...done.flatMap((probe, index) => oneProbe(train, probe, { isIssue, path: [...path, 'done', index] })),
  ];
}

/** The platform is there, and named where the texts speak of its packages. */
function platformOf(train: Train, { platform, text, title }: Ask, path: KeyPath): readonly Contradiction[] {
  const platforms = Object.keys(train.artifacts.platforms);
  if (platform !== undefined)
    return platforms.includes(platform)
      ? []
      : [
          {
            path: [...path, 'platform'],
            text: `the train has no platform ${platform}`,
            allowed: platforms,
            word: platform,
          },
        ];
  const words = [train.texts[text] ?? '', title].join('\n');
  const used = HOST_PLACEHOLDERS.find((word) => words.includes(`{${word}}`));
  return used === undefined
    ? []
    : [{ path: [...path, 'text'], text: `it has {${used}}, which needs the ask's platform`, allowed: platforms }];
}

function repoOnForge(train: Train, repo: string, path: KeyPath): readonly Contradiction[] {
  const named = namedRepo(train, repo, path);
  if (named.length > 0) return named;
  const slug = Object.entries(train.repos).find(([key]) => key === repo)?.[1].slug;
  return slug === undefined
    ? [{ path, text: `${repo} has no slug, so no issue can be opened there`, allowed: [] }]
    : [];
}

function namedRepo({ repos }: Train, repo: string, path: KeyPath): readonly Contradiction[] {
  const names = Object.keys(repos);
  return names.includes(repo)
    ? []
    : [{ path, text: `${repo} is no repository of the train`, allowed: names, word: repo }];
}

function oneProbe(
  train: Train,
  probe: AskProbe,
  { isIssue, path }: { readonly isIssue: boolean; readonly path: KeyPath },
): readonly Contradiction[] {
  switch (probe.by) {
    case 'package': {
      const channels = Object.entries(train.channels).flatMap(([name, { places }]) =>
        places.some(({ store }) => store === 'package-index') ? [name] : [],
      );
      const isThere = channels.includes(probe.channel);
      return [
        ...(isThere
          ? []
          : [
              {
                path: [...path, 'channel'],
                text: `${probe.channel} is no channel with a package index`,
                allowed: channels,
                word: probe.channel,
              },
            ]),
        ...placeholders(train, probe.version, [...path, 'version']),
      ];
    }
    case 'branch':
      return [
        ...namedRepo(train, probe.repo, [...path, 'repo']),
        ...placeholders(train, probe.branch ?? '', [...path, 'branch']),
      ];
    case 'tag':
      return [...namedRepo(train, probe.repo, [...path, 'repo']), ...placeholders(train, probe.tag, [...path, 'tag'])];
    case 'closed':
      return isIssue
        ? []
        : [{ path: [...path, 'by'], text: 'there is no issue that could be closed: it is asked by hand', allowed: [] }];
    case 'sent':
    case 'word':
      return [];
  }
}

const PLACEHOLDER = /\{([a-z-]+):([^}]*)\}/gu;

/** Placeholders that name something which is not there; braces that are none are text. */
function placeholders(train: Train, text: string, path: KeyPath): readonly Contradiction[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap(([whole, word = '', name = '']): readonly Contradiction[] => {
    const of = Object.entries(ASK_PLACEHOLDERS).find(([known]) => known === word)?.[1];
    if (of === 'repo') return namedRepo(train, name, path);
    if (of !== 'dependency') return [];
    const names = Object.keys(train.dependencies);
    return names.includes(name)
      ? []
      : [{ path, text: `${whole} names no dependency of the train`, allowed: names, word: name }];
  });
}
