/**
 * What the command has no word for, as a process of its own: `unhashed WHEEL DIR` re-versions without digests, `inspect-many FILE` inspects the
 * wheels at many addresses at once. Prints what was found, the time and the peak memory as JSON.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFile } from '../../src/adapters/folder/file-source.ts';
import { writeSplice } from '../../src/adapters/folder/write-splice.ts';
import { httpSource } from '../../src/adapters/http/byte-source.ts';
import { Digest } from '../../src/domain/canonical-json.ts';
import type { RunningDigest } from '../../src/domain/sha256.ts';
import { readWheel } from '../../src/wheel/read-wheel.ts';
import { reversionOf } from '../../src/wheel/reversion/index.ts';

const AT_ONCE = 16;
const [what = '', first = '', second = ''] = process.argv.slice(2);

function noDigest(): RunningDigest {
  return { add: () => undefined, fork: noDigest, digest: () => Digest.parse(`sha256:${'0'.repeat(64)}`) };
}

async function unhashed(): Promise<string> {
  const source = await openFile(first);
  const order = { local: null, siblings: [], dropClassifiers: [], dropSignatures: false };
  const planned = await reversionOf(source, basename(first), order);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const target = join(second, planned.value.to.fileName);
  await writeSplice({ source, splice: planned.value.splice, target, reckoner: noDigest });
  return target;
}

/** Name, version, platform, and how many names RECORD has. */
async function inspect(address: string): Promise<string> {
  const url = new URL(address);
  const read = await readWheel(httpSource(url), { fileName: decodeURIComponent(basename(url.pathname)), quick: true });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { name, metadata, record } = read.value;
  if (!name.ok || metadata === null || record === null) throw new Error('a part is missing');
  const { version } = metadata.value;
  return `${metadata.value.name} ${version} ${name.value.tags.platform.join('.')} ${record.value.rows.length}`;
}

async function inspectMany(): Promise<string> {
  const left = (await readFile(first, 'utf8')).trim().split('\n');
  const found = new Map<string, number>();
  const work = async (): Promise<void> => {
    for (let address = left.pop(); address !== undefined; address = left.pop()) {
      const wheel = await inspect(address);
      found.set(wheel, (found.get(wheel) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return [...found].map(([wheel, count]) => `${count} times ${wheel}`).join('; ');
}

const started = performance.now();
const done = what === 'unhashed' ? await unhashed() : await inspectMany();
const millis = performance.now() - started;
console.log(JSON.stringify({ done, millis, peakBytes: process.resourceUsage().maxRSS * 1024 }));
