import { describe, expect, it } from 'vitest';
import { readReverted } from './reverted.ts';

const SLUG = 'pytorch/test-infra';
const ID = 'a'.repeat(39) + '1';

describe('what a commit takes back or brings back', () => {
  it.each([
    [
      'Revert "x (#1)" (#2)',
      `This reverts commit ${ID}.`,
      'revert',
      [
        { kind: 'commit', id: ID },
        { kind: 'pull', number: 1 },
        { kind: 'title', key: 'x' },
      ],
    ],
    [
      'Revert "x"',
      'Reverts pytorch/test-infra#4544',
      'revert',
      [
        { kind: 'pull', number: 4544 },
        { kind: 'title', key: 'x' },
      ],
    ],
    ['Revert "x"', 'Reverts pytorch/pytorch#4544', 'revert', [{ kind: 'title', key: 'x' }]],
    ['[release] Revert "x"', '', 'revert', [{ kind: 'title', key: 'x' }]],
    ['Revert - Serve torch nightly from elsewhere (#7796)', '', 'revert', []],
    ['Reapply "x" (#3)', '', 'reland', [{ kind: 'title', key: 'x' }]],
    ['Reland "x"', '', 'reland', [{ kind: 'title', key: 'x' }]],
    ['[reland] x', '', 'reland', []],
    [
      'Back out "x"',
      'Original Phabricator Diff: D1',
      'revert',
      [
        { kind: 'diff', diff: 'D1' },
        { kind: 'title', key: 'x' },
      ],
    ],
    ['Revert: patch mkl-dnn for crashes #1648 (#1767)', '', 'revert', [{ kind: 'pull', number: 1648 }]],
    ['Revert #12', '', 'revert', [{ kind: 'pull', number: 12 }]],
  ])('REV-06: %s / %s', (subject, body, way, targets) => {
    expect(readReverted(subject, body, SLUG)).toEqual({ way, targets, count: null });
  });

  it('REV-06: "Revert last 3 commits" says how many and not which', () => {
    expect(readReverted('Revert last 3 commits', '', SLUG)).toEqual({ way: 'revert', targets: [], count: 3 });
  });

  it('REV-06: the revert of a revert takes back the inner revert, and not what that took back', () => {
    expect(readReverted('Revert "Revert "x (#1)""', '', SLUG)?.targets).toEqual([
      { kind: 'title', key: 'revert x (#1)' },
    ]);
  });

  it('REV-07: a squashed commit that quotes a revert of an intermediate commit is none', () => {
    const body =
      '* Fix windows smoke test\n\n* Revert "Refactor"\n\nThis reverts commit ac580c8cce2db1d986b256a66322cb9c3a2fd918.\n\n* Fix more';
    expect(readReverted('Refactor and fix windows smoke tests (#1218) (#1222)', body, 'pytorch/builder')).toBeNull();
  });

  it.each([
    'Reverting is hard, says the manual',
    '[autorevert] Add a grid',
    'Add release skill for missing reverts',
    'Relanding page',
  ])('nothing is taken to be reverted by the title "%s"', (title) => {
    expect(readReverted(title, '', SLUG)?.targets ?? []).toEqual([]);
  });
});
