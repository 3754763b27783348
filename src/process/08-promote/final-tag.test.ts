import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../domain/observation.ts';
import type { DraftReleaseStep, PublishReleaseStep, PushTagStep } from '../../domain/plan/step.ts';
import { RepoKey } from '../../domain/repo.ts';
import { Instant } from '../../domain/instant.ts';
import { Manifest, sealManifest } from '../../domain/manifest.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import type { Train } from '../../domain/train/train.ts';
import { commitId, NOW, repoOf, smallTrain } from '../../testing/small-train.ts';
import { decideFinalTag, type FinalTags } from './final-tag.ts';
import { explainFinalTag, type FinalTagProblem } from './final-tag-problem.ts';
import type { FinalFacts, FinalState, RepoFinal } from './read-final-tag.ts';

const train = smallTrain();
const [CORE, VISION, OTHER] = [commitId('a'), commitId('b'), commitId('c')];
const waves = { tag: 7, draft: 8, publish: 9 };
const BUILT = Instant.parse('2026-06-01T09:00:00Z');

const file = (repo: string) => ({
  cell: `${repo}/wheel/linux/cpu/any`,
  repo,
  key: `${repo}.whl`,
  size: 1,
  digest: `sha256:${'1'.repeat(64)}`,
  run: null,
  requires: null,
});

const manifest: Manifest = sealManifest(
  Manifest.omit({ schema: true }).parse({
    train: 'acme',
    release: '2.8.0',
    candidate: '2.8.0-rc5',
    channel: 'test',
    repos: [
      { repo: 'core', candidate: '2.8.0-rc5', commit: CORE },
      { repo: 'vision', candidate: '0.23.0-rc2', commit: VISION },
    ],
    files: [file('core')],
  }),
).manifest;

type World = Readonly<Record<string, Partial<FinalState>>>;

function factsOf(world: World = {}, of: Train = train): FinalFacts {
  const repos = manifest.repos.map((each): RepoFinal => {
    const repo = repoOf(of, each.repo);
    const commit = { id: each.commit, parents: [], author: 'Sam', committedAt: BUILT, subject: 'Fix' };
    const state: FinalState = {
      candidateAt: each.commit,
      final: null,
      released: [],
      commit,
      versionFiles: [{ path: 'version.txt', content: `${repo.release}\n` }],
      release: { is: 'none' },
      ...world[each.repo],
    };
    return { of: each, repo, state: known(state, NOW, `git remote of ${each.repo}`) };
  });
  return { manifest, repos };
}

function tagsOf(facts: FinalFacts, of: Train = train): FinalTags {
  const result = decideFinalTag(facts, { train: of, waves, waived: [] });
  if (!result.ok) throw new Error(result.problems.map(explainFinalTag).join('\n'));
  return result.value;
}

function problemsOf(facts: FinalFacts, waived: readonly string[] = []): readonly FinalTagProblem[] {
  const result = decideFinalTag(facts, { train, waves, waived });
  return result.ok ? [] : result.problems;
}

const kinds = ({ steps }: FinalTags): readonly string[] => steps.map((step) => `${step.kind} ${step.repo} ${step.tag}`);
const pushes = ({ steps }: FinalTags): readonly PushTagStep[] =>
  steps.flatMap((step) => (step.kind === 'push-tag' ? [step] : []));
const drafts = ({ steps }: FinalTags): readonly DraftReleaseStep[] =>
  steps.flatMap((step) => (step.kind === 'draft-release' ? [step] : []));
const publications = ({ steps }: FinalTags): readonly PublishReleaseStep[] =>
  steps.flatMap((step) => (step.kind === 'publish-release' ? [step] : []));

