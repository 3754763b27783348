import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openBrowser } from '../../testing/browser.ts';
import { lookAtEveryPage } from '../../testing/every-page.ts';
import { hasPip } from './rehearse/has-pip.ts';
import { fingerprintOf, makeRepo, refsOf, testGit } from '../../testing/git-repos.ts';

const LONG = process.env['SIGNALBOX_LONG'] === '1';
const SIGNALBOX = join(import.meta.dirname, '../../../bin/signalbox.js');

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let root = '';
/** Those that have not ended: a test that failed must not leave its world running. */
const running = new Set<ChildProcess>();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-rehearse-'));
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** A command that runs. */
interface Running {
  /** Resolves with the first match in what is printed; rejects when the command ends without. */
  said(words: RegExp): Promise<RegExpExecArray>;
  /** As Ctrl-C does. */
  interrupt(): void;
  readonly ended: Promise<Ran>;
}

const text = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('utf8');

/** The built command as a user starts it, without a terminal. */
function started(folder: string, args: readonly string[]): Running {
  const env = { PATH: process.env['PATH'], HOME: root, LANG: 'C.UTF-8' };
  const child = spawn(process.execPath, [SIGNALBOX, '-C', folder, ...args], { env });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => err.push(piece));
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, out: text(out), err: text(err) });
    });
  });
  running.add(child);
  return {
    ended,
    interrupt: () => void child.kill('SIGINT'),
    said: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = words.exec(text(out) + text(err));
          if (found !== null) resolve(found);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        child.on('close', () => reject(new Error(`it ended and never said ${words.source}: ${text(err)}`)));
        look();
      }),
  };
}

function signalbox(folder: string, args: readonly string[]): Promise<Ran> {
  return started(folder, args).ended;
}

/** Signs in by the link, and looks at all that the signal box of the rehearsal shows. */
async function theReleaseIsSeenInABrowser(link: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    // Whoever looks first waits until every gate was read.
    page.setDefaultNavigationTimeout(120_000);
    await page.goto(link);
    const { origin } = new URL(link);
    const looked = await lookAtEveryPage(page, origin, ['/api', '/people', '/r/2.8.0/patch', '/r/2.8.0/day']);
    expect(looked.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(looked.map(({ path }) => new URL(path, origin).pathname)).toEqual(
      expect.arrayContaining([
        '/todo',
        '/r/2.8.0',
        '/r/2.8.0/picks',
        '/r/2.8.0/artifacts',
        '/r/2.8.0/asks',
        '/r/2.8.0/sync',
        '/r/2.8.0/handover',
        '/log',
        '/system',
      ]),
    );
    expect(looked.length).toBeGreaterThan(20);
  } finally {
    await browser.close();
  }
}

/** The story to its end, with its pages open until they were looked at. */
async function playedAndSeen(folder: string, flags: readonly string[]): Promise<Ran> {
  const rehearsal = started(folder, ['rehearse', ...flags, '--serve']);
  const [link] = await rehearsal.said(/http:\/\/127\.0\.0\.1:\d+\/sign-in\/link\S+/u);
  await rehearsal.said(/^In another terminal:$/mu);
  await theReleaseIsSeenInABrowser(link);
  rehearsal.interrupt();
  return rehearsal.ended;
}

const WorldState = z.object({ issues: z.array(z.object({ body: z.string().nullable() })) });

