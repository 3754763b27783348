import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeWheel, seededFiles, type WheelRecipe } from '../../testing/make-wheel.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { spliced } from '../../testing/splice.ts';
import { parseRecord } from '../record.ts';
import { readDirectory, readEntries } from '../zip/index.ts';
import { explain, reversionOf, type Reversion, type ReversionOrder } from './index.ts';

const STRIP: ReversionOrder = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };
const TORCH: WheelRecipe = {
  name: 'torch',
  version: '2.7.0+cu126',
  tags: 'cp312-cp312-linux_x86_64',
  files: {
    ...seededFiles('torch', 3, 30),
    'torch-2.7.0+cu126.data/scripts/torchrun': '#!python\n',
    'torch-2.7.0+cu126.data/data/share/a,b "c".txt': 'quoted',
  },
  requiresDist: ['filelock', 'nvidia-cublas-cu12==12.6.4.1; platform_system == "Linux"', 'triton==3.3.0'],
  classifiers: ['Private :: Do Not Upload', 'Programming Language :: Python :: 3'],
  description: 'Version: 2.7.0+cu126 stands in this text, and stays.\n',
};

async function plan(recipe: WheelRecipe, order: Partial<ReversionOrder> = {}) {
  const { fileName, bytes } = makeWheel(recipe);
  const source = memorySource(bytes, fileName);
  return { source, result: await reversionOf(source, fileName, { ...STRIP, ...order }) };
}

/** Carries it out: what was planned, and the files of the new wheel. */
async function carryOut(recipe: WheelRecipe, order: Partial<ReversionOrder> = {}) {
  const { source, result } = await plan(recipe, order);
  if (!result.ok) throw new Error(result.problems.map(explain).join('\n'));
  const bytes = await spliced(source, result.value.splice);
  const made = memorySource(bytes);
  const directory = await readDirectory(made);
  if (!directory.ok) throw new Error('the result is no zip');
  const contents = await readEntries(made, directory.value, directory.value.entries);
  if (!contents.ok) throw new Error('the result is broken');
  return { reversion: result.value, bytes, contents: contents.value };
}

const textOf = (contents: ReadonlyMap<string, Uint8Array>, path: string): string =>
  Buffer.from(contents.get(path) ?? new Uint8Array()).toString();

async function codesOf(recipe: WheelRecipe, order: Partial<ReversionOrder> = {}): Promise<readonly string[]> {
  const { result } = await plan(recipe, order);
  return result.ok
    ? []
    : result.problems.map((problem) => (problem.code === 'record-wrong' ? problem.fault : problem.code));
}

/** RECORD held to the content, by the words of the standard. */
function recordFaults(contents: ReadonlyMap<string, Uint8Array>, distInfo: string): readonly string[] {
  const { rows, problems } = parseRecord(textOf(contents, `${distInfo}/RECORD`));
  const listed = new Map(rows.map((row) => [row.path, row]));
  const faults = [...contents].flatMap(([path, content]) => {
    const row = listed.get(path);
    if (path === `${distInfo}/RECORD`) return row?.hash === null ? [] : [path];
    const hash = createHash('sha256').update(content).digest('base64url');
    return row?.hash === hash && row.size === content.length ? [] : [path];
  });
  return [...faults, ...problems.map(({ path }) => path), ...(rows.length === contents.size ? [] : ['count'])];
}

const summary = ({ from, to, changes }: Reversion) => ({ from, to, changes });