describe('the final tag', () => {
  it('is put on the very commit that the files were built from, in each repository under its own version', () => {
    const tags = tagsOf(factsOf());
    expect(pushes(tags)).toEqual([
      {
        kind: 'push-tag',
        key: 'push-tag:core:v2.8.0',
        wave: 7,
        reversible: 'never',
        undo: 'none: a public tag is fetched by others and never moved; a mistake is put right by the next patch release',
        repo: 'core',
        remote: 'https://forge.example/acme/core.git',
        via: 'refs/tags/v2.8.0-rc5',
        tag: 'v2.8.0',
        commit: CORE,
        message: 'core 2.8.0\n',
        tagger: train.committer,
        date: BUILT,
        sign: false,
      },
      expect.objectContaining({ repo: 'vision', tag: 'v0.23.0', commit: VISION, message: 'vision 0.23.0\n' }),
    ]);
    expect(tags.assumes).toMatchObject([
      { repo: 'core', ref: 'refs/tags/v2.8.0-rc5', at: CORE },
      { repo: 'vision', ref: 'refs/tags/v0.23.0-rc2', at: VISION },
    ]);
  });

  it('is signed and worded as the train says', () => {
    const signing = smallTrain(
      {},
      { candidates: { sign: true }, promotion: { tag: '{repo} {version} was {candidate}' } },
    );
    expect(pushes(tagsOf(factsOf({}, signing), signing))[0]).toMatchObject({
      sign: true,
      message: 'core 2.8.0 was 2.8.0-rc5\n',
    });
  });

  it.each([
    [true, 'core has its tag v2.8.0 already'],
    [false, 'core has its tag v2.8.0 already, without a message of its own'],
  ])('that is there on the same commit (annotated: %s) is left as it is and told', (annotated, note) => {
    const tags = tagsOf(factsOf({ core: { final: { commit: CORE, annotated } } }));
    expect(pushes(tags).map(({ repo }) => repo)).toEqual(['vision']);
    expect(tags.notes).toEqual([note]);
  });

  it('on another commit is a problem that names both, and nothing is planned', () => {
    const problems = problemsOf(factsOf({ core: { final: { commit: OTHER, annotated: true } } }));
    expect(problems).toMatchObject([{ code: 'final-tag-elsewhere', repo: 'core', at: OTHER, planned: CORE }]);
    expect(problems.map(explainFinalTag).join()).toContain(
      `is on ${OTHER}; the final candidate was built from ${CORE}`,
    );
  });

  it.each([
    ['moved', OTHER, `is on ${OTHER}`],
    ['gone', null, 'is gone'],
  ])('is not made when the tag of the candidate is %s', (_name, candidateAt, why) => {
    const problems = problemsOf(factsOf({ vision: { candidateAt, commit: null } }));
    expect(problems).toMatchObject([{ code: 'final-candidate-moved', repo: 'vision', recorded: VISION }]);
    expect(problems.map(explainFinalTag).join()).toContain(why);
  });

  it('VER-04: is not made on a commit whose version file says another version, unless that was waived', () => {
    const facts = factsOf({ vision: { versionFiles: [{ path: 'version.txt', content: '0.22.0\n' }] } });
    const problems = problemsOf(facts);
    expect(problems).toMatchObject([{ code: 'final-version-mismatch', repo: 'vision', needed: '0.23.0' }]);
    expect(problems.map(explainFinalTag).join()).toContain('version.txt says "0.22.0" in vision at');
    expect(problemsOf(facts, ['core'])).toHaveLength(1);
    expect(problemsOf(facts, ['vision'])).toEqual([]);
  });

  it('is not made from a candidate of another release of the repository', () => {
    const facts = factsOf();
    const repos = facts.repos.map((one) =>
      one.repo?.key === RepoKey.parse('vision')
        ? { ...one, repo: { ...one.repo, release: ReleaseVersion.parse('0.23.1') } }
        : one,
    );
    expect(problemsOf({ ...facts, repos })).toMatchObject([{ code: 'final-other-release', own: '0.23.1' }]);
  });

  it.each([
    ['that could not be read', { state: unknown('no route to host', NOW, 'git remote of core') }, 'final-unread'],
    ['that the train does not have', { repo: null }, 'final-unknown-repo'],
  ])('is not made in a repository %s, nor in any other', (_name, change, code) => {
    const { repos, ...facts } = factsOf();
    const changed = repos.map((one) => (one.of.repo === 'core' ? { ...one, ...change } : one));
    const result = decideFinalTag({ ...facts, repos: changed }, { train, waves, waived: [] });
    expect(result).toMatchObject({ ok: false, problems: [{ code, repo: 'core' }] });
  });

  it('tells all problems of all repositories at once', () => {
    const wrong = { final: { commit: OTHER, annotated: true }, versionFiles: [{ path: 'version.txt', content: null }] };
    expect(problemsOf(factsOf({ core: wrong, vision: wrong })).map(({ code, repo }) => `${repo} ${code}`)).toEqual([
      'core final-tag-elsewhere',
      'core final-version-mismatch',
      'vision final-tag-elsewhere',
      'vision final-version-mismatch',
    ]);
  });
});

