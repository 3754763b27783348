import { describe, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { GateId, type Gate } from '../../domain/gate.ts';
import { type ObjectId, RefName } from '../../domain/git-names.ts';
import { known, unknown } from '../../domain/observation.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { reposOf } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { commitId, NOW, RELEASE, smallTrain } from '../../testing/small-train.ts';
import type { ForgeItem } from '../../ports/forge.ts';
import { parseReleaseBranch } from './branch-names.ts';
import { decideCut, type CutAnswer, type CutRequest } from './decide.ts';
import { explain, type CutProblem } from './problem.ts';
import type { AftercareFacts, CutFacts, CutRefs, RepoCutFacts } from './read.ts';
import { trackerMarker } from './tracker-marker.ts';

const BASE = commitId('a');
const LATER = commitId('b');
const OTHER = commitId('c');

const REFS: CutRefs = { source: BASE, branch: null, cutPoint: null, inTheWay: [], inBranch: [], fromExists: null };
const train = smallTrain();

interface World {
  readonly refs?: Readonly<Record<string, Partial<CutRefs>>>;
  readonly recorded?: Readonly<Record<string, ObjectId>>;
  readonly aftercare?: CutFacts['aftercare'];
  readonly train?: Train;
  readonly release?: ReleaseVersion;
}

const SETTLED: AftercareFacts = {
  nextMilestoneExists: true,
  labelExists: true,
  trackers: [tracker('rita')],
  login: 'box',
};

function tracker(author: string): ForgeItem {
  return {
    number: 9,
    title: '[v.2.8.0] Release Tracker',
    body: `<!-- ${trackerMarker(RELEASE)} -->`,
    isPullRequest: false,
    open: true,
    author,
    assignees: [],
    labels: [],
    milestone: null,
    openedAt: NOW,
    updatedAt: NOW,
    link: 'l',
  };
}

function factsOf(world: World): CutFacts {
  const release = world.release ?? RELEASE;
  const repos = reposOf(world.train ?? train, release).map((repo): RepoCutFacts => ({
    repo,
    refs: known({ ...REFS, ...world.refs?.[repo.key] }, NOW, `git remote of ${repo.key}`),
    recordedBase: world.recorded?.[repo.key] ?? null,
  }));
  return {
    release,
    repos,
    aftercare: world.aftercare === undefined ? known(SETTLED, NOW, 'forge') : world.aftercare,
  };
}

const staged = (verdict: Gate['verdict']): Gate => ({
  id: GateId.parse('core-rc-staged'),
  verdict,
  summary: verdict === 'pass' ? 'core v2.8.0-rc1 is staged' : 'core has no candidate of 2.8.0 yet',
  evidence: [],
  owners: [],
  since: null,
  fix: 'signalbox rc cut 2.8.0',
  waiver: null,
});

function cut(world: World, request: Partial<CutRequest> = {}, gate = staged('failing')): ReturnType<typeof decideCut> {
  const full: CutRequest = { train: world.train ?? train, trainDigest: digestOf('t'), author: 'rita', ...request };
  return decideCut(factsOf(world), full, [gate]);
}

function answerOf(...args: Parameters<typeof cut>): CutAnswer {
  const result = cut(...args);
  if (!result.ok) throw new Error(result.problems.map(explain).join('\n'));
  return result.value;
}

function planOf(...args: Parameters<typeof cut>): Plan {
  const answer = answerOf(...args);
  if (answer.kind !== 'plan') throw new Error('nothing to do');
  return answer.plan;
}

function problemsOf(...args: Parameters<typeof cut>): readonly CutProblem[] {
  const result = cut(...args);
  return result.ok ? [] : result.problems;
}

const pushes = (plan: Plan): readonly string[] =>
  plan.body.steps.flatMap((step) =>
    step.kind === 'push-refs'
      ? step.updates.map(({ ref, from, to }) => `${step.wave} ${step.repo} ${ref} ${from}>${to?.[0]}`)
      : [],
  );

describe('a fresh cut', () => {
  it('plans infra and core now, and holds the domain repositories with the reason', () => {
    const answer = answerOf({});
    expect(answer.kind === 'plan' && pushes(answer.plan)).toEqual([
      '0 core refs/heads/orig/release/2.8 null>a',
      '0 core refs/heads/release/2.8 null>a',
      '0 infra refs/heads/orig/release/2.8 null>a',
      '0 infra refs/heads/release/2.8 null>a',
    ]);
    expect(answer.held).toEqual([
      { repo: 'vision', reason: 'core has no candidate of 2.8.0 yet', fix: 'signalbox rc cut 2.8.0' },
      { repo: 'audio', reason: 'core has no candidate of 2.8.0 yet', fix: 'signalbox rc cut 2.8.0' },
    ]);
  });

  it('creates both branches of a repository in one atomic step, which is reversible', () => {
    const [step] = planOf({}).body.steps;
    expect(step).toMatchObject({ kind: 'push-refs', key: 'push-refs:core:release/2.8', reversible: 'partly' });
    expect(step?.kind === 'push-refs' && step.updates.length).toBe(2);
    expect(step?.kind === 'push-refs' && step.via).toBe('refs/heads/viable/strict');
  });

  it('cuts the domain repositories after core once a candidate of core is staged, by their own version rules', () => {
    const done = { branch: LATER, cutPoint: BASE, inBranch: [BASE] };
    const plan = planOf({ refs: { core: done, infra: done } }, {}, staged('pass'));
    expect(pushes(plan)).toEqual([
      '0 vision refs/heads/orig/release/0.23 null>a',
      '0 vision refs/heads/release/0.23 null>a',
      '0 audio refs/heads/orig/release/2.8 null>a',
      '0 audio refs/heads/release/2.8 null>a',
    ]);
    expect(plan.body.gates).toContain('core-rc-staged');
    expect(plan.body.gates).not.toContain('milestone-resolved');
  });

  it('refuses a domain repository that is named while no candidate of core is staged', () => {
    const problems = problemsOf({}, { repos: ['vision'] });
    expect(problems.map(({ code }) => code)).toEqual(['core-rc-not-staged']);
    expect(problems.map(explain)[0]).toContain('core has no candidate of 2.8.0 yet. Next: signalbox rc cut 2.8.0');
  });

  it('treats a gate that was not judged as closed', () => {
    const facts = factsOf({});
    const result = decideCut(facts, { train, trainDigest: digestOf('t'), author: 'rita', repos: ['vision'] }, []);
    expect(!result.ok && result.problems[0].code).toBe('core-rc-not-staged');
  });

  it('names the gates of what is cut, and the source heads it rests on', () => {
    const { body } = planOf({});
    expect(body.gates).toEqual([
      'people',
      'milestone-resolved',
      'nightlies-green:core',
      'branch-source-green:core',
      'nightlies-green:infra',
      'branch-source-green:infra',
    ]);
    expect(body.assumes.map(({ repo, ref, at }) => [repo, ref, at])).toEqual([
      ['core', 'refs/heads/viable/strict', BASE],
      ['infra', 'refs/heads/main', BASE],
    ]);
  });

  it('is the same plan whenever and however often it is made of the same world', () => {
    expect(planOf({}).digest).toBe(planOf({}).digest);
    expect(planOf({ refs: { core: { source: OTHER } } }).digest).not.toBe(planOf({}).digest);
  });

  it('cuts from an explicit commit of one repository, whatever the source is at', () => {
    const world: World = { refs: { infra: { source: LATER, fromExists: true } } };
    const plan = planOf(world, { repos: ['infra'], from: OTHER });
    expect(pushes(plan)[0]).toBe('0 infra refs/heads/orig/release/2.8 null>c');
    expect(plan.body.assumes).toEqual([]);
  });

  it('makes no cut point where the train has none', () => {
    const bare = smallTrain({ infra: { cutPoint: null, branch: 'r{line}' } });
    expect(pushes(planOf({ train: bare }, { repos: ['infra'] }))).toEqual(['0 infra refs/heads/r2.8 null>a']);
  });

  it('CUT-10: needs no commit: a repository without any reference to change is cut like the others', () => {
    const plan = planOf({}, { repos: ['infra'] });
    expect(plan.body.steps.map(({ kind }) => kind)).toEqual(['push-refs']);
  });
});

describe('CUT-12: the cut point is the base for ever', () => {
  it('puts both branches on the very same commit', () => {
    const steps = planOf({}).body.steps.flatMap((step) =>
      step.kind === 'push-refs' ? [step.updates.map(({ to }) => to)] : [],
    );
    expect(steps).toEqual([
      [BASE, BASE],
      [BASE, BASE],
    ]);
  });

  it('refuses a cut point that is not an ancestor of the release branch', () => {
    const problems = problemsOf({ refs: { core: { branch: LATER, cutPoint: OTHER, inBranch: [] } } });
    expect(problems).toMatchObject([{ code: 'cut-point-not-ancestor', at: LATER, base: OTHER }]);
  });

  it('refuses a cut point that is not where the recorded cut put it', () => {
    const world: World = { refs: { core: { branch: OTHER, cutPoint: OTHER } }, recorded: { core: BASE } };
    expect(problemsOf(world)).toMatchObject([
      { code: 'exists-elsewhere', branch: 'orig/release/2.8', at: OTHER, planned: BASE },
    ]);
  });
});

describe('a second run', () => {
  const done: Partial<CutRefs> = { branch: BASE, cutPoint: BASE, inBranch: [BASE] };

  it('does nothing when everything stands, also when source and release branch have moved on', () => {
    const world: World = {
      refs: {
        core: { ...done, source: LATER },
        infra: { branch: LATER, cutPoint: BASE, inBranch: [BASE], source: OTHER },
      },
    };
    expect(answerOf(world)).toMatchObject({
      kind: 'nothing-to-do',
      done: [
        { repo: 'core', base: BASE },
        { repo: 'infra', base: BASE },
      ],
    });
  });

  it('does not call a domain repository held that was cut before', () => {
    const world: World = { refs: { core: done, infra: done, vision: done } };
    expect(answerOf(world).held.map(({ repo }) => repo)).toEqual(['audio']);
  });

  it('repairs only what the rejected first push left undone', () => {
    expect(pushes(planOf({ refs: { core: done } }))).toEqual([
      '0 infra refs/heads/orig/release/2.8 null>a',
      '0 infra refs/heads/release/2.8 null>a',
    ]);
  });

  it('creates a missing cut point at the branch when the source has not moved', () => {
    expect(pushes(planOf({ refs: { core: { branch: BASE, inBranch: [] } } }, { repos: ['core'] }))).toEqual([
      '0 core refs/heads/orig/release/2.8 null>a',
    ]);
  });

  it('creates a missing release branch at the cut point, not where the source is by now', () => {
    expect(pushes(planOf({ refs: { core: { cutPoint: BASE, source: LATER } } }, { repos: ['core'] }))).toEqual([
      '0 core refs/heads/release/2.8 null>a',
    ]);
  });
});

describe('CUT-11: killed after the release branch was pushed, and the source has gained a commit', () => {
  const halfway: World = { refs: { core: { branch: BASE, source: LATER } } };

  it('creates the cut point from the recorded base, not from the new source', () => {
    expect(pushes(planOf({ ...halfway, recorded: { core: BASE } }, { repos: ['core'] }))).toEqual([
      '0 core refs/heads/orig/release/2.8 null>a',
    ]);
  });

  it('does so as well when picks have landed on the release branch meanwhile', () => {
    const world: World = {
      refs: { core: { branch: OTHER, source: LATER, inBranch: [BASE] } },
      recorded: { core: BASE },
    };
    expect(pushes(planOf(world, { repos: ['core'] }))).toEqual(['0 core refs/heads/orig/release/2.8 null>a']);
  });

  it('refuses without a recorded base, names both commits, and asks for --from', () => {
    const problems = problemsOf(halfway, { repos: ['core'] });
    expect(problems).toMatchObject([{ code: 'cut-point-unknown', at: BASE, planned: LATER }]);
    const text = problems.map(explain)[0];
    expect(text).toContain(BASE);
    expect(text).toContain(LATER);
    expect(text).toContain('signalbox branch cut core 2.8.0 --from COMMIT');
  });

  it('takes the base that is named', () => {
    const world: World = { refs: { core: { branch: OTHER, source: LATER, inBranch: [BASE], fromExists: true } } };
    expect(pushes(planOf(world, { repos: ['core'], from: BASE }))).toEqual([
      '0 core refs/heads/orig/release/2.8 null>a',
    ]);
  });
});

describe('CUT-08: what exists elsewhere is refused with both commits named', () => {
  it.each<[string, World, Partial<CutRequest>, ObjectId, ObjectId]>([
    [
      'both branches, another commit asked for',
      { refs: { core: { branch: OTHER, cutPoint: OTHER, fromExists: true } } },
      { repos: ['core'], from: BASE },
      OTHER,
      BASE,
    ],
    [
      'a branch that does not contain the recorded base',
      { refs: { core: { branch: OTHER } }, recorded: { core: BASE } },
      { repos: ['core'] },
      OTHER,
      BASE,
    ],
    [
      'a cut point, another commit asked for',
      { refs: { core: { cutPoint: OTHER, fromExists: true } } },
      { repos: ['core'], from: BASE },
      OTHER,
      BASE,
    ],
    [
      'a cut point, another base recorded',
      { refs: { core: { cutPoint: OTHER } }, recorded: { core: BASE } },
      { repos: ['core'] },
      OTHER,
      BASE,
    ],
  ])('%s', (...[, world, request, at, planned]) => {
    const problems = problemsOf(world, request);
    expect(problems).toMatchObject([{ code: 'exists-elsewhere', at, planned }]);
    const text = problems.map(explain)[0];
    expect(text).toContain(`exists on the remote at ${at}`);
    expect(text).toContain(planned);
  });

  it('the remote has the branch, nobody knows why: the branch and the planned commit are named', () => {
    const problems = problemsOf({ refs: { core: { branch: OTHER } } });
    expect(problems).toMatchObject([{ code: 'cut-point-unknown', at: OTHER, planned: BASE }]);
    expect(problems.map(explain)[0]).toContain(`exists on the remote at ${OTHER}`);
  });

  it('one repository in the way refuses the whole plan: nothing half-done', () => {
    expect(problemsOf({ refs: { infra: { branch: OTHER } } })).toHaveLength(1);
  });

  it('a repository without cut points: a branch elsewhere than the source is refused unless the cut is recorded', () => {
    const bare = smallTrain({ infra: { cutPoint: null } });
    const refs = { infra: { branch: OTHER, inBranch: [BASE] } };
    expect(problemsOf({ train: bare, refs }, { repos: ['infra'] })).toMatchObject([{ code: 'exists-elsewhere' }]);
    expect(answerOf({ train: bare, refs, recorded: { infra: BASE } }, { repos: ['infra'] }).kind).toBe('nothing-to-do');
  });
});

describe('what cannot be cut is refused with what to do', () => {
  const noRule = smallTrain({ infra: { version: { follow: 'listed' } } });
  const dying = smallTrain({ infra: { until: '2.6' } });
  it.each<[string, World, Partial<CutRequest>, CutProblem['code']]>([
    ['a source branch that is missing', { refs: { core: { source: null } } }, {}, 'source-missing'],
    ['a repository the train does not have', {}, { repos: ['vison'] }, 'unknown-repo'],
    ['a repository named like an option', {}, { repos: ['--upload-pack=x'] }, 'unknown-repo'],
    ['a version rule that gives no line', { train: noRule }, { train: noRule }, 'no-line'],
    [
      'a repository that is no longer part of the train',
      { train: dying },
      { train: dying, repos: ['infra'] },
      'not-in-release',
    ],
    ['a commit for several repositories', {}, { from: BASE }, 'from-needs-one-repo'],
    [
      'a commit that does not exist',
      { refs: { core: { fromExists: false } } },
      { repos: ['core'], from: OTHER },
      'commit-not-found',
    ],
    [
      'a name that git keeps the branch from',
      { refs: { core: { inTheWay: [RefName.parse('refs/heads/release')] } } },
      {},
      'name-in-the-way',
    ],
    ['a patch release whose line was never cut', { release: ReleaseVersion.parse('2.8.1') }, {}, 'patch-release'],
  ])('%s', (_name, world, request, code) => {
    const problems = problemsOf(world, request);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems.map(explain)[0]?.length).toBeGreaterThan(40);
  });

  it('a remote that could not be read: unknown is not "absent"', () => {
    const facts = factsOf({});
    const [core, ...rest] = facts.repos;
    if (core === undefined) throw new Error('no core');
    const gone = { ...core, refs: unknown('could not resolve host', NOW, 'git remote of core') };
    const request: CutRequest = { train, trainDigest: digestOf('t'), author: 'rita' };
    const result = decideCut({ ...facts, repos: [gone, ...rest] }, request, [staged('failing')]);
    expect(!result.ok && result.problems).toMatchObject([{ code: 'cannot-read', reason: 'could not resolve host' }]);
  });

  it('tells all problems at once', () => {
    const problems = problemsOf({ refs: { core: { source: null }, infra: { source: null } } });
    expect(problems.map(({ code }) => code)).toEqual(['source-missing', 'source-missing']);
  });

  it('a patch release whose line is cut has nothing to do', () => {
    const stands: Partial<CutRefs> = { branch: LATER, cutPoint: BASE, inBranch: [BASE] };
    const world: World = { release: ReleaseVersion.parse('2.8.1'), refs: { core: stands, infra: stands } };
    expect(answerOf(world).kind).toBe('nothing-to-do');
  });
});

