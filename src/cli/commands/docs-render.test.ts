import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trainDocuments } from '../../app/docs/index.ts';
import { GATE_FAMILIES } from '../../app/judge.ts';
import { loadTrain } from '../../config/load.ts';
import { shippedPresets } from '../../config/sources.ts';
import { GATE_STAGES } from '../../domain/gate-families.ts';
import { cliRun } from '../../testing/cli-terminal.ts';
import { COMMANDS } from './index.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const preset = join(shippedPresets(), 'pytorch', 'train.yaml');
const loaded = await loadTrain(preset);
if (!loaded.ok) throw new Error('the preset has mistakes');
const { train } = loaded.value;
const documents = new Map(trainDocuments(train).map(({ path, text }) => [path, text]));
const release = documents.get('RELEASE.md') ?? '';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-docs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Headings of the release document that people kept by hand, and the heading here where it is another. */
const HEADINGS: readonly (readonly [seed: string, here?: string])[] = [
  ['Release Compatibility Matrix'],
  ['Release Cadence'],
  ['General Overview'],
  ['Frequently Asked Questions'],
  ['Cutting a release branch preparations'],
  ['Cutting release branches'],
  ['`pytorch/pytorch`'],
  ['PyTorch ecosystem libraries'],
  ['Making release branch specific changes for PyTorch'],
  ['Making release branch specific changes for ecosystem libraries'],
  ['Running Launch Execution team Core XFN sync'],
  ['Drafting RCs (Release Candidates) for PyTorch and domain libraries'],
  ['Release Candidate Storage'],
  ['Release Candidate health validation'],
  ['Cherry Picking Fixes'],
  ['How to do Cherry Picking'],
  ['Cherry Picking Reverts'],
  ['Preparing and Creating Final Release Candidate'],
  ['Promoting RCs to Stable'],
  ['Additional Steps to prepare for release day'],
  ['Modify release matrix'],
  // Every ask of the train has a part there.
  ['Open Google Colab issue', 'What is asked of others'],
  ['Patch Releases'],
  ['Patch Release Criteria'],
  ['Patch Release Process'],
  ['Patch Release Process Description'],
  ['Triage'],
  ['Issue Tracker for Patch releases'],
  ['Building a release schedule / cherry picking'],
  ['Building Binaries / Promotion to Stable'],
  ['Hardware / Software Support in Binary Build Matrix'],
  ['Python'],
  ['Accelerator Software'],
  ['Special support cases'],
  ['Operating Systems'],
  ['Submitting Tutorials'],
  ['Special Topics'],
  ['Updating submodules for a release'],
  ['Triton dependency for the release'],
];

