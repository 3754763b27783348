import { describe, expect, it } from 'vitest';
import { editFile } from './file.ts';
import { editInput } from './input.ts';
import { joinLines, splitLines, type EditedText } from './lines.ts';
import { matchesPath, withYamlTwins } from './paths.ts';
import { editReplace } from './replace.ts';
import { editSubmodule } from './submodule.ts';
import { editWorkflowRefs, type ManagedRepos } from './workflow-refs.ts';
import { scanYaml } from './yaml-scan.ts';

const MANAGED: ManagedRepos = new Map([
  ['acme/infra', { key: 'infra', branch: 'release/2.8' }],
  ['acme/vision', { key: 'vision', branch: 'release/0.23' }],
  ['acme/watched', { key: 'watched', branch: null }],
]);
const refs = (content: string): EditedText => editWorkflowRefs(content, 'main', MANAGED);
const whys = ({ unmanaged }: EditedText): readonly string[] => unmanaged.map(({ line, why }) => `${line}: ${why}`);

describe('workflow references', () => {
  it.each([
    [
      'a plain value',
      '      uses: acme/infra/.github/workflows/x.yml@main',
      '      uses: acme/infra/.github/workflows/x.yml@release/2.8',
    ],
    ['the step of a list', '      - uses: acme/infra@main', '      - uses: acme/infra@release/2.8'],
    ['another repository, by its own number', '- uses: acme/vision/a@main', '- uses: acme/vision/a@release/0.23'],
    ['single quotes', "uses: 'acme/infra@main'", "uses: 'acme/infra@release/2.8'"],
    ['double quotes', 'uses: "acme/infra@main"', 'uses: "acme/infra@release/2.8"'],
    ['a quoted key', '"uses": acme/infra@main', '"uses": acme/infra@release/2.8'],
    ['a comment behind it', 'uses: acme/infra@main # @main', 'uses: acme/infra@release/2.8 # @main'],
    ['spaces behind the value', 'uses:   acme/infra@main   ', 'uses:   acme/infra@release/2.8   '],
    ['the full name of the branch', 'uses: acme/infra@refs/heads/main', 'uses: acme/infra@refs/heads/release/2.8'],
    ['the owner in other letters', 'uses: Acme/Infra/x@main', 'uses: Acme/Infra/x@release/2.8'],
    ['flow style', '- { uses: acme/infra@main, with: { a: b } }', '- { uses: acme/infra@release/2.8, with: { a: b } }'],
    [
      'every match of a line',
      'steps: [{uses: acme/infra@main}, {uses: "acme/vision@main"}, {uses: acme/infra/x@main}]',
      'steps: [{uses: acme/infra@release/2.8}, {uses: "acme/vision@release/0.23"}, {uses: acme/infra/x@release/2.8}]',
    ],
  ])('change %s', (_name, before, after) => {
    expect(refs(before).content).toBe(after);
  });

  it('report how often they matched, line by line', () => {
    const found = refs('a: b\nsteps: [{uses: acme/infra@main}, {uses: acme/vision@main}]\n- uses: acme/infra@main\n');
    expect(found.matches.map(({ line, count }) => [line, count])).toEqual([
      [2, 2],
      [3, 1],
    ]);
  });

  it.each([
    ['a foreign action', 'uses: someorg/tool@main', ['1: someorg/tool is not a repository of the train']],
    [
      'a repository that only begins like one of ours',
      'uses: acme/infra-tools@main',
      ['1: acme/infra-tools is not a repository of the train'],
    ],
    ['a comment', '# uses: acme/infra@main', ['1: acme/infra@main is in a comment']],
    ['a comment behind another value', 'name: x # see acme/infra@main', ['1: acme/infra@main is in a comment']],
    ['another key', 'image: acme/infra@main', ['1: acme/infra@main is not the value of a `uses`']],
    [
      'a repository of the train without a branch',
      'uses: acme/watched@main',
      ['1: watched has no release branch in this release'],
    ],
    [
      'another ref',
      'uses: acme/infra@release/2.7',
      ['1: acme/infra is pinned to release/2.7, which is neither main nor release/2.8'],
    ],
    ['a local action', 'uses: ./.github/actions/x', []],
    ['a local workflow', 'uses: ./main/x@main', []],
    ['an image', 'uses: docker://acme/infra@main', []],
    ['a branch that only begins the same', 'uses: someorg/tool@main-2', []],
    ['a foreign action that is pinned', 'uses: actions/checkout@v4', []],
    ['an address', 'on: someone@main.example', []],
  ])('leave %s as it is', (_name, line, expected) => {
    const found = refs(line);
    expect(found.content).toBe(line);
    expect(whys(found)).toEqual(expected);
  });

  it('leave scripts as they are, whatever they hold, and list what looks like a reference', () => {
    const text = [
      'jobs:',
      '  a:',
      '    steps:',
      '      - name: x',
      '        run: |',
      '          git clone acme/infra@main',
      '',
      '          - uses: acme/infra@main',
      '      - run: >-',
      '          uses: acme/vision@main',
      '        shell: bash',
      '      - uses: acme/infra@main',
      '      - run: "first',
      '          uses: acme/infra@main"',
      '      - uses: acme/vision@main',
    ].join('\n');
    const found = refs(text);
    expect(found.matches.map(({ line }) => line)).toEqual([12, 15]);
    expect(found.unmanaged.map(({ line }) => line)).toEqual([6, 8, 10, 14]);
  });

  it('keep CRLF, tabs, a byte order mark and a missing final newline', () => {
    const before = '\uFEFFuses: acme/infra@main\r\n\tname:\tx\r\n- uses: acme/infra@main';
    expect(refs(before).content).toBe(
      '\uFEFFuses: acme/infra@release/2.8\r\n\tname:\tx\r\n- uses: acme/infra@release/2.8',
    );
  });

  it.each([
    ['', 0],
    ['\n\n', 0],
    ['}]: - {{{ " \' : :', 0],
    ['a: [b, {c: "d', 0],
  ])('survive %j', (text, matches) => {
    expect(refs(text)).toMatchObject({ content: text, matches: { length: matches } });
  });

  it('cost no more than the length of what they read', () => {
    const long = `${'a'.repeat(500_000)}/b@main ${'@main'.repeat(50_000)} ${'{'.repeat(50_000)}`;
    expect(refs(long).content).toBe(long);
  });
});

