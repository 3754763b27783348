import { describe, expect, it } from 'vitest';
import { GateId, type Gate } from '../../../domain/gate.ts';
import { addSeconds, CalendarDate } from '../../../domain/instant.ts';
import { CandidateVersion, Line, ReleaseVersion } from '../../../domain/version.ts';
import { pickTrain } from '../../../testing/pick-train.ts';
import { commitId, NOW } from '../../../testing/small-train.ts';
import { standing } from '../../../testing/standing-pick.ts';
import { windowAt } from '../window.ts';
import {
  checkedItems,
  dateWarnings,
  explainDate,
  milestoneChecklist,
  nominationComment,
  parseTrackerTitle,
  readDate,
  readNomination,
  TRACKER_LIMIT,
  trackerBody,
  trackerOf,
  type TrackerView,
} from './index.ts';

const train = pickTrain();
const RELEASE = ReleaseVersion.parse('2.8.0');

const read = (text: string, order: 'D/M/Y' | 'M/D/Y' | 'Y-M-D' | null, year: number | null = null) => {
  const date = readDate(text, { order, year });
  return date.ok ? `${date.week ? 'week of ' : ''}${date.on}` : date.problem.code;
};

const day = (text: string) => CalendarDate.parse(text);

const pull = (number: number) => `https://github.com/pytorch/pytorch/pull/${number}`;

const names = (comment: string) => {
  const read = readNomination(comment);
  if (read === null) return null;
  const short = (refs: NonNullable<typeof read>['trunk']) => refs.map(({ number, commit }) => number ?? commit);
  return {
    trunk: short(read.trunk),
    release: short(read.release),
    class: read.class,
    remark: read.remark,
    revertedBy: short(read.revertedBy),
  };
};

function bodyOf(view: TrackerView, existing: string | null = null): string {
  const body = trackerBody(view, existing);
  if (!body.ok) throw new Error(body.problems[0].code);
  return body.value;
}

describe('titles', () => {
  it.each([
    ['[v.2.13.0] Release Tracker', '2.13.0', 'minor'],
    ['[v2.12.1] Release Tracker', '2.12.1', 'patch'],
    ['[v.1.13.1] Release Tracker', '1.13.1', 'patch'],
    ['[v2.12.1] release tracker', '2.12.1', 'patch'],
  ])('TRK-04: %s', (title, release, kind) => expect(parseTrackerTitle(title)).toEqual({ release, kind }));

  it.each([
    '0.2.1',
    'Release Tracker',
    '[v2.1] Release Tracker',
    'Re: [v2.1.1] Release Tracker',
    '[v2.01.1] Release Tracker',
    '',
  ])('TRK-04: %j is none', (title) => expect(parseTrackerTitle(title)).toBeNull());

  it('TRK-04: trackers are no items of the checklist', () => {
    const items = [
      { number: 3, title: '[v.2.8.0] Release Tracker', isPullRequest: false, open: true },
      { number: 2, title: 'Fixed | <b>', isPullRequest: true, open: false },
      { number: 4, title: 'Open', isPullRequest: false, open: true },
    ];
    expect(checkedItems(items).map(({ number }) => number)).toEqual([2, 4]);
    expect(milestoneChecklist(items)).toEqual(['- [ ] #4 Open (issue)', String.raw`- [x] #2 Fixed \| &lt;b&gt;`]);
  });

  const titles = ['[v.2.10.0]', '[v.2.1.0]', '[v2.1.1]', '[v2.12.1]', '[v.2.14.0]'].map(
    (one) => `${one} Release Tracker`,
  );
  const open = [...titles, '0.2.1'].map((title, index) => ({ number: index + 1, title }));

  it.each([
    ['2.1', '[v2.1.1] Release Tracker'],
    ['2.10', '[v.2.10.0] Release Tracker'],
    ['2.14', '[v.2.14.0] Release Tracker'],
    ['0.2', undefined],
    ['2.2', undefined],
  ])('TRK-01: the tracker of %s is that of exactly this line, its latest', (line, title) =>
    expect(trackerOf(Line.parse(line), open).found?.title).toBe(title),
  );

  it('TRK-01: two that say the same are for a person to sort out', () => {
    const twice = [...open, { number: 9, title: '[v.2.1.1] Release Tracker' }];
    expect(trackerOf(Line.parse('2.1'), twice)).toEqual({ found: null, ambiguous: [open[2], twice[6]] });
  });
});

