import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTrain, trainDigest } from './load.ts';
import { explainConfigProblem } from './problem.ts';
import { newTrainText } from './template.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-train-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function load(path = join(folder, 'train.yaml')) {
  return loadTrain(path, { presets: join(folder, 'presets') });
}

/** What is told about the train file, one line per mistake. */
async function told(content?: string | Uint8Array): Promise<readonly string[]> {
  if (content !== undefined) await write('train.yaml', content);
  const loaded = await load();
  return loaded.ok ? [] : loaded.problems.map((problem) => explainConfigProblem(problem, folder));
}

async function loaded(path?: string) {
  const result = await load(path);
  if (!result.ok) throw new Error(result.problems.map((problem) => explainConfigProblem(problem, folder)).join('\n'));
  return result.value;
}

const MINIMAL = `train: acme
title: Acme
product: acme
roles: {}
repos:
  core:
    role: core
    source: main
`;

describe('a train file', () => {
  it('that is minimal works', async () => {
    await write('train.yaml', MINIMAL);
    const { train, files } = await loaded();
    expect(train.repos).toMatchObject({ core: { role: 'core', source: 'main', main: 'main', onBranch: [] } });
    expect(train.branches.release).toBe('release/{line}');
    expect(files).toEqual([join(folder, 'train.yaml')]);
  });

  it('that init writes works, whatever it is asked to hold', async () => {
    const hostile = 'Acme "x": #1\n- [';
    await write(
      'train.yaml',
      newTrainText({
        train: 'acme',
        title: hostile,
        manager: 'on',
        core: { key: 'core', slug: 'acme/core', source: 'main' },
      }),
    );
    const { train } = await loaded();
    expect(train.title).toBe(hostile);
    expect(train.roles['release-manager']).toEqual(['on']);
  });

  it('has the same digest whatever the order of its keys, its comments and its spelled-out defaults', async () => {
    await write('train.yaml', MINIMAL);
    const first = await loaded();
    await write(
      'train.yaml',
      `# a comment\nmilestone: "{version}"\n${MINIMAL.replace('title: Acme\n', '')}title: "Acme"\n`,
    );
    const second = await loaded();
    expect(second.digest).toBe(first.digest);
    expect(trainDigest(second.train)).toBe(first.digest);
    await write('train.yaml', MINIMAL.replace('source: main', 'source: trunk'));
    expect((await loaded()).digest).not.toBe(first.digest);
  });

  it('may keep its matrix, its calendar and its texts beside it', async () => {
    await write('train.yaml', MINIMAL);
    await write('support.yaml', 'head: Acme version\n');
    await write('calendar.yaml', 'cadence:\n  "2.8":\n    cut: { on: 2025-06 }\n    release: { on: 2025-07-30 }\n');
    await write('texts/patch-criteria.md', 'It is broken.\n');
    const { train, files } = await loaded();
    expect(train.support.head).toBe('Acme version');
    expect(train.calendar.cadence).toMatchObject({ '2.8': { release: { on: '2025-07-30', state: 'fixed' } } });
    expect(train.texts).toEqual({ 'patch-criteria': 'It is broken.\n' });
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual([
      'train.yaml',
      'support.yaml',
      'calendar.yaml',
      'texts/patch-criteria.md',
    ]);
  });

  it('may not say the same in both places', async () => {
    await write('support.yaml', 'head: Acme version\n');
    expect(await told(`${MINIMAL}support: {}\n`)).toEqual([
      `train.yaml:9:1: support: stands here and in ${folder}/support.yaml beside this file; leave one of them out`,
    ]);
  });
});

