import { describe, expect, it } from 'vitest';
import { digestOf } from '../../domain/canonical-json.ts';
import { GateId, type Gate, type Waiver } from '../../domain/gate.ts';
import type { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import { known, unknown } from '../../domain/observation.ts';
import { approvalsNeeded, isPermanent } from '../../domain/plan/plan.ts';
import type { PushTagStep } from '../../domain/plan/step.ts';
import { reposOf } from '../../domain/train/naming.ts';
import { CandidateVersion, parseTag } from '../../domain/version.ts';
import type { GitCommit } from '../../ports/git.ts';
import { commitId, NOW, RELEASE, smallTrain } from '../../testing/small-train.ts';
import { decideCandidate, type CandidateAnswer, type CandidateRequest } from './decide.ts';
import { decideCandidateGates } from './gates.ts';
import { explain, type CandidateProblem } from './problem.ts';
import { hasCandidates, type CandidateFacts, type CandidateState } from './read.ts';

const train = smallTrain();
const [HEAD, OLD, OTHER] = [commitId('a'), commitId('b'), commitId('c')];
const rc = (text: string): CandidateVersion => CandidateVersion.parse(text);
const commit = (id: ObjectId): GitCommit => ({
  id,
  parents: [],
  author: 'Sam',
  committedAt: Instant.parse('2026-06-05T10:00:00Z'),
  subject: 'Fix',
});

function stateOf(version: string, change: Partial<CandidateState> = {}): CandidateState {
  return {
    branchHead: HEAD,
    commit: commit(HEAD),
    isOnBranch: true,
    candidates: [],
    finalAt: null,
    oddTags: [],
    versionFiles: [{ path: 'version.txt', content: `${version}\n` }],
    history: { since: 'orig/release/2.8', commits: [commit(HEAD)], count: 1 },
    ...change,
  };
}

type World = Readonly<Record<string, Partial<CandidateState>>>;

function factsOf(world: World = {}): CandidateFacts {
  const repos = reposOf(train, RELEASE)
    .filter(hasCandidates)
    .map((repo) => ({ repo, state: known(stateOf(repo.release, world[repo.key]), NOW, `git remote of ${repo.key}`) }));
  return { release: RELEASE, repos };
}

const gateOf = (id: string, verdict: Gate['verdict'] = 'pass', summary = 'fine'): Gate => ({
  id: GateId.parse(id),
  verdict,
  summary,
  evidence: [],
  owners: [],
  since: null,
  fix: 'do it',
  waiver: null,
});
const OPEN = ['core', 'vision', 'audio'].map((repo) => gateOf(`release-only-landed:${repo}`));
const STAGED = gateOf('core-rc-staged');
const NOT_STAGED = gateOf('core-rc-staged', 'failing', 'core has no candidate of 2.8.0 yet');

function decide(world: World, request: Partial<CandidateRequest> = {}, gates: readonly Gate[] = [...OPEN, NOT_STAGED]) {
  const full = { train, trainDigest: digestOf('t'), author: 'rita', against: null, ...request };
  return decideCandidate(factsOf(world), full, gates);
}
function answerOf(...args: Parameters<typeof decide>): CandidateAnswer {
  const result = decide(...args);
  if (!result.ok) throw new Error(result.problems.map(explain).join('\n'));
  return result.value;
}
function problemsOf(...args: Parameters<typeof decide>): readonly CandidateProblem[] {
  const result = decide(...args);
  return result.ok ? [] : result.problems;
}
function tagsOf(...args: Parameters<typeof decide>): readonly PushTagStep[] {
  const answer = answerOf(...args);
  return answer.kind === 'plan'
    ? answer.plan.body.steps.flatMap((step) => (step.kind === 'push-tag' ? [step] : []))
    : [];
}
const CORE = { repos: ['core'] };

describe('rc-plan', () => {
  it('tags core first and holds the domain repositories; infra gets no candidates', () => {
    const answer = answerOf({});
    expect(answer.held.map(({ repo, reason }) => `${repo}: ${reason}`)).toEqual([
      'vision: core has no candidate of 2.8.0 yet',
      'audio: core has no candidate of 2.8.0 yet',
    ]);
    expect(tagsOf({})).toMatchObject([
      { repo: 'core', tag: 'v2.8.0-rc1', commit: HEAD, message: 'core 2.8.0-rc1\n', wave: 0 },
    ]);
  });

  it('is permanent: a tag can never be taken back, so two others approve and the phrase is typed', () => {
    const answer = answerOf({});
    if (answer.kind !== 'plan') throw new Error('no plan');
    expect(answer.plan.body.steps.every(({ reversible }) => reversible === 'never')).toBe(true);
    expect([isPermanent(answer.plan), approvalsNeeded(answer.plan), answer.plan.body.phrase]).toEqual([
      true,
      2,
      'acme 2.8.0-rc1',
    ]);
    expect(answer.plan.body.assumes).toMatchObject([{ repo: 'core', ref: 'refs/heads/release/2.8', at: HEAD }]);
    expect(answer.plan.body.gates).toEqual(['release-only-landed:core', 'version-file-matches:core']);
  });

  it('takes the number after the highest, by number and not by text', () => {
    const candidates = [
      { candidate: rc('2.8.0-rc10'), commit: OLD },
      { candidate: rc('2.8.0-rc9'), commit: OLD },
    ];
    expect(tagsOf({ core: { candidates } }, CORE)[0]?.tag).toBe('v2.8.0-rc11');
  });

  it('counts each repository on its own, and names what a domain repository builds against', () => {
    const world: World = {
      core: { candidates: [{ candidate: rc('2.8.0-rc2'), commit: HEAD }] },
      vision: { candidates: [{ candidate: rc('0.23.0-rc1'), commit: OLD }] },
    };
    const tags = tagsOf(world, { against: rc('2.8.0-rc2') }, [...OPEN, STAGED]);
    expect(tags.map(({ repo, tag, message, wave }) => [repo, tag, message, wave])).toEqual([
      ['vision', 'v0.23.0-rc2', 'vision 0.23.0-rc2\n\nBuilds against core v2.8.0-rc2.\n', 0],
      ['audio', 'v2.8.0-rc1', 'audio 2.8.0-rc1\n\nBuilds against core v2.8.0-rc2.\n', 0],
    ]);
    expect(answerOf(world, { against: rc('2.8.0-rc2') }, [...OPEN, STAGED]).unchanged).toEqual([
      { repo: 'core', candidate: '2.8.0-rc2' },
    ]);
  });

  it('tags core before what builds against it', () => {
    const tags = tagsOf({}, { against: rc('2.8.0-rc1') }, [...OPEN, STAGED]);
    expect(tags.map(({ repo, wave }) => `${wave} ${repo}`)).toEqual(['0 core', '1 vision', '1 audio']);
  });

  it('is the same plan of the same world: the tag has the date of its commit', () => {
    expect(tagsOf({})[0]?.date).toBe('2026-06-05T10:00:00Z');
    const [one, other] = [answerOf({}), answerOf({})];
    expect(one.kind === 'plan' && one.plan.digest).toBe(other.kind === 'plan' && other.plan.digest);
  });

  it('shows the history since the last candidate, and tags that only look like one', () => {
    const answer = answerOf({ core: { oddTags: ['v2.8.0rc1'] } }, CORE);
    expect(answer.tags).toMatchObject([
      { repo: 'core', history: { since: 'orig/release/2.8', count: 1 }, oddTags: ['v2.8.0rc1'] },
    ]);
  });

  it('has nothing to do when nothing came after the last candidates', () => {
    const last = { candidates: [{ candidate: rc('2.8.0-rc1'), commit: HEAD }] };
    expect(answerOf({ core: last })).toMatchObject({
      kind: 'nothing-to-do',
      unchanged: [{ repo: 'core', candidate: '2.8.0-rc1' }],
    });
  });

  it('tags the same commit again when that is asked for', () => {
    const last = { candidates: [{ candidate: rc('2.8.0-rc1'), commit: HEAD }] };
    expect(tagsOf({ core: last }, { ...CORE, again: true })[0]?.tag).toBe('v2.8.0-rc2');
  });
});

describe('VER-01: one form of tag, and each once', () => {
  it.each([
    ['v2.8.0-rc1', { kind: 'candidate', candidate: '2.8.0-rc1' }],
    ['v2.8.0', { kind: 'final', release: '2.8.0' }],
    ['v2.8.0-rc01', null],
    ['v2.8.0rc1', null],
    ['v2.8-rc1', null],
    ['2.8.0-rc1', null],
    ['v2.8.0-rc0', null],
    ['v2.8.0-rc1 ', null],
    ['V2.8.0-rc1', null],
    ['v02.8.0-rc1', null],
    ['v2.8.0-rc1\n', null],
    ['v2.8.0-RC1', null],
    ['', null],
  ])('reads %j', (tag, expected) => {
    expect(parseTag(tag)).toEqual(expected);
  });

  const candidates = [{ candidate: rc('2.8.0-rc1'), commit: OTHER }];

  it('refuses v2.8.0-rc1 again, with both commits named: no force', () => {
    const problems = problemsOf({ core: { candidates } }, { ...CORE, candidate: rc('2.8.0-rc1') });
    expect(problems).toMatchObject([{ code: 'tag-exists', tag: 'v2.8.0-rc1', at: OTHER, planned: HEAD }]);
    expect(problems.map(explain)[0]).toContain('A tag is never moved');
  });

  it('refuses a number that is not the next one, and takes the one that is', () => {
    expect(problemsOf({ core: { candidates } }, { ...CORE, candidate: rc('2.8.0-rc3') })).toMatchObject([
      { code: 'number-skipped', asked: '2.8.0-rc3', next: '2.8.0-rc2' },
    ]);
    expect(tagsOf({ core: { candidates } }, { ...CORE, candidate: rc('2.8.0-rc2') })[0]?.tag).toBe('v2.8.0-rc2');
  });
});

function gatesOf(world: World, waivers: readonly Waiver[] = []): readonly string[] {
  return decideCandidateGates(factsOf(world), train, waivers, NOW).map(({ id, verdict }) => `${id} ${verdict}`);
}

const says = (content: string | null): World => ({ core: { versionFiles: [{ path: 'version.txt', content }] } });

describe('VER-04: the version file must agree with the tag', () => {
  it.each([['2.8.0'], ['2.8.0\n'], ['  2.8.0\r\n'], ['v2.8.0'], ['2.8'], ['2.08.0']])(
    'tags when it says %j',
    (content) => {
      expect(tagsOf(says(content), CORE)).toHaveLength(1);
    },
  );

  it.each([['2.7.0'], ['2.8.0a0'], ['2.8.0rc1'], ['2.8.1'], ['2.80'], [''], ['<html>'], [null]])(
    'refuses when it says %j',
    (content) => {
      const problems = problemsOf(says(content), CORE);
      expect(problems).toMatchObject([{ code: 'version-file-mismatch', needed: '2.8.0', commit: HEAD }]);
    },
  );

  it('refuses v0.23.0-rc1 of vision on a commit whose version.txt says 0.22.0, and says what to change', () => {
    const world: World = { vision: { versionFiles: [{ path: 'version.txt', content: '0.22.0\n' }] } };
    const problems = problemsOf(world, { repos: ['vision'] }, [...OPEN, STAGED]);
    expect(problems.map(explain)).toEqual([
      `version.txt says "0.22.0" in vision at ${HEAD}; the tag needs 0.23.0. Wheels of that commit would carry the wrong version. Change it: signalbox branch changes vision 2.8.0`,
    ]);
  });

  it('is a gate: passing, failing with the file, skipped without files, no data when unread; and can be waived', () => {
    expect(gatesOf({ vision: { versionFiles: [{ path: 'version.txt', content: '0.22.0' }] } })).toEqual([
      'version-file-matches:core pass',
      'version-file-matches:vision failing',
      'version-file-matches:audio skipped',
    ]);
    const waiver = {
      gate: GateId.parse('version-file-matches:core'),
      by: 'rita',
      reason: 'built elsewhere',
      until: Instant.parse('2026-07-01T00:00:00Z'),
    };
    expect(gatesOf(says('x'), [waiver])[0]).toBe('version-file-matches:core waived');
    expect(gatesOf({ core: { commit: null, branchHead: null } })[0]).toBe('version-file-matches:core no-data');
    expect(tagsOf(says('x'), CORE, [...OPEN, gateOf('version-file-matches:core', 'waived')])).toHaveLength(1);
  });
});

describe('what may not be tagged is refused with what to do', () => {
  it.each<[string, World, Partial<CandidateRequest>, readonly Gate[], CandidateProblem['code']]>([
    [
      'a repository without its release branch',
      { core: { branchHead: null, commit: null } },
      {},
      OPEN,
      'branch-missing',
    ],
    ['a release that is out', { core: { finalAt: OLD } }, {}, OPEN, 'already-final'],
    ['a commit that is not on the release branch', { core: { isOnBranch: false } }, {}, OPEN, 'commit-not-on-branch'],
    ['a commit that does not exist', { core: { commit: null, isOnBranch: false } }, {}, OPEN, 'commit-not-on-branch'],
    [
      'nothing new, asked for by name',
      { core: { candidates: [{ candidate: rc('2.8.0-rc1'), commit: HEAD }] } },
      CORE,
      OPEN,
      'nothing-new',
    ],
    [
      'a release-only change that has not landed',
      {},
      CORE,
      [gateOf('release-only-landed:core', 'needs-you')],
      'gate-closed',
    ],
    ['a gate that was not judged', {}, CORE, [], 'gate-closed'],
    [
      'a domain repository while no candidate of core is staged',
      {},
      { repos: ['vision'] },
      [...OPEN, NOT_STAGED],
      'gate-closed',
    ],
    ['a repository that gets no candidates', {}, { repos: ['infra'] }, OPEN, 'unknown-repo'],
  ])('%s', (...[, world, request, gates, code]) => {
    const problems = problemsOf(world, request, gates);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems.map(explain)[0]?.length).toBeGreaterThan(40);
  });

  it('a waived release-only gate lets the tag through', () => {
    expect(tagsOf({}, CORE, [gateOf('release-only-landed:core', 'waived')])).toHaveLength(1);
  });

  it('a remote that could not be read is never taken for one without tags', () => {
    const facts = factsOf();
    const repos = facts.repos.map((one) => ({ ...one, state: unknown('timed out', NOW, 'git remote of core') }));
    const result = decideCandidate(
      { ...facts, repos },
      { train, trainDigest: digestOf('t'), author: 'rita', against: null, ...CORE },
      OPEN,
    );
    expect(!result.ok && result.problems).toMatchObject([{ code: 'cannot-read', reason: 'timed out' }]);
  });
});
