import { describe, expect, it } from 'vitest';
import { auditOf } from '../../history/audit.ts';
import { judgeWanted, missingReverts } from '../../history/missing.ts';
import { standingsOf } from '../../history/standing.ts';
import type { LineCommit, LineHistory } from '../../history/types.ts';
import { memoryHistory, PLAIN_PARENT, PLAIN_SIBLING, plainId, type PlainSides } from '../../testing/memory-history.ts';
import { readLine } from './read-line.ts';

const SLUG = 'pytorch/builder';

async function lineOf(sides: PlainSides, more: Partial<Parameters<typeof readLine>[0]> = {}): Promise<LineHistory> {
  const { history, heads } = memoryHistory(sides);
  return readLine({ history, at: { repo: 'builder', remote: '/nowhere' }, slug: SLUG, ...heads, ...more });
}

function the(history: LineHistory, name: string): LineCommit {
  const found = history.commits.find(({ id }) => id === plainId(name));
  if (found === undefined) throw new Error(`the line has no commit ${name}`);
  return found;
}

/** Class, confidence and the counterparts' names, for short. */
function said(history: LineHistory, name: string, names: readonly string[] = []): string {
  const commit = the(history, name);
  const others = commit.counterparts.map(
    ({ commit: id }) => names.find((each) => plainId(each) === id) ?? id.slice(0, 7),
  );
  return [commit.class, commit.confidence, ...others].join(' ');
}

const FIX = { 'a.py': ['-old line one', '-old line two', '+new line one', '+new line two', '+new line three'] };
const OTHER = { 'b.py': ['-other line', '+another line', '+and one more line', '+and the last line'] };
const THIRD = { 'a.py': ['-nothing alike', '+something else', '+entirely different', '+without relation'] };

