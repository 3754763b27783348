import { describe, expect, it } from 'vitest';
import { ObjectId } from '../../domain/git-names.ts';
import { committedAt, Instant } from '../../domain/instant.ts';
import { known, unknown } from '../../domain/observation.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import { hasEscapes } from '../../testing/cli-terminal.ts';
import { fakeId } from '../../testing/memory-git.ts';
import { standing as pick } from '../../testing/standing-pick.ts';
import type { LineCommit, OnLine, Standing } from './history-views.ts';
import type { Line } from './line.ts';
import { PICK_STATES } from '../../domain/pick-state.ts';
import { renderAudit } from './render-audit.ts';
import { renderCandidates } from './render-candidates.ts';
import { renderFound, type FoundShow } from './render-found.ts';
import { renderMissing, renderReverts } from './render-missing.ts';
import { renderPick, renderPicks } from './render-picks.ts';
import { paint } from './style.ts';
import { columnsOf } from './text.ts';

const now = Instant.parse('2026-06-08T12:00:04Z');
const asOf = Instant.parse('2026-06-08T12:00:00Z');
const room = { width: 80, now };
const plain = (lines: readonly Line[]): string =>
  `${lines.map((each) => paint(each, { color: false, ascii: false })).join('\n')}\n`;

const id = (text: string): ObjectId => fakeId(text);
const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\r\nPASS \u202Eevil\u202C <b>&lt; `$(rm)` | --yes';

function commit(name: string, more: Partial<LineCommit> = {}): LineCommit {
  return {
    id: id(name),
    title: name,
    pull: null,
    committedAt: 1_780_000_000,
    parents: [],
    class: 'exact',
    confidence: 'exact',
    counterparts: [],
    why: [{ kind: 'patch-id', text: 'the same patch' }],
    notes: [],
    candidates: [],
    ...more,
  };
}

const counterpart = {
  commit: id('on main'),
  title: 'Fix it (#12)',
  pull: 12,
  confidence: 'strong',
  proofs: [{ kind: 'trailer', text: 'the trailer names it' }],
  way: 'to-line',
} as const;
const versionOf = (text: string): CandidateVersion | ReleaseVersion =>
  text.includes('-rc') ? CandidateVersion.parse(text) : ReleaseVersion.parse(text);
const on = (
  branch: string,
  standing: Standing,
  versions: readonly string[] = [],
  lacking: Readonly<Record<string, OnLine['lacking'][number]['because']>> = {},
): OnLine => ({
  branch,
  standing,
  versions: versions.map(versionOf),
  lacking: Object.entries(lacking).map(([version, because]) => ({ version: versionOf(version), because })),
});
const found = (lines: readonly OnLine[], more: Partial<FoundShow> = {}): FoundShow => ({
  asked: '12',
  asOf,
  changes: [
    {
      repo: 'core',
      change: {
        commit: { id: id('on main'), committedAt: 1_780_000_000, title: 'Fix it (#12)', pull: 12 },
        takenBack: null,
        lines,
      },
      picks: [],
      pull: null,
    },
  ],
  lineCommits: [],
  unread: [],
  picksUnread: null,
  notOnMain: [],
  onlyStable: false,
  ...more,
});

function withTakenBack(show: FoundShow, takenBack: ObjectId): FoundShow {
  return { ...show, changes: show.changes.map((each) => ({ ...each, change: { ...each.change, takenBack } })) };
}