describe('dates', () => {
  it.each([
    ['week of 8/6/26', 'D/M/Y', 'week of 2026-06-08'],
    ['week of 22/6/26', 'D/M/Y', 'week of 2026-06-22'],
    ['30/6/26', 'D/M/Y', '2026-06-30'],
    ['1/7/26', 'D/M/Y', '2026-07-01'],
    ['8/7/26', 'D/M/Y', '2026-07-08'],
    ['1/9/26', 'M/D/Y', '2026-01-09'],
    ['1/9/26', null, 'ambiguous-date'],
    ['22/6/26', null, '2026-06-22'],
    ['6/22/2026', null, '2026-06-22'],
    ['5/5/26', null, '2026-05-05'],
    ['6/12', null, 'no-year'],
    ['31/6/26', 'D/M/Y', 'no-such-day'],
    ['2026-07-08', 'M/D/Y', '2026-07-08'],
    ['soon', null, 'no-date'],
    ['9'.repeat(1000), null, 'no-date'],
  ] as const)('TRK-05: %s, written as %s, is %s', (text, order, expected) => expect(read(text, order)).toBe(expected));

  it('TRK-05: 6/12 of a release of 2026 is still ambiguous', () => {
    const date = readDate('6/12', { order: null, year: 2026 });
    expect(date.ok ? '' : explainDate(date.problem)).toContain('6/12 can be 2026-12-06 or 2026-06-12');
    expect(read('6/12', 'M/D/Y', 2026)).toBe('2026-06-12');
  });

  const dates = {
    cut: day('2026-06-08'),
    M4: day('2026-06-22'),
    'M4.1': day('2026-06-30'),
    M5: day('2026-07-01'),
    M6: day('2026-07-08'),
  };

  it('TRK-05: drafts of tutorials eight days before release day break the rule of fourteen', () =>
    expect(dateWarnings(dates)).toEqual([
      'M4.1 (2026-06-30) is 8 days before M6 (2026-07-08), the rule is 14: 2026-06-24',
    ]));

  it.each([
    ['M4 before the cut', { M4: day('2026-06-01') }, 'M4 (2026-06-01) does not come after cut (2026-06-08)'],
    ['M6 on the day of M5', { M5: day('2026-07-08') }, 'M6 (2026-07-08) does not come after M5 (2026-07-08)'],
  ])('TRK-05: the order is checked: %s', (_name, change, warning) =>
    expect(dateWarnings({ ...dates, ...change })).toContain(warning),
  );
});