describe('what a commit of a line is on main', () => {
  it.each([
    ['the number before its own', 'Fix a (#1) (#5)', 'exact exact fix'],
    [
      'a cherry-pick of a URL',
      `Fix for us (#5)\n\nCherry-pick of https://github.com/${SLUG}/pull/1`,
      'exact exact fix',
    ],
    ['the same title', '[cherry-pick] Fix a (#5)', 'exact exact fix'],
    ['nothing at all', 'Changes (#5)', 'exact exact fix'],
    ['a trailer', `Changes (#5)\n\n(cherry picked from commit ${plainId('fix')})`, 'exact exact fix'],
  ])('the same patch is an exact pick, named by %s', async (_name, message, expected) => {
    const history = await lineOf({
      main: [
        { name: 'other', message: 'Other (#2)', change: OTHER },
        { name: 'fix', message: 'Fix a (#1)', change: FIX },
      ],
      line: [{ name: 'pick', message, change: FIX }],
    });
    expect(said(history, 'pick', ['fix'])).toBe(expected);
    expect(the(history, 'pick').why.length).toBeGreaterThan(0);
  });

  it('an edited pick is modified, and strong only with a text that names it', async () => {
    const edited = {
      'a.py': ['-old line one', '-old line two', '+new line one', '+new line 2 here', '+new line three'],
    };
    const main = [{ name: 'fix', message: 'Fix a (#1)', change: FIX }];
    const named = await lineOf({ main, line: [{ name: 'pick', message: 'Fix a (#1) (#5)', change: edited }] });
    expect(said(named, 'pick', ['fix'])).toBe('modified strong fix');
    const silent = await lineOf({ main, line: [{ name: 'pick', message: 'Changes (#5)', change: edited }] });
    expect(said(silent, 'pick', ['fix'])).toBe('modified probable fix');
  });

  it('a bare number is never proof: the content must bear it out', async () => {
    const main = [{ name: 'fix', message: 'Fix a (#1)', change: FIX }];
    const history = await lineOf({
      main,
      line: [{ name: 'own', message: 'Pin things (#5)\n\nNeeded since #1.', change: THIRD }],
    });
    expect(said(history, 'own')).toBe('release-only probable');
  });

  it('a title and a number that lead astray are not believed, and said so', async () => {
    const main = [
      { name: 'fix', message: 'Fix a (#1)', change: FIX },
      { name: 'real', message: 'Real (#2)', change: OTHER },
    ];
    const wrong = await lineOf({ main, line: [{ name: 'pick', message: 'Fix a (#1) (#5)', change: OTHER }] });
    expect(said(wrong, 'pick', ['real'])).toBe('exact exact real');
    expect(the(wrong, 'pick').notes.join()).toContain('too little in common');
  });

  it('duplicate titles are told apart by the content', async () => {
    const main = [
      { name: 'one', message: 'Update pins (#1)', change: FIX },
      { name: 'two', message: 'Update pins (#2)', change: OTHER },
    ];
    const history = await lineOf({ main, line: [{ name: 'pick', message: 'Update pins (#5)', change: OTHER }] });
    expect(said(history, 'pick', ['one', 'two'])).toBe('exact exact two');
  });

  it('what could be either of two commits is claimed to be none', async () => {
    const main = [
      { name: 'one', message: 'Bump x (#1)', change: FIX },
      { name: 'back', message: 'Tidy (#2)', change: { 'a.py': ['+old line one', '+old line two'] } },
      { name: 'two', message: 'Bump y (#3)', change: FIX },
    ];
    const history = await lineOf({ main, line: [{ name: 'pick', message: 'Changes (#5)', change: FIX }] });
    expect(the(history, 'pick')).toMatchObject({
      class: 'ambiguous',
      counterparts: [],
      candidates: [plainId('two'), plainId('one')],
    });
    expect(auditOf(history).unexplained).toHaveLength(1);
  });

  it('a commit of several changes names them all, and a mention of another one does not count', async () => {
    const main = [
      { name: 'one', message: 'One (#1)', change: FIX },
      { name: 'two', message: 'Two (#2)', change: OTHER },
      { name: 'three', message: 'Three (#3)', change: THIRD },
    ];
    const history = await lineOf({
      main,
      line: [
        { name: 'pick', message: 'Fixes (#5)\n\nCherry-picks #1 and #2.\n\nNot #3.', change: { ...FIX, ...OTHER } },
      ],
    });
    expect(said(history, 'pick', ['one', 'two', 'three'])).toBe('multi strong one two');
  });

  it('a part of a change is partial', async () => {
    const main = [{ name: 'one', message: 'One (#1)', change: { ...FIX, ...OTHER } }];
    const history = await lineOf({ main, line: [{ name: 'pick', message: 'One (#1) (#5)', change: FIX }] });
    expect(said(history, 'pick', ['one'])).toBe('partial strong one');
    const verdicts = judgeWanted(history, {
      items: [{ number: 1, title: 'One', isPullRequest: true, link: '' }],
      commitsOf: () => [{ id: plainId('one'), committedAt: 0, title: 'One', pull: 1 }],
      isNothingDue: () => false,
    });
    expect(verdicts[0]?.verdict).toBe('partial');
  });

  it('an empty pick brings nothing: the change is still missing', async () => {
    const history = await lineOf({
      main: [{ name: 'fix', message: 'Fix a (#1)', change: FIX }],
      line: [{ name: 'pick', message: 'Fix a (#1) (#5)' }],
    });
    expect(said(history, 'pick')).toBe('empty exact');
    expect(standingsOf(history).of(plainId('fix'))).toEqual({ kind: 'missing' });
  });

  it('the same patch first here and then on main is forward-ported, and without a text only probably', async () => {
    const main = [{ name: 'later', message: 'Fix it on main (#9)', change: FIX, at: 9000 }];
    const history = await lineOf({ main, line: [{ name: 'first', message: 'Hot fix (#5)', change: FIX, at: 10 }] });
    expect(said(history, 'first', ['later'])).toBe('forward-ported probable later');
  });

  it('PICK-18: (#1520) (#1523) on main is a forward port of the release pull request 1520', async () => {
    const main = [
      {
        name: 'b4814f532',
        message: 'Changes related to OVERRIDE_PACKAGE_VERSION (#1520) (#1523)',
        change: FIX,
        at: 9000,
      },
    ];
    const history = await lineOf({
      main,
      line: [
        { name: 'f165b3f78', message: 'Changes related to OVERRIDE_PACKAGE_VERSION (#1520)', change: FIX, at: 10 },
      ],
    });
    expect(said(history, 'f165b3f78', ['b4814f532'])).toBe('forward-ported exact b4814f532');
    expect(the(history, 'f165b3f78').counterparts[0]).toMatchObject({ pull: 1523, way: 'to-main' });
  });

  it('PICK-17: a trailer that names a commit outside main is told, and the content decides', async () => {
    const body =
      '* Update docker images\n\n* Fix erroneous logic that was skipping msccl files\n\n(cherry picked from commit 36c10cc3be475780aa7d76a7ccdbe3f8731042c9)';
    const main = [
      {
        name: '17ea05e45',
        message: `Update builder images to ROCm5.7 (#1541)\n\n${body}`,
        change: { ...FIX, ...THIRD, ...OTHER },
      },
    ];
    const message =
      'Fix erroneous logic that was skipping msccl files (#1546)\n\n(cherry picked from commit 5e89be52acf79bc5e0bf6b273bc4613bd888182b)';
    const history = await lineOf({
      main,
      line: [{ name: '15eb5d92d', message, change: { ...OTHER, 'a.py': ['+something else'] } }],
    });
    expect(said(history, '15eb5d92d', ['17ea05e45'])).toBe('partial probable 17ea05e45');
    expect(the(history, '15eb5d92d').notes).toEqual(['the trailer names 5e89be52a, a commit outside main']);
  });

  it('PICK-19: what a variant has from its branch is inherited, reported once, and its own is its own', async () => {
    const inherited = Array.from({ length: 8 }, (_none, index) => ({
      name: `of 2.6, ${index}`,
      message: `Pick ${index}`,
      change: { [`${index}.py`]: [`+line ${index}`] },
    }));
    const history = await lineOf(
      {
        main: [{ name: 'm', message: 'M' }],
        line: [...inherited, { name: 'own', message: 'Upload wheels', change: OTHER }],
        ofParent: 8,
      },
      { parent: PLAIN_PARENT },
    );
    expect(auditOf(history).counts).toEqual({ inherited: 8, 'release-only': 1 });
  });

  it('what main has not is looked for on the other lines', async () => {
    const otherLine = [{ name: 'there', message: 'Add CUDA builds (#7)', change: FIX }];
    const history = await lineOf(
      {
        main: [{ name: 'm', message: 'M' }],
        line: [{ name: 'here', message: 'Add CUDA builds (#8)\n\nPort of #7', change: FIX }],
        otherLine,
      },
      { siblings: [PLAIN_SIBLING] },
    );
    expect(said(history, 'here', ['there'])).toBe('cross-release exact there');
  });

  it('the commits of a squashed pull request tell what it is', async () => {
    const main = [
      { name: 'one', message: 'One (#1)', change: FIX },
      { name: 'two', message: 'Two (#2)', change: OTHER },
    ];
    const squashed = {
      ...FIX,
      ...OTHER,
      'c.py': ['+resolved by hand', '+with lines of its own', '+and another', '+and more'],
    };
    const pulls = {
      5: [
        { name: 'p1', message: 'One (#1)', change: FIX },
        { name: 'p2', message: 'Two (#2)', change: OTHER },
      ],
    };
    const history = await lineOf({
      main,
      line: [{ name: 'pick', message: 'For the release (#5)', change: squashed }],
      pulls,
    });
    expect(said(history, 'pick', ['one', 'two'])).toBe('multi strong one two');
    expect(the(history, 'pick').why.map(({ kind }) => kind)).toContain('head-ref');
  });

  it('a file that was renamed on main is found under its new name', async () => {
    const main = [{ name: 'fix', message: 'Changes on main (#1)', change: { 'new/a.py': FIX['a.py'] } }];
    const history = await lineOf({
      main,
      line: [{ name: 'pick', message: 'For the release (#5)', change: FIX }],
      renamed: { 'new/a.py': 'a.py' },
    });
    expect(said(history, 'pick', ['fix'])).toBe('exact strong fix');
  });

  it('generated files do not make a pick another change', async () => {
    const main = [{ name: 'fix', message: 'Fix a (#1)', change: { ...FIX, 'gen.yml': ['+made on main'] } }];
    const line = [
      { name: 'pick', message: 'Fix a (#1) (#5)', change: { ...FIX, 'gen.yml': ['+made', '+otherwise', '+here'] } },
    ];
    expect(said(await lineOf({ main, line }), 'pick', ['fix'])).toBe('modified strong fix');
    expect(said(await lineOf({ main, line }, { isGenerated: (path) => path === 'gen.yml' }), 'pick', ['fix'])).toBe(
      'exact exact fix',
    );
  });

  it('ENG-08: a change that is already there by another commit is found there, and the second, empty pick is nothing', async () => {
    const line = [
      { name: '7d77f8951', message: 'Cherry pick pip-install-torch-extra-args', change: FIX },
      { name: '7f927917b', message: '[Cherry-Pick] ci: Add option #5534 (#5656)' },
    ];
    const history = await lineOf({
      main: [{ name: '2f74a6ecd', message: 'ci: Add option (#5534)', change: FIX }],
      line,
    });
    expect(standingsOf(history).of(plainId('2f74a6ecd'))).toMatchObject({
      kind: 'on-line',
      by: { id: plainId('7d77f8951') },
    });
    expect(said(history, '7f927917b')).toBe('empty exact');
  });
});

