import { describe, expect, it } from 'vitest';
import { Digest } from '../domain/canonical-json.ts';
import { parseEntryPoints } from './entry-points.ts';
import { explainFileName, parseWheelFileName } from './file-name.ts';
import { parseMetadata } from './metadata.ts';
import { explainMetadata } from './metadata-problem.ts';
import { parsePlatformFloor, parsePlatformTag } from './platform-tag.ts';
import { parseAbiTag, parsePythonTag, pythonBuild } from './python-tag.ts';
import { parseRecord, recordHash } from './record.ts';
import { parseRequirement, printRequirement } from './requirement.ts';
import { expandTags, parseTagSet } from './tags.ts';
import { decodeText } from './text.ts';
import { parseWheelFile } from './wheel-file.ts';

const TAGS = 'cp313-cp313t-manylinux_2_28_x86_64';

/** a0.a1.a2 */
const many = (letter: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${letter}${at}`).join('.');

describe('file names of wheels', () => {
  it.each([
    ['torch-2.7.0+cu126-cp313-cp313-win_amd64.whl', ['torch', '2.7.0+cu126', null, null]],
    ['Torch_Vision-0.22.0-1-py3-none-any.whl', ['torch-vision', '0.22.0', '1', null]],
    [`numpy-2.3.2-${TAGS}-x86_64_v3.whl`, ['numpy', '2.3.2', null, 'x86_64_v3']],
    [`numpy-2.3.2-${TAGS}-null.whl`, ['numpy', '2.3.2', null, 'null']],
    [`numpy-2.3.2-20250801a-${TAGS}-null.whl`, ['numpy', '2.3.2', '20250801a', 'null']],
    ['zope.interface-5.0-py3-none-any.whl', ['zope-interface', '5.0', null, null]],
  ])('%s is read', (fileName, expected) => {
    const parsed = parseWheelFileName(fileName);
    if (!parsed.ok) throw new Error(explainFileName(parsed.problems[0]));
    const { name, version, build, variant } = parsed.value;
    expect([name, version, build, variant]).toEqual(expected);
  });

  it.each([
    ['torch-2.7.0.tar.gz', 'not-a-wheel'],
    ['torch-2.7.0-py3-none-any.WHL', 'not-a-wheel'],
    ['torch-2.7.0.whl', 'wrong-parts'],
    ['torch-vision-0.22.0-py3-none-any.whl', 'bad-version'],
    ['nvidia-cuda-runtime-cu12-12.6-py3-none-any.whl', 'wrong-parts'],
    ['torch__vision-1.0-py3-none-any.whl', 'bad-name'],
    ['törch-1.0-py3-none-any.whl', 'bad-name'],
    ['torch-2x8y0-py3-none-any.whl', 'bad-version'],
    ['torch-2.7.0-b1-py3-none-any.whl', 'bad-build'],
    [`numpy-2.3.2-${TAGS}-X8664.whl`, 'wrong-parts'],
    [`numpy-2.3.2-${TAGS}-seventeen_letters.whl`, 'wrong-parts'],
    ['torch-2.7.0-py3-none-any;rm.whl', 'bad-tags'],
    [`torch-2.7.0-${'py3.'.repeat(20)}py2-none-${Array.from({ length: 40 }, (_, at) => `a${at}`).join('.')}.whl`, 'ok'],
    [`torch-2.7.0-py3-none-${'a'.repeat(500)}.whl`, 'too-long'],
  ])('%s: %s', (fileName, code) => {
    const parsed = parseWheelFileName(fileName);
    expect(parsed.ok ? 'ok' : parsed.problems[0].code).toBe(code);
  });

  it('that would stand for more tags than any wheel has are refused', () => {
    const parsed = parseTagSet(`${many('p', 20)}-${many('a', 20)}-${many('x', 20)}`);
    expect(parsed.ok ? [] : parsed.problems.map(({ code }) => code)).toEqual(['too-many-tags']);
  });
});

describe('tags', () => {
  it('that are compressed stand for each of their parts', () => {
    const parsed = parseTagSet('py2.py3-NONE-any');
    expect(parsed.ok && expandTags(parsed.value)).toEqual(['py2-none-any', 'py3-none-any']);
  });

  it.each([
    [
      'manylinux1_i686',
      { kind: 'manylinux', libc: { major: 2, minor: 5 }, architecture: 'i686', legacy: 'manylinux1' },
    ],
    [
      'manylinux2014_x86_64',
      { kind: 'manylinux', libc: { major: 2, minor: 17 }, architecture: 'x86_64', legacy: 'manylinux2014' },
    ],
    [
      'manylinux_2_28_aarch64',
      { kind: 'manylinux', libc: { major: 2, minor: 28 }, architecture: 'aarch64', legacy: null },
    ],
    ['musllinux_1_2_x86_64', { kind: 'musllinux', libc: { major: 1, minor: 2 }, architecture: 'x86_64' }],
    ['linux_x86_64', { kind: 'linux', architecture: 'x86_64' }],
    [
      'macosx_10_9_universal2',
      { kind: 'macos', system: { major: 10, minor: 9 }, group: 'universal2', architectures: ['x86_64', 'arm64'] },
    ],
    ['win_amd64', { kind: 'windows', architecture: 'amd64' }],
    ['win32', { kind: 'windows', architecture: 'x86' }],
    ['emscripten_3_1_58_wasm32', { kind: 'other', family: 'emscripten' }],
    ['any', { kind: 'any' }],
  ])('for the platform: %s', (tag, expected) => {
    expect(parsePlatformTag(tag)).toEqual(expected);
  });

  it('of a floor have no architecture', () => {
    expect(parsePlatformFloor('manylinux2014')).toEqual({ kind: 'manylinux', floor: { major: 2, minor: 17 } });
    expect(parsePlatformFloor('macosx_11_0')).toEqual({ kind: 'macos', floor: { major: 11, minor: 0 } });
    expect(parsePlatformFloor('windows-10')).toBeNull();
  });

  it('for the Python and its interface', () => {
    expect(parsePythonTag('cp313')).toEqual({ implementation: 'cpython', version: { major: 3, minor: 13 } });
    expect(parsePythonTag('py3')).toEqual({ implementation: 'generic', version: { major: 3, minor: null } });
    expect(parsePythonTag('pp39').implementation).toBe('pypy');
    expect(parsePythonTag('x').version).toBeNull();
    expect(parseAbiTag('abi3')).toEqual({ kind: 'stable', freeThreaded: false });
    expect(parseAbiTag('cp313t')).toEqual({
      kind: 'cpython',
      version: { major: 3, minor: 13 },
      freeThreaded: true,
      debug: false,
    });
    expect(parseAbiTag('none')).toEqual({ kind: 'none' });
    expect(parseAbiTag('pypy39_pp73')).toEqual({ kind: 'other' });
    expect([pythonBuild('cp313', 'cp313t'), pythonBuild('cp39', 'cp39'), pythonBuild('cp39', 'abi3')]).toEqual([
      '3.13t',
      '3.9',
      null,
    ]);
  });
});

describe('requirements', () => {
  it.each([
    ['Torch_Vision[B,a] (>=0.22) ; python_version<"3.14"', 'torch-vision[a,b]>=0.22; python_version < "3.14"'],
    ['torch==2.7.0', 'torch==2.7.0'],
    [
      "nvidia-cuda-runtime-cu12==12.6.77; platform_system == 'Linux' and (platform_machine == 'x86_64' or extra == 'x')",
      'nvidia-cuda-runtime-cu12==12.6.77; platform_system == "Linux" and (platform_machine == "x86_64" or extra == "x")',
    ],
    ['a @ https://example.org/a.whl ; os.name == "nt"', 'a @ https://example.org/a.whl ; os_name == "nt"'],
  ])('%s has one text', (text, expected) => {
    const parsed = parseRequirement(text);
    expect(parsed.ok ? printRequirement(parsed.value) : parsed.problems).toBe(expected);
  });

  it.each([
    ['', 'bad-name'],
    ['-e torch', 'bad-name'],
    ['torch[', 'bad-specifiers'],
    ['torch[a b]', 'bad-extras'],
    ['torch >= ', 'bad-specifiers'],
    ['torch==2.7.0,', 'bad-specifiers'],
    ['torch @ here', 'bad-url'],
    ['torch; python == "3"', 'bad-marker'],
    [`torch; ${'('.repeat(5000)}`, 'bad-marker'],
    [`torch; ${'os_name == "nt" and '.repeat(3000)}`, 'too-long'],
  ])('%s is refused: %s', (text, code) => {
    const parsed = parseRequirement(text);
    expect(parsed.ok ? 'ok' : parsed.problems[0].code).toBe(code);
  });
});

const METADATA = `Metadata-Version: 2.4
Name: Torch.Vision
Version: 0.22.0+cu126
Summary: Images
  and video
Classifier: Programming Language :: Python
Requires-Python: >=3.9
Requires-Dist: torch==2.7.0
Requires-Dist: numpy; extra == "opt"
Provides-Extra: opt
Project-URL: Home, https://example.org
Dynamic: Summary
License-Expression: BSD-3-Clause OR (MIT AND Apache-2.0 WITH LLVM-exception)

# Description
`;

const wrong = (text: string): readonly string[] =>
  parseMetadata(text).problems.map((problem) => ('what' in problem ? problem.what : problem.code));

describe('METADATA', () => {
  it('is read into values', () => {
    const read = parseMetadata(METADATA);
    expect(read).toMatchObject({
      metadataVersion: '2.4',
      name: 'Torch.Vision',
      normalName: 'torch-vision',
      version: '0.22.0+cu126',
      description: '# Description\n',
      requiresPython: { text: '>=3.9' },
      extras: ['opt'],
      dynamic: ['Summary'],
      projectUrls: [{ label: 'Home', url: 'https://example.org' }],
    });
    expect(read.requiresDist.map(({ text, line }) => [text, line])).toEqual([
      ['torch==2.7.0', 8],
      ['numpy; extra == "opt"', 9],
    ]);
    expect(wrong(METADATA)).toEqual(['summary-of-several-lines']);
  });

  it('takes the description from the header where there is no body', () => {
    const read = parseMetadata(
      'Metadata-Version: 1.0\nName: a\nVersion: 1\nDescription: one\n       |two\n        three\n',
    );
    expect(read.description).toBe('one\ntwo\nthree');
  });

  it.each([
    ['', ['missing-field', 'missing-field', 'missing-field']],
    ['Metadata-Version: 9.0\nName: a\nVersion: 1', ['unknown-metadata-version']],
    ['Metadata-Version: 2.6\nName: a\nVersion: 1', ['newer-metadata-version']],
    ['Metadata-Version: 2.1\nName: a b\nVersion: one', ['bad-name', 'bad-version']],
    ['Metadata-Version: 2.1\nName: a\nName: b\nVersion: 1', ['field-twice']],
    ['Metadata-Version: 1.2\nName: a\nVersion: 1\nDynamic: Summary', ['field-too-new']],
    ['Metadata-Version: 2.2\nName: a\nVersion: 1\nDynamic: Version', ['bad-dynamic']],
    ['Metadata-Version: 2.1\nName: a\nVersion: 1\nClasifier: x', ['unknown-field']],
    ['Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: torch=2', ['bad-requirement']],
    ['Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Python: 3.9+', ['bad-requires-python']],
    ['Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: b; extra == "x"', ['extra-not-provided']],
    ['Metadata-Version: 2.3\nName: a\nVersion: 1\nProvides-Extra: A_b', ['extra-not-normal']],
    ['Metadata-Version: 2.1\nName: a\nVersion: 1\nDescription-Content-Type: text/html', ['bad-content-type']],
    ['Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense: MIT\nLicense-Expression: MIT', ['license-twice']],
    [
      'Metadata-Version: 2.4\nName: a\nVersion: 1\nClassifier: License :: OSI Approved\nLicense-Expression: MIT',
      ['license-classifier'],
    ],
    ['Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense-Expression: MIT License', ['bad-license-expression']],
    ['Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense-File: ../../etc/passwd', ['bad-license-file']],
    ['Metadata-Version: 2.5\nName: a\nVersion: 1\nImport-Name: a-b', ['bad-import-name']],
    ['Metadata-Version: 2.1\nName: a\nno colon here\nVersion: 1', ['missing-field', 'header']],
  ])('tells what is wrong with %j', (text, expected) => {
    expect(wrong(text)).toEqual(expected);
    for (const problem of parseMetadata(text).problems) expect(explainMetadata(problem)).toMatch(/\S.*[.:]$/s);
  });

  it('that is not UTF-8 is told by the line', () => {
    expect(decodeText(Buffer.from('Name: a\nAuthor: \xe9\n', 'latin1'))).toMatchObject({ badLine: 2 });
    expect(decodeText(Buffer.from('\ufeffName: a'))).toMatchObject({
      badLine: null,
      hasByteOrderMark: true,
      text: 'Name: a',
    });
  });
});

describe('WHEEL', () => {
  it('is read into values', () => {
    const read = parseWheelFile(
      'Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: false\nTag: py3-none-any\nTag: py2-none-any\nBuild: 1\n',
    );
    expect(read).toMatchObject({ isPure: false, tags: ['py2-none-any', 'py3-none-any'], build: '1', problems: [] });
  });

  it.each([
    ['', ['missing', 'missing', 'missing']],
    ['Wheel-Version: 2.0\nRoot-Is-Purelib: maybe\nTag: nonsense', ['newer-version', 'bad-purelib', 'bad-tag']],
    ['Wheel-Version: one\nRoot-Is-Purelib: true\nRoot-Is-Purelib: false\nTag: py3-none-any', ['twice', 'bad-version']],
  ])('tells what is wrong with %j', (text, expected) => {
    expect(parseWheelFile(text).problems.map(({ code }) => code)).toEqual(expected);
  });
});

describe('RECORD', () => {
  it('is read with quotes, commas and line ends in names', () => {
    const text = 'a.py,sha256=abc,1\r\n"b,""c"".py",sha256=abc,2\n"d\ne.py",,\nf.py,,\n';
    expect(parseRecord(text).rows.map(({ path, size, line }) => [path, size, line])).toEqual([
      ['a.py', 1, 1],
      ['b,"c".py', 2, 2],
      ['d\ne.py', null, 3],
      ['f.py', null, 5],
    ]);
    expect(parseRecord(text).problems).toEqual([]);
  });

  it.each([
    ['with the line ends of Windows', 'a.py,sha256=abc,1\r\nb.py,sha256=def,2\r\n'],
    ['without a last line end', 'a.py,sha256=abc,1\nb.py,sha256=def,2'],
    ['with quotes', '"a.py",sha256=abc,1\n"b.py","sha256=def","2"\n'],
    ['with an empty line at the end', 'a.py,sha256=abc,1\nb.py,sha256=def,2\n\n'],
  ])('is the same %s', (_name, text) => {
    expect(parseRecord(text)).toEqual(parseRecord('a.py,sha256=abc,1\nb.py,sha256=def,2\n'));
  });

  it('keeps its lines apart where one is not like the others', () => {
    const text = 'a.py,sha256=abc,1\n\nb.py,md5=def,2\nc.py,sha256=abc=,3\n,,\nd.py,sha256=abc,4\n';
    const { rows, problems } = parseRecord(text);
    expect(rows.map(({ path, hash, line }) => [path, hash, line])).toEqual([
      ['a.py', 'abc', 1],
      ['b.py', 'def', 3],
      ['c.py', 'abc', 4],
      ['d.py', 'abc', 6],
    ]);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['weak-hash', 3],
      ['bad-hash', 4],
      ['no-path', 5],
    ]);
  });

  it('is read up to a number of rows, and blank lines after them are none', () => {
    const most = 'a,sha256=b,1\n'.repeat(400_000);
    expect(parseRecord(`${most}\n\n`).problems).toEqual([]);
    expect(parseRecord(`${most}a,,\n`).problems.map(({ code }) => code)).toEqual(['too-many-lines']);
  });

  it.each([
    ['a.py', 'not-three-fields'],
    ['a.py,sha256=abc,1,2', 'not-three-fields'],
    [',sha256=abc,1', 'no-path'],
    ['a.py,abc,1', 'bad-hash'],
    ['a.py,sha256=abc=,1', 'bad-hash'],
    ['a.py,sha256=a+b/c,1', 'bad-hash'],
    ['a.py,md5=abc,1', 'weak-hash'],
    ['a.py,sha256=abc,one', 'bad-size'],
    ['a.py,sha256=abc,-1', 'bad-size'],
    ['"a.py,sha256=abc,1', 'unclosed-quote'],
  ])('%s: %s', (text, code) => {
    expect(parseRecord(text).problems.map((problem) => problem.code)).toContain(code);
  });

  it('writes a hash in URL-safe base64 without padding', () => {
    const empty = Digest.parse('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(recordHash(empty)).toBe('sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
  });
});

describe('entry_points.txt', () => {
  it('is read by group', () => {
    const text = '# commands\n[console_scripts]\ntorchrun = torch.distributed.run:main [opt]\n\n[x.y]\nname=a.b\n';
    expect(parseEntryPoints(text)).toEqual({
      points: [
        { group: 'console_scripts', name: 'torchrun', module: 'torch.distributed.run', object: 'main', line: 3 },
        { group: 'x.y', name: 'name', module: 'a.b', object: null, line: 6 },
      ],
      problems: [],
    });
  });

  it.each([
    ['a = b:c', 'outside-group'],
    ['[g]\nnothing', 'not-a-line'],
    ['[g', 'bad-group'],
    ['[g]\na = 1b:c', 'bad-value'],
    ['[g]\na = b\na = c', 'twice'],
    ['[console_scripts]\na = b', 'no-object'],
  ])('%j: %s', (text, code) => {
    expect(parseEntryPoints(text).problems.map((problem) => problem.code)).toEqual([code]);
  });
});
