import { describe, expect, it } from 'vitest';
import { ByteSourceError } from '../../domain/byte-source.ts';
import { Digest } from '../../domain/canonical-json.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { RepoSlug } from '../../domain/repo.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { ForgeError, type Forge, type ForgeReleases, type ReleaseFile } from '../../ports/forge.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { LATER, NOW, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { fixedClock } from '../../testing/fixed-clock.ts';
import { readableFiles } from '../../testing/memory-files.ts';
import { memoryForge, type MemoryForge } from '../../testing/memory-forge.ts';
import { memoryGit } from '../../testing/memory-git.ts';
import { memoryLedger } from '../../testing/memory-ledger.ts';
import { RELEASE_FILES, releasePlan } from '../../testing/release-plan.ts';
import { applyPlan, type Applied } from '../apply.ts';
import { foldPlans, type PlanRecord } from '../fold.ts';
import { decideUndo } from '../undo.ts';

const slug = RepoSlug.parse('acme/core');
const commit = ObjectId.parse('a'.repeat(40));
const elsewhere = ObjectId.parse('b'.repeat(40));
const plan = releasePlan({ slug, commit });

interface World {
  readonly memory: MemoryForge;
  readonly ledger: Ledger;
}

function freshWorld(): World {
  const memory = memoryForge({ login: 'ana' });
  memory.repo(slug).tags.set('v2.8.0', commit);
  return { memory, ledger: memoryLedger() };
}

async function recordOf({ ledger }: World, of: Plan): Promise<PlanRecord> {
  const known = foldPlans(await ledger.read({ train: 'small' })).get(of.id);
  if (known !== undefined) return known;
  const event = { type: 'plan-made', release: of.body.release, plan: of, goodUntil: LATER } as const;
  await ledger.append('small', [{ at: NOW, actor: 'ana', event }]);
  return recordOf({ memory: memoryForge(), ledger }, of);
}

async function apply(world: World, of = plan, forge: Forge = world.memory.forge): Promise<Applied> {
  return applyPlan({
    record: await recordOf(world, of),
    actor: 'ana',
    ports: { git: memoryGit(), forge, pages: null, files: readableFiles(RELEASE_FILES), packages: null },
    ledger: world.ledger,
    lease: { isHeld: async () => true, release: async () => {} },
    seenTo: 0,
    clock: fixedClock(NOW),
    stop: new AbortController().signal,
    report: () => {},
  });
}

const reasons = ({ stopped }: Applied): string => stopped.map(({ reason }) => reason).join('\n');

/** All that a release is to everybody. */
function pictureOf({ memory }: World): unknown {
  return memory.repo(slug).releases.map(({ tag, title, body, state, latest, files, bytes }) => ({
    about: [tag, title, body, state, latest],
    files: files
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .map(({ id, name, size, whole }) => [name, size, whole, Buffer.from(bytes.get(id) ?? [])]),
  }));
}

const theRelease = [
  {
    about: ['v2.8.0', 'torch 2.8.0', '<!-- signalbox:release v2.8.0 -->\nWhat is new', 'published', true],
    files: [
      ['SHA256SUMS', 5500, true, RELEASE_FILES.get('whl/SHA256SUMS')],
      ['a.whl', 24_000, true, RELEASE_FILES.get('whl/a.whl')],
    ],
  },
];

const digest = [...plan.body.steps].flatMap((step) => (step.kind === 'attach-file' ? [step] : []))[1]?.digest ?? null;
const wholeFile = { id: 50, name: 'a.whl', size: 24_000, digest, whole: true };

/** A release as somebody else drafted it by hand. */
async function byHand({ memory }: World, author: string): Promise<string> {
  const draft = { tag: 'v2.8.0', commit, title: 'by hand', body: 'mine' };
  const { link } = await memory.forge.releases.draft(slug, draft);
  for (const release of memory.repo(slug).releases) release.author = author;
  return link;
}

/** The planned draft with these files, as an earlier run left it. */
async function draftWith({ memory }: World, ...files: readonly ReleaseFile[]): Promise<void> {
  const body = '<!-- signalbox:release v2.8.0 -->\nWhat is new';
  await memory.forge.releases.draft(slug, { tag: 'v2.8.0', commit, title: 'torch 2.8.0', body });
  memory.repo(slug).releases[0]?.files.push(...files);
}