describe('where a change is', () => {
  it('says of each line in its own words how it stands there, with the confidence', () => {
    const lines = [
      on('release/2.9', { kind: 'unsure', by: [id('a'), id('b')] }),
      on('release/2.8', { kind: 'on-line', by: commit('c'), counterpart, partial: false }, ['2.8.0', '2.8.0-rc2']),
      on('release/2.7', { kind: 'on-line', by: commit('d'), counterpart, partial: true }, []),
      on('release/2.6', { kind: 'taken-back', by: id('e') }),
      on('release/2.5', { kind: 'reverted-on-main', by: id('f') }),
    ];
    expect(plain(renderFound(withTakenBack(found(lines), id('f')), room))).toMatchSnapshot();
  });

  it('says what ux.md shows: candidates cut before it, the pick that waits, the candidate it may get into, and until when', () => {
    const line = on('release/2.8', { kind: 'missing' }, [], {
      '2.8.0-rc2': 'before-it-came',
      '2.8.0-rc1': 'before-the-change',
    });
    const asked = pick({ pr: 12, title: 'Fix it' });
    const show = found([line]);
    const [change] = show.changes;
    if (change === undefined) throw new Error('nothing is shown');
    const pull = {
      number: 12,
      title: 'Fix it',
      author: 'alice',
      state: 'merged',
      base: 'main',
      link: 'https://x',
    } as const;
    const picks = [{ pick: asked, until: Instant.parse('2026-06-15T17:00:00Z') }];
    expect(plain(renderFound({ ...show, changes: [{ ...change, picks, pull }] }, room))).toMatchSnapshot();
  });

  it('says of a change that main took back which lines have it still, and how to follow', () => {
    const lines = [
      on('release/2.9', { kind: 'inherited' }),
      on('release/2.8', { kind: 'on-line', by: commit('c'), counterpart, partial: false }, ['2.8.0-rc2'], {
        '2.8.0-rc1': 'before-it-came',
      }),
      on('release/2.7', { kind: 'taken-back', by: id('e') }),
    ];
    expect(plain(renderFound(withTakenBack(found(lines), id('f')), room))).toMatchSnapshot();
  });

  it('says of what main has not that it is a pull request, open or merged elsewhere', () => {
    const pull = {
      number: 12,
      title: 'Fix it',
      author: 'alice',
      state: 'open',
      base: 'main',
      link: 'https://forge.example/12',
    } as const;
    const notOnMain = [
      { repo: 'core', pull },
      { repo: 'vision', pull: { ...pull, state: 'merged', base: 'gh/alice/1/base' } as const },
    ];
    expect(plain(renderFound(found([], { changes: [], notOnMain }), room))).toMatchSnapshot();
  });

  it('does not say that nothing took back what is older than every line', () => {
    const text = plain(renderFound(found([on('release/2.8', { kind: 'inherited' })]), room));
    expect(text).toContain('none on main since the first of the cuts');
  });

  it('tells many older lines that lack it, or that all have it by the cut, in one row', () => {
    const branches = Array.from({ length: 12 }, (_, index) => `release/2.${12 - index}`);
    const lacking = branches.map((branch) => on(branch, { kind: 'missing' }));
    const having = branches.map((branch) => on(branch, { kind: 'inherited' }, [`${branch.slice(8)}.0`]));
    expect(plain(renderFound(found([...having.slice(0, 2), ...lacking]), room))).toMatchSnapshot();
    expect(plain(renderFound(found(having), room)).split('\n').length).toBeLessThan(8);
  });

  it('gives of many candidates the first and how many more', () => {
    const versions = ['2.8.0', ...Array.from({ length: 9 }, (_, index) => `2.8.0-rc${9 - index}`)];
    const text = plain(
      renderFound(
        found([on('release/2.8', { kind: 'on-line', by: commit('c'), counterpart, partial: false }, versions)]),
        room,
      ),
    );
    expect(text).toContain('2.8.0-rc1    ✓ in it, and 8 more up to 2.8.0-rc9');
    expect(text).toContain('stable       # since 2.8.0');
  });

  it('says which repositories could not be read, also where nothing was found', () => {
    const unread = [{ repo: 'vision', reason: 'the remote did not answer in 60 s' }];
    expect(plain(renderFound(found([], { changes: [], unread }), room))).toMatchSnapshot();
  });

  it('gives no date to a commit whose clock said none', () => {
    for (const seconds of [-1, Number.NaN, 1e300, 253_402_300_800]) expect(committedAt(seconds)).toBeNull();
    expect(committedAt(0)).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('the audit', () => {
  const audit = {
    picks: [
      commit('Fix it (#20)', { pull: 20, class: 'modified', confidence: 'probable', counterparts: [counterpart] }),
    ],
    releaseOnly: [],
    accounted: [],
    forwardPortsOwed: [],
    crossRelease: [commit('From the line before', { class: 'cross-release' })],
    unexplained: [
      commit('Could be two', {
        class: 'ambiguous',
        confidence: 'ambiguous',
        candidates: [id('a'), id('b')],
        notes: ['its trailer names no commit'],
      }),
    ],
    counts: { modified: 1, 'cross-release': 1, ambiguous: 1 },
  };

  it('lists what nobody explained with what it could be, and counts the rest', () => {
    const show = { repo: 'core', branch: 'release/2.8', asOf, audit };
    expect(plain(renderAudit({ ...show, all: false }, room))).toMatchSnapshot();
    expect(plain(renderAudit({ ...show, all: true }, room))).toContain('on main: #12 Fix it');
  });

  it('says of a branch without commits that it has none', () => {
    const none = { ...audit, picks: [], crossRelease: [], unexplained: [], counts: {} };
    const text = plain(renderAudit({ repo: 'core', branch: 'release/2.8', asOf, audit: none, all: true }, room));
    expect(text).toContain('no commit of its own');
  });
});

describe('two candidates', () => {
  const added = Array.from({ length: 30 }, (_, index) => ({
    id: id(`c${index}`),
    title: `Change ${index} (#${index + 1})`,
    pull: index + 1,
    line: commit(`c${index}`),
  }));
  const heads = { from: id('rc1'), to: id('rc2') };
  const show = {
    from: '2.8.0-rc1',
    to: '2.8.0-rc2',
    asOf,
    all: false,
    reports: [
      { repo: 'core', found: known({ ...heads, added, removed: [], cancelled: [id('c0'), id('c1')] }, asOf, 'git') },
      {
        repo: 'audio',
        found: known({ from: heads.to, to: heads.to, added: [], removed: [], cancelled: [] }, asOf, 'git'),
      },
      { repo: 'vision', found: unknown('the remote did not answer', asOf, 'git') },
    ],
  };

  it('show the newest commits of each repository, say how many more, which cancel out, what is the same and what is not known', () => {
    expect(plain(renderCandidates(show, room))).toMatchSnapshot();
  });

  it('show every commit when asked', () => {
    expect(plain(renderCandidates({ ...show, all: true }, room))).toContain('#30 ');
  });
});

describe('picks', () => {
  it('have a shape, a word and an owner in every state', () => {
    const text = plain(
      renderPicks(
        {
          subject: 'Picks of 2.8.0',
          picks: [
            pick(),
            pick({ pr: 8, refused: 'a new feature' }),
            pick({ pr: 9, candidate: '2.8.0-rc2', landedBy: id('landed') }),
          ],
          none: '',
          asOf,
          who: 'rita',
        },
        room,
      ),
    );
    expect(text).toMatchSnapshot();
    for (const { word } of Object.values(PICK_STATES)) expect(word.length).toBeLessThan(16);
  });

  it('are told in review again after a push behind the approval', () => {
    const decided = { is: 'approved', by: 'rita', at: asOf, head: ObjectId.parse('b'.repeat(40)) } as const;
    expect(plain(renderPick(pick({ record: { decided } }), { who: 'rita', asOf }, room))).toContain('in review again');
  });
});

it('lets nothing that others wrote act on the terminal, and keeps its width', () => {
  const hostile = commit(HOSTILE.repeat(4), {
    why: [{ kind: 'title', text: HOSTILE }],
    notes: [HOSTILE],
    class: 'ambiguous',
    counterparts: [{ ...counterpart, title: HOSTILE }],
  });
  const audit = {
    picks: [],
    releaseOnly: [],
    accounted: [],
    forwardPortsOwed: [hostile],
    crossRelease: [],
    unexplained: [hostile],
    counts: { ambiguous: 2 },
  };
  const item = { number: 3, title: HOSTILE, isPullRequest: false, link: 'https://forge.example' };
  const wanted = {
    item,
    verdict: 'missing',
    commits: [{ commit: id('x'), title: HOSTILE, pull: 3, standing: { kind: 'missing' } }],
  } as const;
  const revert = {
    title: HOSTILE,
    pull: null,
    revert: id('r'),
    carriedBy: [id('x')],
    proof: hostile.why,
    confidence: 'probable',
    revertedAt: 0,
    declined: { by: HOSTILE, reason: HOSTILE },
    relandUntil: null,
  } as const;
  const report = { release: '2.8.0', asOf, branchOf: () => 'release/2.8' };
  const stranger = pick({ title: HOSTILE, author: HOSTILE, fixes: HOSTILE, refused: HOSTILE });
  for (const width of [60, 80, 132]) {
    const at = { width, now };
    const shown = [
      renderFound(
        found([on(HOSTILE, { kind: 'missing' })], {
          asked: HOSTILE,
          picksUnread: HOSTILE,
          notOnMain: [
            {
              repo: 'core',
              pull: { number: 1, title: HOSTILE, author: HOSTILE, state: 'merged', base: HOSTILE, link: HOSTILE },
            },
          ],
          lineCommits: [{ repo: 'core', branch: HOSTILE, commit: hostile }],
        }),
        at,
      ),
      renderAudit({ repo: 'core', branch: HOSTILE, asOf, audit, all: true }, at),
      renderMissing({ ...report, reports: [{ repo: 'core', found: known([wanted], asOf, 'git') }] }, at),
      renderReverts(
        {
          ...report,
          decisionsUnread: HOSTILE,
          reports: [
            { repo: 'core', found: known([revert, { ...revert, declined: null, relandUntil: now }], asOf, 'git') },
          ],
        },
        at,
      ),
      renderPicks({ subject: HOSTILE, picks: [stranger], none: '', asOf, who: 'rita' }, at),
      renderPick(stranger, { who: 'rita', asOf }, at),
    ];
    for (const lines of shown) {
      const text = plain(lines);
      expect(hasEscapes(text)).toBe(false);
      // oxlint-disable-next-line no-control-regex -- what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
      expect(text.split('\n').some((each) => each.startsWith('PASS'))).toBe(false);
      const wide = text.split('\n').filter((each) => columnsOf(each) > width);
      expect(wide.filter((each) => !each.includes('signalbox pick'))).toEqual([]);
    }
  }
});