const to = (content: string, value = 'release/2.8'): EditedText =>
  editInput(content, { name: 'test-infra-ref', from: 'main', to: value });

describe('inputs', () => {
  it.each([
    ['the value given', '  test-infra-ref: main', '  test-infra-ref: release/2.8'],
    ['quotes stay', '  test-infra-ref: "main"', '  test-infra-ref: "release/2.8"'],
    ['flow style', 'with: {test-infra-ref: main, x: main}', 'with: {test-infra-ref: release/2.8, x: main}'],
    [
      'the default right under the input',
      'inputs:\n  test-infra-ref:\n    description: "a: b"\n    default: "main"\n  other:\n    default: main\n',
      'inputs:\n  test-infra-ref:\n    description: "a: b"\n    default: "release/2.8"\n  other:\n    default: main\n',
    ],
    [
      'the default in flow style',
      'test-infra-ref: { type: string, default: main }',
      'test-infra-ref: { type: string, default: release/2.8 }',
    ],
    ['not a deeper default', 'test-infra-ref:\n  x:\n    default: main', 'test-infra-ref:\n  x:\n    default: main'],
    ['not another value', 'test-infra-ref: mainline', 'test-infra-ref: mainline'],
    ['not a comment', '# test-infra-ref: main', '# test-infra-ref: main'],
  ])('%s', (_name, before, after) => {
    expect(to(before).content).toBe(after);
  });

  it('put quotes around a bare value that YAML would not read as text', () => {
    expect(to('test-infra-ref: main', '2.10').content).toBe("test-infra-ref: '2.10'");
    expect(to('test-infra-ref: main', 'on').content).toBe("test-infra-ref: 'on'");
    expect(to("test-infra-ref: 'main'", "it's").content).toBe("test-infra-ref: 'it''s'");
  });

  it('list other mentions without touching them', () => {
    const found = to("ref: ${{ inputs.test-infra-ref || 'main' }}");
    expect(found.matches).toEqual([]);
    expect(found.unmanaged).toHaveLength(1);
  });
});