describe('a release carried out', () => {
  it('is drafted, has its files attached, and is published last; a second run does nothing', async () => {
    const world = freshWorld();
    expect((await apply(world)).end).toBe('finished');
    expect(pictureOf(world)).toEqual(theRelease);
    const before = world.memory.calls.length;
    expect((await apply(world)).end).toBe('finished');
    const writes = /releases\.(draft|attach|detach|publish|discard)/;
    expect(world.memory.calls.slice(before).filter((call) => writes.test(call))).toEqual([]);
  });

  it.each([
    ['is not there', null, 'acme/core has no tag v2.8.0: push the tag first'],
    [
      'is on another commit',
      elsewhere,
      `tag v2.8.0 of acme/core is on ${elsewhere}, and the release was planned for ${commit}`,
    ],
  ])('stays a draft while its tag %s, and nobody makes one', async (_name, at, why) => {
    const world = freshWorld();
    const { tags, releases } = world.memory.repo(slug);
    if (at === null) tags.clear();
    else tags.set('v2.8.0', at);
    const before = [...tags];
    const applied = await apply(world);
    expect(applied.end).toBe('stopped');
    expect(reasons(applied)).toContain(why);
    expect(releases.map(({ state }) => state)).toEqual(['draft']);
    expect([...tags]).toEqual(before);
    tags.set('v2.8.0', commit);
    expect((await apply(world)).end).toBe('finished');
  });

  it('is not made beside one by hand, and says whose it is and where', async () => {
    const world = freshWorld();
    const link = await byHand(world, 'bob');
    const applied = await apply(world);
    expect(reasons(applied)).toBe(
      `acme/core has a draft by bob, ${link} of v2.8.0 that this plan did not make; delete it, then go on`,
    );
    expect(world.memory.repo(slug).releases).toHaveLength(1);
  });

  it('does not choose between two drafts of its own', async () => {
    const world = freshWorld();
    await draftWith(world);
    await draftWith(world);
    expect(reasons(await apply(world))).toContain('more than one release of v2.8.0');
  });

  it('does not publish a draft that says something else than what was planned', async () => {
    const world = freshWorld();
    const body = '<!-- signalbox:release v2.8.0 -->\nof an earlier candidate';
    await world.memory.forge.releases.draft(slug, { tag: 'v2.8.0', commit, title: 'torch 2.8.0', body });
    expect(reasons(await apply(world))).toContain('says something else than what was planned');
  });

  it('takes the edited text of what is published for its own', async () => {
    const world = freshWorld();
    await apply(world);
    for (const release of world.memory.repo(slug).releases) release.body += '\nA known problem';
    expect((await apply(world)).end).toBe('finished');
  });

  it('is not published with a file that nobody planned', async () => {
    const world = freshWorld();
    const watched: ForgeReleases = {
      ...world.memory.forge.releases,
      attach: async (...given) => {
        const made = await world.memory.forge.releases.attach(...given);
        const [release] = world.memory.repo(slug).releases;
        if (release?.files.length === 2) release.files.push({ ...made, id: 99, name: 'extra.zip' });
        return made;
      },
    };
    const applied = await apply(world, plan, { ...world.memory.forge, releases: watched });
    expect(reasons(applied)).toContain('has not the planned files: extra.zip was not planned');
    expect(world.memory.repo(slug).releases[0]?.state).toBe('draft');
  });

  it.each([
    ['other bytes of the same size', { digest: Digest.parse(`sha256:${'0'.repeat(64)}`) }],
    ['another size', { size: 3 }],
  ])('does not take a file with %s for the planned one', async (_name, change) => {
    const world = freshWorld();
    await draftWith(world, { ...wholeFile, ...change });
    const applied = await apply(world);
    expect(reasons(applied)).toMatch(
      /a\.whl at release v2\.8\.0 has \d+ bytes and sha256:\w+, planned are 24000 bytes/,
    );
  });

  it('uploads again what broke off, and by its size adopts a file whose digest the forge does not tell', async () => {
    const world = freshWorld();
    await draftWith(
      world,
      { ...wholeFile, size: 0, whole: false },
      { ...wholeFile, id: 51, name: 'SHA256SUMS', size: 5500, digest: null },
    );
    expect((await apply(world)).end).toBe('finished');
    expect(world.memory.calls.filter((call) => /releases\.(attach|detach)/.test(call))).toEqual([
      'releases.detach acme/core',
      'releases.attach acme/core',
    ]);
  });

  it('changes nothing of a release that was published without a file', async () => {
    const world = freshWorld();
    await draftWith(world);
    for (const release of world.memory.repo(slug).releases) release.state = 'published';
    expect(reasons(await apply(world))).toContain('was published without');
  });
});

