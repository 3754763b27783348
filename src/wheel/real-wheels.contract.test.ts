import { beforeAll, describe, expect, it } from 'vitest';
import { openFile } from '../adapters/folder/file-source.ts';
import { WITHOUT_DEBIAN_PYTHON } from '../testing/debian-tools.ts';
import { realWheels, type RealWheel } from '../testing/real-wheels.ts';
import { checkWheel } from './check/check-wheel.ts';
import { FORMAT_ONLY } from './check/policy.ts';
import { readWheel } from './read-wheel.ts';

/**
 * What is found in wheels that people published: how many of each check, and why (docs/wheels.md). A wheel that is not here has nothing found
 * in it. A change here is a change of what release managers are told.
 */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // setuptools patches distutils at the start of every Python, on purpose.
  'debian/setuptools-66.1.1-py3-none-any.whl': { 'top-level-odd': 1 },
  // Compiled for Pyodide after they were built: sources became .pyc files and the tag cp312, while WHEEL and RECORD stayed as they were.
  'lite@5.45.0/gradio-5.45.0-cp312-none-any.whl': { 'tags-differ': 1, 'record-unlisted': 101, 'record-surplus': 101 },
  // License-Expression, and a classifier for the licence beside it.
  'lite@5.45.0/gradio_client-1.13.0-py3-none-any.whl': { 'metadata-odd': 1 },
};

async function foundIn({ path, key }: RealWheel): Promise<Readonly<Record<string, number>>> {
  const source = await openFile(path);
  try {
    const read = await readWheel(source, { fileName: key.slice(key.indexOf('/') + 1), quick: false });
    if (!read.ok) throw new Error(`${key} is refused: ${read.problems.map(({ code }) => code).join(' ')}`);
    expect(read.value.digests?.size).toBeGreaterThanOrEqual(read.value.entries.length);
    const counts: Record<string, number> = {};
    for (const { check } of checkWheel(read.value, FORMAT_ONLY)) counts[check] = (counts[check] ?? 0) + 1;
    return counts;
  } finally {
    await source.close();
  }
}

describe.skipIf(WITHOUT_DEBIAN_PYTHON)('real wheels', () => {
  let wheels: readonly RealWheel[];
  beforeAll(async () => {
    wheels = await realWheels();
  }, 240_000);

  it('are at least twenty', () => {
    expect(wheels.length).toBeGreaterThanOrEqual(20);
    expect(new Set(wheels.map(({ key }) => key)).size).toBe(wheels.length);
  });

  it('are read whole, and every finding in them is known and explained', async () => {
    const found: Record<string, Readonly<Record<string, number>>> = {};
    for (const wheel of wheels) {
      const counts = await foundIn(wheel);
      if (Object.keys(counts).length > 0) found[wheel.key] = counts;
    }
    expect(found).toEqual(EXPECTED);
  });
});