describe('files that hold a value', () => {
  it.each([
    ['2.8.0a0\n', '2.8.0\n'],
    ['2.8.0a0', '2.8.0'],
    ['2.8.0a0\r\n', '2.8.0\r\n'],
    ['', '2.8.0\n'],
    ['\uFEFFx\n', '\uFEFF2.8.0\n'],
  ])('%j becomes %j', (before, after) => {
    expect(editFile(before, '2.8.0').content).toBe(after);
    expect(editFile(after, '2.8.0')).toMatchObject({ content: after, already: 1, matches: [] });
  });
});

const replace = (path: string, content: string, change: Partial<Parameters<typeof editReplace>[2]> = {}): EditedText =>
  editReplace(path, content, { find: 'nightly', to: 'test', comments: false, ...change });

describe('replacing a text', () => {
  it('changes every occurrence of a line, literally', () => {
    expect(replace('a.sh', 'x nightly.nightly(nightly)').content).toBe('x test.test(test)');
    expect(replace('a.sh', 'a.b axb', { find: 'a.b', to: '$&$1' }).content).toBe('$&$1 axb');
  });

  it('leaves comments as the kind of file has them, and lists them', () => {
    expect(replace('a.sh', 'nightly # nightly')).toMatchObject({ content: 'test # nightly', unmanaged: [{ line: 1 }] });
    expect(replace('a.sh', 'a#nightly "# nightly"').content).toBe('a#test "# test"');
    expect(replace('a.sh', "don't # nightly").content).toBe("don't # nightly");
    expect(replace('a.cpp', 'nightly // nightly').content).toBe('test // nightly');
    expect(replace('a.md', '# nightly').content).toBe('# test');
    expect(replace('a.yml', 'run: |\n  # nightly\n  nightly\n').content).toBe('run: |\n  # nightly\n  test\n');
    expect(replace('a.sh', '# nightly', { comments: true }).content).toBe('# test');
  });

  it('settles when the new text holds the old one', () => {
    const change = { find: 'triton', to: 'triton==3.4' };
    const once = replace('req.txt', 'triton\npytorch-triton\n', change);
    expect(once.content).toBe('triton==3.4\npytorch-triton==3.4\n');
    expect(replace('req.txt', once.content, change)).toMatchObject({ content: once.content, already: 2, matches: [] });
  });
});

describe('submodules', () => {
  const modules =
    '[submodule "a"]\n\tpath = third_party/a\n\turl = https://x.example/a.git\n[submodule "b"]\n\tpath = third_party/b\n\turl = https://x.example/b.git\n\tbranch = main\n';
  it('sets url and branch of the one at the path, and adds a branch that is missing', () => {
    const found = editSubmodule(modules, { path: 'third_party/a', url: 'https://acme.example/a.git', branch: 'r2.8' });
    expect(found.content).toBe(
      '[submodule "a"]\n\tpath = third_party/a\n\turl = https://acme.example/a.git\n\tbranch = r2.8\n[submodule "b"]\n\tpath = third_party/b\n\turl = https://x.example/b.git\n\tbranch = main\n',
    );
    expect(
      editSubmodule(found.content, { path: 'third_party/a', url: 'https://acme.example/a.git', branch: 'r2.8' }),
    ).toMatchObject({
      content: found.content,
      already: 2,
    });
  });
  it('adds after a last line without a newline, and keeps it without', () => {
    const text = '[submodule "a"]\r\n  path = a\r\n  url = u';
    expect(editSubmodule(text, { path: 'a', branch: 'r' }).content).toBe(
      '[submodule "a"]\r\n  path = a\r\n  url = u\n  branch = r',
    );
  });
  it('matches nothing for a path that is not there', () => {
    expect(editSubmodule(modules, { path: 'nope', url: 'u' })).toMatchObject({
      content: modules,
      matches: [],
      already: 0,
    });
  });
});