// Each from a commit of a real branch that was judged wrongly (docs/history.md).
describe('what real branches have', () => {
  const LINES = ['+the first of the lines', '+the second of the lines', '+the third of the lines'];

  it('a list below a title that says cherry-pick names them all, also one that only moved lines of the others', async () => {
    const main = [
      { name: 'one', message: 'One (#1)', change: { 'new.yml': LINES } },
      { name: 'two', message: 'Two (#2)', change: OTHER },
      {
        name: 'moved',
        message: 'Moves a line (#3)',
        change: { 'new.yml': ['-the first of the lines', '+the first of the lines'] },
      },
    ];
    const message = `Cherry pick a bunch of changes for 1.0 (#9)\n\nThe list includes:\n\n* https://github.com/${SLUG}/pull/1\n* #2\n* #3\n`;
    const line = [{ name: 'pick', message, change: { 'new.yml': LINES, ...OTHER } }];
    const history = await lineOf({ main, line });
    expect(said(history, 'pick', ['one', 'two', 'moved']).split(' ').toSorted()).toEqual([
      'moved',
      'multi',
      'one',
      'probable',
      'two',
    ]);
    expect(
      the(history, 'pick')
        .counterparts.map(({ confidence }) => confidence)
        .toSorted(),
    ).toEqual(['probable', 'strong', 'strong']);
  });

  it('a squash that lists titles with their numbers is each of them, also one whose lines a later one replaced', async () => {
    const main = [
      { name: 'patch', message: 'Patch the kernel for 1.0 (#1)', change: OTHER },
      {
        name: 'wrong',
        message: 'Call the patch from the script (#2)',
        change: { 'ci.py': ['+a line that stays', '+patch from home'] },
      },
      {
        name: 'right',
        message: 'Fix the path of the patch (#3)',
        change: { 'ci.py': ['-patch from home', '+patch from builder'] },
      },
    ];
    const titles = [
      '* Patch the kernel for 1.0 (#1)',
      '* Call the patch from the script (#2)',
      '* Fix the path of the patch (#3)',
    ];
    const change = { ...OTHER, 'ci.py': ['+a line that stays', '+patch from builder'] };
    const line = [{ name: 'pick', message: `Fix a crash on small machines (#9)\n\n${titles.join('\n\n')}\n`, change }];
    const history = await lineOf({ main, line });
    expect(the(history, 'pick').class).toBe('multi');
    expect(new Set(the(history, 'pick').counterparts.map(({ pull }) => pull))).toEqual(new Set([1, 2, 3]));
  });

  it('what stands in such a list and shares no line is not among them', async () => {
    const main = [
      { name: 'one', message: 'One (#1)', change: FIX },
      { name: 'two', message: 'Two (#2)', change: { 'a.py': ['+nothing of it', '+is there'] } },
    ];
    const line = [{ name: 'pick', message: 'Cherry-picks (#9)\n\n- #1\n- #2\n', change: { ...FIX, ...OTHER } }];
    expect(the(await lineOf({ main, line }), 'pick').counterparts.map(({ pull }) => pull)).toEqual([1]);
  });

  it('"extracted from release/2.13 commits" is a forward port of each of them', async () => {
    const more = { 'a.py': [...FIX['a.py'], '+lines of', '+main alone'], ...OTHER };
    const main = [
      {
        name: 'later',
        message:
          'Validate it on main (#20)\n\n## What\nForward-ports what was tried.\n\nExtracted from release/2.13 commits #14,\n#16 -- without the release-only bits.',
        change: more,
        at: 9000,
      },
    ];
    const line = [
      { name: 'first', message: '[release/2.13] Validate it (#14)', change: FIX, at: 10 },
      { name: 'second', message: '[release/2.13] Validate it better (#16)', change: OTHER, at: 20 },
    ];
    const history = await lineOf({ main, line });
    expect([said(history, 'first', ['later']), said(history, 'second', ['later'])]).toEqual([
      'forward-ported strong later',
      'forward-ported strong later',
    ]);
  });

  it('a commit of main that says it mirrors the fix of a release branch is its forward port', async () => {
    const main = [
      {
        name: 'later',
        message: 'Validate on the regular image (#20)\n\nAlso installs it. Mirrors the release/2.13 fix (#14).',
        change: {
          'a.py': ['-old line one', '-old line two', '+new line one', '+new line two', '+other words'],
          ...OTHER,
        },
        at: 9000,
      },
    ];
    const line = [{ name: 'first', message: '[release/2.13] Install it (#14)', change: FIX, at: 10 }];
    expect(said(await lineOf({ main, line }), 'first', ['later'])).toBe('forward-ported strong later');
  });

  it('nearly all of whose lines are in a larger change of main is probably a part of it, and a few lines are not enough', async () => {
    const many = Array.from({ length: 12 }, (_none, index) => `+library number ${index}`);
    const others = Array.from({ length: 30 }, (_none, index) => `+of windows ${index}`);
    const main = [{ name: 'large', message: 'Update the builds (#1)', change: { 'a.py': many, 'w.py': others } }];
    const line = [
      { name: 'part', message: 'Remove what is extra (#9)', change: { 'a.py': [...many, '+one of its own'] } },
    ];
    expect(said(await lineOf({ main, line }), 'part', ['large'])).toBe('partial probable large');
    const few = [{ name: 'few', message: 'Remove what is extra (#9)', change: { 'a.py': many.slice(0, 3) } }];
    expect(said(await lineOf({ main, line: few }), 'few')).toBe('release-only probable');
  });

  it('the same bump of a version under the same title on both sides is only probably a forward port', async () => {
    const change = { 'gen.py': ['-CURRENT = "2.4.0"', '+CURRENT = "2.4.1"'] };
    const main = [{ name: 'there', message: 'Update the candidate to 2.4.1', change, at: 9000 }];
    const history = await lineOf({
      main,
      line: [{ name: 'here', message: 'Update the candidate to 2.4.1', change, at: 10 }],
    });
    expect(said(history, 'here', ['there'])).toBe('forward-ported probable there');
    expect(
      the(history, 'here')
        .why.map(({ text }) => text)
        .join(),
    ).toContain('written twice');
  });

  it('a change said to be for its release alone that another line got later stays so', async () => {
    const line = [{ name: 'here', message: '[Release Only] Build from the pin (#1)', change: FIX, at: 10 }];
    const otherLine = [{ name: 'there', message: '[Release 2.5] Temp change (#2)', change: FIX, at: 9000 }];
    const history = await lineOf(
      { main: [{ name: 'm', message: 'M' }], line, otherLine },
      { siblings: [PLAIN_SIBLING] },
    );
    expect(said(history, 'here')).toBe('release-only strong');
    expect(the(history, 'here').notes.join()).toContain('another line');
  });

  it('a number that a title leaves half behind does not make it another title', async () => {
    const main = [{ name: 'fix', message: 'Specific version for the test channel (#1)', change: { ...FIX, ...OTHER } }];
    const line = [
      {
        name: 'pick',
        message: 'Specific version for the test channel # (#9)',
        change: { ...FIX, ...OTHER, 'c.py': ['+some more lines', '+of their own'] },
      },
    ];
    expect(said(await lineOf({ main, line }), 'pick', ['fix'])).toBe('modified strong fix');
  });

  it('a revert is not said to lead astray by the number of what it takes back', async () => {
    const main = [{ name: 'm1', message: 'Add miniconda (#6)', change: OTHER }];
    const line = [
      { name: 'pick', message: 'Cherry Pick of M1 build #6 (#7)', change: FIX },
      { name: 'undo', message: 'Revert "Cherry Pick of M1 build #6" (#8)', change: UNDO },
    ];
    const history = await lineOf({ main, line });
    expect(said(history, 'undo')).toBe('revert-of-own strong');
    expect(the(history, 'undo').notes).toEqual([]);
  });
});

