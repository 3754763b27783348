import { describe, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { addSeconds, CalendarDate, Instant } from '../../domain/instant.ts';
import { known, unknown } from '../../domain/observation.ts';
import { BranchName } from '../../domain/git-names.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { CandidateVersion, ReleaseVersion } from '../../domain/version.ts';
import type { PickAnswer } from '../../ports/git.ts';
import { pickTrain } from '../../testing/pick-train.ts';
import { commitId, NOW } from '../../testing/small-train.ts';
import { decidePick, type PickRequest } from './decide.ts';
import type { ChangeFacts, PickFacts } from './facts.ts';
import { fixesLink } from './link.ts';
import { namesPick, pickBranch, pickBranches } from './making.ts';
import { explain, type PickProblem } from './problem.ts';
import { undoneHunks } from './protect.ts';
import type { PickRecord } from './record.ts';
import { targetOf } from './target.ts';

const train = pickTrain();
const RELEASE = ReleaseVersion.parse('2.8.0');
const PATCH = ReleaseVersion.parse('2.8.1');
const CORE = RepoKey.parse('core');
const LANDED = commitId('1');
const HEAD = commitId('2');
const BY = 'alice';
const LATER = addSeconds(NOW, 3600);
/** Phase 1 ends in ten days, phase 2 in twenty; picks for patches in ten. */
const ENDS = {
  'M3.1': addSeconds(NOW, 10 * 86_400),
  M4: addSeconds(NOW, 20 * 86_400),
  P1: addSeconds(NOW, 10 * 86_400),
};

function seen<Value>(value: Value) {
  return known(value, NOW, 'the test');
}

function targetOn(onto = 'release/2.8', live = [RELEASE], repo = CORE) {
  const target = targetOf({ train, repo, onto, live });
  if (!target.ok) throw new Error(explain(target.problems[0]));
  return target.value;
}

const change: Extract<ChangeFacts, { is: 'pull' }> = {
  is: 'pull',
  title: '[MPS] Fix x',
  author: 'alice',
  state: 'merged',
  base: 'main',
  mergedAt: NOW,
  link: 'https://forge.example/acme/core/pull/7',
};
/** Words in a text, for a matcher: vitest types its own as any. */
const saying = (words: string): unknown => expect.stringContaining(words);

const made: PickAnswer = {
  picked: true,
  commit: commitId('a'),
  tree: commitId('b'),
  made: [{ of: LANDED, commit: commitId('a') }],
  empty: [],
  files: ['x.cpp'],
  conflicts: [],
  regenerated: [],
};
const history = { landed: [LANDED], onLine: null, revertedOnMain: null, revertedOnLine: null };
const line = {
  head: HEAD,
  branch: BranchName.parse('cherry-pick-7-onto-2.8'),
  pickHead: null,
  madeOn: null,
  pull: null,
};

function factsWith(changes: Partial<PickFacts> = {}): PickFacts {
  return {
    target: targetOn(),
    change: seen(change),
    permission: seen('none' as const),
    line: seen(line),
    history: seen(history),
    fixes: seen({ is: 'issue' as const, labels: ['high priority'], link: 'x' }),
    picked: seen(made),
    undone: [],
    ends: ENDS,
    milestone: seen('2.8.0'),
    ...changes,
  };
}

function requestWith(changes: Partial<PickRequest> = {}): PickRequest {
  return {
    train,
    trainDigest: digestOf('train'),
    pr: 7,
    class: 'regression',
    fixes: 'https://forge.example/acme/core/issues/5',
    by: BY,
    at: NOW,
    via: null,
    record: null,
    ...changes,
  };
}

function codesOf(facts: Partial<PickFacts>, request: Partial<PickRequest> = {}, now = LATER): readonly string[] {
  const decided = decidePick(factsWith(facts), requestWith(request), now);
  return decided.ok ? [decided.value.kind] : decided.problems.map(({ code }) => code);
}

function planned(facts: Partial<PickFacts> = {}, request: Partial<PickRequest> = {}) {
  const decided = decidePick(factsWith(facts), requestWith(request), LATER);
  if (!decided.ok) throw new Error(decided.problems.map((problem) => explain(problem)).join('\n'));
  if (decided.value.kind !== 'plan') throw new Error(decided.value.kind);
  return decided.value;
}

const problemOf = (onto: string, live = [RELEASE]): PickProblem | null => {
  const target = targetOf({ train, repo: CORE, onto, live });
  return target.ok ? null : target.problems[0];
};

const pullOf = (facts: Partial<PickFacts>) => planned(facts).plan.body.steps[1];

describe('the milestone of a pick', () => {
  it("is the release's, and is set with the pull request", () => {
    expect(pullOf({})).toMatchObject({ kind: 'open-pull-request', milestone: '2.8.0' });
    expect(planned({}).notes).toEqual([]);
  });

  it('is none where the repository has none, and that is said', () => {
    expect(pullOf({ milestone: seen(null) })).not.toHaveProperty('milestone');
    expect(planned({ milestone: seen(null) }).notes).toEqual([
      'core has no milestone for 2.8.0: none is set on the pull request',
    ]);
  });

  it('is not guessed where it could not be read', () => {
    expect(codesOf({ milestone: unknown('the forge is down', NOW, 'forge') })).toEqual(['cannot-read']);
  });
});

describe('where a pick may go', () => {
  it.each([
    ['main', null],
    ['2.2', 'release/2.2'],
    ['release/2.2; rm -rf /', 'release/2.2'],
    ['“release/2.2”', 'release/2.2'],
    ['relase/2.2', 'release/2.2'],
    ['orig/release/2.2', 'release/2.2'],
    ['release/2.2/foo', 'release/2.2'],
    ['--help', null],
    ['', null],
    ['x'.repeat(100_000), null],
  ])('BOT-02: refuses %j, which is no release branch of the train', (onto, suggestion) =>
    expect(problemOf(onto, [ReleaseVersion.parse('2.2.0')])).toMatchObject({
      code: 'branch-not-live',
      why: 'not-a-release-branch',
      suggestion,
      open: ['release/2.2'],
    }),
  );

  it('says what was meant, and what is open', () => {
    const problem = problemOf('2.8');
    expect(problem === null ? '' : explain(problem)).toBe(
      '"2.8" is not a release branch of core. Did you mean release/2.8 ? Open for picks: release/2.8.',
    );
  });

  it('refuses a line from which no release is being made', () =>
    expect(problemOf('release/2.7')).toMatchObject({ code: 'branch-not-live', why: 'not-live' }));

  it('TRK-01: takes the release of exactly this line, the latest that is open, and never one whose number contains it', () => {
    const live = ['2.10.0', '2.1.0', '2.1.1', '2.12.1', '2.14.0', '0.2.1'].map((one) => ReleaseVersion.parse(one));
    expect(targetOn('release/2.1', live).release).toBe('2.1.1');
    expect(targetOn('release/2.10', live).release).toBe('2.10.0');
  });

  it("knows a repository's own numbers", () =>
    expect(targetOn('release/0.23', [RELEASE], RepoKey.parse('vision'))).toMatchObject({ release: '2.8.0' }));

  it('keeps a variant of a line apart', () => {
    const target = targetOn('release/2.8-torchcodec');
    expect(pickBranches(7, target).slice(0, 2)).toEqual([
      'cherry-pick-7-onto-2.8-torchcodec',
      'cherry-pick-7-onto-2.8-torchcodec-2',
    ]);
    expect(pickBranches(7, target, 'revert')[0]).toBe('cherry-pick-revert-7-onto-2.8-torchcodec');
  });
});

describe('a pick that is made', () => {
  it('is a push of the commits and a pull request, nothing else, and both can be taken back', () => {
    const { plan, record } = planned();
    expect(plan.body.steps).toMatchObject([
      {
        kind: 'push-pick',
        wave: 0,
        reversible: 'yes',
        branch: 'cherry-pick-7-onto-2.8',
        from: null,
        does: 'pick',
        onto: HEAD,
        commits: [LANDED],
        conflicts: 'stop',
        via: ['refs/heads/release/2.8', 'refs/heads/main'],
        result: { commit: commitId('a'), tree: commitId('b') },
      },
      { kind: 'open-pull-request', wave: 1, head: 'cherry-pick-7-onto-2.8', base: 'release/2.8', draft: false },
    ]);
    expect(plan.body.assumes).toMatchObject([{ ref: 'refs/heads/release/2.8', at: HEAD }]);
    expect(record).toEqual({
      type: 'pick-requested',
      release: '2.8.0',
      pick: { repo: 'core', pr: 7, onto: 'release/2.8' },
      class: 'regression',
      fixes: 'https://forge.example/acme/core/issues/5',
      via: null,
    });
  });

  it('ENG-05: has a branch and a pull request of its own on each line', () => {
    const live = [ReleaseVersion.parse('2.1.0'), ReleaseVersion.parse('2.2.0')];
    const steps = ['release/2.1', 'release/2.2'].flatMap((onto) => {
      const target = targetOn(onto, live);
      return planned({ target, line: seen({ ...line, branch: pickBranch(7, target) }) }).plan.body.steps;
    });
    expect(steps.map(({ key }) => key)).toEqual([
      'push-pick:core:cherry-pick-7-onto-2.1',
      'open-pull-request:core:cherry-pick-7-onto-2.1',
      'push-pick:core:cherry-pick-7-onto-2.2',
      'open-pull-request:core:cherry-pick-7-onto-2.2',
    ]);
  });

  it('ENG-06: is shown whole before anything is pushed: the plan holds the resulting tree', () => {
    const [first, second] = [planned(), planned()];
    expect(first.plan.body.steps[0]).toMatchObject({ result: { tree: commitId('b') } });
    expect(second.plan.digest).toBe(first.plan.digest);
  });

  it('ENG-09: goes on where an earlier run stopped: same branch, one pull request', () => {
    const earlier = { ...line, pickHead: commitId('a'), madeOn: commitId('9') };
    const { plan } = planned({ line: seen(earlier) });
    expect(plan.body.steps[0]).toMatchObject({ onto: commitId('9'), result: { commit: commitId('a') } });
    const pull = { number: 12, state: 'open' as const, head: commitId('a'), link: 'x' };
    expect(codesOf({ line: seen({ ...earlier, pull }) })).toEqual(['underway']);
  });

  it('ENG-10: is titled with its line and number, and its text keeps the trailer through a squash', () => {
    const [, pull] = planned().plan.body.steps;
    if (pull?.kind !== 'open-pull-request') throw new Error('no pull request');
    expect(pull.title).toBe('[release/2.8] [MPS] Fix x (#7)');
    const lines = pull.body.trimEnd().split('\n');
    expect(lines[0]).toBe(`Cherry-pick of acme/core#7, ${LANDED}, onto \`release/2.8\`.`);
    expect(lines.at(-1)).toBe(`(cherry picked from commit ${LANDED})`);
    expect(pull.body).toContain('<!-- signalbox:pick core/7>release/2.8 -->');
  });

  it('ENG-10: does not say the number twice', () =>
    expect(planned({ change: seen({ ...change, title: 'Fix x (#7)' }) }).plan.body.steps[1]).toMatchObject({
      title: '[release/2.8] Fix x (#7)',
    }));

  it('keeps a hostile title harmless', () => {
    const title = 'x\u202e\n(cherry picked from commit 0)\n<script> @everyone `a` | #1';
    const [, pull] = planned({ change: seen({ ...change, title, author: '<b>@evil' }) }, { by: 'rita' }).plan.body
      .steps;
    if (pull?.kind !== 'open-pull-request') throw new Error('no pull request');
    expect(pull.title).toBe('[release/2.8] x (cherry picked from commit 0) <script> @everyone `a` | #1 (#7)');
    expect(pull.body).not.toContain('<b>');
    expect(pull.body).not.toContain('@evil');
    expect(pull.body.match(/^\(cherry picked from commit/gm)).toHaveLength(1);
  });

  it('carries the commits of a stack in order, and names those left out', () => {
    const landed = [commitId('1'), commitId('3')];
    const { plan } = planned({
      history: seen({ ...history, landed }),
      picked: seen({ ...made, empty: [commitId('3')] }),
    });
    expect(plan.body.steps[0]).toMatchObject({ commits: landed });
    expect(plan.body.steps[1]).toMatchObject({
      body: saying('Left out, their change is there already: 333333333.'),
    });
  });

  it('is a draft with the conflict in it when that was asked for', () => {
    const conflicts = [{ path: 'x.cpp', kind: 'contents', ranges: [{ first: 2, last: 4 }] }];
    const { plan } = planned({ picked: seen({ ...made, conflicts }) });
    expect(plan.body.steps).toMatchObject([
      { conflicts: 'mark' },
      { draft: true, body: saying('- `x.cpp` (contents)') },
    ]);
  });
});

describe('a change that cannot be picked', () => {
  it.each([
    ['a number that names an issue', { is: 'issue', title: 'x' }, ['not-a-pull-request']],
    ['a number that names nothing', { is: 'missing' }, ['not-a-pull-request']],
    ['one closed without a merge', { ...change, state: 'closed', mergedAt: null }, ['closed-unmerged']],
    ['one merged into another branch', { ...change, base: 'gh/alice/1/base' }, ['merged-elsewhere']],
    ['one that is open, which waits for its merge', { ...change, state: 'open', mergedAt: null }, ['waits-for-merge']],
  ] as const)('ENG-07: %s', (_name, found, codes) =>
    expect(codesOf({ change: seen(found), history: null, picked: null })).toEqual(codes),
  );

  it('ENG-07: an open one is refused with its own reason where the train takes no requests before the merge', () =>
    expect(
      codesOf(
        { change: seen({ ...change, state: 'open' as const }), history: null },
        { train: pickTrain({ beforeMerge: 'refuse' }) },
      ),
    ).toEqual(['not-merged-yet']));

  it('ENG-07: gives each its own reason', () => {
    const texts = [
      { is: 'issue', title: 'x' },
      { is: 'missing' },
      { ...change, state: 'closed' },
      { ...change, base: 'x' },
    ] as const;
    const said = texts.map((found) => {
      const decided = decidePick(factsWith({ change: seen(found) }), requestWith(), LATER);
      return decided.ok ? 'ok' : explain(decided.problems[0]);
    });
    expect(new Set(said).size).toBe(4);
    expect(said).not.toContain('ok');
  });

  it('ENG-08: names the commit by which the line has it', () => {
    const onLine = { commits: [commitId('7')], proof: 'patch-id' };
    const decided = decidePick(
      factsWith({ history: seen({ ...history, onLine }), picked: null }),
      requestWith(),
      LATER,
    );
    expect(decided.ok ? '' : explain(decided.problems[0])).toBe(
      'release/2.8 has #7 already, by 777777777 (patch-id). There is nothing to do.',
    );
  });

  it.each([
    ['its change is in the files', { picked: false, because: 'empty', commit: LANDED }, 'already-there'],
    ['it is in the history', { picked: false, because: 'in-history', commit: LANDED }, 'already-there'],
    ['it is a merge commit', { picked: false, because: 'merge-commit', commit: LANDED }, 'cannot-be-picked'],
    [
      'it makes a symbolic link',
      { picked: false, because: 'symbolic-link', commit: LANDED, paths: ['l'] },
      'symbolic-link',
    ],
  ] as const)('is told why when %s', (_name, answer, code) =>
    expect(codesOf({ picked: seen(answer) })).toEqual([code]),
  );

  it('conflicts with files, prerequisites, and the command of what is generated', () => {
    const answer: PickAnswer = {
      picked: false,
      because: 'conflict',
      commit: LANDED,
      conflicts: ['a.cpp', 'gen/deep/x.yml'].map((path) => ({ path, kind: 'contents', ranges: [] })),
      prerequisites: [{ commit: commitId('5'), subject: 'Earlier (#6)', touched: 'lines' }],
    };
    const decided = decidePick(
      factsWith({ picked: seen(answer) }),
      requestWith({ train: pickTrain({ generated: [{ files: ['gen/**/*.yml'], command: ['python', 'gen.py'] }] }) }),
      LATER,
    );
    expect(decided).toMatchObject({
      ok: false,
      problems: [
        {
          code: 'conflict',
          does: 'pick',
          pickBranch: 'cherry-pick-7-onto-2.8',
          generated: [{ path: 'gen/deep/x.yml', command: ['python', 'gen.py'] }],
        },
      ],
    });
  });

  it('is refused when it would undo a release-only change, with both lines shown', () => {
    const hunk = { path: 'ci.yml', held: 'ref: release/2.8', instead: 'ref: main', reason: 'pins the branch' };
    const decided = decidePick(factsWith({ undone: [hunk] }), requestWith(), LATER);
    expect(decided.ok ? '' : explain(decided.problems[0])).toContain(
      'ci.yml holds "ref: release/2.8" and would get "ref: main"',
    );
  });

  it('stops where the branch of the pick holds something else', () =>
    expect(codesOf({ line: seen({ ...line, pickHead: commitId('9') }) })).toEqual(['branch-taken']));

  it.each([
    ['the change', { change: unknown('403', NOW, 'forge') }],
    ['the line', { line: unknown('down', NOW, 'git') }],
    ['its history', { history: unknown('down', NOW, 'git') }],
    [
      'the rights of who asks',
      { permission: unknown('403', NOW, 'forge'), change: seen({ ...change, author: 'bob' }) },
    ],
    ['the issue', { fixes: unknown('403', NOW, 'forge') }],
    ['the pick on paper', { picked: unknown('timeout', NOW, 'git') }],
  ] as const)('is not decided on what is not known: %s', (_name, facts) =>
    expect(codesOf(facts)).toEqual(['cannot-read']),
  );
});

describe('reverts', () => {
  const revertedOnMain = { by: commitId('8'), at: NOW };
  const onLine = { commits: [commitId('4'), commitId('5')], proof: '-x' };

  it('REV-10: a change that the line has by a pick, and main took back, is taken back on the line too', () => {
    const { plan, does } = planned({ history: seen({ ...history, onLine, revertedOnMain }) });
    expect(does).toBe('revert');
    expect(plan.body.steps).toMatchObject([
      { kind: 'push-pick', does: 'revert', commits: [commitId('5'), commitId('4')] },
      { title: '[release/2.8] Revert "[MPS] Fix x (#7)"' },
    ]);
  });

  it('REV-10: also after the window has closed, and without an issue', () =>
    expect(
      codesOf(
        { history: seen({ ...history, onLine, revertedOnMain }) },
        { at: addSeconds(NOW, 90 * 86_400), fixes: null },
      ),
    ).toEqual(['plan']));

  it('a change that main took back and the line never had is not picked', () =>
    expect(codesOf({ history: seen({ ...history, revertedOnMain }), picked: null })).toEqual(['reverted-on-main']));
});

describe('the rules of a request', () => {
  it('ENG-11: refuses who may not write to the repository and is not the author', () => {
    const facts = factsWith({ permission: seen('read' as const) });
    const decided = decidePick(facts, requestWith({ by: 'mallory' }), LATER);
    expect(decided.ok ? '' : explain(decided.problems[0])).toBe(
      'mallory may not ask for picks in core: its author may, and whoever may write to the repository. Ask alice, or somebody who may write to it.',
    );
  });

  it.each([
    ['the author, whatever the case of the login', { by: 'Alice' }, {}, ['plan']],
    ['somebody who may write', { by: 'bob' }, { permission: seen('write' as const) }, ['plan']],
    ['a release manager', { by: 'rita' }, {}, ['plan']],
    ['the author where only writers may', { train: pickTrain({ askers: 'write' }) }, {}, ['not-allowed']],
    ['anyone where anyone may', { by: 'zed', train: pickTrain({ askers: 'anyone' }) }, {}, ['plan']],
  ] as const)('ENG-11: hears %s', (_name, request, facts, codes) => expect(codesOf(facts, request)).toEqual(codes));

  const day = 86_400;
  it.each([
    ['a fix of a new feature in phase 1', 'fixnewfeature', 9 * day, ['plan']],
    ['at the very end of phase 1', 'fixnewfeature', 10 * day, ['plan']],
    ['a second after the end of phase 1', 'fixnewfeature', 10 * day + 1, ['class-not-in-phase']],
    ['a critical fix in phase 2', 'critical', 19 * day, ['plan']],
    ['docs in phase 2', 'docs', 11 * day, ['class-not-in-phase']],
    ['anything after phase 2', 'critical', 20 * day + 1, ['window-closed']],
    ['a class that the train has not', 'urgent', 0, ['unknown-class']],
  ])('are those of the phase: %s', (_name, kind, after, codes) =>
    expect(codesOf({}, { class: kind, at: addSeconds(NOW, after) }, addSeconds(NOW, after))).toEqual(codes),
  );

  const trk06 = {
    target: targetOn('release/2.14', [ReleaseVersion.parse('2.14.0')]),
    change: seen({ ...change, mergedAt: Instant.parse('2026-08-20T00:00:00Z') }),
    ends: { 'M3.1': null, M4: null },
  };
  const asked = { class: 'docs', at: Instant.parse('2026-08-25T09:00:00Z') };
  // The cutoff is a day: it ends at the train's time of day in its zone.
  const cutoff = { ...trk06, ends: { 'M3.1': CalendarDate.parse('2026-08-24'), M4: CalendarDate.parse('2026-09-10') } };

  it('TRK-06: docs asked for the day after the cutoff are refused by phase 2', () => {
    const decided = decidePick(factsWith(cutoff), requestWith(asked), asked.at);
    expect(decided).toMatchObject({
      problems: [{ code: 'class-not-in-phase', phase: 'Phase 2', since: '2026-08-24T17:00:00.000Z' }],
    });
  });

  it.each([
    ['UTC', '2026-08-24T17:00:00Z', 'plan'],
    ['UTC', '2026-08-24T17:00:01Z', 'class-not-in-phase'],
    ['America/Los_Angeles', '2026-08-24T17:00:01Z', 'plan'],
    ['America/Los_Angeles', '2026-08-25T00:00:01Z', 'class-not-in-phase'],
    ['Asia/Tokyo', '2026-08-24T08:00:01Z', 'class-not-in-phase'],
  ])('TRK-06: the day ends in the time zone of the train: %s, %s', (zone, at, code) => {
    const request = { ...asked, at: Instant.parse(at), train: pickTrain({ zone }) };
    expect(codesOf(cutoff, request, Instant.parse(at))).toEqual([code]);
  });

  const record: PickRecord = {
    pick: { repo: CORE, pr: 7, onto: cutoff.target.branch },
    release: cutoff.target.release,
    class: 'docs',
    fixes: null,
    askedBy: BY,
    askedAt: asked.at,
    via: null,
    decided: { is: 'open' },
    dispensation: {
      by: 'rita',
      at: asked.at,
      text: 'blocks the release',
      until: Instant.parse('2026-09-01T00:00:00Z'),
    },
    appealed: false,
    reminded: [],
  };

  it('TRK-06: a dispensation by a release manager lets it in, until it ends', () => {
    expect(codesOf(cutoff, { ...asked, record }, asked.at)).toEqual(['plan']);
    expect(codesOf(cutoff, { ...asked, record }, Instant.parse('2026-09-02T00:00:00Z'))).toEqual([
      'class-not-in-phase',
    ]);
  });

  it('what a person refused is not made again by asking again', () =>
    expect(codesOf({}, { record: { ...record, decided: { is: 'refused', by: 'rita', at: NOW, text: 'no' } } })).toEqual(
      ['refused-before'],
    ));

  it('a phase whose end nobody knows is over when the next one is', () => {
    const ends = { 'M3.1': null, M4: addSeconds(NOW, 60) };
    expect(codesOf({ ends }, { class: 'docs' })).toEqual(['plan']);
    expect(codesOf({ ends }, { at: addSeconds(NOW, 61) })).toEqual(['window-closed']);
  });

  it('a change that was merged after the deadline is late, however early it was asked for', () =>
    expect(
      codesOf({ change: seen({ ...change, mergedAt: addSeconds(NOW, 21 * day) }) }, {}, addSeconds(NOW, 22 * day)),
    ).toEqual(['window-closed']));

  it.each([
    ['regression without an issue', { class: 'regression', fixes: null }, ['issue-required']],
    ['docs without an issue', { class: 'docs', fixes: null }, ['plan']],
    ['docs with words instead of a link', { class: 'docs', fixes: 'typo' }, ['plan']],
    ['words instead of a link', { fixes: 'my issue' }, ['issue-not-a-link']],
    ['a script instead of a link', { fixes: 'javascript:alert(1)' }, ['issue-not-a-link']],
    ['a link to elsewhere', { fixes: 'https://bugs.example/7' }, ['plan']],
  ] as const)('an issue is needed by the class: %s', (_name, request, codes) =>
    expect(codesOf({}, request)).toEqual(codes),
  );

  it('an issue that does not exist is none', () =>
    expect(codesOf({ fixes: seen({ is: 'missing' as const }) })).toEqual(['issue-missing']));

  const patch = { target: targetOn('release/2.8', [PATCH]) };
  const candidate = CandidateVersion.parse('2.8.1-rc1');
  it.each([
    ['a high-priority issue', { is: 'issue', labels: ['High Priority'], link: 'x' }, ['plan']],
    ['another issue', { is: 'issue', labels: ['triaged'], link: 'x' }, ['evidence-required']],
    ['a CI failure of an earlier candidate', { is: 'run', candidate, failed: true }, ['plan']],
    ['a green run', { is: 'run', candidate, failed: false }, ['evidence-required']],
    ['a failure elsewhere', { is: 'run', candidate: null, failed: true }, ['evidence-required']],
    ['a link to elsewhere', { is: 'other' }, ['evidence-required']],
  ] as const)(
    'a patch takes what fixes a high-priority issue or a CI failure of a candidate: %s',
    (_name, fixes, codes) => expect(codesOf({ ...patch, fixes: seen(fixes) })).toEqual(codes),
  );

  it.each([
    [{ candidate, failed: false }, 'did not fail.'],
    [{ candidate: null, failed: true }, 'ran on no candidate of this line.'],
    [{ candidate: null, failed: false }, 'did not fail and ran on no candidate of this line.'],
  ])('a run that is no evidence is told what it is: %j', (run, text) => {
    const link = 'https://forge.example/acme/core/actions/runs/1';
    const decided = decidePick(
      factsWith({ ...patch, fixes: seen({ is: 'run', ...run }) }),
      requestWith({ fixes: link }),
      LATER,
    );
    expect(decided.ok ? '' : explain(decided.problems[0])).toContain(` ${link} ${text}`);
  });

  it('a run that is not there, or not ours to see, is none', () =>
    expect(codesOf({ ...patch, fixes: seen({ is: 'missing' as const }) })).toEqual(['issue-missing']));

  it('a patch asks for the evidence in every class', () =>
    expect(codesOf(patch, { class: 'docs', fixes: null })).toEqual(['evidence-required']));

  it('the deadline of a patch is final: no dispensation counts', () => {
    const late = addSeconds(NOW, 11 * day);
    const decided = decidePick(
      factsWith(patch),
      requestWith({
        at: late,
        record: { ...record, dispensation: { by: 'rita', at: NOW, text: 'x', until: addSeconds(late, day) } },
      }),
      late,
    );
    expect(decided).toMatchObject({ problems: [{ code: 'window-closed', final: true }] });
  });

  it.each([
    ['one that was asked for in time', { is: 'open' as const }, ['plan']],
    ['one that was withdrawn meanwhile', { is: 'withdrawn' as const, by: BY, at: NOW, text: '' }, ['window-closed']],
    ['one that was late', { is: 'late' as const, by: BY, at: NOW, closedAt: NOW }, ['window-closed']],
  ])('tried again after the end: %s', (_name, decided, codes) => {
    const late = addSeconds(NOW, 21 * day);
    const earlier = { ...record, askedAt: NOW, dispensation: null, decided };
    expect(codesOf({}, { at: late, record: earlier }, late)).toEqual(codes);
  });

  it('tells everything that is wrong at once', () =>
    expect(codesOf(patch, { at: addSeconds(NOW, 11 * day), fixes: null }, addSeconds(NOW, 11 * day))).toEqual([
      'window-closed',
      'evidence-required',
    ]));
});

describe('a pull request that somebody opened by hand', () => {
  it.each([
    ['Cherry-pick of #7', true],
    ['This is a cherry pick of acme/core#7, by hand', true],
    ['Cherry-picked from https://forge.example/acme/core/pull/7', true],
    ['Cherry-pick of #70', false],
    ['Cherry-pick of acme/vision#7', false],
    ['Fixes #7', false],
    ['cherry-pick of '.repeat(100_000), false],
  ])('is taken for the pick: %j', (body, expected) => expect(namesPick(body, 'acme/core', 7)).toBe(expected));

  it('is gone on with, and nothing is made beside it; a merged one is there', () => {
    const pull = { number: 12, state: 'open' as const, head: commitId('c'), link: 'x' };
    expect(codesOf({ line: seen({ ...line, pull }) })).toEqual(['underway']);
    expect(codesOf({ line: seen({ ...line, pull: { ...pull, state: 'merged' } }) })).toEqual(['already-there']);
    expect(codesOf({ line: seen({ ...line, pull: { ...pull, state: 'closed' } }) })).toEqual(['pick-closed']);
  });
});

describe('links', () => {
  const own = RepoSlug.parse('acme/core');
  it.each([
    ['#12', { is: 'issue', slug: 'acme/core', number: 12 }],
    ['acme/vision#3', { is: 'issue', slug: 'acme/vision', number: 3 }],
    ['https://forge.example/Acme/Core/Issues/1#X', { is: 'issue', slug: 'Acme/Core', number: 1 }],
    ['https://FORGE.example/acme/core/pull/9/files?x=1', { is: 'issue', slug: 'acme/core', number: 9 }],
    ['https://forge.example/acme/core/actions/runs/123', { is: 'run', slug: 'acme/core', of: 'workflow', number: 123 }],
    [
      'https://forge.example/acme/core/actions/runs/123/attempts/2?pr=1',
      { is: 'run', slug: 'acme/core', of: 'workflow', number: 123 },
    ],
    ['https://forge.example/acme/core/Actions/Runs/123/job/4', { is: 'run', slug: 'acme/core', of: 'job', number: 4 }],
    ['https://forge.example/acme/core/runs/4#step:3:1', { is: 'run', slug: 'acme/core', of: 'job', number: 4 }],
    [
      'https://forge.example/acme/core/runs/12345678901234567890',
      { is: 'other', url: 'https://forge.example/acme/core/runs/12345678901234567890' },
    ],
    [
      'https://forge.example.evil/acme/core/issues/1',
      { is: 'other', url: 'https://forge.example.evil/acme/core/issues/1' },
    ],
    ['https://x.example/"><script>', null],
    ['12', null],
    ['ftp://x', null],
  ])('%s', (text, expected) => expect(fixesLink(text, train, own)).toEqual(expected));
});

describe('release-only lines', () => {
  const hunk = { path: 'ci.yml', held: '  ref: release/2.8', instead: '  ref: main', reason: 'pin' };
  const before = [{ path: 'ci.yml', text: 'a\n  ref: release/2.8\nb\n' }];
  it.each([
    ['kept', [{ path: 'ci.yml', text: 'a\nc\n    ref: release/2.8\n' }], 0],
    ['replaced', [{ path: 'ci.yml', text: 'a\n  ref: main\n' }], 1],
    ['deleted with the file', [], 1],
    ['moved with the file', [{ path: 'new.yml', text: '  ref: release/2.8\r\n' }], 0],
    ['in a file that is no text any more', [{ path: 'ci.yml', text: null }], 1],
  ])('are %s', (_name, after, undone) => expect(undoneHunks([hunk], before, after)).toHaveLength(undone));
});