const kinds = (aftercare: CutFacts['aftercare']): readonly string[] =>
  planOf({ aftercare }).body.steps.map(({ kind, wave }) => `${wave} ${kind}`);

describe('after the cut', () => {
  const bare: AftercareFacts = { nextMilestoneExists: false, labelExists: false, trackers: [], login: 'box' };

  it('makes the milestone of the next patch, the label and the tracker, in waves after the branches', () => {
    expect(kinds(known(bare, NOW, 'forge'))).toEqual([
      '0 push-refs',
      '0 push-refs',
      '1 create-milestone',
      '1 ensure-label',
      '2 create-issue',
    ]);
    const steps = planOf({ aftercare: known(bare, NOW, 'forge') }).body.steps;
    expect(steps.find(({ kind }) => kind === 'create-milestone')).toMatchObject({ title: '2.8.1' });
    expect(steps.find(({ kind }) => kind === 'create-issue')).toMatchObject({
      marker: 'signalbox:tracker 2.8.0',
      title: '[v.2.8.0] Release Tracker',
      labels: ['release tracker'],
      trusted: ['rita'],
    });
  });

  it('renders a tracker that names each branch and carries its marker', () => {
    const issue = planOf({ aftercare: known(bare, NOW, 'forge') }).body.steps.find(
      ({ kind }) => kind === 'create-issue',
    );
    const body = issue?.kind === 'create-issue' ? issue.body : '';
    expect(body.startsWith('<!-- signalbox:tracker 2.8.0 -->')).toBe(true);
    expect(body).toContain('| acme/vision | `release/0.23` | 0.23.0 | after the first candidate of core |');
  });

  it('does not take a tracker that an outsider opened for ours, and says so', () => {
    const answer = answerOf({ aftercare: known({ ...SETTLED, trackers: [tracker('mallory')] }, NOW, 'forge') });
    expect(answer.kind === 'plan' && answer.plan.body.steps.map(({ kind }) => kind)).toContain('create-issue');
    expect(answer.notes).toEqual([
      "#9 bears the tracker's marker but was opened by mallory, who is no release manager: it does not count",
    ]);
  });

  it.each([['rita'], ['box']])('takes a tracker that %s opened for ours', (author) => {
    expect(kinds(known({ ...SETTLED, trackers: [tracker(author)] }, NOW, 'forge'))).toEqual([
      '0 push-refs',
      '0 push-refs',
    ]);
  });

  it('plans nothing on a forge that did not answer, and says so', () => {
    const answer = answerOf({ aftercare: unknown('502', NOW, 'forge acme/core') });
    expect(answer.kind === 'plan' && answer.plan.body.steps.map(({ kind }) => kind)).toEqual([
      'push-refs',
      'push-refs',
    ]);
    expect(answer.notes[0]).toContain('502');
  });

  it('is left to the plan that has core in it', () => {
    expect(planOf({ aftercare: known(bare, NOW, 'forge') }, { repos: ['infra'] }).body.steps).toHaveLength(1);
  });
});