describe('mistakes', () => {
  it('are all told at once, each with its place, what is allowed and what was meant', async () => {
    const text = `train: Acme
tittle: Acme
product: acme
roles: { release-manger: [rita] }
repos:
  core:
    role: cor
    source: --upload-pack=x
    versionFiles: version.txt
    since: 2.10
    version: { follow: cout }
    onBranch:
      - { id: one, kind: flie, files: [a], to: b }
      - { id: two, kind: file, file: [a], to: b }
      - { id: three, kind: replace, files: [], find: "", to: b, atLeast: -1 }
  Vision: { role: domain, source: main }
  2.7: { role: domain, source: main }
`;
    expect(await told(text)).toMatchInlineSnapshot(`
      [
        "train.yaml:1:1: title: is missing; it must be a text",
        "train.yaml:1:8: train: Acme: not a name of a train: lower-case letters, digits, dash",
        "train.yaml:2:1: tittle: there is no such key; allowed: train, title, product, forge, branches, candidates, milestone, tracker, pullRequests, committer, roles, readers, and 25 more; did you mean title?",
        "train.yaml:4:10: roles.release-manger: there is no such key; allowed: release-manager, repo-owner, triage-reviewer, approver; did you mean release-manager?",
        "train.yaml:7:11: repos.core.role: cor is not one of the words that may stand here; allowed: core, infra, domain, external; did you mean core?",
        "train.yaml:8:13: repos.core.source: --upload-pack=x: not a branch name that git accepts",
        "train.yaml:9:19: repos.core.versionFiles: must be a list, each: a text, not version.txt",
        "train.yaml:10:12: repos.core.since: put it in quotes: "2.10"; without them YAML reads the number 2.1",
        "train.yaml:11:24: repos.core.version.follow: cout is not one of the words that may stand here; allowed: same, count, listed; did you mean count?",
        "train.yaml:13:26: repos.core.onBranch[0].kind: flie is not one of the words that may stand here; allowed: workflow-refs, input, file, replace, submodule; did you mean file?",
        "train.yaml:14:9: repos.core.onBranch[1].files: is missing; it must be a list, each: a text",
        "train.yaml:14:32: repos.core.onBranch[1].file: there is no such key for kind file; allowed: id, since, until, atLeast, kind, files, to; did you mean files?",
        "train.yaml:15:44: repos.core.onBranch[2].files: must not be empty",
        "train.yaml:15:54: repos.core.onBranch[2].find: must not be empty",
        "train.yaml:15:74: repos.core.onBranch[2].atLeast: -1: must be at least 0",
        "train.yaml:16:3: repos.Vision: not a repository name of a train: lower-case letters, digits, dot, dash",
        "train.yaml:17:3: repos."2.7": put the key in quotes: "2.7"; without them YAML reads the number 2.7",
      ]
    `);
  });

  it('that lie between keys are told in the same run as those of single keys', async () => {
    const text = `${MINIMAL}    owner: [otto]
  vision: { role: core, source: main, since: "2.9", until: "2.8", version: { follow: count } }
  text: { role: domain, source: main, branch: "-{line}", onBranch: [{ id: pin, kind: file, files: [pin.txt], to: "{branch:visoin}" }] }
  same: { role: domain, source: main, branch: "orig/release/{line}" }
tutorials: { repo: tutorial }
trainFile: { repo: ops, path: ../train.yaml }
`;
    expect(await told(text)).toMatchInlineSnapshot(`
      [
        "train.yaml:9:5: repos.core.owner: there is no such key; allowed: role, slug, remote, version, source, main, branch, cutPoint, otherBranches, versionFiles, packages, since, and 10 more; did you mean owners?",
        "train.yaml:10:19: repos.vision.role: only one repository may be core, and core already is",
        "train.yaml:10:60: repos.vision.until: 2.8 comes before since, 2.9",
        "train.yaml:10:76: repos.vision.version: follow: count needs \`pair\`: one line of the train and the repository's line that belongs to it",
        "train.yaml:11:47: repos.text.branch: -{line} does not give a branch name that git accepts",
        "train.yaml:11:114: repos.text.onBranch[0].to: {branch:visoin} names no repository of the train; allowed: core, vision, text, same; did you mean vision?",
        "train.yaml:12:47: repos.same.branch: release branch and cut point are the same branch",
        "train.yaml:13:20: tutorials.repo: tutorial is no repository of the train; allowed: core, vision, text, same",
        "train.yaml:14:20: trainFile.repo: ops is no repository of the train; allowed: core, vision, text, same",
        "train.yaml:14:31: trainFile.path: ../train.yaml: not a path of a file in a repository: a/b.json, without a slash at the front",
      ]
    `);
  });

  it.each([
    ['a key twice', `${MINIMAL}title: Other\n`, 'train.yaml:9:1: title: stands here twice; first in line 2'],
    ['a tab as indent', `${MINIMAL}forge:\n\tweb: x\n`, 'train.yaml:10:1: a tab indents this line; indent with spaces'],
    [
      'a second document',
      `${MINIMAL}---\ntrain: b\n`,
      'train.yaml:9:1: a second document begins here (---); a train file is one',
    ],
    ['a list', '- a\n- b\n', 'train.yaml:1:1: a train file is a map of keys, for example `title: PyTorch`'],
    ['a word', 'hello\n', 'train.yaml:1:1: a train file is a map of keys, for example `title: PyTorch`'],
    ['only comments', '# nothing\n', 'train.yaml:1:1: holds nothing but comments'],
    [
      'the rules of YAML 1.1',
      `%YAML 1.1\n---\n${MINIMAL}`,
      'train.yaml:1:1: is marked as YAML 1.1; train files are YAML 1.2: leave the %YAML line out',
    ],
    [
      'a tag of another language',
      `${MINIMAL}milestone: !!js/function "x"\n`,
      'train.yaml:9:12: is not YAML: unresolved tag: tag:yaml.org,2002:js/function',
    ],
    [
      'a key that JavaScript gives a meaning',
      `${MINIMAL}__proto__: { polluted: true }\n`,
      'train.yaml:9:1: this key is not a word',
    ],
    [
      'no such anchor',
      `${MINIMAL}milestone: *gone\n`,
      'train.yaml:9:12: milestone: there is no anchor &gone before this',
    ],
    [
      'a terminal escape as a key',
      `${MINIMAL}"\\e[31mred": 1\n`,
      'train.yaml:9:1: "\\u001b[31mred": there is no such key',
    ],
    [
      'a text that is nothing',
      MINIMAL.replace('title: Acme', 'title:'),
      'train.yaml:2:7: title: must be a text, not nothing',
    ],
  ])('%s is refused', async (_what, content, text) => {
    const [first = ''] = await told(content);
    expect(first.replace(/; allowed: .*/, '')).toBe(text);
  });
});