/** What the tracker says of the second candidate, against what git has there: the files that differ from the first, and what is in them. */
async function theTrackerIsRight(folder: string, dir: string): Promise<void> {
  const state = await readFile(join(folder, '.signalbox/rehearsal/world/state/pytorch/pytorch.json'), 'utf8');
  const body = WorldState.parse(JSON.parse(state)).issues.find((issue) =>
    issue.body?.includes('signalbox:tracker 2.8.0'),
  );
  const sections = (body?.body ?? '').split(/^## /mu);
  const numbersIn = (head: string): readonly string[] =>
    sections
      .filter((section) => section.startsWith(head))
      .flatMap((section) => [...section.matchAll(/^(?:\| |- )#(\d+) /gmu)].map(([, number]) => number ?? ''));
  const landed = numbersIn('Landed: 2.8.0-rc2 ');
  expect({ landed: landed.length, declined: numbersIn('Refused').length }).toEqual({ landed: 1, declined: 3 });
  expect(sections.filter((section) => section.startsWith('Landed:'))).toHaveLength(1);
  const git = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await testGit(dir, args)).split('\n').filter((line) => line !== '');
  const subjects = await git('log', '--format=%H %s', 'main');
  const onMain = (number: string): string =>
    subjects.find((line) => line.endsWith(` (#${number})`) && !line.includes(' Revert '))?.slice(0, 40) ?? '';
  const picked = landed.map((number) => onMain(number));
  const files = await Promise.all(picked.map((commit) => git('diff', '--name-only', `${commit}^`, commit)));
  expect(await git('diff', '--name-only', 'v2.8.0-rc1', 'v2.8.0-rc2')).toEqual(files.flat().toSorted());
  for (const [index, commit] of picked.entries())
    expect(await git('diff', commit, 'v2.8.0-rc2', '--', ...(files[index] ?? []))).toEqual([]);
}

/** What is new in the whole story, in order. */
const WHOLE = [
  '2.7.1 is live',
  'suggests: decline',
  '2.7.1: no-go',
  'moves #',
  'closed',
  'things block the branch cut of test-infra, pytorch',
  '2.8.0-rc1 is 36 files',
  'mina-s and kemi-a submit the tutorials of 2.8',
  '2.8.0-rc2 is 36 files',
  'A partner finds a crash',
  'Picks for 2.8.0 ended at',
  'Let in; now the pick can be made',
  'torch 2.8.0-rc3',
  '2.8.0-rc3 is 36 files',
  '2.8.0-rc2 to 2.8.0-rc3: 12 changed, 0 added, 0 removed, 24 the same',
  '2.8.0-rc3 is final: 36 files',
  '36 of 36 files of 2.8.0-rc3 validated',
  'Do that first: signalbox day run 2.8.0 get-started-proposed',
  'Say where: signalbox day run 2.8.0 notes --evidence',
  'Promote v2.8.0-rc3 to stable: 72 files',
  'TRAIN_FROZEN',
  'Publish 2.8.0-rc3: upload 12 files to pypi',
  'what was typed is not the phrase',
  '[Getting Started Page] 2.8.0',
  'points the documentation to 2.8',
  'Every step of the release day of 2.8.0 is done',
  'is there to be 2.8.1?',
  'go-no-go',
  '2.8.1: go',
  'He is asked once',
  'v0.23.1-rc1',
  '2.8.1-rc1 is 36 files',
  'What 2.9.0 has of the line before',
  'every hash and link holds',
  'what was decided and done',
  'entries imported',
  'they are the same',
  'The signal box is open on this world',
] as const;

/** The tags, files and refusals of the report against git, the index and the exported log. */
async function theReportIsRight(rehearsal: string): Promise<void> {
  const report = await readFile(join(rehearsal, 'report.md'), 'utf8');
  const told = [...report.matchAll(/`(pytorch|vision|audio) (v\d[\w.-]*)`/gu)].map(([, repo, tag]) => `${repo} ${tag}`);
  const made = await Promise.all(
    ['pytorch', 'vision', 'audio'].map(async (name) => {
      const dir = join(rehearsal, 'world/repos/pytorch', `${name}.git`);
      const tags = await testGit(dir, ['tag', '--list', 'v2.8.*', 'v0.23.*']);
      return tags.split('\n').flatMap((tag) => (tag === '' ? [] : [`${name} ${tag}`]));
    }),
  );
  expect(told.toSorted()).toEqual(made.flat().toSorted());
  expect(told).toEqual(expect.arrayContaining(['pytorch v2.8.0-rc3', 'pytorch v2.8.0', 'pytorch v2.8.1-rc1']));
  const index = await readFile(join(rehearsal, 'world/package-index/packages.json'), 'utf8');
  const uploaded = new Set([...index.matchAll(/"(torch\w*-[\d.]+-cp[^"]*\.whl)"/gu)].map(([, file]) => file));
  expect(report).toContain(`Publish 2.8.0-rc3: upload ${uploaded.size} files to pypi`);
  const log = (await readFile(join(rehearsal, 'ledger.jsonl'), 'utf8')).trim().split('\n');
  const refused = log.filter((line) => line.includes('"type":"refused"'));
  expect(report.match(/ was refused /gu)).toHaveLength(refused.length);
  expect(report).toMatch(/^\| 2\.8\.0 \| \S+ \| \d+ \| 3 \|/mu);
}

/** These words come one after the other, however the lines are broken. */
function theyComeInOrder(out: string, order: readonly string[]): void {
  const said = out.replaceAll(/\s+/gu, ' ');
  let place = 0;
  for (const words of order) {
    const found = said.indexOf(words, place);
    expect(found, `"${words}" comes after the ones before it`).toBeGreaterThanOrEqual(0);
    place = found + 1;
  }
}

/** A command or a path that is there to be copied is kept whole, whatever the width; so is a line of a document. */
function itFitsInto80Columns(out: string, folder: string): void {
  const tooLong = out
    .split('\n')
    .filter(
      (line) =>
        Array.from(line).length > 80 &&
        !/\bsignalbox (?:-C \S+ )?[a-z]+ /u.test(line) &&
        !/^(?:[-#|] ?|From the ledger|Opened by |Decisions count |As of |Next: |PyTorch 2\.8\.0 is |This installs |Regressions: |Hello\. )/u.test(
          line,
        ) &&
        !line.startsWith(`  ${folder}/`),
    );
  expect(tooLong).toEqual([]);
  expect(out).not.toContain('\u001b');
}

describe('the rehearsal', () => {
  it('drives four repositories from red gates to a release, fits into 80 columns, and is seen in a browser', async () => {
    const folder = join(root, 'made');
    const { code, out, err } = await playedAndSeen(folder, []);
    expect({ code, err: err.includes('error') }).toEqual({ code: 0, err: false });
    theyComeInOrder(out, [
      'things block the branch cut of test-infra, pytorch',
      'Closed for later steps',
      'nightlies-green:audio',
      'waived',
      'vision is cut only once a candidate of core is in the test channel',
      'orig/release/2.8',
      '[release-only] Release 2.8 changes',
      'CANNOT BE UNDONE',
      'ada-rm made plan',
      'people other than its author must approve',
      'v2.8.0-rc1',
      '11 of 12 cells built',
      '✗ builds-green:pytorch failing',
      'Run binary build wheel-windows-py3_13-cuda12_8 of 2.8.0-rc1 again',
      '✓ builds-green:pytorch pass',
      '12 of 12 cells built; 1 green only after a retry',
      'orig/release/0.23',
      'v0.23.0-rc1',
      '35 of 36 present',
      '✗ artifacts-complete:audio failing',
      '11 of 12 files of audio 2.8.0-rc1 in test; 1 missing',
      '✗ artifacts-valid:vision failing',
      'RECORD has another hash of torchvision/__init__.py than the file',
      '✗ artifacts-valid:pytorch failing',
      'The wheel is to be for CUDA (cu126) and has nothing of it',
      'The files are not the whole candidate: artifacts-complete:audio is closed',
      '✗ index-valid failing',
      '1 file listed without a hash: torch-2.8.0+cu126-cp312-cp312-manylinux_2_28_x86_64.whl',
      '✓ artifacts-valid:pytorch pass',
      '✓ artifacts-valid:vision pass',
      '✓ artifacts-valid:audio pass',
      '✓ index-valid pass',
      '2.8.0-rc1 is 36 files',
      'exact: its title ends with the number',
      'conflicts in torch/scatter.py',
      'not on release/2.8, and changed the same lines before it: ',
      'is no class of picks',
      'would undo what only release/2.8 has',
      '1 revert missing',
      'No revert on main is missing',
      'and release/2.8 never had it',
      'Picks for 2.8.0 ended at',
      'torch 2.8.0-rc2',
      '2.8.0-rc2 is 36 files',
      '2.8.0-rc1 to 2.8.0-rc2: 12 changed, 0 added, 0 removed, 24 the same',
      'Keep v2.8.0-rc2: 36 files into backup',
      '2.8.0-rc2 is final: 36 files',
      '✗ binaries-validated failing',
      'it ran the tests of main against the candidate',
      '✓ binaries-validated pass',
      '36 of 36 files of 2.8.0-rc2 validated on test-infra release/2.8, each by its digest',
      '✗ docs-built failing',
      '✓ docs-built pass',
      'Stage v2.8.0-rc2 for pypi: 12 wheels',
      '✓ staged-valid pass',
      '3 unchanged; threshold 5 %',
      'Open the validation issue of 2.8.0',
      'is rewritten, 2 of 2 done',
      '✓ sign-off:docs-ready pass',
      'EVIDENCE_MISSING',
      '✓ downstream-canaries:cloud-partner pass',
      '1 gate blocks this: stable-verified',
      'Promote v2.8.0-rc2 to stable: 72 files',
      'TRAIN_FROZEN',
      '2.8.0 is not released',
      'Publish 2.8.0-rc2: upload 12 files to pypi',
      '--yes is not enough for it',
      'what was typed is not the phrase',
      'It cannot be published a second time',
      '2.8.0 is released: every place was read from outside, and shows exactly its files',
      hasPip()
        ? 'pip installed torch-2.8.0, torchaudio-2.8.0, torchvision-0.23.0'
        : 'pip is not installed on this machine',
      'every hash and link holds',
      'The signal box is open on this world',
    ]);
    itFitsInto80Columns(out, folder);
    const world = join(folder, '.signalbox/rehearsal/world/repos/pytorch');
    for (const [name, branch, first, newest] of [
      ['pytorch', 'release/2.8', 'v2.8.0-rc1', 'v2.8.0-rc2'],
      ['vision', 'release/0.23', 'v0.23.0-rc1', 'v0.23.0-rc1'],
      ['audio', 'release/2.8', 'v2.8.0-rc1', 'v2.8.0-rc1'],
    ] as const) {
      const dir = join(world, `${name}.git`);
      const refs = await refsOf(dir);
      const commitOf = async (rev: string): Promise<string> => (await testGit(dir, ['rev-parse', rev])).trim();
      expect(await commitOf(`${newest}^{commit}`)).toBe(refs[`refs/heads/${branch}`]);
      expect((await testGit(dir, ['cat-file', '-t', first])).trim()).toBe('tag');
      // The cut point stands, and the first candidate is one release-only commit above it.
      expect(await commitOf(`${first}^{commit}^`)).toBe(refs[`refs/heads/orig/${branch}`]);
      expect(await testGit(dir, ['show', `${branch}:version.txt`])).toBe(name === 'vision' ? '0.23.0\n' : '2.8.0\n');
    }
    await theTrackerIsRight(folder, join(world, 'pytorch.git'));
    // On a machine that is busy with other things too.
  }, 900_000);

  // Seven minutes by itself: `SIGNALBOX_LONG=1 npm run test:e2e -- src/cli/commands/rehearse`.
  it.runIf(LONG)(
    'plays three months from planning to the patch, tells in a report what git and the index have, and is seen in a browser',
    async () => {
      const folder = join(root, 'whole');
      const { code, out, err } = await playedAndSeen(folder, ['--whole']);
      expect({ code, err: err.includes('error') }).toEqual({ code: 0, err: false });
      theyComeInOrder(out, WHOLE);
      itFitsInto80Columns(out, folder);
      await theReportIsRight(join(folder, '.signalbox/rehearsal'));
      // Three months and some thirty pages.
    },
    1_800_000,
  );
});

const WORKFLOW = `on: push
jobs:
  build:
    uses: acme/widget/.github/workflows/build.yml@main # not @main of others
  other:
    steps:
      - uses: actions/checkout@v4
      - uses: someorg/tool@main
`;

describe('the rehearsal from a repository of the user', () => {
  it('cuts release/9.9 from the exact commit, touches nothing of the source, and does nothing the second time', async () => {
    const source = join(root, 'acme', 'widget');
    const { commits } = await makeRepo({
      dir: source,
      commits: [
        { files: { '.github/workflows/ci.yml': WORKFLOW, 'README.md': 'widget\n' } },
        { files: { 'src/a.txt': 'a\n' } },
        { branch: 'release/1.0', files: { 'b.txt': 'b\n' } },
        { files: { 'src/a.txt': 'aa\n' } },
      ],
    });
    const base = commits.at(-1);
    const before = { files: await fingerprintOf(source), refs: await refsOf(source) };
    const folder = join(root, 'copied');
    const first = await signalbox(folder, ['rehearse', '--from', `acme/widget=${source}@main`]);
    expect({ code: first.code, text: first.err }).toMatchObject({ code: 0 });
    expect(first.out).toContain('What to try next');
    expect({ files: await fingerprintOf(source), refs: await refsOf(source) }).toEqual(before);
    const dir = join(folder, '.signalbox/rehearsal-from/world/repos/acme/widget.git');
    const refs = await refsOf(dir);
    expect(refs['refs/heads/orig/release/9.9']).toBe(base);
    expect((await testGit(dir, ['rev-list', `${base}..release/9.9`])).trim().split('\n')).toHaveLength(1);
    const edited = await testGit(dir, ['show', 'release/9.9:.github/workflows/ci.yml']);
    expect(edited).toBe(WORKFLOW.replace('build.yml@main', 'build.yml@release/9.9'));
    expect(await testGit(dir, ['fsck', '--strict'])).toBe('');
    const again = await signalbox(folder, ['rehearse', '--from', `acme/widget=${source}@main`]);
    expect(again.code).toBe(0);
    expect(again.out).not.toMatch(/^Plan p/mu);
    expect(await refsOf(dir)).toEqual(refs);
  });

  it.each([
    ['a repository that is not there', ['--from', '/nowhere/at/all'], 1, 'cannot be read'],
    ['a branch that is not there', ['--from', 'SOURCE@nosuch'], 1, 'has no branch'],
    ['an option in place of a repository', ['--from', '--upload-pack=touch'], 2, 'is not a repository'],
    ['a branch that looks like an option', ['--from', 'SOURCE@--exec=x'], 2, 'is not a repository'],
  ])('refuses %s in words', async (_case, args, code, words) => {
    const source = join(root, 'refused');
    if (!existsSync(source)) await makeRepo({ dir: source, commits: [{ files: { a: 'a\n' } }] });
    const given = args.map((word) => word.replace('SOURCE', source));
    const ran = await signalbox(join(root, 'refusals'), ['rehearse', ...given]);
    expect({ code: ran.code, said: ran.err.replaceAll(/\s+/gu, ' ').includes(words) ? words : ran.err }).toEqual({
      code,
      said: words,
    });
  });
});