describe('CUT-13: names of release branches', () => {
  const named = smallTrain({
    xla: { role: 'infra', source: 'main', branch: 'r{line}' },
    triton: { role: 'infra', source: 'main', branch: 'release/{line}.x' },
    ao: { role: 'infra', source: 'main', branch: 'torchao-release{line}' },
    lts: { role: 'infra', source: 'main', branch: 'lts/release/{line}' },
  });
  it.each<[string, string, unknown]>([
    ['core', 'release/2.14', { kind: 'release', line: '2.14', variant: null }],
    ['core', 'orig/release/2.14', { kind: 'cut-point', line: '2.14', variant: null }],
    ['core', 'release/2.6-torchcodec', { kind: 'release', line: '2.6', variant: 'torchcodec' }],
    ['lts', 'lts/release/1.8', { kind: 'release', line: '1.8', variant: null }],
    ['xla', 'r2.1', { kind: 'release', line: '2.1', variant: null }],
    ['triton', 'release/3.1.x', { kind: 'release', line: '3.1', variant: null }],
    ['ao', 'torchao-release0.18', { kind: 'release', line: '0.18', variant: null }],
    ['core', 'release/3.0', { kind: 'release', line: '3.0', variant: null }],
    ['core', 'release/2.14/foo', null],
    ['core', 'release/', null],
    ['core', 'release/02.14', null],
    ['core', 'release/2.14\n', null],
    ['core', 'xrelease/2.14', null],
    ['core', 'r2.1', null],
    ['nobody', 'release/2.14', null],
  ])('%s: %j', (repo, name, expected) => {
    expect(parseReleaseBranch(named, repo, name)).toEqual(expected);
  });
});