describe('a file that is no train file', () => {
  it('may not end a phase of minor releases by a milestone that patch releases have', async () => {
    const milestone =
      'calendar: { milestones: [{ id: P1, title: Picks end, anchor: patch }, { id: M4, title: Final, anchor: release }] }\n';
    const phase = 'picks: { phases: [{ id: one, title: One, releases: minor, classes: [], until: P1 }] }\n';
    const [line] = await told(`${MINIMAL}${milestone}${phase}`);
    expect(line).toContain('P1 is a milestone of patch releases, and this phase is of minor ones');
    expect(await told(`${MINIMAL}${milestone}${phase.replace('minor', 'patch')}`)).toEqual([]);
  });

  it('is refused when it is not there, saying how to make one', async () => {
    expect(await told()).toEqual(['train.yaml:1:1: there is no such file; `signalbox init` writes a new train file']);
  });

  it('is refused when it is a folder', async () => {
    await mkdir(join(folder, 'train.yaml'));
    expect(await told()).toEqual(['train.yaml:1:1: cannot be read: it is not a file']);
  });

  it.each([
    ['empty', '', 'train.yaml:1:1: is empty'],
    ['blank', ' \n\n \n', 'train.yaml:1:1: is empty'],
    [
      'binary',
      new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0x0a, 0x00, 0x01]),
      'train.yaml:2:1: holds a zero byte: it is binary, or cut off by a crash; a train file is UTF-8 text',
    ],
    [
      'Latin-1',
      Buffer.concat([Buffer.from('train: acme\ntitle: Stra'), Buffer.from([0xdf]), Buffer.from('e\n')]),
      'train.yaml:2:1: is not valid UTF-8 here; save it as UTF-8',
    ],
    ['UTF-16', Buffer.from(`\ufeff${MINIMAL}`, 'utf16le'), 'train.yaml:1:1: is saved as UTF-16; save it as UTF-8'],
    [
      '10 MB large',
      'a'.repeat(10_000_000),
      'train.yaml:1:1: is larger than 512 KiB; a train file is a few pages of text',
    ],
  ])('is refused when it is %s', async (_what, content, text) => {
    expect(await told(content)).toEqual([text]);
  });

  it('may begin with a byte order mark', async () => {
    await write('train.yaml', `\ufeff${MINIMAL}`);
    expect((await loaded()).train.train).toBe('acme');
  });

  it('is never taken for a whole one when it is cut off, wherever', async () => {
    const whole = `${MINIMAL}  vision: { role: domain, source: "main" }\nmilestone: "{version}"\n`;
    const lastNeeded = whole.indexOf('source: main') + 'source: m'.length;
    for (let length = 0; length < lastNeeded; length += 1) {
      const lines = await told(whole.slice(0, length));
      expect([length, lines.length > 0]).toEqual([length, true]);
      expect(lines.every((line) => /^train\.yaml:\d+:\d+: /.test(line))).toBe(true);
    }
    expect(await told(whole)).toEqual([]);
  });

  it('is named as perhaps cut off when a quote stays open', async () => {
    expect(await told(`${MINIMAL}milestone: "{vers`)).toEqual([
      'train.yaml:9:18: a bracket or quote that was opened is not closed; is the file cut off?',
    ]);
  });
});