describe('the local version of a wheel is stripped', () => {
  it('in its names, METADATA and RECORD; all else is taken over as packed', async () => {
    const { reversion, contents } = await carryOut(TORCH);
    expect(summary(reversion)).toMatchInlineSnapshot(`
      {
        "changes": [
          {
            "from": "2.7.0+cu126",
            "kind": "version",
            "to": "2.7.0",
          },
          {
            "entries": 3,
            "from": "torch-2.7.0+cu126.dist-info",
            "kind": "folder",
            "to": "torch-2.7.0.dist-info",
          },
          {
            "entries": 2,
            "from": "torch-2.7.0+cu126.data",
            "kind": "folder",
            "to": "torch-2.7.0.data",
          },
        ],
        "from": {
          "fileName": "torch-2.7.0+cu126-cp312-cp312-linux_x86_64.whl",
          "version": "2.7.0+cu126",
        },
        "to": {
          "fileName": "torch-2.7.0-cp312-cp312-linux_x86_64.whl",
          "version": "2.7.0",
        },
      }
    `);
    const before = await carryOut(TORCH, { local: 'cu126' });
    const renamed = [...before.contents.keys()].map((path) => path.replace('2.7.0+cu126.', '2.7.0.'));
    expect([...contents.keys()]).toEqual(renamed);
    expect(recordFaults(contents, 'torch-2.7.0.dist-info')).toEqual([]);
    expect(textOf(contents, 'torch-2.7.0.dist-info/METADATA')).toBe(
      textOf(before.contents, 'torch-2.7.0+cu126.dist-info/METADATA').replace('Version: 2.7.0+cu126', 'Version: 2.7.0'),
    );
    expect(reversion.splice.pieces.filter(({ kind }) => kind === 'copy').length).toBeLessThan(6);
  });

  it('reproducibly', async () => {
    const [one, other] = [await carryOut(TORCH), await carryOut(TORCH)];
    expect(Buffer.from(one.bytes).equals(other.bytes)).toBe(true);
  });

  it('and with it the one that requirements on its siblings name', async () => {
    const requiresDist = [
      'torch==2.7.0+cu126',
      'torchaudio (>=2.7.0+cu126,<3) ; python_version < "4"',
      'Triton[x]==3.3.0',
    ];
    const { reversion } = await carryOut(
      { ...TORCH, name: 'torchvision', files: {}, requiresDist },
      { siblings: ['torch', 'TorchAudio'] },
    );
    expect(reversion.changes.filter(({ kind }) => kind === 'requirement')).toEqual([
      { kind: 'requirement', from: 'torch==2.7.0+cu126', to: 'torch==2.7.0' },
      {
        kind: 'requirement',
        from: 'torchaudio (>=2.7.0+cu126,<3) ; python_version < "4"',
        to: 'torchaudio (>=2.7.0,<3) ; python_version < "4"',
      },
    ]);
  });

  it('and classifiers go that the index does not know', async () => {
    const { reversion, contents } = await carryOut(TORCH, { dropClassifiers: ['Private :: *'] });
    expect(reversion.changes).toContainEqual({ kind: 'classifier', dropped: 'Private :: Do Not Upload' });
    expect(textOf(contents, 'torch-2.7.0.dist-info/METADATA')).not.toContain('Private');
  });

  it('also where METADATA has the line ends of Windows and folded lines', async () => {
    const metadata =
      'Metadata-Version: 2.1\r\nName: torch\r\nVersion: 2.7.0+cu126\r\nRequires-Dist: torch\r\n  ==2.7.0+cu126\r\n\r\nVersion: 2.7.0+cu126\r\n';
    const { contents } = await carryOut({ ...TORCH, files: {}, broken: { metadata } });
    expect(textOf(contents, 'torch-2.7.0.dist-info/METADATA')).toBe(
      'Metadata-Version: 2.1\r\nName: torch\r\nVersion: 2.7.0\r\nRequires-Dist: torch\r\n  ==2.7.0\r\n\r\nVersion: 2.7.0+cu126\r\n',
    );
  });

  it('or replaced by another', async () => {
    const { reversion, contents } = await carryOut(
      { ...TORCH, requiresDist: ['torch==2.7.0+cu126', 'other==1+x'] },
      { local: 'cpu' },
    );
    expect(reversion.to).toEqual({ fileName: 'torch-2.7.0+cpu-cp312-cp312-linux_x86_64.whl', version: '2.7.0+cpu' });
    expect(recordFaults(contents, 'torch-2.7.0+cpu.dist-info')).toEqual([]);
    expect(textOf(contents, 'torch-2.7.0+cpu.dist-info/METADATA')).toContain('torch==2.7.0+cpu');
  });
});

describe('WHL-03 a wheel without a local version is copied unchanged', () => {
  it('byte for byte, under its own name', async () => {
    const recipe = { ...TORCH, version: '2.7.0', files: {} };
    const { reversion, bytes } = await carryOut(recipe);
    expect(summary(reversion)).toEqual({
      from: { fileName: 'torch-2.7.0-cp312-cp312-linux_x86_64.whl', version: '2.7.0' },
      to: { fileName: 'torch-2.7.0-cp312-cp312-linux_x86_64.whl', version: '2.7.0' },
      changes: [],
    });
    expect(Buffer.from(bytes).equals(makeWheel(recipe).bytes)).toBe(true);
  });

  it('also when it is signed: the signature stays right', async () => {
    const files = { 'torch-2.7.0.dist-info/RECORD.jws': '{}' };
    expect(await codesOf({ ...TORCH, version: '2.7.0', files })).toEqual([]);
  });

  it('unless its requirements or classifiers are to change', async () => {
    const { reversion, contents } = await carryOut(
      { ...TORCH, version: '2.7.0', files: {} },
      { dropClassifiers: TORCH.classifiers ?? [] },
    );
    expect(reversion.to.fileName).toBe(reversion.from.fileName);
    expect(recordFaults(contents, 'torch-2.7.0.dist-info')).toEqual([]);
  });
});

