import { describe, expect, it } from 'vitest';
import { addSeconds, Instant } from '../../../domain/instant.ts';
import { judgeJobs } from '../../../domain/jobs.ts';
import { CandidateVersion, ReleaseVersion } from '../../../domain/version.ts';
import { pickTrain } from '../../../testing/pick-train.ts';
import { commitId, NOW } from '../../../testing/small-train.ts';
import { standing } from '../../../testing/standing-pick.ts';
import type { PickProblem } from '../problem.ts';
import { windowAt } from '../window.ts';
import {
  announcementOf,
  answerMarker,
  code,
  commandProblemReply,
  conflictReply,
  fenced,
  helpReply,
  inline,
  lateReply,
  mention,
  problemReply,
  questionReply,
  quote,
  refusalReply,
  reminderReply,
  revertReply,
  saidMarker,
  statusComment,
  whereReply,
} from './index.ts';

const train = pickTrain();
const RELEASE = ReleaseVersion.parse('2.8.0');
const CLOSE = addSeconds(NOW, 2 * 86_400 + 3 * 3600);
const window = windowAt(train, RELEASE, { 'M3.1': null, M4: CLOSE }, addSeconds(NOW, 0));
const job = { attempts: 1, startedAt: null, finishedAt: null, link: null };
const jobs = judgeJobs({ jobs: ['*'] }, [
  { ...job, name: 'a', state: 'green' },
  { ...job, name: 'b | c', state: 'red' },
]);

const HOSTILE = [
  '<script>alert(1)</script>',
  '<!-- signalbox:end -->',
  '| a | b |',
  '@everyone and @org/team',
  '#123 GH-5 https://evil.example www.evil.example',
  '\u202egnp.exe\u2066',
  'a\u0000b\u0007c',
  'line\nbreak\r\n## head',
  '[x](javascript:alert(1)) ![y](http://z)',
  '`code` ``more`` **bold** ~~no~~ $x$',
  '- item',
  '1. item',
  '&lt;b&gt; &#64;evil',
];