const UNDO = { 'a.py': ['-new line one', '-new line two', '-new line three', '+old line one', '+old line two'] };

describe('reverts, by the net of what happened', () => {
  it('REV-08: changed before the cut, reverted and landed again on main: nothing is missing', async () => {
    const before = [{ name: 'change', message: 'Parameterize the query (#8000)', change: FIX }];
    const revert = {
      name: 'revert',
      message: `Revert "Parameterize the query" (#8009)\n\nThis reverts commit ${plainId('change')}.`,
      change: UNDO,
    };
    const reland = { name: 'reland', message: 'Reland "Parameterize the query" (#8011)', change: FIX };
    const both = await lineOf({
      before,
      main: [revert, reland],
      line: [{ name: 'own', message: 'Own', change: OTHER }],
    });
    expect(missingReverts(both)).toEqual([]);
    const reverted = await lineOf({ before, main: [revert], line: [{ name: 'own', message: 'Own', change: OTHER }] });
    expect(missingReverts(reverted)).toMatchObject([
      { revert: plainId('revert'), carriedBy: [], confidence: 'strong' },
    ]);
  });

  it('what is from before the cut is found by its number alone, as the forge names it in a revert', async () => {
    const before = [{ name: 'change', message: 'Parameterize the query (#8000)', change: FIX }];
    const message = 'Revert "Parameterize the query" (#8009)\n\nReverts pytorch/builder#8000';
    const main = [{ name: 'revert', message, change: UNDO }];
    const has = await lineOf({ before, main, line: [{ name: 'own', message: 'Own', change: OTHER }] });
    expect(missingReverts(has)).toMatchObject([{ pull: 8000, revert: plainId('revert'), confidence: 'strong' }]);
    expect(has.chains).toMatchObject([{ root: plainId('change'), inherited: true }]);
    const done = await lineOf({ before, main, line: [{ name: 'undo', message, change: UNDO }] });
    expect(missingReverts(done)).toEqual([]);
    expect(standingsOf(done).of(plainId('change')).kind).toBe('taken-back');
  });

  it('REV-09: written, reverted and written again on the line: it is there', async () => {
    const line = [
      { name: 'ba3e20bd7', message: '[Release Only] Build triton (#1729)', change: FIX },
      {
        name: 'ced930a68',
        message: `Revert "[Release Only] Build triton" (#1751)\n\nThis reverts commit ${plainId('ba3e20bd7')}.`,
        change: UNDO,
      },
      { name: '2608d6643', message: '[Release Only] Build triton (#1729) (#1754)', change: FIX },
    ];
    const history = await lineOf({ main: [{ name: 'm', message: 'M' }], line });
    expect(said(history, 'ced930a68')).toBe('revert-of-own strong');
    expect(history.chains).toMatchObject([
      { root: plainId('ba3e20bd7'), onLine: [{ effect: 'present' }, { effect: 'absent' }, { effect: 'present' }] },
    ]);
  });

  it('REV-10: reverted on main after it was picked: the pick on the line is what is to be taken back', async () => {
    const main = [
      { name: 'fix', message: 'Fix a (#1)', change: FIX },
      { name: 'revert', message: 'Revert "Fix a (#1)" (#2)\n\nReverts pytorch/builder#1', change: UNDO },
    ];
    const line = [{ name: 'pick', message: 'Fix a (#1) (#5)', change: FIX }];
    expect(missingReverts(await lineOf({ main, line }))).toMatchObject([
      { pull: 1, revert: plainId('revert'), carriedBy: [plainId('pick')] },
    ]);
    const taken = { name: 'undo', message: 'Revert "Fix a (#1)" (#6)', change: UNDO };
    const done = await lineOf({ main, line: [...line, taken] });
    expect(missingReverts(done)).toEqual([]);
    expect(standingsOf(done).of(plainId('fix')).kind).toBe('taken-back');
  });

  it('REV-11: a revert of what only another line has is not missing here', async () => {
    const main = [
      { name: 'fix', message: 'Fix a (#1)', change: FIX },
      { name: 'revert', message: 'Revert "Fix a (#1)" (#2)', change: UNDO },
    ];
    const history = await lineOf(
      {
        main,
        line: [{ name: 'own', message: 'Own', change: OTHER }],
        otherLine: [{ name: 'there', message: 'Fix a (#1) (#7)', change: FIX }],
      },
      { siblings: [PLAIN_SIBLING] },
    );
    expect(missingReverts(history)).toEqual([]);
    expect(standingsOf(history).of(plainId('fix')).kind).toBe('reverted-on-main');
  });

  it('a revert of a revert brings the change back', async () => {
    const main = [
      { name: 'fix', message: 'Fix a (#1)', change: FIX },
      { name: 'revert', message: 'Revert "Fix a (#1)" (#2)', change: UNDO },
      { name: 'again', message: 'Revert "Revert "Fix a (#1)"" (#3)', change: FIX },
    ];
    const history = await lineOf({ main, line: [{ name: 'pick', message: 'Fix a (#1) (#5)', change: FIX }] });
    expect(missingReverts(history)).toEqual([]);
  });

  it('a revert without a word of what is known by its content', async () => {
    const line = [
      { name: 'pin', message: 'Pin things (#5)', change: FIX },
      { name: 'undo', message: 'Revert - that pin (#6)', change: UNDO },
    ];
    const history = await lineOf({ main: [{ name: 'm', message: 'M' }], line });
    expect(said(history, 'undo')).toBe('revert-of-own strong');
    expect(auditOf(history).forwardPortsOwed).toEqual([]);
  });

  it('a revert of what came with the cut is one of main', async () => {
    const before = [{ name: 'ptx', message: 'add +PTX (#1932)', change: FIX }];
    const line = [
      {
        name: 'undo',
        message: `Revert "add +PTX (#1932)" (#2008)\n\nThis reverts commit ${plainId('ptx')}.`,
        change: UNDO,
      },
    ];
    const history = await lineOf({ before, main: [{ name: 'm', message: 'M' }], line });
    expect(said(history, 'undo')).toBe('revert-of-mains strong');
    expect(standingsOf(history).of(plainId('ptx')).kind).toBe('taken-back');
  });
});

describe('lines at their edges', () => {
  it('nothing on either side, right after a cut, is an answer', async () => {
    expect(await lineOf({ main: [], line: [] })).toMatchObject({ commits: [], mainCommits: [], chains: [] });
  });

  it('a fix only on the branch is owed to main; one said to be for the release alone is not', async () => {
    const line = [
      {
        name: 'cut',
        message: '[RELEASE-ONLY CHANGES] Branch Cut for Release 2.6',
        change: { 'w.yml': ['-main', '+release/2.6'] },
      },
      { name: 'pin', message: '[release-only] Pin (#1)', change: FIX },
      { name: 'fix', message: 'Fix (#2)', change: OTHER },
    ];
    const audit = auditOf(await lineOf({ main: [{ name: 'm', message: 'M' }], line }));
    expect(audit.releaseOnly.map(({ id }) => id)).toEqual([plainId('cut'), plainId('pin')]);
    expect(audit.forwardPortsOwed.map(({ id }) => id)).toEqual([plainId('fix')]);
  });
});
