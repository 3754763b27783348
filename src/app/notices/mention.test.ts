import { beforeEach, describe, expect, it } from 'vitest';
import { Instant } from '../../domain/instant.ts';
import { RepoSlug } from '../../domain/repo.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { ForgeError } from '../../ports/forge.ts';
import { NotifierError } from '../../ports/notifier.ts';
import { memoryForge, type MemoryForge } from '../../testing/memory-forge.ts';
import { messageTo, notifierContract } from '../../testing/notifier-contract.ts';
import { mentionNotifier } from './mention.ts';

const SLUG = RepoSlug.parse('acme/core');
const TO = { channel: 'mention', release: ReleaseVersion.parse('2.8.0') } as const;
let world: MemoryForge;
let item: number;
let isAway: boolean;

beforeEach(() => {
  isAway = false;
  world = memoryForge();
  world.repo(SLUG);
  item = world.writeIssue(SLUG, 'box', { title: 'Tracker', body: '' });
});

const notifier = () => {
  const { forge } = world;
  const write: typeof forge.comments.write = (...args) =>
    isAway ? Promise.reject(new ForgeError('unreachable', 'the forge is down')) : forge.comments.write(...args);
  return mentionNotifier({
    forge: { ...forge, comments: { ...forge.comments, write } },
    who: () => forge.people.whoami(),
    placeOf: async (release) => (release === null ? null : { slug: SLUG, item }),
  });
};
const comments = () => world.forge.comments.list(SLUG, item);

notifierContract(() => ({
  notifier: notifier(),
  to: TO,
  place: `#${item}`,
  received: async () =>
    (await comments()).map(({ body }) => ({
      raw: body,
      text: body
        .replace(/&#8203;|\\/g, '')
        .replaceAll('&lt;', '<')
        .replace(/\s+/g, ' '),
      id: /signalbox:notice (\S+)/.exec(body)?.[1] ?? null,
      to: [`#${item}`],
    })),
  goAway: async () => {
    isAway = true;
  },
  // What is no login is shown as code. Besides: a call, a number, an address, HTML or Markdown that is not our own.
  active: (raw) =>
    [
      ...raw
        .replace(/^(- )(`+)(?!`).*?(?<!`)\2(?!`) /gm, '$1')
        .replaceAll(String.raw`\\`, '')
        .matchAll(/(?<![\w&;])@\w|(?<!&)#\d|:\/\/|www\.|<(?!\/?sub>)|(?<!\\)[*_`~[\]]/giu),
    ].length,
}));

describe('a call on the tracker', () => {
  it('calls who is concerned, and is written once however often it is sent', async () => {
    const items = [
      { headline: 'approve plan p1', lines: ['next'], link: 'https://s.example/plans/p1', calls: ['ben', 'x y'] },
    ];
    for (const again of [false, true]) await notifier().send(messageTo(TO, { items, again }));
    const all = await comments();
    expect(all).toHaveLength(1);
    expect(all[0]?.body.split('\n')[1]).toBe('- @ben `x y` [**approve plan p1**](https://s.example/plans/p1)  ');
  });

  it('is not taken for written because somebody else wrote its marker', async () => {
    const at = Instant.parse('2025-06-16T12:00:00Z');
    const theirs = { author: 'mallory', body: '<!-- signalbox:notice m1 -->', link: 'https://forge.example' };
    world.repo(SLUG).comments.push({ id: 99, item, writtenAt: at, editedAt: at, ...theirs });
    await notifier().send(messageTo(TO));
    expect(await comments()).toHaveLength(2);
  });

  it('says where there is no tracker, and how one is opened', async () => {
    const error: unknown = await notifier()
      .send(messageTo({ channel: 'mention', release: null }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotifierError);
    expect(error).toMatchObject({ code: 'not-set-up' });
    expect(String(error)).toContain('signalbox tracker open');
  });
});