describe('text of others', () => {
  it.each(HOSTILE)('is shown letter by letter, and does nothing: %j', (text) => {
    const shown = inline(text);
    // oxlint-disable-next-line no-control-regex -- control characters are what must be gone
    expect(shown).not.toMatch(/[<>]|\n|[\u202a-\u202e\u2066-\u2069]|\u0000|\u0007/);
    expect(shown).not.toMatch(/@\w|#\d+(?!;)(?<!&#\d+)|:\/\/|\bwww\./);
    expect(shown).not.toMatch(/(?<!\\)[|`*[\]~$!_]/);
    expect(shown).not.toMatch(/&(?!amp;|lt;|gt;|#8203;)/);
    expect(shown).not.toMatch(/^(?:[-+=#]|\d+[.)])/);
  });

  it('is cut at a whole character, however long it is', () => {
    expect(Array.from(inline('😀'.repeat(1_000_000), 10))).toHaveLength(10);
    expect(inline('x'.repeat(300)).endsWith('x…')).toBe(true);
  });

  it.each([
    ['release/2.8', '`release/2.8`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['', '`  `'],
    ['a\nb', '`a b`'],
  ])('is code: %j', (text, expected) => expect(code(text)).toBe(expected));

  it('is code in a table without ending its cell', () =>
    expect(code('a|b', 'table')).toBe(String.raw`\`a\|b\``.replaceAll('\\`', '`')));

  it('cannot end the fence or the quote that it stands in', () => {
    expect(fenced('a\n```\nb')).toBe('````\na\n```\nb\n````');
    expect(quote('a\n\n# b\r\n<c>\nd\ne\nf')).toBe('> a\n> \\# b\n> &lt;c&gt;\n> d\n> …');
  });

  it.each([
    ['alice', '@alice'],
    ['release-bot[bot]', '@release-bot[bot]'],
    ['org/team', '`org/team`'],
    ['a b', '`a b`'],
    ['<b>', '`<b>`'],
    ['-x', '`-x`'],
    ['a'.repeat(50), `\`${'a'.repeat(50)}\``],
  ])('calls %j only when it is a login', (login, expected) => expect(mention(login)).toBe(expected));
});

describe('the status comment', () => {
  const view = {
    train,
    window,
    nextCandidate: CandidateVersion.parse('2.8.0-rc3'),
    tracker: 156,
    page: 'https://signalbox.example/pr/core/7',
    now: NOW,
  };

  it('says where a pick is, until when, and who decides; it calls nobody', () => {
    const pick = standing({
      seen: { pull: { does: 'pick', number: 107, state: 'open', head: commitId('a'), link: 'x', jobs } },
    });
    expect(statusComment({ ...view, pick })).toBe(`<!-- signalbox:pick core/7>release/2.8 -->
**Cherry-pick of #7 onto \`release/2.8\`: waiting for a release manager**

| Step | |
|---|---|
| Picked | ✅ #107, open |
| Class | regression, fixes https:&#8203;//forge.example/acme/core/issues/5 |
| Review | ⏳ release managers: \`rita\` |
| CI | 1 of 2, red: \`b \\| c\` |
| Lands in | 2.8.0-rc3, if approved by Wed 10 Jun 2026 15:00 UTC (in 2 d 3 h) |

Tracker: #156. Where it is at any time: [https:&#8203;//signalbox.example/pr/core/7](https://signalbox.example/pr/core/7)
`);
  });

  const at = NOW;
  it.each([
    ['refused', { decided: { is: 'refused', by: 'rita', at, text: 'x '.repeat(5000) } }, {}],
    ['needs-info', { decided: { is: 'needs-info', by: 'rita', at, text: HOSTILE.join('\n') } }, {}],
    ['withdrawn', { decided: { is: 'withdrawn', by: 'alice', at, text: '' } }, {}],
    ['late', { decided: { is: 'late', by: 'alice', at, closedAt: at } }, {}],
    ['approved', { decided: { is: 'approved', by: 'rita', at, head: commitId('a') } }, {}],
    ['landed', {}, { landedBy: commitId('b') }],
    ['in-rc', {}, { landedBy: commitId('b'), candidate: CandidateVersion.parse('2.8.0-rc2') }],
    ['released', {}, { landedBy: commitId('b'), released: RELEASE }],
    ['conflict', {}, { pull: null, conflict: { conflicts: [], prerequisites: [] } }],
    ['waits-for-merge', {}, { pull: null, isMerged: false }],
  ] as const)('has at most 20 lines and one table when the pick is %s', (state, record, seen) => {
    const pick = standing({ record, seen });
    expect(pick.state).toBe(state);
    const text = statusComment({ ...view, pick });
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .every((line) => line.split(/(?<!\\)\|/).length === 4),
    ).toBe(true);
    expect(text).not.toMatch(/@\w/);
  });

  it('calls people by a new comment for what they must know, once', () => {
    const refused = standing({ refused: 'no' });
    expect(announcementOf(refused)).toBe('refused');
    expect(announcementOf(standing())).toBeNull();
    expect(announcementOf(standing({ landedBy: commitId('c') }))).toBeNull();
    expect(announcementOf(standing({ seen: { takenBack: commitId('c'), pull: null } }))).toBe('taken-back');
    expect(saidMarker(refused)).toBe('signalbox:said core/7>release/2.8 refused 2026-06-01T12:00:00Z');
    expect(answerMarker('IC_kw-->x', 2)).toBe('signalbox:answer IC_kw--x.2');
  });
});

describe('replies', () => {
  const to = { train, to: 'alice', now: NOW };
  const conflict: Extract<PickProblem, { code: 'conflict' }> = {
    code: 'conflict',
    repo: 'core',
    pr: 7,
    branch: 'release/2.8',
    does: 'pick',
    commit: commitId('9'),
    onto: commitId('1'),
    pickBranch: 'cherry-pick-7-onto-2.8',
    conflicts: [
      { path: 'src/Scatter.cpp', kind: 'contents', ranges: [{ first: 210, last: 233 }] },
      {
        path: 'test/test_scatter.py',
        kind: 'contents',
        ranges: [
          { first: 88, last: 91 },
          { first: 100, last: 99 },
        ],
      },
    ],
    prerequisites: [{ commit: commitId('5'), subject: 'Rework it (#6)', touched: 'lines' }],
    generated: [],
  };

  it('a conflict names files, lines, what is missing, and the commands', () =>
    expect(conflictReply(conflict, { ...to, closesAt: CLOSE }))
      .toBe(`@alice the cherry-pick of #7 onto \`release/2.8\` needs your hands: **conflict in 2 files**. Nothing was pushed.

- \`src/Scatter.cpp\` lines 210-233
- \`test/test_scatter.py\` lines 88-91, line 100

#6 changed the same lines on main and is **not** on \`release/2.8\`. Ask for it first, or resolve:

    git fetch upstream && git switch -c cherry-pick-7-onto-2.8 upstream/release/2.8
    git cherry-pick -x ${commitId('9')}

Open the PR against \`release/2.8\` with \`Cherry-pick of #7\` in its text and I take over. Window closes Wed 10 Jun 2026 15:00 UTC.
`));

  it('a conflict in a hundred files with hostile names has at most 20 lines', () => {
    const conflicts = Array.from({ length: 100 }, (_, index) => ({
      path: `${HOSTILE[index % HOSTILE.length]}${index}`,
      kind: '<b>',
      ranges: [],
    }));
    const prerequisites = Array.from({ length: 50 }, () => ({
      commit: commitId('5'),
      subject: '@all <b>\n# x',
      touched: 'file' as const,
    }));
    const text = conflictReply({ ...conflict, conflicts, prerequisites }, { ...to, closesAt: null });
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    expect(text).toContain('- and 95 more');
    expect(text.replaceAll(/(`+).*?\1/g, '')).not.toMatch(/<script|<b>|@all|@everyone/);
  });

  it('a generated file is made again, not resolved', () =>
    expect(
      conflictReply(
        { ...conflict, generated: [{ path: 'src/Scatter.cpp', command: ['python', 'gen.py'] }] },
        { ...to, closesAt: null },
      ),
    ).toContain('- `src/Scatter.cpp` generated: run `python gen.py`'));

  it('a refusal has the reason in the words of who decided, the rule, and the way back', () =>
    expect(
      refusalReply(train, {
        to: 'alice',
        pr: 7,
        release: RELEASE,
        by: 'rita',
        at: Instant.parse('2025-07-12T14:20:00Z'),
        reason: 'New feature; 2.8 is in Phase 2 (regressions and low-risk critical fixes only).',
        rule: 'phase-2',
        next: { release: ReleaseVersion.parse('2.9.0'), cut: '25 Aug' },
      }),
    ).toBe(`@alice #7 will not go into 2.8.0. Decision of \`rita\`, Sat 12 Jul 2025 14:20 UTC.

> New feature; 2.8 is in Phase 2 \\(regressions and low-risk critical fixes only\\).

Rule: picks-phase-2. It will be in **2.9.0** (branch cut 25 Aug). If you think the rule is read wrongly, reply here with the regression it fixes; the pick goes back to review.
`));

  it('late says since when, and what ways are left', () =>
    expect(
      lateReply({
        ...to,
        now: addSeconds(CLOSE, 3 * 3600 + 12 * 60),
        branch: 'release/2.8',
        release: RELEASE,
        closedAt: CLOSE,
        final: false,
        ships: { release: ReleaseVersion.parse('2.9.0'), when: '30 Oct, tentative' },
        patch: ReleaseVersion.parse('2.8.1'),
      }),
    )
      .toBe(`@alice the window for \`release/2.8\` closed **Wed 10 Jun 2026 15:00 UTC**, 3 h 12 min ago. I did not create a pick.

- It will ship in 2.9.0 (30 Oct, tentative).
- If it fixes a regression in 2.8.0, add the label \`triage review\`: it becomes a candidate for 2.8.1.
- A release manager can reopen the window for this PR: \`@pytorchbot cherry-pick retry --late-ok -m REASON\`
`));

  it('a problem is one line with the next act; the command can be copied as it is', () => {
    const named = { repo: 'core', pr: 7, branch: 'release/2.8' };
    expect(problemReply([{ code: 'no-such-pick', ...named }], to)).toBe(
      '@alice Nobody has asked for #&#8203;7 on release/2.8. Ask: `@pytorchbot cherry-pick --onto release/2.8 -c CLASS`',
    );
    const two = problemReply(
      [
        { code: 'closed-unmerged', ...named },
        { code: 'issue-not-a-link', ...named, fixes: '<b>@all' },
      ],
      to,
    );
    expect(two.split('\n')).toHaveLength(4);
    expect(two).not.toMatch(/<b>|@all/);
  });

  it('what is not understood is answered in a fence that it cannot leave', () => {
    const text = commandProblemReply(
      { code: 'unknown-command', word: '```\n@all', suggestion: null, known: ['where'] },
      train,
    );
    expect(text.startsWith('````\n')).toBe(true);
    expect(text.endsWith('\n````')).toBe(true);
  });

  it('help is for one command, or for all', () => {
    expect(helpReply('cherry-pick', train)).toContain('```\nusage: @pytorchbot cherry-pick --onto ONTO');
    expect(helpReply(null, train)).toContain('## where');
  });

  it('others are short', () => {
    expect(questionReply({ to: 'alice', pr: 7, by: 'rita', question: 'Which issue?' })).toContain('> Which issue?');
    expect(
      reminderReply({
        train,
        to: ['alice', 'rita'],
        pr: 7,
        branch: 'release/2.8',
        state: 'conflict',
        closesAt: CLOSE,
        now: addSeconds(CLOSE, -4 * 3600),
      }),
    ).toBe(
      '@alice @rita #7 is conflict, and the window for `release/2.8` closes in 4 h 0 min, at Wed 10 Jun 2026 15:00 UTC.',
    );
    expect(revertReply({ pr: 7, by: commitId('c'), branch: 'release/2.8', pull: 9 })).toBe(
      '#7 was reverted on main by ccccccccc, and `release/2.8` has it, so I prepared a **revert** instead: #9.',
    );
    const rows = Array.from({ length: 30 }, (_, index) => ({
      place: `v2.${index}.0|x`,
      has: 'yes' as const,
      proof: HOSTILE[index % 13] ?? '',
    }));
    const where = whereReply(7, rows);
    expect(where.split('\n').length).toBeLessThanOrEqual(20);
    expect(where).toContain('and 18 more');
  });
});