describe('a YAML bomb', () => {
  const layers = Array.from(
    { length: 12 },
    (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(10)}]`,
  );

  it.each([
    [
      'of lists',
      `a0: &a0 [x]\n${layers.join('\n')}\n`,
      /^train\.yaml:\d+:\d+: unfolds into more than 60000 values; repeated anchors/,
    ],
    ['around itself', 'a: &a [*a]\n', /^train\.yaml:1:\d+: is nested more than 40 levels deep/],
    ['of brackets', '['.repeat(400_000), /^train\.yaml:1:\d+: is nested too deeply/],
    ['of maps', '{a: '.repeat(100_000), /^train\.yaml:1:\d+: is nested too deeply/],
    ['of dashes', '- '.repeat(200_000), /^train\.yaml:1:\d+: is nested too deeply/],
    ['of anchors', '&a '.repeat(100_000), /^train\.yaml:1:\d+: is not YAML: a node can have at most one anchor/],
    ['of closing brackets', '}'.repeat(100_000), /^train\.yaml:1:1: is not YAML: unexpected flow-map-end token/],
    ['of keys', `${Array.from({ length: 40_000 }, (_, index) => `key${index}: v`).join('\n')}\n`, /^train\.yaml:1:1: /],
  ])('%s is refused', async (_what, content, text) => {
    const lines = await told(content);
    const bomb = lines.filter((line) => text.test(line));
    expect(bomb.length).toBeGreaterThan(0);
    expect(lines.join('\n').length).toBeLessThan(20_000_000);
  });

  it('is not made of the few anchors that people use', async () => {
    await write(
      'train.yaml',
      `${MINIMAL}    onBranch: &edits\n      - { id: a, kind: file, files: [a], to: b }\n  infra: { role: infra, source: main, onBranch: *edits }\n`,
    );
    expect((await loaded()).train.repos).toMatchObject({ infra: { onBranch: [{ id: 'a' }] } });
  });
});

describe('a train that extends another', () => {
  const PRESET = `train: base
title: Base
product: base
roles: { release-manager: [rita, otto] }
repos:
  core: { role: core, source: main }
  infra: { role: infra, source: main, owners: [olga] }
`;

  it('merges maps, replaces lists, and takes away what is null', async () => {
    await write('presets/base/train.yaml', PRESET);
    await write('presets/base/texts/note.md', 'Inherited.\n');
    await write(
      'train.yaml',
      'extends: base\ntitle: Own\nroles: { release-manager: [ada] }\nrepos:\n  infra: null\n  core: { cutPoint: null, owners: [otto] }\n  vision: { role: domain, source: main }\n',
    );
    const { train, files } = await loaded();
    expect([train.train, train.title, train.roles['release-manager'], train.texts]).toEqual([
      'base',
      'Own',
      ['ada'],
      { note: 'Inherited.\n' },
    ]);
    expect(Object.keys(train.repos)).toEqual(['core', 'vision']);
    expect(train.repos).toMatchObject({ core: { role: 'core', cutPoint: null, owners: ['otto'] } });
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual([
      'train.yaml',
      'presets/base/train.yaml',
      'presets/base/texts/note.md',
    ]);
  });

  it('may stand in a chain of files and folders', async () => {
    await write('presets/base/train.yaml', PRESET);
    await write('middle/train.yaml', 'extends: base\ntitle: Middle\nproduct: middle\n');
    await write('own/mine.yaml', 'extends: ../middle\ntitle: Own\n');
    const { train } = await loaded(join(folder, 'own/mine.yaml'));
    expect([train.train, train.product, train.title]).toEqual(['base', 'middle', 'Own']);
  });

  it('shows a mistake in the file in which it was made', async () => {
    await write('presets/base/train.yaml', PRESET.replace('role: infra', 'role: infar'));
    expect(await told('extends: base\ntitle: Own\nrepos:\n  core: { rolle: core }\n')).toEqual([
      'presets/base/train.yaml:7:18: repos.infra.role: infar is not one of the words that may stand here; allowed: core, infra, domain, external; did you mean infra?',
      expect.stringMatching(
        /^train\.yaml:4:11: repos\.core\.rolle: there is no such key; allowed: role, slug, .*; did you mean role\?$/,
      ),
    ]);
  });

  it('shows what the merged whole contradicts', async () => {
    await write('presets/base/train.yaml', PRESET);
    expect(await told('extends: base\nrepos:\n  infra: { role: core }\n')).toEqual([
      'train.yaml:3:18: repos.infra.role: only one repository may be core, and core already is',
    ]);
  });

  it.each([
    [
      'itself',
      'extends: ./train.yaml\n',
      /^train\.yaml:1:10: extends: goes in a circle: .*train\.yaml extends .*train\.yaml$/,
    ],
    [
      'a preset that there is not',
      'extends: bsae\n',
      /^train\.yaml:1:10: extends: there is no preset bsae; allowed: base, a path that begins with \.\/ or \.\.\/; did you mean base\?$/,
    ],
    [
      'a file that there is not',
      'extends: ./gone.yaml\n',
      /^train\.yaml:1:10: extends: there is no file .*gone\.yaml$/,
    ],
    [
      'a path that climbs out of the presets',
      'extends: base/../../x\n',
      /^train\.yaml:1:10: extends: there is no preset base\/\.\.\/\.\.\/x/,
    ],
    ['a list', 'extends: [base]\n', /^train\.yaml:1:10: extends: must name a preset or a path/],
    [
      'a preset, taking away what it has not',
      'extends: base\nrepos: { visoin: null }\n',
      /^train\.yaml:2:10: repos\.visoin: null takes an inherited key away, but none of this name is inherited; allowed: core, infra$/,
    ],
  ])('is refused when it extends %s', async (_what, content, text) => {
    await write('presets/base/train.yaml', PRESET);
    const lines = await told(content);
    expect(lines.filter((line) => text.test(line))).toHaveLength(1);
  });

  it('is refused when two files extend each other', async () => {
    await write('other.yaml', 'extends: ./train.yaml\n');
    const [line] = await told('extends: ./other.yaml\n');
    expect(line).toMatch(/^other\.yaml:1:10: extends: goes in a circle: /);
  });
});
