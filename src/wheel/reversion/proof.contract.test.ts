import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileToSplice } from '../../app/compose-sources.ts';
import { reversionWheels, type ReversionOrder } from '../../app/wheel-reversion.ts';
import { DEBIAN_PYTHON, WITHOUT_DEBIAN_PYTHON } from '../../testing/debian-tools.ts';
import { makeWheel, seededFiles } from '../../testing/make-wheel.ts';
import { realWheels, type RealWheel } from '../../testing/real-wheels.ts';
import { foreignFaults, pipFaults, pythonFaults, twineFaults } from '../../testing/wheel-proof.ts';

const ORDER: ReversionOrder = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };
/** Twine wants a description. */
const DESCRIBED = { description: 'Tensors.\n', headers: ['Description-Content-Type: text/markdown'] };

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-proof-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Makes the wheel of another local version; its path, or the codes of why not. */
async function reversion(path: string, local: string | null): Promise<string | readonly string[]> {
  count += 1;
  const order = { ...ORDER, local };
  const [wheel] = await reversionWheels({
    asked: [path],
    out: join(folder, String(count)),
    order,
    open: openFileToSplice,
  });
  return wheel?.made?.path ?? wheel?.problems.map(({ code }) => code) ?? [];
}

/** What is in wheels by path, version and RECORD aside, as Python reads them: a digest a line. */
async function contentsOf(paths: readonly string[]): Promise<string> {
  const script = `
import hashlib, os, re, sys, zipfile
for path in sys.argv[1:]:
    print(os.path.basename(path))
    wheel = zipfile.ZipFile(path)
    for entry in wheel.infolist():
        content = b'' if entry.filename.endswith(('/RECORD', '/METADATA')) else wheel.read(entry)
        name = re.sub(r'^([^/]*?)-[^/-]*\\.(dist-info|data)/', r'\\1.\\2/', entry.filename)
        print(name, hashlib.sha256(content).hexdigest(), entry.date_time, entry.external_attr)
`;
  return (await promisify(execFile)(DEBIAN_PYTHON, ['-c', script, ...paths], { maxBuffer: 2 ** 26 })).stdout;
}

describe.skipIf(WITHOUT_DEBIAN_PYTHON)('what is made of a wheel is right to other tools', () => {
  let wheels: readonly RealWheel[];
  beforeAll(async () => {
    wheels = await realWheels();
  }, 240_000);

  it(
    'for twenty published wheels and more: given a local version, and stripped of it again',
    { timeout: 300_000 },
    async () => {
      const refused: Record<string, unknown> = {};
      const proved: { from: string; given: string; stripped: string }[] = [];
      for (const { key, path } of wheels) {
        const given = await reversion(path, 'cpu');
        const stripped = typeof given === 'string' ? await reversion(given, null) : given;
        if (typeof given === 'string' && typeof stripped === 'string') proved.push({ from: path, given, stripped });
        else refused[key] = stripped;
      }
      // Compiled after it was built, so that its RECORD is wrong (real-wheels.contract.test.ts): nothing is made of it.
      expect(refused).toEqual({ 'lite@5.45.0/gradio-5.45.0-cp312-none-any.whl': ['record-wrong', 'record-wrong'] });
      expect(proved.length).toBeGreaterThanOrEqual(20);
      const stripped = proved.map((each) => each.stripped);
      const from = proved.map((each) => each.from);
      expect(await contentsOf(stripped)).toBe(await contentsOf(from));
      expect(await pythonFaults([...proved.map(({ given }) => given), ...stripped])).toEqual([]);
      expect(await pipFaults(stripped)).toEqual([]);
      // Some have a description that twine does not like, or METADATA newer than it: before as after.
      expect(await twineFaults(stripped)).toEqual(await twineFaults(from));
    },
  );

  it('for one with scripts, data, and names that need quotes in RECORD', async () => {
    const { fileName, bytes } = makeWheel({
      name: 'torch',
      version: '2.7.0+cu126',
      files: {
        ...seededFiles('torch', 5, 200),
        'torch/größe, "x".txt': 'quoted',
        'torch-2.7.0+cu126.data/scripts/torchrun': '#!python\nprint(1)\n',
        'torch-2.7.0+cu126.data/data/share/x': 'x',
      },
      ...DESCRIBED,
    });
    await writeFile(join(folder, fileName), bytes);
    const made = await reversion(join(folder, fileName), null);
    expect(typeof made === 'string' ? await foreignFaults([made]) : made).toEqual([]);
  });

  it('for one that Python wrote as a stream, with descriptors, and one in the form of 64 bits', async () => {
    const { fileName, bytes } = makeWheel({
      name: 'torch',
      version: '2.7.0+cu126',
      files: seededFiles('torch', 6, 40),
      ...DESCRIBED,
    });
    const source = join(folder, fileName);
    await writeFile(source, bytes);
    const script = `
import sys, zipfile
source, target, how = sys.argv[1:]
class Stream:
    def __init__(self, file): self.file = file
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
with open(target, 'wb') as file, zipfile.ZipFile(Stream(file) if how == 'stream' else file, 'w', zipfile.ZIP_DEFLATED) as out:
    wheel = zipfile.ZipFile(source)
    for name in wheel.namelist():
        with out.open(zipfile.ZipInfo(name), 'w', force_zip64=how == 'wide') as entry: entry.write(wheel.read(name))
`;
    for (const how of ['stream', 'wide']) {
      await mkdir(join(folder, how), { recursive: true });
      const path = join(folder, how, fileName);
      await promisify(execFile)(DEBIAN_PYTHON, ['-c', script, source, path, how]);
      expect(await readFile(path)).not.toEqual(await readFile(source));
      const made = await reversion(path, null);
      expect(typeof made === 'string' ? await foreignFaults([made]) : made).toEqual([]);
    }
  });

  it('and the tools would have found what is wrong', async () => {
    const { fileName, bytes } = makeWheel({
      name: 'torch',
      version: '2.7.0',
      broken: { record: 'hash' },
      ...DESCRIBED,
    });
    const path = join(folder, fileName);
    await writeFile(path, bytes);
    expect(await foreignFaults([path])).toEqual(['torch-2.7.0-py3-none-any.whl: hash torch/__init__.py']);
    const cut = join(folder, 'torch-2.7.1-py3-none-any.whl');
    await writeFile(cut, bytes.slice(0, -30));
    expect(await pythonFaults([cut])).toEqual([expect.stringContaining('zipfile')]);
    expect(await pipFaults([cut])).toEqual([expect.stringContaining('invalid')]);
    expect(await twineFaults([cut])).toEqual([expect.stringContaining('BadZipFile')]);
  });
});