describe('comments in three blocks', () => {
  it.each([
    [
      'as the form has it',
      `Link to landed trunk PR (if applicable):\n* ${pull(1)}\n\nLink to release branch PR:\n* ${pull(2)}\n\nCriteria Category:\n* Regression`,
      { trunk: [1], release: [2], class: 'regression', remark: '', revertedBy: [] },
    ],
    [
      'with master, without bullets',
      `Link to landed master PR (if applicable):\r\n${pull(1)}\r\nLink to release branch PR:\r\n${pull(2)}\r\nCriteria Category:\r\nLow risk critical fixes for: silent correctness`,
      { trunk: [1], release: [2], class: 'critical', remark: 'silent correctness', revertedBy: [] },
    ],
    [
      'with several trunk pull requests and remarks',
      `Link to landed trunk PR (if applicable):\n* ${[1, 2, 3, 4, 5, 6].map((n) => `${pull(n)} (part ${n})`).join('\n* ')}\n\nLink to release branch PR:\n* ${pull(9)}\n\nCriteria Category:\n* Fixes to new features - only CPU`,
      { trunk: [1, 2, 3, 4, 5, 6], release: [9], class: 'fixnewfeature', remark: 'only CPU', revertedBy: [] },
    ],
    [
      'with a commit in place of a pull request',
      `Link to landed trunk PR (if applicable):\n* 0123456789abcdef0123456789abcdef01234567\nRevert of ${pull(3)}\n\nLink to release branch PR:\n* ${pull(2)}\n\nCriteria Category:\n* Revert`,
      {
        trunk: ['0123456789abcdef0123456789abcdef01234567', 3],
        release: [2],
        class: 'revert',
        remark: '',
        revertedBy: [],
      },
    ],
    [
      'with a block of what was reverted',
      `Link to landed trunk PR (if applicable):\n* N/A\n\nLink to release branch PR:\n* #2\n\nCriteria Category:\n* Documentation\n\nReverted:\n* ${pull(5)}`,
      { trunk: [], release: [2], class: 'docs', remark: '', revertedBy: [5] },
    ],
    [
      'with the category on its line, and text behind a dash',
      `**Link to landed trunk PR (if applicable):** ${pull(1)}\n**Link to release branch PR:** ${pull(2)}\n**Criteria Category:** Release branch specific changes – version bump`,
      { trunk: [1], release: [2], class: 'release', remark: 'version bump', revertedBy: [] },
    ],
    [
      'for CI',
      `Link to release branch PR:\n* ${pull(2)}\n\nCriteria Category:\n* CI fix`,
      { trunk: [], release: [2], class: 'ci', remark: '', revertedBy: [] },
    ],
    [
      'with a reason of its own',
      `Link to landed trunk PR (if applicable):\n* ${pull(1)}\nLink to release branch PR:\n* ${pull(2)}\nCriteria Category:\n* Needed by a partner`,
      { trunk: [1], release: [2], class: 'special', remark: 'Needed by a partner', revertedBy: [] },
    ],
    [
      'by the bot of the seed, with the link lower-cased behind the class',
      `Link to landed trunk PR (if applicable):\n* ${pull(1)}\n\nLink to release branch PR:\n* ${pull(2)}\n\nCriteria Category:\nCritical - https://github.com/pytorch/pytorch/issues/7`,
      {
        trunk: [1],
        release: [2],
        class: 'critical',
        remark: 'https://github.com/pytorch/pytorch/issues/7',
        revertedBy: [],
      },
    ],
  ])('TRK-03: are read %s', (_name, comment, expected) => expect(names(comment)).toEqual(expected));

  it('TRK-03: says which reference is a revert, and in which repository', () => {
    const read = readNomination(
      `Link to landed trunk PR:\n* Revert of https://github.com/pytorch/vision/pull/3 on Mac\nLink to release branch PR:\n* pytorch/vision#4`,
    );
    expect(read?.trunk).toEqual([
      { slug: 'pytorch/vision', number: 3, commit: null, remark: 'Revert of on Mac', reverts: true },
    ]);
    expect(read?.release[0]).toMatchObject({ slug: 'pytorch/vision', number: 4 });
  });

  it.each([
    '',
    'Thanks!',
    'Link to landed trunk PR:\n* #1',
    'x'.repeat(1_000_000),
    '\n'.repeat(1_000_000),
    'Link to release branch PR:\n* #1',
  ])('TRK-03: what is no nomination is not taken for one', (comment) => expect(readNomination(comment)).toBeNull());

  it('are written so that they are read again', () => {
    const comment = nominationComment({
      trunk: pull(1),
      pull: pull(2),
      classTitle: 'Fix to a new feature',
      fixes: pull(7),
    });
    expect(names(comment)).toMatchObject({ trunk: [1], release: [2], class: 'fixnewfeature', remark: pull(7) });
    expect(comment).toBe(
      `Link to landed trunk PR (if applicable):\n* ${pull(1)}\n\nLink to release branch PR:\n* ${pull(2)}\n\nCriteria Category:\n* Fix to a new feature - ${pull(7)}\n`,
    );
  });
});