describe('a reversion is refused', () => {
  const files = {};
  const signed = { 'torch-2.7.0+cu126.dist-info/RECORD.p7s': 'x' };
  const table: readonly [string, WheelRecipe, readonly string[]][] = [
    ['of what has no name of a wheel', { ...TORCH, broken: { fileName: 'torch.zip' } }, ['file-name']],
    ['without METADATA', { ...TORCH, broken: { without: ['torch-2.7.0+cu126.dist-info/METADATA'] } }, ['file-missing']],
    ['without RECORD', { ...TORCH, broken: { record: 'absent' } }, ['file-missing']],
    [
      'of another version in the folder',
      { ...TORCH, files, broken: { distInfo: 'torch-2.7.1+cu126.dist-info' } },
      ['folder-mismatch'],
    ],
    [
      'of another package in the folder',
      { ...TORCH, files, broken: { distInfo: 'pytorch-2.7.0+cu126.dist-info' } },
      ['folder-mismatch'],
    ],
    ['without the folder', { ...TORCH, files, broken: { distInfo: 'torch' } }, ['dist-info-missing']],
    ['with two of them', { ...TORCH, files: { 'torch-2.7.0.dist-info/METADATA': '' } }, ['dist-info-several']],
    [
      'with the data of another version',
      { ...TORCH, files: { 'torch-2.6.0.data/scripts/x': '' } },
      ['folder-mismatch'],
    ],
    ['of another version in METADATA', { ...TORCH, broken: { metadataVersion: '2.7.0+cpu' } }, ['metadata-mismatch']],
    ['of another name in METADATA', { ...TORCH, broken: { metadataName: 'pytorch' } }, ['metadata-mismatch']],
    ['with two versions in METADATA', { ...TORCH, headers: ['Version: 2.7.0+cu126'] }, ['metadata-field']],
    [
      'with METADATA that is no text',
      { ...TORCH, broken: { metadata: Buffer.from([0x4e, 0xff, 0xfe]) } },
      ['not-utf8'],
    ],
    [
      'with a local version of a stranger',
      { ...TORCH, requiresDist: ['triton==3.3.0+git5f40dc89'] },
      ['requirement-local'],
    ],
    ['with a signature', { ...TORCH, files: signed }, ['signed']],
    ['with a file that RECORD does not list', { ...TORCH, broken: { record: 'missing-entry' } }, ['not-listed']],
    ['with a file that only RECORD has', { ...TORCH, broken: { record: 'surplus-entry' } }, ['not-there']],
    ['with another size in RECORD', { ...TORCH, broken: { record: 'size' } }, ['size']],
    ['with a file without a hash', { ...TORCH, broken: { record: 'no-hash' } }, ['no-hash']],
    ['with a hash that proves nothing', { ...TORCH, broken: { record: 'weak-hash' } }, ['weak-hash']],
    [
      'with a RECORD that is none',
      { ...TORCH, files, broken: { recordText: 'a\n' } },
      ['not-there', 'broken', 'not-listed'],
    ],
  ];
  it.each(table)('%s', async (_name, recipe, codes) => {
    expect(await codesOf(recipe)).toEqual(codes);
  });

  it('of a zip that is refused', async () => {
    expect(await codesOf({ ...TORCH, files: { '../x': '' } })).toEqual(['zip']);
  });

  it('to what is no local version', async () => {
    for (const local of ['cu-126', 'CU126', '', '../x', 'a..b', '+a'])
      expect(await codesOf(TORCH, { local })).toEqual(['bad-local']);
  });

  it('with a signature, unless it may go, and then it is told', async () => {
    const { reversion, contents } = await carryOut({ ...TORCH, files: signed }, { dropSignatures: true });
    expect(reversion.changes).toContainEqual({ kind: 'signature', dropped: 'torch-2.7.0+cu126.dist-info/RECORD.p7s' });
    expect(recordFaults(contents, 'torch-2.7.0.dist-info')).toEqual([]);
  });

  it('when METADATA is not what RECORD says', async () => {
    const right = makeWheel(TORCH);
    const source = memorySource(right.bytes);
    const directory = await readDirectory(source);
    const record = directory.ok ? await readEntries(source, directory.value, directory.value.entries) : directory;
    const text = record.ok ? textOf(record.value, 'torch-2.7.0+cu126.dist-info/RECORD') : '';
    const recordText = text.replace(/(METADATA,sha256=)...../, '$1AAAAA');
    expect(recordText).not.toBe(text);
    expect(await codesOf({ ...TORCH, broken: { recordText } })).toEqual(['hash']);
  });

  it('with a text that names the wheel and what to do', async () => {
    const { result } = await plan({
      ...TORCH,
      requiresDist: ['triton==3.3.0+git5f40dc89'],
      broken: { record: 'size' },
    });
    expect(result.ok ? [] : result.problems.map(explain)).toMatchInlineSnapshot(`
      [
        "torch-2.7.0+cu126-cp312-cp312-linux_x86_64.whl: it requires "triton==3.3.0+git5f40dc89", which no public index can have. Where triton releases together with this package, say so: --sibling triton; else build the wheel with a requirement that can be met.",
        "torch-2.7.0+cu126-cp312-cp312-linux_x86_64.whl: RECORD tells a wrong size for "torch/__init__.py". A reversion would carry that on. Build the wheel again.",
      ]
    `);
  });
});