describe('paths', () => {
  it.each([
    ['.github/workflows/*.yml', '.github/workflows/a.yml', true],
    ['.github/workflows/*.yml', '.github/workflows/x/a.yml', false],
    ['**/action.yml', 'action.yml', true],
    ['**/action.yml', '.github/actions/x/action.yml', true],
    ['a.b', 'axb', false],
    ['a/**', 'a/b/c', true],
  ])('%s and %s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });
  it('reads .yml and .yaml alike', () => {
    expect(withYamlTwins(['w/*.yml', 'x.yaml', 'y.txt'])).toEqual(['w/*.yml', 'w/*.yaml', 'x.yaml', 'x.yml', 'y.txt']);
  });
});

const strip = (content: string): string =>
  content.replaceAll(/@(?:refs\/heads\/)?(?:main|release\/[\d.]+)/g, '@').replaceAll(/main|release\/2\.8/g, '');

describe('any text at all', () => {
  const pieces = [
    'uses: acme/infra@main',
    '- uses: "acme/vision/x@main"',
    "  uses: 'acme/infra@main' # acme/infra@main",
    'run: |',
    '  ',
    '\t',
    '\n',
    '\r\n',
    '\n\n',
    '{ uses: acme/infra@main, a: [',
    ']}',
    '"',
    "'",
    '#',
    ': ',
    'test-infra-ref: main',
    'test-infra-ref:',
    '  default: main',
    'someorg/tool@main',
    '\uFEFF',
    '[submodule "a"]',
    'path = a',
    'url = u',
    'nightly',
    '- ',
    '|',
    '> ',
    '&a !b',
    'é🚂',
    '\\',
  ];
  /** A small generator with a fixed seed: the same texts in every run. */
  function* texts(count: number): Generator<string> {
    let seed = 42;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let index = 0; index < count; index += 1) {
      yield Array.from({ length: next(14) }, () => pieces[next(pieces.length)] ?? '').join(
        ['', ' ', '\n', '\r\n'][next(4)],
      );
    }
  }
  const edits: Record<string, (text: string) => EditedText> = {
    'workflow-refs': refs,
    input: (text) => editInput(text, { name: 'test-infra-ref', from: 'main', to: 'release/2.8' }),
    file: (text) => editFile(text, '2.8.0'),
    replace: (text) => editReplace('a.yml', text, { find: 'nightly', to: 'test', comments: false }),
    submodule: (text) => editSubmodule(text, { path: 'a', url: 'v', branch: 'r' }),
  };

  it('is put together again as it was taken apart', () => {
    for (const text of texts(3000)) expect(joinLines(splitLines(text))).toBe(text);
  });

  it.each(Object.entries(edits))('%s: a second time changes nothing', (_name, edit) => {
    let changed = 0;
    for (const text of texts(3000)) {
      const once = edit(text);
      if (once.content !== text) changed += 1;
      const twice = edit(once.content);
      expect({ text, content: twice.content, matches: twice.matches }).toEqual({
        text,
        content: once.content,
        matches: [],
      });
    }
    expect(changed).toBeGreaterThan(20);
  });

  it('workflow-refs and input change nothing but the values they name', () => {
    for (const text of texts(3000)) {
      expect(strip(refs(text).content)).toBe(strip(text));
      expect(strip(edits['input']?.(text).content ?? '')).toBe(strip(text));
    }
  });

  it('is read line by line: one answer for each', () => {
    for (const text of texts(1000)) {
      const lines = splitLines(text).lines.map((line) => line.text);
      expect(scanYaml(lines)).toHaveLength(lines.length);
    }
  });
});