describe('the tracker issue', () => {
  const ends = { 'M3.1': addSeconds(NOW, 3600), M4: addSeconds(NOW, 7200), P1: null };
  const gate: Gate = {
    id: GateId.parse('docs-built'),
    verdict: 'failing',
    summary: 'x',
    evidence: [],
    owners: ['otto'],
    since: null,
    fix: null,
    waiver: null,
  };

  function viewWith(changes: Partial<TrackerView> = {}): TrackerView {
    return {
      train,
      release: RELEASE,
      seq: 12,
      window: windowAt(train, RELEASE, ends, NOW),
      candidates: [{ candidate: CandidateVersion.parse('2.8.0-rc1'), on: '2026-06-01' }],
      blocking: [gate],
      dates: [{ id: 'M4', on: '21 Jul 2026', passed: false, was: '14 Jul' }],
      picks: [standing({ pr: 1 }), standing({ pr: 2, landedBy: commitId('c'), candidate: '2.8.0-rc1' })],
      reverts: [],
      missing: [],
      unread: [],
      milestone: [],
      milestoneLink: null,
      others: [],
      now: NOW,
      ...changes,
    };
  }

  it('says phase, deadline, candidate and blocker first, then every pick by where it is', () => {
    const body = bodyOf(viewWith());
    expect(body.split('\n').slice(0, 4)).toEqual([
      '<!-- signalbox:tracker 2.8.0 -->',
      '<!-- signalbox:seq 12 -->',
      'Acme 2.8.0: **Phase 1**, picks until Mon 8 Jun 2026 13:00 UTC (in 1 h 0 min) · 2.8.0-rc1 tagged 2026-06-01',
      '**Blocking the next candidate:** docs-built `otto`',
    ]);
    expect(body).toContain(
      '## Needs review (1)\n| PR | class | fixes | author | age | pick |\n|---|---|---|---|---|---|\n| #1 Fix it | regression |',
    );
    expect(body).toContain('## Landed: 2.8.0-rc1 (1)');
    expect(body.trimEnd().split('\n').at(-1)).toBe(
      '<!-- signalbox:end --> Text below this line is yours and never touched.',
    );
  });

  it('keeps what people wrote above and below, whatever they do to the rest', () => {
    const first = bodyOf(viewWith());
    const edited = `Read this first!\n${first.replace('Phase 1', 'EDITED')}\nOur notes\n<!-- signalbox:end --> more`;
    const second = bodyOf(viewWith({ seq: 13 }), edited);
    expect(second.startsWith('Read this first!\n<!-- signalbox:tracker 2.8.0 -->')).toBe(true);
    expect(second.endsWith('\nOur notes\n<!-- signalbox:end --> more')).toBe(true);
    expect(second).not.toContain('EDITED');
    expect(bodyOf(viewWith({ seq: 13 }), second)).toBe(second);
  });

  it('takes over a body that has no end marker without losing a word of it', () => {
    const body = bodyOf(viewWith(), '<!-- signalbox:tracker 2.8.0 -->\nThe old text');
    expect(body).toContain('never touched.\n\nThe old text\n');
    expect(bodyOf(viewWith(), body)).toBe(body);
  });

  it('stays under the limit with a thousand picks, what waits for people shown longest', () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      standing({
        pr: index + 1,
        ...(index % 2 === 0 ? { landedBy: commitId('c'), candidate: '2.8.0-rc1' } : {}),
        ...(index % 50 === 1 ? { refused: 'no '.repeat(200) } : {}),
      }),
    );
    const body = bodyOf(viewWith({ picks: many }));
    expect(body.length).toBeLessThanOrEqual(TRACKER_LIMIT);
    expect(body).toContain(
      'more, cut since the forge takes 65536 characters; all of it: [all pull requests onto it](https',
    );
    expect(body.split('\n').filter((line) => line.startsWith('| #')).length).toBeGreaterThan(200);
    expect(body.length).toBeGreaterThan(TRACKER_LIMIT - 1000);
    const few = many.filter((_, index) => index < 60);
    expect(bodyOf(viewWith({ picks: few }))).not.toContain('cut since');
  });

  it('stays under the limit of the forge with all that people may have written', () => {
    const many = Array.from({ length: 1000 }, (_, index) => standing({ pr: index + 1 }));
    const milestone = many.map((_, number) => ({ number, title: 'x'.repeat(200), isPullRequest: true, open: true }));
    const written = 'y'.repeat(49_000);
    const view = viewWith({ picks: many, milestone, milestoneLink: 'https://forge.example/acme/core/milestone/3' });
    const body = bodyOf(view, written);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toContain(written);
    expect(body).toContain('[the milestone](https://forge.example/acme/core/milestone/3)');
  });

  it('says what nobody knows, and where the others are', () => {
    const others = [
      { repo: 'core', slug: 'acme/core', number: 4 },
      { repo: 'audio', slug: 'acme/audio', number: 2 },
    ];
    const unread = [{ repo: 'audio', reason: 'there is no milestone "2.8.0"' }];
    const item = { number: 5, title: 'Lost', isPullRequest: true, open: false };
    const body = bodyOf(viewWith({ home: 'vision', others, unread, missing: [{ repo: 'vision', item }] }));
    expect(body).toContain('This mirrors acme/core#4; the others: acme/audio#2.');
    expect(body).toContain('## Milestone fixes not in the branch (1, not known of 1)\n- ❔ audio is not known: ');
    expect(body).toContain('\n- #5 Lost\n');
    expect(bodyOf(viewWith({ others: others.slice(1) }))).toContain('Mirrored in acme/audio#2.');
  });

  it('refuses rather than cut what people wrote', () => {
    const body = trackerBody(viewWith(), `x${'y'.repeat(59_000)}`);
    expect(body).toEqual({ ok: false, problems: [{ code: 'no-room', humanCharacters: 59_004, limit: TRACKER_LIMIT }] });
  });

  it('is not broken by hostile titles, logins and links', () => {
    const pick = standing({
      pr: 1,
      title: 'a | b\n<!-- signalbox:end --> <script>alert(1)</script> @everyone \u202e `x',
      author: 'x|y <b>',
      fixes: 'https://x/"onload=|) [a](javascript:x)',
    });
    const body = bodyOf(viewWith({ picks: [pick] }));
    const row = body.split('\n').find((line) => line.startsWith('| #1'));
    expect(row?.split(/(?<!\\)\|/)).toHaveLength(8);
    expect(body).not.toContain('<script>');
    expect(body).not.toContain('\u202e');
    expect(body).not.toMatch(/(?<!`)@everyone/);
    expect(body.match(/<!-- signalbox:end -->/g)).toHaveLength(1);
  });
});
