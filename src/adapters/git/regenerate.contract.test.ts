import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GeneratedFiles } from '../../domain/generated-files.ts';
import { branchRef, ObjectId } from '../../domain/git-names.ts';
import type { Git, PickAnswer, PickDraft, RemoteRepo } from '../../ports/git.ts';
import { addCommits, fingerprintOf, makeRepo, testGit, treeOf, type MadeCommit } from '../../testing/git-repos.ts';
import { gitAdapter } from './index.ts';

const SECRET = 'ghp_of_the_release_manager';
const WORKFLOW = '.github/workflows/generated.yml';

/** Writes one line for all jobs together, so that two changes to it conflict wherever they are. */
const GENERATOR = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const jobs = readFileSync('jobs.txt', 'utf8').trim().split('\\n').filter((job) => job.startsWith('job'));
mkdirSync('.github/workflows', { recursive: true });
writeFileSync('${WORKFLOW}', 'jobs: [' + jobs.join(', ') + ']\\n');
writeFileSync('cache.tmp', 'left behind');
`;
const RULE: GeneratedFiles = { files: ['.github/workflows/generated*.yml'], command: ['node', 'generate.mjs'] };

/** Jobs far from each other, so that the list itself merges. */
const jobs = (...names: readonly string[]): string =>
  Array.from(
    { length: 12 },
    (_, index) => `${names.find((name) => name.endsWith(`-${index}`)) ?? `# ${index}`}\n`,
  ).join('');
const made = (...names: readonly string[]): string => `jobs: [${names.join(', ')}]\n`;

/** A rule whose command is a program of its own in the repository. */
const running = (script: string, more: Partial<GeneratedFiles> = {}): Partial<PickDraft> => ({
  generated: [{ ...RULE, command: ['node', '--input-type=module', '-e', script], ...more }],
});

describe('generated files of a pick', () => {
  let root = '';
  let git: Git;
  let count = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'signalbox-generated-'));
    const environment = { ...process.env, GITHUB_TOKEN: SECRET, HOME: root };
    git = gitAdapter({ mirrors: join(root, 'mirrors'), environment, limits: { commandBytes: 100_000 } });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  interface World {
    readonly at: RemoteRepo;
    readonly dir: string;
    readonly fix: ObjectId;
    readonly pick: (more?: Partial<PickDraft>, by?: Git) => Promise<PickAnswer>;
  }

  /** Main has jobs 1 and 9, the line only 1; the change adds job 5. The list merges, what is generated from it conflicts. */
  async function world(more: MadeCommit['files'] = {}, line: MadeCommit['files'] = {}): Promise<World> {
    count += 1;
    const dir = join(root, `r${count}.git`);
    const base = {
      'jobs.txt': jobs('job-1'),
      [WORKFLOW]: made('job-1'),
      'generate.mjs': GENERATOR,
      '.gitignore': '*.tmp\n',
    };
    await makeRepo({ dir, commits: [{ message: 'Begin', files: { ...base, ...more } }] });
    await testGit(dir, ['branch', 'release/2.8', 'main']);
    const ids = await addCommits(dir, [
      {
        message: 'A job of main alone (#6)',
        files: { 'jobs.txt': jobs('job-1', 'job-9'), [WORKFLOW]: made('job-1', 'job-9') },
      },
      {
        message: 'A job for the release (#7)',
        files: { 'jobs.txt': jobs('job-1', 'job-5', 'job-9'), [WORKFLOW]: made('job-1', 'job-5', 'job-9') },
      },
      { branch: 'release/2.8', message: 'Begin the branch', files: { 'branch.txt': 'x\n', ...line } },
    ]);
    const fix = ObjectId.parse(ids[1]);
    const at = { repo: `r${count}`, remote: dir };
    return {
      at,
      dir,
      fix,
      async pick(draft = {}, by = git) {
        await by.fetch(at, [branchRef('main'), branchRef('release/2.8')]);
        const onto = ObjectId.parse((await testGit(dir, ['rev-parse', 'release/2.8'])).trim());
        const committer = { name: 'Signalbox', email: 'signalbox@localhost' };
        const rules = { generated: [RULE] };
        return by.pickCommits(at, {
          onto,
          commits: [fix],
          does: 'pick',
          committer,
          conflicts: 'stop',
          ...rules,
          ...draft,
        });
      },
    };
  }

  it('are made again by their command: exactly the tree that people would have made', async () => {
    const one = await world();
    const answer = await one.pick();
    if (!answer.picked) throw new Error(JSON.stringify(answer));
    expect(answer.regenerated).toEqual([{ of: one.fix, rule: RULE, paths: [WORKFLOW] }]);
    expect(answer.files).toEqual([WORKFLOW, 'jobs.txt']);
    expect(await git.push(one.at, [{ ref: branchRef('picked'), from: null, to: answer.commit }])).toEqual({
      pushed: true,
    });
    const [byHand] = await addCommits(one.dir, [
      {
        branch: 'by-hand',
        files: { 'jobs.txt': jobs('job-1', 'job-5'), [WORKFLOW]: made('job-1', 'job-5'), 'branch.txt': 'x\n' },
      },
    ]);
    await testGit(one.dir, ['cat-file', '-e', `${byHand ?? ''}^{tree}`]);
    expect((await treeOf(one.dir, 'picked'))[WORKFLOW]).toBe((await treeOf(one.dir, byHand ?? ''))[WORKFLOW]);
    expect((await treeOf(one.dir, 'picked'))['jobs.txt']).toBe((await treeOf(one.dir, byHand ?? ''))['jobs.txt']);
    expect(Object.keys(await treeOf(one.dir, 'picked'))).not.toContain('cache.tmp');
  });

  it('are made again the same, in a mirror of another machine as well', async () => {
    const one = await world();
    const other = gitAdapter({ mirrors: join(root, 'elsewhere') });
    expect(await one.pick({}, other)).toEqual(await one.pick());
  });

  it('stay a conflict where the train has no command for them, and where another file conflicts too', async () => {
    const one = await world();
    const conflict = { picked: false, because: 'conflict', conflicts: [{ path: WORKFLOW }] };
    expect(await one.pick({ generated: [] })).toMatchObject(conflict);
    expect(await one.pick({ generated: [{ ...RULE, files: ['*.md'] }] })).toMatchObject(conflict);
    const both = await world({}, { 'jobs.txt': jobs('job-2', 'line-5') });
    const answer = await both.pick();
    expect(answer).toMatchObject({ picked: false, because: 'conflict' });
    const paths = !answer.picked && answer.because === 'conflict' ? answer.conflicts.map(({ path }) => path) : [];
    expect(paths.toSorted()).toEqual([WORKFLOW, 'jobs.txt']);
  });

  it('that main does not make any more may be gone from the result', async () => {
    const one = await world({}, { [WORKFLOW]: null });
    const answer = await one.pick(running('', {}));
    expect(answer).toMatchObject({ picked: true, files: ['jobs.txt'] });
  });

  const failures = [
    ['ends with an error', `console.error('no template'); process.exit(3)`, 'failed', 'no template'],
    [
      'touches another file',
      `import('node:fs').then((fs) => { fs.writeFileSync('${WORKFLOW}', 'x'); fs.appendFileSync('generate.mjs', '//'); })`,
      'other-files',
      'generate.mjs',
    ],
    [
      'makes another file',
      `import('node:fs').then((fs) => { fs.writeFileSync('${WORKFLOW}', 'x'); fs.writeFileSync('evil.sh', 'x'); })`,
      'other-files',
      'evil.sh',
    ],
    [
      'deletes another file',
      `import('node:fs').then((fs) => { fs.writeFileSync('${WORKFLOW}', 'x'); fs.rmSync('branch.txt'); })`,
      'other-files',
      'branch.txt',
    ],
    ['does not make it', `1`, 'not-made', WORKFLOW],
    [
      'makes a link of it',
      `import('node:fs').then((fs) => fs.symlinkSync('/etc/passwd', '${WORKFLOW}'))`,
      'not-a-file',
      WORKFLOW,
    ],
    [
      'makes its folder a link',
      `import('node:fs').then((fs) => { fs.rmSync('.github', { recursive: true }); fs.mkdirSync('../home/workflows'); fs.symlinkSync('../home', '.github'); fs.writeFileSync('${WORKFLOW}', 'x'); })`,
      'other-files',
      '.github',
    ],
    [
      'prints without end',
      `import('node:fs').then((fs) => { for (;;) fs.writeSync(1, 'and on'.repeat(1000)); })`,
      'output',
      '',
    ],
  ] as const;
  it.each(failures)('are not taken from a command that %s', async (_name, script, why, detail) => {
    const one = await world();
    const before = await fingerprintOf(one.dir);
    const answer = await one.pick(running(script));
    expect(answer).toMatchObject({ picked: false, because: 'regeneration', commit: one.fix, paths: [WORKFLOW], why });
    expect(!answer.picked && answer.because === 'regeneration' ? answer.detail : 'no detail').toContain(detail);
    expect(await fingerprintOf(one.dir)).toBe(before);
  });

  it('are not taken from a command that is not there', async () => {
    const one = await world();
    const answer = await one.pick({ generated: [{ ...RULE, command: ['no-such-generator'] }] });
    expect(answer).toMatchObject({ picked: false, because: 'regeneration', command: ['no-such-generator'] });
    expect(JSON.stringify(answer)).toContain('no-such-generator');
  });

  it('are not waited for: a command that never ends is ended with all that it started', async () => {
    const one = await world();
    const impatient = gitAdapter({ mirrors: join(root, 'impatient'), limits: { commandMillis: 1500 } });
    const mark = `signalbox-child-${count}-${process.pid}`;
    const forever = `
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', '${mark}'], { stdio: 'inherit' });
      console.log('started');
      setInterval(() => {}, 1e6);`;
    expect(await one.pick(running(forever), impatient)).toMatchObject({
      picked: false,
      because: 'regeneration',
      why: 'time',
      detail: 'started',
    });
    expect(await processesNaming(mark)).toEqual([]);
  });

  it('are made without secrets: not in the environment, at home, or in the environment of who started it', async () => {
    const one = await world();
    const look = `
      import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
      const seen = [JSON.stringify(process.env), ...readdirSync(process.env.HOME)];
      for (const pid of [process.ppid, process.pid]) {
        try { seen.push(readFileSync('/proc/' + pid + '/environ', 'latin1')); } catch (error) { seen.push(error.code); }
      }
      writeFileSync('${WORKFLOW}', seen.join('\\n').replaceAll('\\0', '\\n'));`;
    const answer = await one.pick(running(look));
    if (!answer.picked) throw new Error(JSON.stringify(answer));
    const [file] = await git.files(one.at, answer.commit, [WORKFLOW]);
    expect(file?.text).toContain('SOURCE_DATE_EPOCH');
    expect(file?.text).not.toContain(SECRET);
    expect(file?.text).not.toMatch(/TOKEN|SSH_AUTH_SOCK|DATABASE_URL|AWS_/u);
    const names = Object.keys(
      z.record(z.string(), z.string()).parse(JSON.parse((file?.text ?? '').split('\n')[0] ?? '{}')),
    );
    expect(names.toSorted()).toEqual([
      'GIT_CONFIG_GLOBAL',
      'GIT_CONFIG_NOSYSTEM',
      'GIT_TERMINAL_PROMPT',
      'HOME',
      'LC_ALL',
      'PATH',
      'SOURCE_DATE_EPOCH',
      'TMPDIR',
      'TZ',
    ]);
  });

  it('are made where no hook, filter or setting of user or repository runs, and nothing is left behind', async () => {
    const ran = join(root, 'ran');
    const evil = `touch ${ran}; cat`;
    await writeFile(
      join(root, '.gitconfig'),
      `[core]\n\thooksPath = .hooks\n\tfsmonitor = "${evil}"\n[filter "evil"]\n\tclean = "${evil}"\n\tsmudge = "${evil}"\n`,
    );
    const one = await world({
      '.gitattributes': '* filter=evil\n',
      '.hooks/post-checkout': { run: `#!/bin/sh\ntouch ${ran}\n` },
      '.hooks/post-index-change': { run: `#!/bin/sh\ntouch ${ran}\n` },
    });
    const before = await throwAways();
    expect(await one.pick()).toMatchObject({ picked: true, files: [WORKFLOW, 'jobs.txt'] });
    expect(await one.pick(running('process.exit(1)'))).toMatchObject({ picked: false });
    expect(await throwAways()).toEqual(before);
    expect(await readdir(root)).not.toContain('ran');
  });

  it('of a stack are made again for each commit that needs it', async () => {
    const one = await world();
    const [second] = await addCommits(one.dir, [
      {
        message: 'One more (#8)',
        files: {
          'jobs.txt': jobs('job-1', 'job-3', 'job-5', 'job-9'),
          [WORKFLOW]: made('job-1', 'job-3', 'job-5', 'job-9'),
        },
      },
    ]);
    const next = ObjectId.parse(second);
    const answer = await one.pick({ commits: [one.fix, next] });
    if (!answer.picked) throw new Error(JSON.stringify(answer));
    expect(answer.regenerated.map(({ of }) => of)).toEqual([one.fix, next]);
    expect((await git.files(one.at, answer.commit, [WORKFLOW]))[0]?.text).toBe(made('job-1', 'job-3', 'job-5'));
  });
});

async function throwAways(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('signalbox-generate-')).toSorted();
}

/** The processes of this machine whose command line holds the mark, where the system tells. */
async function processesNaming(mark: string): Promise<readonly string[]> {
  const all = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    all
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        const line = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
        return line.includes(mark) ? [pid] : [];
      }),
  );
  return found.flat();
}