describe('the release document of PyTorch', () => {
  it('has a counterpart for every heading of the one that was kept by hand, and names no other as its own', () => {
    const here = [...release.matchAll(/^#+ (.+)$/gmu)].map(([, title]) => title);
    const missing = HEADINGS.filter(([seed, other]) => !here.includes(other ?? seed));
    expect(missing).toEqual([]);
    expect(new Set(here).size).toBe(here.length);
  });

  const seed = join(REPOSITORY, '..', 'shared', 'seed');
  it.runIf(existsSync(seed))('knows every heading of the seed', () => {
    const text = readdirSync(seed)
      .map((file) => readFileSync(join(seed, file), 'utf8'))
      .join('\n');
    const contents = [...text.slice(0, text.indexOf('## ')).matchAll(/- \[([^\]]+)\]\(#/gu)].map(([, title]) => title);
    expect(HEADINGS.map(([title]) => title)).toEqual(contents);
  });

  it('has no section without text, and a link for every heading', () => {
    expect(release).not.toMatch(/^(#+) [^\n]+\n+(?=\1 |# |$(?![\s\S]))/mu);
    const anchors = [...release.matchAll(/^ *- \[.+\]\(#(.+)\)$/gmu)].map(([, anchor]) => anchor);
    expect(new Set(anchors).size).toBe(anchors.length);
    expect(anchors.length).toBe([...release.matchAll(/^##+ /gmu)].length);
  });

  it('says what the train file says', () => {
    const released = Object.values(train.repos).filter(({ role }) => role !== 'external');
    for (const { slug } of released) expect(release).toContain(`[${slug}](`);
    for (const name of Object.keys(train.picks.classes)) expect(release).toContain(`| \`${name}\` |`);
    for (const { requirement } of train.dependencies['triton']?.rules ?? []) expect(release).toContain(requirement);
    for (const { title } of train.releaseDay.steps) expect(release).toContain(title);
  });
});

it('tells of every gate there is, and of no other', () => {
  const told = GATE_STAGES.flatMap(({ gates }) => gates.map(({ family }) => family));
  // Two are no judging of a stage: the ledger alone decides them.
  const all = [...GATE_FAMILIES, 'release-abandoned', 'train-frozen'];
  expect(told.toSorted()).toEqual([...new Set(all)].toSorted());
  for (const family of told) expect(documents.get('GATES.md')).toContain(`| \`${family}\` |`);
});

it('names only commands and flags that there are', () => {
  const lines = [...documents.values()].flatMap((text) =>
    [...text.matchAll(/^signalbox .+$/gmu)].map(([line]) => line),
  );
  expect(lines.length).toBeGreaterThan(60);
  const wrong = lines.filter((line) => {
    const typed = line.split(' ').slice(1);
    const command = COMMANDS.find(({ words }) => words.every((word, index) => typed[index] === word));
    const flags = typed.filter((word) => word.startsWith('-')).map((word) => word.replace(/^-+/u, ''));
    const known = [...(command?.flags ?? []), { name: 'dry-run', short: 'n' }];
    return (
      command === undefined || flags.some((flag) => !known.some(({ name, short }) => flag === name || flag === short))
    );
  });
  expect(wrong).toEqual([]);
});

it('is what lies in docs/pytorch', async () => {
  for (const [path, text] of documents)
    expect(
      await readFile(join(REPOSITORY, 'docs', 'pytorch', path), 'utf8'),
      `signalbox docs render docs/pytorch --train pytorch`,
    ).toBe(text);
});

const render = (...argv: readonly string[]) => cliRun(['docs', 'render', folder, '--train', 'pytorch', ...argv]);

describe('docs render', () => {
  it('writes the documents once, and then finds them as they are', async () => {
    const first = await render();
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toContain('RELEASE.md written.');
    expect(await readFile(join(folder, 'RELEASE.md'), 'utf8')).toBe(release);
    expect((await readdir(join(folder, 'runbooks'))).toSorted()).toEqual([
      'approver.md',
      'auditor.md',
      'change-author.md',
      'release-manager.md',
      'repo-owner.md',
      'triage-reviewer.md',
    ]);
    const second = await render('--plain');
    expect(second.out.split('\n').filter((line) => line !== '')).toHaveLength(documents.size);
    expect(second.out).not.toMatch(/new|differs/u);
  });

  it('with --check writes nothing, and ends with 10 where a document differs', async () => {
    expect((await render('--check')).code).toBe(10);
    expect(await readdir(folder)).toEqual([]);
    await render();
    expect((await render('--check')).code).toBe(0);
    await writeFile(join(folder, 'RELEASE.md'), `${release}\nA line by hand.\n`);
    const differs = await render('--check');
    expect(differs.code).toBe(10);
    expect(differs.out).toContain('RELEASE.md differs from the train file.');
  });

  it('never writes over a document that people wrote', async () => {
    await writeFile(join(folder, 'GATES.md'), '# Ours\n');
    const refused = await render();
    expect(refused.code).toBe(5);
    expect(refused.err).toContain('was left as it is');
    expect(await readdir(folder)).toEqual(['GATES.md']);
    expect(await readFile(join(folder, 'GATES.md'), 'utf8')).toBe('# Ours\n');
  });
});