describe('the release on the forge', () => {
  it('is drafted after the tags and published last, with no files, saying what it consists of', () => {
    const tags = tagsOf(factsOf());
    expect(kinds(tags)).toEqual([
      'push-tag core v2.8.0',
      'push-tag vision v0.23.0',
      'draft-release core v2.8.0',
      'publish-release core v2.8.0',
      'draft-release vision v0.23.0',
      'publish-release vision v0.23.0',
    ]);
    expect(tags.steps.map(({ wave }) => wave)).toEqual([7, 7, 8, 9, 8, 9]);
    expect(drafts(tags)).toMatchObject([
      {
        slug: 'acme/core',
        commit: CORE,
        title: 'core 2.8.0',
        body: `<!-- signalbox:release v2.8.0 -->\n- acme 2.8.0\n\nBuilt as v2.8.0-rc5 from ${CORE}.\n`,
        reversible: 'yes',
      },
      {
        title: 'vision 0.23.0',
        body: `<!-- signalbox:release v0.23.0 -->\n- acmevision 0.23.0\n\nBuilt as v0.23.0-rc2 from ${VISION}. Goes with acme 2.8.0.\n`,
      },
    ]);
    expect(publications(tags)).toMatchObject([
      { commit: CORE, files: [], latest: true, reversible: 'never' },
      { commit: VISION, files: [], latest: true, reversible: 'never' },
    ]);
  });

  it('has the title and the text of the train', () => {
    const worded = smallTrain(
      {},
      {
        promotion: { releaseTitle: 'Acme {repo} {version} Release' },
        texts: { release: 'What is new in {version} ({tag}, was {candidate}):\n\n{packages}\n' },
      },
    );
    expect(drafts(tagsOf(factsOf({}, worded), worded))[0]).toMatchObject({
      title: 'Acme core 2.8.0 Release',
      body: '<!-- signalbox:release v2.8.0 -->\nWhat is new in 2.8.0 (v2.8.0, was 2.8.0-rc5):\n\n- acme 2.8.0\n',
    });
  });

  it.each([
    ['none', [], true],
    ['an older line', ['2.7.1'], true],
    ['a newer line', ['2.7.0', '2.10.0'], false],
    ['a newer patch', ['2.8.1'], false],
  ])('is the latest unless a newer one is out: beside %s', (_name, released, latest) => {
    const tags = tagsOf(factsOf({ core: { released: released.map((each) => ReleaseVersion.parse(each)) } }));
    expect(publications(tags)[0]?.latest).toBe(latest);
  });

  it('that is published is left out and told; a draft is gone on with', () => {
    const done = { final: { commit: CORE, annotated: true }, release: { is: 'published' } } as const;
    const tags = tagsOf(factsOf({ core: done, vision: { release: { is: 'draft' } } }));
    expect(kinds(tags)).toEqual([
      'push-tag vision v0.23.0',
      'draft-release vision v0.23.0',
      'publish-release vision v0.23.0',
    ]);
    expect(tags.notes).toEqual(['core has its tag v2.8.0 already', 'the release of core v2.8.0 is published already']);
  });

  it('is not planned beside one that was made by hand', () => {
    const release = { is: 'foreign', author: 'bob', link: 'https://forge.example/x' } as const;
    const problems = problemsOf(factsOf({ core: { release } }));
    expect(problems).toMatchObject([{ code: 'final-release-by-hand', author: 'bob' }]);
    expect(problems.map(explainFinalTag).join()).toContain('bob made by hand: https://forge.example/x');
  });

  it('is not planned where the train has no forge for it; the tag is', () => {
    const tags = tagsOf(factsOf({ core: { release: null }, vision: { release: null } }));
    expect(kinds(tags)).toEqual(['push-tag core v2.8.0', 'push-tag vision v0.23.0']);
    expect(tags.notes[0]).toBe('core gets no release on a forge: the train names none for it');
  });
});