type When = 'before' | 'after';

/** The forge whose n-th call fails, before or after its effect; an upload also half-way. */
function failing(forge: Forge, at: number, when: When | 'half-way'): { readonly forge: Forge; calls(): number } {
  let calls = 0;
  const releases = new Proxy(forge.releases, {
    get(target, member, receiver) {
      const method: unknown = Reflect.get(target, member, receiver);
      if (typeof method !== 'function') return method;
      return async (...given: readonly unknown[]) => {
        calls += 1;
        const isIt = calls === at;
        if (isIt && when === 'before') throw new ForgeError('unreachable', 'no answer');
        const [repo, release, file] = given;
        const broken = isIt && when === 'half-way' && member === 'attach' ? [repo, release, breakingOff(file)] : given;
        const answer: unknown = await Reflect.apply(method, target, broken);
        if (isIt && when === 'after') throw new ForgeError('unreachable', 'the answer was lost');
        return answer;
      };
    },
  });
  return { forge: { ...forge, releases }, calls: () => calls };
}

async function* aByteAndNoMore(): AsyncIterable<Uint8Array> {
  yield Buffer.from('a');
  throw new ByteSourceError('unreachable', 'the store went away');
}

function breakingOff(file: unknown): unknown {
  if (typeof file !== 'object' || file === null) return file;
  return { ...file, bytes: { stream: aByteAndNoMore } };
}

describe('a release whose forge fails', () => {
  it.each(['before', 'after', 'half-way'] as const)(
    '%s any one call is, gone on with, the same release',
    async (when) => {
      let met = 0;
      for (let at = 1; ; at += 1) {
        const world = freshWorld();
        const broken = failing(world.memory.forge, at, when);
        const first = await apply(world, plan, broken.forge).then(
          ({ end }) => end,
          () => 'failed',
        );
        if (broken.calls() < at) break;
        met += 1;
        // Half-way is no failure of the calls that upload nothing.
        expect(['failed', 'finished']).toContain(first);
        expect((await apply(world)).end).toBe('finished');
        expect(pictureOf(world)).toEqual(theRelease);
      }
      expect(met).toBeGreaterThanOrEqual(20);
    },
  );
});

async function undoing(world: World): Promise<Plan> {
  const record = await recordOf(world, plan);
  const ports = {
    git: memoryGit(),
    forge: world.memory.forge,
    pages: null,
    files: readableFiles(new Map()),
    packages: null,
  };
  const undo = decideUndo(record, ports, { author: 'ana', trainDigest: TRAIN_DIGEST });
  if (!undo.ok) throw new Error('nothing to undo');
  expect(undo.value.stays.map(({ kind }) => kind)).toContain('attach-file');
  return undo.value.plan;
}

describe('a release taken back', () => {
  it('is deleted with its files while it is a draft, once or twice', async () => {
    const world = freshWorld();
    world.memory.repo(slug).tags.clear();
    expect((await apply(world)).end).toBe('stopped');
    const undo = await undoing(world);
    expect(undo.body.steps).toMatchObject([{ kind: 'close', what: 'release', title: 'v2.8.0' }]);
    expect((await apply(world, undo)).end).toBe('finished');
    expect(world.memory.repo(slug).releases).toEqual([]);
    expect((await apply(world, undo)).end).toBe('finished');
  });

  it('stays once it was published', async () => {
    const world = freshWorld();
    await apply(world);
    const applied = await apply(world, await undoing(world));
    expect(reasons(applied)).toContain('release v2.8.0 was published meanwhile, and stays');
    expect(pictureOf(world)).toEqual(theRelease);
  });
});
