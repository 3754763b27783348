import { describe, expect, it } from 'vitest';
import { closesIssue, readClosed } from './issues.ts';
import { readMessage } from './message.ts';
import { titleKey } from './title.ts';
import { readChangeName } from './change.ts';

const SLUG = 'pytorch/test-infra';
const ID = '0123456789abcdef0123456789abcdef01234567';

describe('issues that a commit closes', () => {
  it('PICK-14: a commit that fixes #1234 does not mention issue 123', () => {
    expect(closesIssue(readClosed('Fix x\n\nFixes #1234', SLUG), { repo: SLUG, number: 123 })).toBe(false);
  });

  it.each([
    ['Closes #123', SLUG, true],
    ['Resolves: #123', SLUG, true],
    ['fixes pytorch/vision#123', SLUG, false],
    ['fixes pytorch/vision#123', 'pytorch/vision', true],
    ['Fixed https://github.com/PyTorch/test-infra/issues/123', SLUG, true],
    ['Closes #1, closes #123', SLUG, true],
    ['prefixes #123', SLUG, false],
    ['See #123', SLUG, false],
    ['Closes #1234567890123', SLUG, false],
  ])('PICK-15: "%s", asked of %s: %s', (text, repo, is) => {
    expect(closesIssue(readClosed(text, SLUG), { repo, number: 123 })).toBe(is);
  });
});

describe('the pull request a commit is of', () => {
  it.each([
    ['Fix (#12)', 12],
    ['Fix (#1) (#12)', 12],
    [`Fix\n\nPull Request resolved: https://github.com/${SLUG}/pull/1234`, 1234],
    ['Fix\n\nPull Request resolved: https://github.com/pytorch/vision/pull/1234', null],
    ['Fix #12', null],
  ])('PICK-16: "%s" is of %s', (message, pull) => {
    expect(readMessage(message, SLUG).pull).toBe(pull);
  });
});

describe('claims of a commit', () => {
  it.each([
    ['PICK-18: (#main) (#release)', 'Changes (#1520) (#1523)', [['title-number', 1520]]],
    ['a trailer', `Fix (#9)\n\n(cherry picked from commit ${ID})`, [['trailer', ID]]],
    [
      'Cherry-pick of URL',
      `Fix (#9)\n\nCherry-pick of https://github.com/${SLUG}/pull/8305 that I\nneed`,
      [['cherry-pick', 8305]],
    ],
    ['Cherry Pick of #N in the title', 'Cherry Pick of #5508 (#5509)', [['cherry-pick', 5508]]],
    [
      'a list behind "Cherry-picks of"',
      'Fixes (#9)\n\nCherry-picks of:\n- #1\n- #2\n\nsee #3',
      [
        ['cherry-pick', 1],
        ['cherry-pick', 2],
        ['mention', 3],
      ],
    ],
    ['Backport from', 'Fix (#9)\n\nBackport the fix from #8194', [['backport', 8194]]],
    [
      'Port of',
      'Fix (#9)\n\nporting the equivalents of #1 / #2',
      [
        ['port', 1],
        ['port', 2],
      ],
    ],
    ['Same change as', `Fix (#9)\n\nSame change as https://github.com/${SLUG}/pull/5`, [['same-change', 5]]],
    ['Forward-ports', 'Fix (#9)\n\nForward-ports #5 to main', [['forward-port', 5]]],
    [
      'Spiritual cherry-pick of a commit',
      `Fix (#9)\n\nSpiritual cherry-pick of commit https://github.com/${SLUG}/commit/${ID}`,
      [['cherry-pick', ID]],
    ],
    ["another repository's number is no claim", 'Fix (#9)\n\nCherry-pick of pytorch/vision#5', []],
    ['a bare number is only a mention', 'Fix (#9)\n\nsee #7', [['mention', 7]]],
    ['its own number is no claim', 'Fix (#9)\n\nPort of the fix, #9', []],
    ['numbers and words are no commits', 'Fix (#9)\n\ncherry-pick 12345678 defaced beaded', []],
  ])('%s', (_name, message, claims) => {
    const found = readMessage(message, SLUG).claims.map(({ word, target }) => [
      word,
      target.kind === 'pull' ? target.number : target.id,
    ]);
    expect(found).toEqual(claims);
  });

  it('what stands in the text of one squashed commit is said to speak of a part', () => {
    const message = `Update images (#1541)\n\n* Update docker build images\n\n* Fix logic\n\n(cherry picked from commit ${ID})`;
    expect(readMessage(message, SLUG).claims).toEqual([
      { word: 'trailer', target: { kind: 'commit', id: ID }, inner: true },
    ]);
  });

  it('a message of a megabyte without end is read in time', () => {
    const started = performance.now();
    readMessage(`Fix\n\n${'cherry-pick of #1 '.repeat(3000)}\n${'fixes '.repeat(20_000)}`, SLUG);
    readMessage('[[[[ cherry '.repeat(5000), SLUG);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('titles that are one', () => {
  it.each([
    '[cherry-pick] Fix "x" in y (#7) (#9)',
    '[Cherry-PIck] Fix x in y (#9)',
    'cherry-pick: Fix x in y',
    '[Cherry-pick for release/2.5] Fix x in y (#9)',
    '[release/2.13] Fix  x in y - #7 (#9)',
    'Cherry Pick of Fix x in y #7 (#9)',
    '[cherry-pick 2.11] Fix x in y.',
  ])('%s', (title) => {
    expect(titleKey(title)).toBe('fix x in y');
  });

  it('marks of the subject stay: [MPS] Fix is not Fix', () => {
    expect(titleKey('[MPS] Fix x')).not.toBe(titleKey('Fix x'));
  });
});

describe('how people name a change', () => {
  it.each([
    ['1234', { kind: 'number', number: 1234, slug: null }],
    ['#1234', { kind: 'number', number: 1234, slug: null }],
    ['pytorch/vision#12', { kind: 'number', number: 12, slug: 'pytorch/vision' }],
    ['https://github.com/pytorch/vision/pull/12/files#r1', { kind: 'number', number: 12, slug: 'pytorch/vision' }],
    ['https://github.com/pytorch/vision/issues/12', { kind: 'number', number: 12, slug: 'pytorch/vision' }],
    [`https://github.com/pytorch/vision/commit/${ID}`, { kind: 'commit', id: ID, slug: 'pytorch/vision' }],
    ['0123abc', { kind: 'commit', id: '0123abc', slug: null }],
    ['--help', null],
    ['', null],
    ['abc', null],
    ['x'.repeat(100_000), null],
  ])('%s', (text, name) => {
    expect(readChangeName(text)).toEqual(name);
  });
});
